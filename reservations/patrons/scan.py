"""A card number scanned on the start page, kept for the sign-in step: in Redis, never in an address.

Redis writes what it keeps to its append-only file, so it only ever gets the number under a pad made from the token,
and a hash of the token as its key. The token itself is nowhere but in the screen's cookie.
"""

import hashlib
import secrets

from redis import RedisError

from helpdesk import live
from reservations.models import Kiosk
from reservations.patrons.keys import token_hash
from reservations.patrons.visit import life


def _key(kiosk: Kiosk, token: str) -> str:
    return f"scan:{kiosk.pk}:{token_hash(token)}"


def _padded(token: str, text: bytes) -> bytes:
    """Return `text` under the pad of `token`, or back from it. A token is used for one number only."""
    pad = hashlib.shake_256(f"scan pad:{token}".encode()).digest(len(text))
    return bytes(one ^ other for one, other in zip(text, pad, strict=True))


def keep_scan(*, kiosk: Kiosk, number: str) -> str:
    """Return the token under which `number` waits at `kiosk` for the idle life; '' while Redis is away."""
    token = secrets.token_urlsafe(24)
    try:
        live.redis().set(_key(kiosk, token), _padded(token, number.encode(errors="replace")).hex(), ex=life())
    except RedisError:
        return ""
    return token


def scanned_number(*, kiosk: Kiosk, token: str) -> str:
    """Return the number kept under `token` at this kiosk; '' where there is none or Redis is away."""
    if not token:
        return ""
    try:
        kept = str(live.redis().get(_key(kiosk, token)) or "")
    except RedisError:
        return ""
    return _padded(token, bytes.fromhex(kept)).decode()


def forget_scan(*, kiosk: Kiosk, token: str) -> None:
    """Forget the number; with Redis away it goes by its life."""
    if not token:
        return
    try:
        live.redis().delete(_key(kiosk, token))
    except RedisError:
        return
