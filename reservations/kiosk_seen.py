"""When a paired screen was last here: kept in Redis alone, because a look at a page never writes to the database."""

from collections.abc import Collection
from datetime import UTC, datetime

from redis import RedisError

from helpdesk import live
from reservations.models import Kiosk

KEPT = 60 * 24 * 3600  # seconds; a screen that was away for longer has not been seen at all


def note_kiosk(kiosk: Kiosk, now: datetime) -> None:
    """Remember that the screen showed its first page. Without Redis it is forgotten, which hurts nobody."""
    try:
        live.redis().set(_key(kiosk), int(now.timestamp()), ex=KEPT)
    except RedisError:
        return


def last_seen(kiosks: Collection[Kiosk]) -> dict[int, datetime]:
    """Return when each of the screens was last here, by primary key; those of which nothing is known are missing."""
    if not kiosks:
        return {}
    try:
        found = live.redis().mget([_key(kiosk) for kiosk in kiosks])
    except RedisError:
        return {}
    known = zip(kiosks, found, strict=True)
    return {kiosk.pk: datetime.fromtimestamp(int(value), UTC) for kiosk, value in known if value}


def _key(kiosk: Kiosk) -> str:
    return f"kiosk-seen:{kiosk.pk}"
