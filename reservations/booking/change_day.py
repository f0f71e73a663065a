"""Carries out other hours of a day: who sits ends sooner, what cannot take place is taken away and put on the list."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from helpdesk import live
from helpdesk.actor import Actor
from helpdesk.db import refused_by
from reservations.booking.dispatch import serve
from reservations.booking.events import CLOSED_FIELDS, close, event
from reservations.booking.frame import Frame, open_frame, seats_of
from reservations.booking.insert import SEAT_TAKEN, SEATED_ELSEWHERE
from reservations.booking.tell import Untold, put_on_list, untold
from reservations.booking.turns import withdraw
from reservations.calendar import Calendar
from reservations.day_plan import DayPlan, Stored, plan_day
from reservations.models import Booking, BookingEvent, Branch, Call, SpecialHours
from reservations.models.booking import Kind, Outcome
from reservations.models.calls import CallWhy
from reservations.period import Period, period
from reservations.rules.problem import Problem, Refused
from reservations.scopes import board_scope


class PlanChanged(Refused):
    """What was shown no longer holds: nothing is saved, `plans` are what holds now."""

    def __init__(self, plans: Sequence[DayPlan], problem: Problem) -> None:
        super().__init__(problem)
        self.plans = plans


def plan_changed() -> Problem:
    """Return the problem of a plan that is not the one that was shown."""
    sentence = _("Something has changed since this was shown. Nothing is saved: look at it again, then save.")
    return Problem("plan_changed", sentence, _("What was shown holds"), lift_by="")


def day_frame(branch_id: int, now: datetime, row_ids: Iterable[int] = ()) -> Frame:
    """Return the frame around every seat and the line of a branch, and the rows `row_ids`; patrons and blocks read."""
    frame = open_frame(branch_id=branch_id, now=now, device_ids=seats_of(branch_id), row_ids=list(row_ids))
    prefetch_related_objects(frame.rows, "patron", "block")
    return frame


def plan_of(frame: Frame, on: date, before: Calendar, after: Calendar) -> DayPlan:
    """Return whom the change of hours hits, of the rows as they stand in the frame."""
    return plan_day(frame.branch, frame.rows, frame.turns, before=before, after=after, on=on, now=frame.now)


def hit(plan: DayPlan) -> dict[str, str]:
    """Give the rows of `plan` their new ends, in memory; return the end each had, by primary key."""
    had = {}
    for each in plan.hits:
        had[str(each.row.pk)] = each.row.end.isoformat() if each.row.end else ""
        if each.end is None:
            close(each.row, at=plan.now, outcome=Outcome.DISPLACED)
            each.row.displaced_by = None  # whatever moved it before: now it is the hours
        else:
            each.row.period = period(each.row.start, each.end)
    return had


def write(frame: Frame, plan: DayPlan, was: Stored, *, by: Actor, reason: str) -> list[int]:
    """Write what has become of the rows since they were `was`, tell whom it concerns, and serve the line.

    One UPDATE for all of them. Returns the places in line that ended. Raises Refused where a seat or a person that a
    row comes back to is taken.
    """
    frame.calendar = plan.after
    _withdraw_offers(frame, plan, by, reason)
    rows = [row for row in frame.rows if row.pk in was and _differs(row, was[row.pk])]
    older = untold(rows)
    again = _give_back_causes(rows, older, was)
    with (
        refused_by("booking_one_per_device", Refused(SEAT_TAKEN)),
        refused_by("booking_one_per_patron", Refused(SEATED_ELSEWHERE)),
    ):
        Booking.objects.bulk_update(rows, [*CLOSED_FIELDS, "displaced_by"])
    BookingEvent.objects.bulk_create(
        _told(row, was[row.pk], older.get(row.pk), by=by, now=frame.now, reason=reason) for row in rows
    )
    _tell(rows, was, frame.now)
    for why in {each.why for each in again.values()}:
        put_on_list([row for row in rows if row.pk in again and again[row.pk].why == why], why, now=frame.now)
    live.touch(board_scope(frame.branch.pk))
    waited = list(frame.turns)
    if plan.is_today:
        serve(frame, by=by)
    return [turn.pk for turn in waited if turn.ended_at]


def _withdraw_offers(frame: Frame, plan: DayPlan, by: Actor, reason: str) -> None:
    """Take the seats back that were held for a number beyond the new hours; the number waits again."""
    gone = {each.row.pk for each in plan.hits if each.end is None and each.row.kind == Kind.OFFER}
    for turn in frame.turns:
        if turn.offer_id in gone:
            withdraw(turn, by=by, now=frame.now, reason=reason)


def _give_back_causes(rows: Sequence[Booking], older: dict[int, Untold], was: Stored) -> dict[int, Untold]:
    """Give rows that stand as before the cause of their move again, in memory; return what is still to be told."""
    found = {row.pk: older[row.pk] for row in rows if row.pk in older and _stands_again(row, was[row.pk])}
    for row in rows:
        if row.pk in found:
            row.displaced_by_id = found[row.pk].cause_id
    return found


def _told(
    row: Booking, was: tuple[Period, datetime | None], older: Untold | None, *, by: Actor, now: datetime, reason: str
) -> BookingEvent:
    """Return the line of the story: taken away, ends sooner, or stands again; it keeps what was to be told before."""
    kept = older.detail if older and not _stands_again(row, was) else {}
    if row.ended_at:
        return event(row, "closed_day", by=by, now=now, reason=reason, **kept)
    what = "opens_again" if _is_later(row, was) else "closes_sooner"
    return event(row, what, by=by, now=now, reason=reason, until=row.end.isoformat() if row.end else "", **kept)


def _tell(rows: Sequence[Booking], was: Stored, now: datetime) -> None:
    """Put on the list who is not here and must know; who has not been told yet need not be where all is as before.

    Who sits there is told by every screen and by staff in the room.
    """
    away = [row for row in rows if row.kind in {Kind.PATRON, Kind.CLASS} and not row.is_running]
    lost = [row for row in away if row.ended_at]
    sooner = [row for row in away if not row.ended_at and not _is_later(row, was[row.pk])]
    again = [row for row in away if not row.ended_at and _is_later(row, was[row.pk])]
    put_on_list(lost, CallWhy.DISPLACED, now=now)
    put_on_list(sooner, CallWhy.SOONER, now=now)
    untold = Call.objects.filter(booking__in=again, handled_at=None)
    knows_nothing = set(untold.values_list("booking_id", flat=True))
    untold.delete()
    put_on_list([row for row in again if row.pk not in knows_nothing], CallWhy.AGAIN, now=now)


def _differs(row: Booking, was: tuple[Period, datetime | None]) -> bool:
    """Return whether a row is written anew; what was taken away before and is again stays as it is."""
    _before, ended_at = was
    return (row.period, row.ended_at) != was and not (ended_at and row.ended_at)


def _stands_again(row: Booking, was: tuple[Period, datetime | None]) -> bool:
    return row.ended_at is None and _is_later(row, was)


def _is_later(row: Booking, was: tuple[Period, datetime | None]) -> bool:
    before, ended_at = was
    return ended_at is not None or bool(row.end and before.upper and row.end > before.upper)


def write_hours(branch: Branch, on: date, hours: Sequence[tuple[time, time]], reason: str) -> None:
    """Let the openings of a day be `hours`; none: those of its weekday."""
    SpecialHours.objects.filter(branch=branch, on=on).delete()
    SpecialHours.objects.bulk_create(
        SpecialHours(branch=branch, on=on, opens=opens, closes=closes, reason=reason) for opens, closes in hours
    )
