"""A repair that was to be over and is not: it goes on until the end of the day, and whom it hits is moved."""

from datetime import datetime

from django.db import transaction

from helpdesk.actor import SYSTEM
from reservations.booking.service import grow, room_around, standing_repair
from reservations.models import Booking
from reservations.models.booking import Kind
from reservations.period import period


def overdue_devices(now: datetime) -> list[int]:
    """Return the devices that were to be back by `now` and are not. One query."""
    late = Booking.objects.open().filter(kind=Kind.REPAIR, period__fully_lt=period(now, None))
    return list(late.order_by("branch_id", "device_id").values_list("device_id", flat=True))


@transaction.atomic
def grow_overdue(*, device_id: int, now: datetime) -> bool:
    """Let an overdue repair go on to the end of the branch day and move whom it hits; return whether it was overdue.

    Asked again under the lock: running twice changes nothing. Nothing depends on it: until then the seat is refused.
    """
    frame = room_around(device_id, now)
    repair = standing_repair(frame, device_id)
    if repair is None or repair.end is None or repair.end > now:
        return False
    until = frame.calendar.day_bounds(frame.calendar.branch_day(now))[1]
    grow(frame, repair, until if until > now else None, by=SYSTEM, what="overdue")
    return True
