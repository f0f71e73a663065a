"""Runs the purge declarations of all apps."""

from datetime import datetime

from helpdesk import registry


def purge(*, now: datetime, dry_run: bool) -> dict[str, int]:
    """Forget everything past its end, or with `dry_run` only count it; return rows by declaration."""
    return {entry.key: entry.purge(now, dry_run) for entry in registry.purges()}
