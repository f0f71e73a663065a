"""Reads of what can be taken back: the number of the event that an undo names."""

from reservations.booking.undo import UNDOES
from reservations.booking.undo_line import UNDOES as UNDOES_IN_LINE
from reservations.models import Booking, BookingEvent, Turn, TurnEvent


def undoable(booking: Booking) -> int | None:
    """Return the latest event of a booking if it is one that staff can take back. One query."""
    latest = booking.events.exclude(what="overridden").order_by("-pk").first()
    return latest.pk if latest and latest.what in UNDOES else None


def event_branch(event_id: int) -> int | None:
    """Return the branch of an event's booking, None for an unknown event. One query."""
    return BookingEvent.objects.filter(pk=event_id).values_list("booking__branch_id", flat=True).first()


def undoable_turn(turn: Turn) -> int | None:
    """Return the latest event of a place in line if it is one that staff can take back. One query."""
    latest = turn.events.order_by("-pk").first()
    return latest.pk if latest and latest.what in UNDOES_IN_LINE else None


def turn_event_branch(event_id: int) -> int | None:
    """Return the branch of the place in line that an event tells of, None for an unknown event. One query."""
    return TurnEvent.objects.filter(pk=event_id).values_list("turn__branch_id", flat=True).first()
