"""The only clock. Views, tasks and commands read it and pass the moment down."""

from datetime import UTC, datetime


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return datetime.now(UTC)
