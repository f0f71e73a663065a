"""When somebody is told that a session ends. No ORM, no clock."""

from collections.abc import Iterable
from datetime import datetime, timedelta


def warning(minutes: Iterable[int], end: datetime, now: datetime) -> tuple[int | None, datetime | None]:
    """Return which warning of `minutes` before `end` is due now, and when the next one comes.

    The one nearest to the end counts. None before the first, and None for the next one after the last or the end.
    """
    moments = sorted((end - timedelta(minutes=each), each) for each in minutes)
    due = [each for at, each in moments if at <= now < end]
    coming = [at for at, _each in moments if now < at]
    return due[-1] if due else None, coming[0] if coming else None
