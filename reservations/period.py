"""The one form of a period, half-open [start, end) with None for an open end, and the moment at which a row is over."""

from datetime import datetime

from psycopg.types.range import Range, TimestamptzRange

Period = Range[datetime]


def period(start: datetime | None, end: datetime | None) -> Period:
    """Return [start, end) as PostgreSQL keeps it; None is open."""
    return TimestamptzRange(start, end, "[)")


def over_at(
    now: datetime,
    *,
    end: datetime | None,
    check_in_by: datetime | None,
    checked_in_at: datetime | None,
    ended_at: datetime | None,
) -> datetime | None:
    """Return when a row has ended by `now`: as stored, by nobody coming, or by its end; None if it stands."""
    if ended_at:
        return ended_at
    if checked_in_at is None and check_in_by and check_in_by <= now:
        return check_in_by
    return end if end and end <= now else None
