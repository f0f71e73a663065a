"""The help clock: minutes of waiting for staff do not count, and the session gets them back at its end."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from helpdesk.actor import Actor
from reservations.booking.chain import sessions_of
from reservations.booking.events import event
from reservations.booking.frame import Frame, frame_of
from reservations.booking.running import (
    MINUTE,
    cut,
    end_of,
    is_running,
    save_running,
    set_end,
    stretch_of,
)
from reservations.models import Booking
from reservations.models.booking import Outcome
from reservations.rules.extending import latest_end

HELP_FIELDS = ["help_at", "help_added", "help_minutes"]


@transaction.atomic
def begin_help(*, device_id: int, by: Actor, now: datetime) -> Booking | None:
    """Begin the help of the session that runs on the device: its end moves on by up to the policy's minutes.

    As far as the seat is free after it, less what this session has already been given. Returns the session, unchanged
    where its help has begun before, or None where nobody sits there.
    """
    found = _session_on(device_id, now)
    if found is None:
        return None
    frame, row = found
    if row.help_at:
        return row
    policy = frame.policy_facts(frame.device(device_id))
    stretch = stretch_of(frame, row, 0, by)
    free = (latest_end(stretch) - end_of(row)) // MINUTE
    row.help_added = max(0, min(policy.help - _given(row), free))
    row.help_at = now
    set_end(row, end_of(row) + row.help_added * MINUTE)
    save_running(frame, row, fields=HELP_FIELDS)
    event(row, "help_began", by=by, now=now, minutes=row.help_added, until=end_of(row).isoformat()).save()
    return row


@transaction.atomic
def end_help(*, device_id: int, by: Actor, now: datetime) -> Booking | None:
    """End the help of the session that runs on the device: what it took stays given, the rest is trimmed.

    Where its person has moved to another seat since they asked, the help that goes on there ends. A started minute
    counts as help; a minute to save one's work is always left. Ending it twice is ending it once.
    """
    found = _session_on(device_id, now, moved=True)
    if found is None:
        return None
    frame, row = found
    if row.help_at is None:
        return row
    took = min(row.help_added, max(0, -(-(now - row.help_at) // MINUTE)))
    cut(row, end_of(row) - (row.help_added - took) * MINUTE, now)
    row.help_minutes += took
    row.help_at, row.help_added = None, 0
    save_running(frame, row, fields=HELP_FIELDS)
    event(row, "help_ended", by=by, now=now, minutes=took, until=end_of(row).isoformat()).save()
    return row


def _session_on(device_id: int, now: datetime, *, moved: bool = False) -> tuple[Frame, Booking] | None:
    """Return the session that runs on the device, locked, with the frame around it; None where nobody sits there.

    With `moved` also one that was helped there and has moved on to another seat, where nobody is helped here.
    """
    sitting = Booking.objects.live(now).filter(checked_in_at__isnull=False)
    found = sitting.filter(device_id=device_id).order_by("pk").first()
    if moved and (found is None or found.help_at is None):
        came_from = Q(continues__device_id=device_id) | Q(continues__continues__device_id=device_id)
        gone = sitting.filter(came_from, continues__outcome=Outcome.MOVED, help_at__isnull=False)
        found = gone.order_by("pk").first() or found
    if found is None:
        return None
    frame = frame_of(found, now)
    row = frame.row(found)
    return (frame, row) if is_running(row) else None


def _given(row: Booking) -> int:
    """Return the minutes of help that this session has been given, over all its rows."""
    rows = Booking.objects.filter(pk__in=sessions_of(row)).values_list("help_minutes", flat=True)
    return sum(rows)
