"""Which first choices can still be given back: others may have the seat by now, their person another one."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import Q

from reservations.calendar import Calendar
from reservations.models import Booking
from reservations.models.booking import Kind, Outcome
from reservations.models.calls import CallLine
from reservations.rules.extending import LEAST
from reservations.rules.slot import Slot

MINUTE = timedelta(minutes=1)


def stale_offers(calls: Collection[CallLine], calendar: Calendar, stop: int, *, now: datetime) -> set[int]:
    """Return the bookings, by primary key, whose first choice `calls` of one branch offer back although it is gone.

    `stop` are the minutes for which computers stop before closing. One query, however many calls.
    """
    if not calls:
        return set()
    seats = {call.back_at.pk for call in calls if call.back_at}
    people = {call.booking.patron_id for call in calls if call.booking.patron_id}
    standing, theirs = Q(ended_at=None, device__in=seats), Q(patron__in=people, kind=Kind.PATRON)
    rows = list(Booking.objects.filter(standing | theirs).exclude(outcome=Outcome.CANCELLED))
    return {call.booking.pk for call in calls if not _holds(call, rows, calendar, stop, now)}


def _holds(call: CallLine, rows: Collection[Booking], calendar: Calendar, stop: int, now: datetime) -> bool:
    """Return whether the seat is free at the booking's time, within the hours, and its person has nothing instead."""
    booking, seat = call.booking, call.back_at
    others = [row for row in rows if row.pk != booking.pk]
    if seat is None or seat.retired_on or (booking.ended_at is None and booking.device_id == seat.pk):
        return False
    if any(_instead(row, booking) for row in others):
        return False
    start, until = max(booking.start, now), _until(booking)
    span = calendar.usable_span(start, stop)
    if until is None or span is None or min(until, span[1]) < start + LEAST * MINUTE:
        return False
    slot = Slot(start, min(until, span[1]))
    here = (row for row in others if row.device_id == seat.pk and row.effective_end(now) is None)
    return not any(slot.meets(row.start, row.until(now)) for row in here)


def _instead(row: Booking, booking: Booking) -> bool:
    """Return whether `row` is what the person of `booking` has taken since they lost it."""
    theirs = booking.patron_id is not None and row.patron_id == booking.patron_id
    return theirs and booking.ended_at is not None and row.created_at >= booking.ended_at


def _until(booking: Booking) -> datetime | None:
    if booking.ended_at is None:
        return booking.end
    return booking.due_end_at or booking.booked_period.upper
