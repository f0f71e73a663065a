"""Signing a patron in at a kiosk, with its throttle."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from reservations.models import Kiosk, Patron, SignInTry
from reservations.patrons.lookup import pass_over
from reservations.patrons.remember import remember
from reservations.patrons.sources import PassOver, source_for
from reservations.rules.problem import Problem, Refused

TRIES_PER_CARD = 5
TRIES_PER_KIOSK = 20
WINDOW = timedelta(minutes=10)


def sign_in(*, number: str, pin: str, kiosk: Kiosk, now: datetime) -> Patron:
    """Return the patron of a card number and PIN, or of a guest pass code with an empty `pin`.

    Raises Refused `wrong` (unknown number and wrong PIN give the same sentence), `throttled` (5 wrong tries a card,
    20 a kiosk, in ten minutes) or `pass_over` for a guest pass that was good once. A wrong try is counted even though
    the sign-in is refused.
    """
    patron = _try_sign_in(number=number, pin=pin, kiosk=kiosk, now=now)
    if isinstance(patron, Problem):
        raise Refused(patron)
    return patron


@transaction.atomic
def _try_sign_in(*, number: str, pin: str, kiosk: Kiosk, now: datetime) -> Patron | Problem:
    source = source_for(pin)
    key = source.key_of(number)
    Kiosk.objects.select_for_update(no_key=True).get(pk=kiosk.pk)  # one try at a time, so none slips past the count
    again_at = _throttled_until(key, kiosk, now)
    if again_at:
        return _throttled(again_at)
    identity = source.identify(number, pin, now)
    if isinstance(identity, PassOver):
        return pass_over(identity, now)
    if identity is None:
        SignInTry.objects.create(key=key, kiosk=kiosk, at=now)
        return Problem(
            "wrong",
            _("This number and PIN do not go together. Check both, or ask at the desk."),
            _("Card number and PIN"),
        )
    SignInTry.objects.filter(key=key).delete()
    return remember(identity, now)


def throttled_until(key: str, now: datetime) -> datetime | None:
    """Return when the next try on a card is allowed after too many wrong ones, None if it is allowed now."""
    return _again_at(SignInTry.objects.filter(key=key), TRIES_PER_CARD, now)


def _throttled_until(key: str, kiosk: Kiosk, now: datetime) -> datetime | None:
    """Return when the next try is allowed, or None if it is allowed now. Two index look-ups."""
    return throttled_until(key, now) or _again_at(SignInTry.objects.filter(kiosk=kiosk), TRIES_PER_KIOSK, now)


def _again_at(tries: QuerySet[SignInTry], limit: int, now: datetime) -> datetime | None:
    recent = list(tries.filter(at__gt=now - WINDOW).order_by("-at").values_list("at", flat=True)[:limit])
    return recent[-1] + WINDOW if len(recent) == limit else None


def _throttled(again_at: datetime) -> Problem:
    return Problem(
        "throttled",
        _("Too many tries. Ask at the desk, or try again in a few minutes."),
        _("Wrong tries"),
        f"{TRIES_PER_CARD} / {TRIES_PER_KIOSK}",
        next_at=again_at,
    )
