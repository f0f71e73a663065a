"""The one form of a period: half-open [start, end), an open end is None."""

from datetime import datetime

from psycopg.types.range import Range, TimestamptzRange

Period = Range[datetime]


def period(start: datetime, end: datetime | None) -> Period:
    """Return [start, end) as PostgreSQL keeps it."""
    return TimestamptzRange(start, end, "[)")
