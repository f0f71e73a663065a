"""Signing a patron in at a kiosk, with its throttle."""

from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reservations.models import Kiosk, Patron, SignInTry
from reservations.models.source import WhenAway
from reservations.patrons.library import source_for
from reservations.patrons.lookup import denied_problem, pass_over
from reservations.patrons.remember import one_at_a_time, remember
from reservations.patrons.sources import Denied, PassOver, SourceAway
from reservations.patrons.trust import on_trust
from reservations.rules.problem import Problem, Refused

TRIES_PER_CARD = 5
TRIES_PER_KIOSK = 20
WINDOW = timedelta(minutes=10)
WRONG = Problem(
    "wrong",
    gettext_lazy("This number and PIN do not go together. Check both, or ask at the desk."),
    gettext_lazy("Card number and PIN"),
)
AWAY = Problem(
    "library_away",
    gettext_lazy("The library system cannot be reached, so cards cannot be checked. Ask at the desk."),
    gettext_lazy("While the library system is away"),
)
AWAY_WITH_GUESTS = replace(
    AWAY,
    sentence=gettext_lazy("The library system cannot be reached, so cards cannot be checked. Guest numbers work."),
)


def sign_in(*, number: str, pin: str, kiosk: Kiosk, now: datetime) -> Patron:
    """Return the patron of a card number and PIN, or of a guest pass code with an empty `pin`.

    The source may be a network away, so it is asked between two transactions and never inside one: the try is counted
    before, and taken back after unless it was a wrong one. While the library system is away the policy may take a card
    on trust. Raises Refused `wrong` (unknown number and wrong PIN give the same sentence), `throttled` (5 wrong tries
    a card, 20 a kiosk, in ten minutes), `card_denied`, `library_away`, or `pass_over` for a pass that was good once.
    """
    source = source_for(pin)
    key = source.key_of(number)
    attempt = _count(key, kiosk, now)
    try:
        identity = source.identify(number, pin, now)
    except SourceAway:
        attempt.delete()
        return _away(number, kiosk, now)
    except Denied as denied:
        SignInTry.objects.filter(key=key).delete()
        raise Refused(denied_problem(denied)) from denied
    if isinstance(identity, PassOver):
        attempt.delete()
        raise Refused(pass_over(identity, now))
    if identity is None:
        _keep_count(attempt)
        raise Refused(WRONG)
    SignInTry.objects.filter(key=key).delete()
    return remember(identity, now)


@transaction.atomic
def _count(key: str, kiosk: Kiosk, now: datetime) -> SignInTry:
    """Count a try before its outcome is known, so that none slips past while others wait for theirs."""
    Kiosk.objects.select_for_update(no_key=True).get(pk=kiosk.pk)
    one_at_a_time([f"try:{key}"])  # the same card may be tried at another kiosk
    again_at = _throttled_until(key, kiosk, now)
    if again_at:
        raise Refused(_throttled(again_at))
    return SignInTry.objects.create(key=key, kiosk=kiosk, at=now)


def _keep_count(attempt: SignInTry) -> None:
    """Keep a wrong try, even where a right one of the same card has taken back the others meanwhile."""
    if not SignInTry.objects.filter(pk=attempt.pk).exists():
        SignInTry.objects.create(key=attempt.key, kiosk_id=attempt.kiosk_id, at=attempt.at)


def _away(number: str, kiosk: Kiosk, now: datetime) -> Patron:
    """Return the patron of a number taken on trust where the policy does so. Raises Refused `library_away`."""
    policy = kiosk.branch.policy
    if policy.when_away == WhenAway.ALLOWANCE:
        patron = on_trust(number, now)
        if patron:
            return patron
    raise Refused(AWAY_WITH_GUESTS if policy.when_away == WhenAway.GUESTS else AWAY)


def throttled_until(key: str, now: datetime) -> datetime | None:
    """Return when the next try on a card is allowed after too many wrong ones, None if it is allowed now."""
    tries = SignInTry.objects.filter(key=key, at__gt=now - WINDOW).order_by("-at")
    return _after(list(tries.values_list("at", flat=True)), TRIES_PER_CARD)


def _throttled_until(key: str, kiosk: Kiosk, now: datetime) -> datetime | None:
    """Return when the next try is allowed, or None if it is allowed now. One query."""
    counted = SignInTry.objects.filter(Q(key=key) | Q(kiosk=kiosk), at__gt=now - WINDOW).order_by("-at")
    tries = list(counted.values_list("key", "kiosk_id", "at"))
    of_card = [at for card, _kiosk, at in tries if card == key]
    at_kiosk = [at for _card, where, at in tries if where == kiosk.pk]
    return _after(of_card, TRIES_PER_CARD) or _after(at_kiosk, TRIES_PER_KIOSK)


def _after(recent: list[datetime], limit: int) -> datetime | None:
    """Return when fewer than `limit` of the tries, the latest first, are within the window; None where they are.

    Rounded up to the minute that people read, so that a try at the said time works.
    """
    if len(recent) < limit:
        return None
    again = recent[limit - 1] + WINDOW
    whole = again.replace(second=0, microsecond=0)
    return whole if whole == again else whole + timedelta(minutes=1)


def _throttled(again_at: datetime) -> Problem:
    return Problem(
        "throttled",
        _("Too many tries. Ask at the desk, or try again in a few minutes."),
        _("Wrong tries"),
        f"{TRIES_PER_CARD} / {TRIES_PER_KIOSK}",
        next_at=again_at,
    )
