"""Appends lines to a booking's story and closes rows: the two things every verb does."""

from datetime import datetime
from typing import Any

from helpdesk.actor import Actor
from reservations.models import Booking, BookingEvent
from reservations.period import period


def event(booking: Booking, what: str, *, by: Actor, now: datetime, reason: str = "", **detail: Any) -> BookingEvent:
    """Return an unsaved event row; `detail` holds plain values, never a person."""
    return BookingEvent(booking=booking, at=now, what=what, reason=reason, detail=detail, **by.columns())


def close(booking: Booking, *, at: datetime, outcome: str) -> None:
    """End `booking` in memory at `at`: its period shrinks to what was used; one that never began keeps its own."""
    if at > booking.start and (booking.end is None or at < booking.end):
        booking.period = period(booking.start, at)
    booking.ended_at = at
    booking.outcome = outcome


CLOSED_FIELDS = ["period", "ended_at", "outcome"]
