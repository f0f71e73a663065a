"""Checks at start: the patron key must be the one that made this database's keys."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError

from reservations.models import KeyFingerprint
from reservations.patrons.keys import fingerprint

WRONG_KEY = Error(
    "PATRON_KEY is not the key that this database was made with, so no card would be recognised.",
    hint="Set PATRON_KEY to the key of this system's earlier starts, or restore it from your backup of secrets.",
    id="reservations.E001",
)


@register(Tags.database)
def patron_key_is_the_same(
    app_configs: Sequence[AppConfig] | None = None, databases: Sequence[str] | None = None, **_kwargs: Any
) -> list[CheckMessage]:
    """Compare the key's fingerprint with the database's; a database without one yet passes."""
    if not databases:
        return []
    try:
        kept = KeyFingerprint.objects.first()
    except DatabaseError:  # before the first migration there is no table
        return []
    return [WRONG_KEY] if kept and kept.fingerprint != fingerprint() else []


def keep_fingerprint(**_kwargs: Any) -> None:
    """Write the fingerprint down after the first migration."""
    KeyFingerprint.objects.get_or_create(only=True, defaults={"fingerprint": fingerprint()})
