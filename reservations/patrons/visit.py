"""A patron's sign-in at a kiosk: a random token in Redis that lives as long as the idle limit, never a table row."""

import secrets

from django.conf import settings
from redis import RedisError

from helpdesk import live
from reservations.models import Kiosk, Patron


class VisitStoreAway(Exception):
    """Redis does not answer, so nobody can stay signed in at a kiosk."""


def life() -> int:
    """Return the seconds a visit lives without a touch: the idle limit, the warning, and a little for the network."""
    return settings.KIOSK_IDLE_SECONDS + settings.KIOSK_WARNING_SECONDS + 5


def _key(kiosk: Kiosk, token: str) -> str:
    return f"visit:{kiosk.pk}:{token}"


def begin_visit(*, kiosk: Kiosk, patron: Patron) -> str:
    """Return the token of a new visit of `patron` at `kiosk`. Raises VisitStoreAway."""
    token = secrets.token_urlsafe(24)
    try:
        live.redis().set(_key(kiosk, token), patron.pk, ex=life())
    except RedisError as error:
        raise VisitStoreAway from error
    return token


def patron_of_visit(*, kiosk: Kiosk, token: str, extend: bool = True) -> Patron | None:
    """Return who is signed in with `token` at this kiosk; None when the visit has ended.

    The visit lives on, unless `extend` is off: a page that asks by itself is no touch. Raises VisitStoreAway.
    """
    if not token:
        return None
    key = _key(kiosk, token)
    try:
        found = live.redis().getex(key, ex=life()) if extend else live.redis().get(key)
    except RedisError as error:
        raise VisitStoreAway from error
    return Patron.objects.filter(pk=int(found)).first() if found else None


def end_visit(*, kiosk: Kiosk, token: str) -> None:
    """Sign the patron out; with Redis away the visit ends by its life."""
    try:
        live.redis().delete(_key(kiosk, token))
    except RedisError:
        return
