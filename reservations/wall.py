"""Reads of the wall display: the number called now, the last ones, the waits. Numbers only, nothing about people."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain

from django.http import Http404
from django.utils.translation import gettext as _

from helpdesk import registry, words
from helpdesk.registry import WallText
from reservations.board import next_change
from reservations.calendar import Span
from reservations.day_notice import day_notice, notice_of
from reservations.lineup import Called, called_now
from reservations.models import Branch
from reservations.room import Room, load_room
from reservations.rulebook import taken, with_rules
from reservations.scopes import board_scope
from reservations.wall_waits import class_lines

BEFORE = 3  # calls shown below the one of now
LINES = 9  # more could not be read from across the room


@dataclass(frozen=True)
class Wall:
    """What the display of one branch shows at a moment; `calm` is what to do while nobody is called."""

    now: Called | None
    before: list[Called]
    waits: list[WallText]
    hidden: int
    calm: tuple[str, str]
    foot: str
    next_change_at: datetime


def branch_on_wall(slug: str) -> Branch:
    """Return the branch with its rules, or raise Http404. One query."""
    branch = with_rules(Branch.objects.filter(slug=slug)).first()
    if branch is None:
        raise Http404
    return taken(branch)


def wall_scopes(branch_id: int) -> list[str]:
    """Return the live scopes of everything that the display shows."""
    return [board_scope(branch_id), *(line.scope(branch_id) for line in registry.wall_lines())]


def wall_of(branch: Branch, *, now: datetime) -> Wall:
    """Return the display of `branch`; a constant number of queries, plus those of the lines that apps add."""
    room = load_room(branch, now=now, end=now + timedelta(days=1))
    called = called_now(branch, now)
    live = next((call for call in called if call.is_held), None)
    lines = class_lines(room)
    added = [text for line in registry.wall_lines() if (text := line.read(branch.pk, now))]
    kept = lines[: LINES - len(added)]
    return Wall(
        now=live,
        before=[call for call in called if call is not live][:BEFORE],
        waits=[*kept, *added],
        hidden=len(lines) - len(kept),
        calm=_calm(room, lines),
        foot=_foot(room),
        next_change_at=next_change(chain.from_iterable(room.rows.values()), now),
    )


def _calm(room: Room, lines: list[WallText]) -> tuple[str, str]:
    """Return what somebody does while no number is called: a heading and a sentence."""
    if room.calendar.span_at(room.now) is None:
        return _("The library is closed"), _opens(room)
    if lines and all(line.icon == "out" for line in lines):
        return _("Every seat is out of service"), _("Ask at the desk.")
    if room.line:
        return _("Take a number"), _("At the kiosk. It is called here.")
    if any(line.is_free for line in lines):
        return _("Seats are free"), _("Start at the kiosk.")
    return _("Every seat is taken"), _("Take a number at the kiosk. It is called here.")


def _foot(room: Room) -> str:
    """Return until when the branch is open and when the last sessions end, or when it opens; one line of the display.

    A day that is not as usual takes the place of what is said every day.
    """
    today = room.calendar.branch_day(room.now)
    special = day_notice(room.calendar, today, today)
    span = room.calendar.span_at(room.now)
    if span is None:
        return " ".join(filter(None, (special or _("Closed now."), _opens(room))))
    soon = "" if special else notice_of(room.calendar, room.now)
    return " ".join(filter(None, (special or _open_until(room, span), soon or _last_sessions(room, span))))


def _open_until(room: Room, span: Span) -> str:
    """Return until when the branch is open, and when again after a break."""
    closes = words.clock(span[1])
    following = next((start for start, _end in room.calendar.spans_from(span[1]) if start >= span[1]), None)
    today = room.calendar.branch_day(span[0])
    if following and room.calendar.branch_day(following) == today:
        return _("Open until %(time)s and again from %(again)s.") % {"time": closes, "again": words.clock(following)}
    return _("Open until %(time)s.") % {"time": closes}


def _last_sessions(room: Room, span: Span) -> str:
    """Return when the computers stop, or that they have, where that is before the branch closes for the day."""
    usable = room.calendar.cut(span, room.branch.policy.stop_minutes)
    if usable is None or usable[1] == span[1]:
        return ""
    if usable[1] <= room.now:
        return _("The computers have stopped for today.")
    return _("The last sessions end at %(stop)s.") % {"stop": words.clock(usable[1])}


def _opens(room: Room) -> str:
    opens = room.calendar.next_opening(room.now)
    return _("Opens %(when)s.") % {"when": words.when(opens, room.now)} if opens else ""
