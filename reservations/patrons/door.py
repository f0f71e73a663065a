"""Signing a patron in at a kiosk, with its throttle; who stands at the desk; issuing guest passes."""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helpdesk.actor import Actor
from helpdesk.db import refused_by
from reservations.calendars import calendar_of
from reservations.models import Branch, GuestPass, Kiosk, Patron, SignInTry
from reservations.models.source import WhenAway
from reservations.patrons.keys import away_key, card_key, guest_key
from reservations.patrons.library import is_asked, shown_at_desk, source_for
from reservations.patrons.remember import known_by, one_at_a_time, remember
from reservations.patrons.sources import Denied, GuestPasses, LocalCards, SourceAway, pass_identity
from reservations.patrons.trust import on_trust
from reservations.rules.problem import Problem, Refused
from reservations.sip2 import breaker
from reservations.sip2.decision import in_words

TRIES_PER_CARD = 5
TRIES_PER_KIOSK = 20
WINDOW = timedelta(minutes=10)
UNKNOWN_NUMBER = Problem(
    "unknown_number",
    gettext_lazy("No card and no guest pass of today has this number. Type it again, or issue a guest pass."),
    gettext_lazy("Card or guest number"),
    lift_by="",
)
WRONG = Problem(
    "wrong",
    gettext_lazy("This number and PIN do not go together. Check both, or ask at the desk."),
    gettext_lazy("Card number and PIN"),
)
CARD_DENIED = Problem(
    "card_denied",
    gettext_lazy("Our staff have to look at this card first. Please ask at the desk."),
    gettext_lazy("The library system says no"),
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
CODE_DIGITS = 10  # of a guest pass: typed on the kiosk's digits, 10^10 against 20 tries in ten minutes


def sign_in(*, number: str, pin: str, kiosk: Kiosk, now: datetime) -> Patron:
    """Return the patron of a card number and PIN, or of a guest pass code with an empty `pin`.

    The source may be a network away, so it is asked between two transactions and never inside one: the try is counted
    before, and taken back after unless it was a wrong one. While the library system is away the policy may take a card
    on trust. Raises Refused `wrong` (unknown number and wrong PIN give the same sentence), `throttled` (5 wrong tries
    a card, 20 a kiosk, in ten minutes), `card_denied`, `library_away`.
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
        raise Refused(_denied(denied)) from denied
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


def _denied(denied: Denied) -> Problem:
    """Return why not: neutral words for the patron, the reason for staff, who may lift it."""
    reason = " ".join(filter(None, (denied.reason, f"({in_words(denied.reason)})", denied.detail)))
    return replace(CARD_DENIED, value=reason)


@dataclass(frozen=True)
class AtDesk:
    """Who stands at the desk, and what the library system holds against their card."""

    patron: Patron
    problems: tuple[Problem, ...] = ()


def who_at_desk(*, number: str, by: Actor, now: datetime) -> AtDesk:
    """Return the patron of a card or pass number that staff typed or scanned. The card is the proof: no PIN.

    It may wait for the library system, so call it before a transaction; while that is away the number is taken on
    trust and the rules say what it is good for. Raises Refused `unknown_number`, also for anybody but staff.
    """
    if by.kind != "staff":
        raise Refused(UNKNOWN_NUMBER)
    try:
        identity = shown_at_desk(number, now)
    except SourceAway:
        patron = on_trust(number, now)
        if patron is None:
            raise Refused(UNKNOWN_NUMBER) from None
        return AtDesk(patron)
    except Denied as denied:
        return AtDesk(remember(denied.identity, now), (_denied(denied),))
    if identity is None:
        raise Refused(UNKNOWN_NUMBER)
    return AtDesk(remember(identity, now))


def patron_at_desk(*, number: str, by: Actor, now: datetime) -> Patron:
    """Return who stands at the desk. Raises Refused `unknown_number` and `card_denied`."""
    found = who_at_desk(number=number, by=by, now=now)
    if found.problems:
        raise Refused(*found.problems)
    return found.patron


def patron_known(number: str, now: datetime) -> Patron | None:
    """Return the patron of a number if they have been here before. Asks no network and writes nothing."""
    if not is_asked():
        identity = LocalCards().shown(number, now) or GuestPasses().shown(number, now)
        return known_by([identity.key]) if identity else None
    guest = GuestPasses().shown(number, now)
    if guest:
        return known_by([guest.key])
    return known_by([away_key(number) if breaker.is_open(now) else card_key(number)])


def patron_of_pass(guest_pass: GuestPass, now: datetime) -> Patron:
    """Return the patron who holds a pass that has just been issued."""
    return remember(pass_identity(guest_pass), now)


def _throttled_until(key: str, kiosk: Kiosk, now: datetime) -> datetime | None:
    """Return when the next try is allowed, or None if it is allowed now. One query."""
    counted = SignInTry.objects.filter(Q(key=key) | Q(kiosk=kiosk), at__gt=now - WINDOW).order_by("-at")
    tries = list(counted.values_list("key", "kiosk_id", "at"))
    of_card = [at for card, _kiosk, at in tries if card == key]
    at_kiosk = [at for _card, where, at in tries if where == kiosk.pk]
    for recent, limit in ((of_card, TRIES_PER_CARD), (at_kiosk, TRIES_PER_KIOSK)):
        if len(recent) >= limit:
            return recent[limit - 1] + WINDOW
    return None


def _throttled(again_at: datetime) -> Problem:
    return Problem(
        "throttled",
        _("Too many tries. Ask at the desk, or try again in a few minutes."),
        _("Wrong tries"),
        f"{TRIES_PER_CARD} / {TRIES_PER_KIOSK}",
        next_at=again_at,
    )


@dataclass(frozen=True)
class IssuedPass:
    """A new guest pass and its code, which is shown now and never again ("" for a repeated request)."""

    guest_pass: GuestPass
    code: str


@transaction.atomic
def issue_guest_pass(*, branch: Branch, request_key: UUID, by: Actor, now: datetime) -> IssuedPass:
    """Issue a pass that is good at every branch until this branch day ends."""
    earlier = GuestPass.objects.filter(request_key=request_key).first()
    if earlier:
        return IssuedPass(earlier, "")
    calendar = calendar_of(branch.pk)
    code = "".join(secrets.choice("0123456789") for _digit in range(CODE_DIGITS))
    guest_pass = GuestPass(
        key=guest_key(code),
        alias=f"G{code[-3:]}",
        branch=branch,
        issued_at=now,
        issued_by_id=by.user_id,
        valid_until=calendar.day_bounds(calendar.branch_day(now))[1],
        request_key=request_key,
    )
    again = Problem("repeated", _("This pass has just been issued."), _("Double request"))
    with refused_by("reservations_guestpass_request_key_key", Refused(again)):
        guest_pass.save(force_insert=True)
    return IssuedPass(guest_pass, code)
