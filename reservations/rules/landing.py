"""Whether a session may land softly, and which seat could take who comes after it. No ORM, no clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from reservations.rules.facts import Busy, DeviceFacts

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Follower:
    """A booking or an offer that comes after the session: when, and what its seat must have."""

    start: datetime
    end: datetime
    kind: int
    features: frozenset[str] = frozenset()


def takes(device: DeviceFacts, follower: Follower, gap: int) -> bool:
    """Return whether `device` could take the follower at its own times, with `gap` minutes of cleaning around it."""
    if not device.bookable or device.kind != follower.kind or not follower.features <= device.features:
        return False
    return all(_apart(busy, follower.start, follower.end, gap * MINUTE) for busy in device.busy)


def _apart(busy: Busy, start: datetime, end: datetime, gap: timedelta) -> bool:
    """Return whether a span leaves [start, end) free; a repair needs no cleaning around it."""
    around = timedelta() if busy.repair else gap
    after = busy.end is not None and busy.end + around <= start
    return after or (not busy.over and end + around <= busy.start)


def frees_at(device: DeviceFacts, now: datetime, gap: int, least: int = 0) -> datetime | None:
    """Return when somebody could sit down at `device` for `least` minutes; None if a row without an end holds it."""
    at = now
    for busy in sorted(device.busy, key=lambda busy: busy.start):
        around = timedelta() if busy.repair else gap * MINUTE
        if busy.start >= at + around + least * MINUTE and not busy.over:
            break
        if busy.end is None:
            return None
        at = max(at, busy.end + around)
    return at


def delays(
    new_end: datetime, others: Sequence[DeviceFacts], now: datetime, gap: int, *, least: int, stop: datetime
) -> bool:
    """Return whether the head of the line waits longer for this session.

    They do where none of `others` frees before it would, for the `least` minutes that they would be called for, all of
    them before the computers `stop`.
    """
    moments = (frees_at(device, now, gap, least) for device in others)
    latest = min(new_end, stop - least * MINUTE)
    return not any(at is not None and at <= latest for at in moments)
