"""When somebody is told that a session ends. No ORM, no clock."""

from collections.abc import Iterable
from datetime import datetime, timedelta


def warning(minutes: Iterable[int], end: datetime, now: datetime) -> int | None:
    """Return which warning of `minutes` before `end` is due now: the one nearest to the end, None before the first."""
    due = [each for each in minutes if end - timedelta(minutes=each) <= now < end]
    return min(due, default=None)
