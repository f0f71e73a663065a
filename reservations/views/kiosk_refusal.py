"""The refusal of the kiosk: why not in numbers, what works instead, and a person as the last way."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from helpdesk import words
from reservations.booking.seat import EARLY
from reservations.kiosk_request import LONGEST_CHOSEN, KioskRequest, patron_of, render_step
from reservations.models import Booking, Turn
from reservations.my_turn import my_turn, open_turn
from reservations.rules.problem import Problem
from reservations.ways import ONLY_NOW, Ask, Way, place_way, ways_of

GONE = {"taken", "out", "gap", "no_seat", "offered"}  # somebody was quicker: 409, everything else is 422
OTHERS = 2  # beside the best way and the person
TO_MINE = {"too_many", "elsewhere"}
AGAIN = ("kind", "device", "start", "minutes", "needs", "class_code", "request_key", "why")  # fields of refused forms
MORE_MINUTES = {"day_limit", "week_limit", "class_day_limit", "extensions_most", "extension_by_staff", "too_late"}


@dataclass(frozen=True)
class Standing:
    """Instead of a way to take: the moment from which one's own booking works."""

    title: str
    detail: str


def refusal(
    request: KioskRequest,
    problems: Sequence[Problem],
    *,
    now: datetime,
    start: datetime | None = None,
    minutes: int | None = None,
    needs: frozenset[str] = frozenset(),
    class_code: str = "",
    first: Sequence[Way] = (),
) -> HttpResponse:
    """Answer a refused choice of `minutes` at `start` with its problems and the nearest ways that would work.

    The ways of `first` are better than those.
    """
    codes = {problem.code for problem in problems}
    patron = patron_of(request)
    ask = Ask(
        branch=request.kiosk.branch,
        patron=patron,
        now=now,
        start=None if codes & ONLY_NOW else start,
        minutes=minutes,
        needs=needs,
        turn=open_turn(patron, now),
        class_code=class_code,
    )
    ways = [*first, *ways_of(ask, codes)]
    if codes == {"no_seat"} and any(_is_whole(way, ask) for way in ways):
        problems = [Problem("start_required", _("Choose a time from the list."), _("Time"), lift_by="")]
    back = reverse("kiosk-mine" if codes & TO_MINE else "kiosk-times")
    if codes & TO_MINE:
        ways = [*ways[:OTHERS], _mine_way(_("Cancel one, then book another") if "too_many" in codes else "")]
        ways.sort(key=lambda way: not way.works)
    return _panel(request, problems, ways, back, now)


def refusal_of_mine(
    request: KioskRequest,
    problems: Sequence[Problem],
    *,
    now: datetime,
    booking: Booking | None = None,
    ways: Sequence[Way] = (),
) -> HttpResponse:
    """Answer what could not be done with one's own booking or place in line; `ways` are those that work instead.

    With `booking` (a check-in that came too early, or at another branch) the panel says where and from when.
    """
    standing = _standing(booking, now) if booking else None
    return _panel(request, problems, [*ways, _mine_way()], reverse("kiosk-mine"), now, standing)


def refusal_of_place(request: KioskRequest, problems: Sequence[Problem], turn: Turn, *, now: datetime) -> HttpResponse:
    """Answer what could not be done with one's place in line at this screen: the place itself is the way."""
    mine = my_turn(turn, now)
    return refusal_of_mine(request, problems, now=now, ways=[place_way(mine)] if mine.is_open else [])


def _panel(
    request: KioskRequest,
    problems: Sequence[Problem],
    ways: Sequence[Way],
    back: str,
    now: datetime,
    standing: Standing | None = None,
) -> HttpResponse:
    """Answer with the panel. When a block ends is told by staff: others read the screen too."""
    codes = {problem.code for problem in problems}
    problems = [replace(problem, next_at=None) if problem.code == "blocked" else problem for problem in problems]
    best = ways[0] if ways and ways[0].works else None
    context = {
        "problems": problems,
        "why": _why(problems),
        "best": best,
        "others": ways[1 : OTHERS + 1] if best else ways[:OTHERS],
        "standing": standing,
        "again": {"address": request.path, "fields": _sent(request)},
        "person_can": _("They can add minutes") if codes & MORE_MINUTES else _("They can look for another way"),
        "back_url": back,
        "here": back,
    }
    status = 409 if codes & GONE else 422
    return render_step(request, "reservations/kiosk_refusal.html", context, now=now, status=status)


def _sent(request: KioskRequest) -> dict[str, str]:
    """Return the refused form, so that the same refusal can be shown in another language or size."""
    return {name: request.POST[name][:LONGEST_CHOSEN] for name in AGAIN if name in request.POST}


def _mine_way(detail: str = "") -> Way:
    """Return the way to one's bookings; with `detail` there is something there that makes room."""
    said = detail or _("See what you have")
    return Way(_("My bookings"), said, _("My bookings"), "seat", reverse("kiosk-mine"), works=bool(detail))


def _is_whole(way: Way, ask: Ask) -> bool:
    """Return whether the way is all that was asked for, so that nothing was full."""
    sent = way.fields or {}
    at = ask.start.isoformat() if ask.start else ""
    return sent.get("start") == at and int(sent.get("minutes") or 0) >= (ask.minutes or 0)


def _why(problems: Sequence[Problem]) -> str:
    """Return what a limit is for; '' where none was met."""
    limit = next((problem for problem in problems if problem.sums.get("limit")), None)
    if limit is None:
        return ""
    said = {"limit": words.length(limit.sums["limit"])}
    if limit.code == "week_limit":
        return _("Everyone has %(limit)s a week, so that nobody waits too long.") % said
    if limit.code == "class_day_limit":
        return _("Everyone has %(limit)s a day on these seats, so that nobody waits too long.") % said
    return _("Everyone has %(limit)s a day, so that nobody waits too long.") % said


def _standing(booking: Booking, now: datetime) -> Standing:
    """Return from when, on which day and where the booked seat can be sat down to."""
    early = booking.start - EARLY
    at = early if early > now else booking.start
    on, today = timezone.localtime(at).date(), timezone.localtime(now).date()
    said = {"day": capfirst(words.day(on, today)), "seat": booking.device.label, "branch": booking.branch.name}
    return Standing(words.clock(at), _("%(day)s, seat %(seat)s, %(branch)s") % said)
