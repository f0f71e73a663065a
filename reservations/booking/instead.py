"""Another seat or time for somebody whose booking was taken away; with it they know, and leave the call list."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from helpdesk.actor import Actor
from reservations.booking.ahead import book, over_problem
from reservations.booking.seat import start_now
from reservations.booking.tell import known
from reservations.models import Booking
from reservations.models.booking import Outcome
from reservations.rules.problem import Refused


@transaction.atomic
def book_instead(
    *,
    booking: Booking,
    device_id: int,
    start: datetime,
    minutes: int,
    request_key: UUID,
    by: Actor,
    now: datetime,
    override: str = "",
) -> Booking:
    """Book `device_id` from `start` for the person of the displaced `booking`, with the needs they had; return the row.

    What begins at once is sat down to. The same `request_key` again returns the first row. Raises Refused `over` for
    a booking that was not taken away, and every rule that is broken.
    """
    if booking.outcome != Outcome.DISPLACED or booking.patron is None:
        raise Refused(over_problem())
    who: dict[str, Any] = {
        "branch_id": booking.branch_id,
        "patron": booking.patron,
        "device_id": device_id,
        "needs": frozenset(booking.needs),
        "request_key": request_key,
        "by": by,
        "now": now,
        "override": override,
    }
    if start <= now:
        row = start_now(**who, minutes=minutes)
    else:
        row = book(**who, start=start, end=start + timedelta(minutes=minutes))
    known(booking, by=by, now=now)
    return row
