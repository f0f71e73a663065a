"""A card number scanned on the start page, kept for the sign-in step: in Redis, never in an address."""

import secrets

from redis import RedisError

from helpdesk import live
from reservations.models import Kiosk
from reservations.patrons.visit import life


def _key(kiosk: Kiosk, token: str) -> str:
    return f"scan:{kiosk.pk}:{token}"


def keep_scan(*, kiosk: Kiosk, number: str) -> str:
    """Return the token under which `number` waits at `kiosk` for the idle life; '' while Redis is away."""
    token = secrets.token_urlsafe(24)
    try:
        live.redis().set(_key(kiosk, token), number, ex=life())
    except RedisError:
        return ""
    return token


def scanned_number(*, kiosk: Kiosk, token: str) -> str:
    """Return the number kept under `token` at this kiosk; '' where there is none or Redis is away."""
    if not token:
        return ""
    try:
        return str(live.redis().get(_key(kiosk, token)) or "")
    except RedisError:
        return ""


def forget_scan(*, kiosk: Kiosk, token: str) -> None:
    """Forget the number; with Redis away it goes by its life."""
    if not token:
        return
    try:
        live.redis().delete(_key(kiosk, token))
    except RedisError:
        return
