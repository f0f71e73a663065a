"""Takes other hours of a day back: gives every row that they changed what it had, where that is still possible."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helpdesk.actor import Actor
from reservations.booking.events import turn_event
from reservations.booking.frame import Frame
from reservations.booking.running import end_of
from reservations.day_plan import Missed
from reservations.locks import lock_patrons
from reservations.models import Booking, Turn
from reservations.models.booking import Kind, Outcome
from reservations.models.line import TurnOutcome
from reservations.period import period
from reservations.rules.slot import Slot

MINUTE = timedelta(minutes=1)
Spans = Mapping[int, list[Slot]]


@dataclass
class Restored:
    """What came back, and what did not."""

    rows: list[Booking] = field(default_factory=list)
    missed: list[Missed] = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)
    turns_missed: list[Turn] = field(default_factory=list)

    @property
    def sentence(self) -> str:
        """What was taken back, in numbers."""
        many = len(self.rows)
        back = ngettext(
            "%(count)d booking has its old times again.", "%(count)d bookings have their old times again.", many
        )
        gone = len(self.missed) + len(self.turns_missed)
        lost = ngettext("%(count)d cannot come back.", "%(count)d cannot come back.", gone)
        said = [sentence % {"count": count} for sentence, count in ((back, many), (lost, gone)) if count]
        return " ".join(said) or _("No booking had to change back.")


def lock_people(row_ids: Iterable[int]) -> list[int]:
    """Lock the patrons of the rows and return their keys; after the branch, before its devices."""
    ids = Booking.objects.filter(pk__in=row_ids, patron__isnull=False).values_list("patron_id", flat=True)
    return [patron.pk for patron in lock_patrons({pk for pk in ids if pk})]


def restore(
    rows: Sequence[Booking], had: Mapping[str, str], people: Iterable[int], *, now: datetime, gap: int
) -> Restored:
    """Give those of `rows` that are in `had` (the end each had, by primary key) their ends back, in memory.

    `people` are theirs, locked where it is written; `gap` are the minutes of cleaning before the next row.
    """
    done = Restored()
    busy = _busy(people, but={int(pk) for pk in had})
    known = {row.pk: row for row in rows}
    found = [(known[int(pk)], datetime.fromisoformat(end)) for pk, end in had.items() if int(pk) in known and end]
    for row, end in sorted(found, key=lambda pair: pair[0].start):
        why = _why_not(rows, row, end, busy, now)
        if why:
            done.missed.append(Missed(row, why))
        elif row.ended_at or end > end_of(row):
            row.period = period(row.start, min(end, _free_until(rows, row, gap)))
            row.ended_at, row.outcome = None, ""
            done.rows.append(row)
    return done


def _busy(people: Iterable[int], *, but: set[int]) -> Spans:
    """Return when the people are at other seats, here or elsewhere. One query."""
    spans: dict[int, list[Slot]] = {}
    for row in Booking.objects.open().filter(patron__in=list(people)).exclude(pk__in=but):
        spans.setdefault(row.patron_id or 0, []).append(Slot(row.start, end_of(row)))
    return spans


def _why_not(rows: Sequence[Booking], row: Booking, end: datetime, busy: Spans, now: datetime) -> str:
    """Return why a row cannot have its old end back, '' where it can."""
    taken_away = row.ended_at is not None
    if taken_away and row.outcome != Outcome.DISPLACED:
        return _("has ended meanwhile")
    if row.kind == Kind.PATRON and row.patron_id is None:
        return _("nobody knows any more whose it was")
    if end <= now or (taken_away and row.check_in_by and row.check_in_by <= now):
        return _("its time is over")
    if taken_away and any(_meets(other, row.start, end) for other in _others(rows, row)):
        return _("the seat is taken by somebody else now")
    if any(slot.meets(row.start, end) for slot in busy.get(row.patron_id or 0, [])):
        return _("this person has another seat then")
    return ""


def _others(rows: Sequence[Booking], row: Booking) -> list[Booking]:
    return [r for r in rows if r.device_id == row.device_id and r.pk != row.pk and r.ended_at is None]


def _meets(other: Booking, start: datetime, end: datetime) -> bool:
    return other.start < end and (other.end is None or start < other.end)


def _free_until(rows: Sequence[Booking], row: Booking, gap: int) -> datetime:
    """Return when the next row of the seat begins, with the cleaning before it."""
    after = [other.start for other in _others(rows, row) if other.start >= row.start]
    return max(min(after) - gap * MINUTE, end_of(row)) if after else datetime.max.replace(tzinfo=row.start.tzinfo)


def restore_turns(frame: Frame, turn_ids: Iterable[int], done: Restored, *, by: Actor, reason: str) -> None:
    """Put the places in line back that ended with the early stop: of people who have not gone on meanwhile."""
    today = frame.calendar.branch_day(frame.now)
    ended = Turn.objects.filter(pk__in=list(turn_ids), outcome=TurnOutcome.CLOSED).select_related("patron").in_order()
    people = {turn.patron_id for turn in ended}
    elsewhere = set(Turn.objects.open().filter(patron__in=people).values_list("patron_id", flat=True))
    sits = Booking.objects.live(frame.now).filter(patron__in=people, checked_in_at__isnull=False)
    elsewhere |= set(sits.values_list("patron_id", flat=True))
    for turn in ended:
        if turn.patron_id is None or turn.on != today or turn.patron_id in elsewhere:
            done.turns_missed.append(turn)
            continue
        turn.ended_at, turn.outcome, turn.offer = None, "", None
        turn.save(update_fields=["ended_at", "outcome", "offer"])
        turn_event(turn, "rejoined", by=by, now=frame.now, reason=reason).save(force_insert=True)
        done.turns.append(turn)
    frame.turns = sorted([*frame.turns, *done.turns], key=lambda each: (each.place_at, each.pk))
