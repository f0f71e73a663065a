"""Appends lines to the story of a booking or a place in line and closes rows: what every verb does."""

from datetime import datetime
from typing import Any

from helpdesk.actor import Actor
from reservations.models import Booking, BookingEvent, Turn, TurnEvent
from reservations.period import period


def event(booking: Booking, what: str, *, by: Actor, now: datetime, reason: str = "", **detail: Any) -> BookingEvent:
    """Return an unsaved event row; `detail` holds plain values, never a person."""
    return BookingEvent(booking=booking, at=now, what=what, reason=reason, detail=detail, **by.columns())


def turn_event(turn: Turn, what: str, *, by: Actor, now: datetime, reason: str = "", **detail: Any) -> TurnEvent:
    """Return an unsaved event row of a place in line; `detail` holds plain values, never a person."""
    return TurnEvent(turn=turn, at=now, what=what, reason=reason, detail=detail, **by.columns())


def close(booking: Booking, *, at: datetime, outcome: str) -> None:
    """End `booking` in memory at `at`: its period shrinks to what was used; one that never began keeps its own."""
    if at > booking.start and (booking.end is None or at < booking.end):
        booking.period = period(booking.start, at)
    booking.ended_at = at
    booking.outcome = outcome


CLOSED_FIELDS = ["period", "ended_at", "outcome"]
