"""Whether the line waits longer for a session that lands softly. No ORM, no clock."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from reservations.rules.facts import DeviceFacts

MINUTE = timedelta(minutes=1)


def frees_at(device: DeviceFacts, now: datetime, gap: int) -> datetime | None:
    """Return when somebody could sit down at `device`; None if a row without an end holds it."""
    at = now
    for busy in sorted(device.busy, key=lambda busy: busy.start):
        around = timedelta() if busy.repair else gap * MINUTE
        if busy.start >= at + around and not busy.over:
            break
        if busy.end is None:
            return None
        at = max(at, busy.end + around)
    return at


def delays(new_end: datetime, others: Sequence[DeviceFacts], now: datetime, gap: int) -> bool:
    """Return whether the head of the line waits longer for this session: none of `others` frees before it would."""
    moments = (frees_at(device, now, gap) for device in others)
    return not any(at is not None and at <= new_end for at in moments)
