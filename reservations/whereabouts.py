"""Where a patron sits at a moment."""

from datetime import datetime

from reservations.models import Booking, Patron


def seat_of(patron: Patron, now: datetime) -> int | None:
    """Return the id of the device that `patron` uses now, None for somebody who sits nowhere. One query."""
    running = Booking.objects.live(now).filter(patron=patron, checked_in_at__lte=now)
    return running.order_by("-checked_in_at").values_list("device_id", flat=True).first()
