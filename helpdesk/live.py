"""Tokens for live screens: an unchanged poll is answered 204 before sessions and users are looked up.

A poll URL is the page's own URL with a signed `live` value: the scopes it shows, their tokens when the page was
rendered, and the next moment at which time alone changes the page. Equal tokens before that moment: 204. Redis
away, a bad or old signature: the view renders (and decides on permission), so a poll can only ever save work.
"""

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

from helpdesk import clock

MAX_AGE = 120  # seconds a poll URL is good for
HORIZON = timedelta(seconds=60)  # a page is rendered anew at least this often
_SALT = "helpdesk.live"


def redis() -> Redis:
    """Return the shared client; it never blocks a request for longer than settings.REDIS_TIMEOUT seconds."""
    return _client


def connect(url: str) -> Redis:
    """Return a client that waits half a second and tries once: a page renders sooner than Redis comes back."""
    return Redis.from_url(
        url,
        decode_responses=True,
        socket_timeout=settings.REDIS_TIMEOUT,
        socket_connect_timeout=settings.REDIS_TIMEOUT,
        retry=Retry(NoBackoff(), 0),
    )


_client: Redis = connect(settings.REDIS_URL)


def _key(scope: str) -> str:
    return f"live:{scope}"


def touch(*scopes: str) -> None:
    """Give `scopes` ("board:3", "it") new random tokens when the running transaction commits."""

    def bump() -> None:
        try:
            redis().mset({_key(scope): secrets.token_hex(8) for scope in scopes})
        except RedisError:
            return  # pages then render at each poll, which is only slower

    transaction.on_commit(bump, robust=True)


def tokens(scopes: Iterable[str]) -> list[str] | None:
    """Return the present tokens of `scopes`, or None where Redis is away ("0": never touched)."""
    names = list(scopes)
    try:
        found = redis().mget([_key(scope) for scope in names])
    except RedisError:
        return None
    return [str(token or "0") for token in found]


@dataclass(frozen=True)
class Watch:
    """The scopes of one page and their tokens from before its data was read."""

    scopes: list[str]
    tokens: list[str] | None

    def signed(self, next_change_at: datetime | None, now: datetime) -> str:
        """Return the `live` value of the page's poll URL; time alone changes the page at `next_change_at`."""
        until = min(next_change_at or now + HORIZON, now + HORIZON)
        return signing.dumps([self.scopes, self.tokens, until.timestamp()], salt=_SALT)


def watch(*scopes: str) -> Watch:
    """Return the tokens of `scopes`. Call it BEFORE reading the page's data, so no write falls in between."""
    return Watch(list(scopes), tokens(scopes))


def is_unchanged(live: str, now: datetime) -> bool:
    """Return whether nothing that the page of this `live` value shows has changed."""
    try:
        scopes, seen, until = signing.loads(live, salt=_SALT, max_age=MAX_AGE)
    except signing.BadSignature:
        return False
    return seen is not None and now.timestamp() < until and tokens(scopes) == seen


class UnchangedPollMiddleware:
    """Answer 204 to an htmx poll whose page has not changed; let everything else through."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        live: Any = request.GET.get("live")
        if live and request.headers.get("HX-Request") and is_unchanged(live, clock.now()):
            return HttpResponse(status=204, headers={"Cache-Control": "no-store"})
        return self.get_response(request)
