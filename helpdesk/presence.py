"""Who is at a page now: a poll says it, Redis keeps it for forty seconds, and nothing else ever knows.

The poll of a page carries a signed `here`: the place and the label of the post. It is noted before anything else is
looked up, so that a poll that is answered 204 counts too. Redis away: nobody is seen, nothing breaks.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.core import signing
from django.http import HttpRequest, HttpResponse
from redis import RedisError

from helpdesk import clock
from helpdesk.live import redis, touch

LIFE = timedelta(seconds=40)  # longer than two polls
MAX_AGE = 120  # seconds a poll is good for, as in helpdesk.live
_SALT = "helpdesk.presence"


def come(place: str, who: str, now: datetime) -> list[str]:
    """Note that `who` (the label of a post) is at `place` ("ticket:118"), and return who else is, in order.

    Who is new there wakes the screens that watch `place`.
    """
    key, moment = f"here:{place}", now.timestamp()
    try:
        with redis().pipeline() as pipe:
            pipe.zremrangebyscore(key, "-inf", moment - LIFE.total_seconds())
            pipe.zadd(key, {who: moment})
            pipe.expire(key, LIFE)
            pipe.zrange(key, 0, -1)
            _gone, is_new, _kept, everybody = pipe.execute()
    except RedisError:
        return []
    if is_new:
        touch(place)
    return sorted(str(each) for each in everybody if each != who)


def next_change(others: list[str], now: datetime) -> datetime | None:
    """Return when a page that shows `others` must look again, because one of them may have left; None without any."""
    return now + LIFE if others else None


def signed(place: str, who: str) -> str:
    """Return the `here` value of a page's poll."""
    return signing.dumps([place, who], salt=_SALT)


class PresenceMiddleware:
    """Note who polls a page, before the poll is answered."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        here = request.GET.get("here")
        if here and request.headers.get("HX-Request"):
            try:
                place, who = signing.loads(here, salt=_SALT, max_age=MAX_AGE)
            except signing.BadSignature:
                pass  # an old page: its view notes whoever is signed in
            else:
                come(place, who, clock.now())
        return self.get_response(request)
