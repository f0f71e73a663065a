"""Signing a patron in at a kiosk, with its throttle; who stands at the desk; issuing guest passes."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helpdesk.actor import Actor
from helpdesk.db import refused_by
from reservations.calendars import calendar_of
from reservations.models import Branch, GuestPass, Kiosk, Patron, SignInTry
from reservations.patrons.keys import guest_key
from reservations.patrons.sources import GuestPasses, Identity, LocalCards, pass_identity, source_for
from reservations.rules.problem import Problem, Refused

TRIES_PER_CARD = 5
TRIES_PER_KIOSK = 20
WINDOW = timedelta(minutes=10)
UNKNOWN_NUMBER = Problem(
    "unknown_number",
    gettext_lazy("No card and no guest pass of today has this number. Type it again, or issue a guest pass."),
    gettext_lazy("Card or guest number"),
    lift_by="",
)
CODE_DIGITS = 10  # of a guest pass: typed on the kiosk's digits, 10^10 against 20 tries in ten minutes


def sign_in(*, number: str, pin: str, kiosk: Kiosk, now: datetime) -> Patron:
    """Return the patron of a card number and PIN, or of a guest pass code with an empty `pin`.

    Raises Refused `wrong` (unknown number and wrong PIN give the same sentence) or `throttled` (5 wrong tries a
    card, 20 a kiosk, in ten minutes). A wrong try is counted even though the sign-in is refused.
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
    if identity is None:
        SignInTry.objects.create(key=key, kiosk=kiosk, at=now)
        return Problem(
            "wrong",
            _("This number and PIN do not go together. Check both, or ask at the desk."),
            _("Card number and PIN"),
        )
    SignInTry.objects.filter(key=key).delete()
    return _remember(identity, now)


@transaction.atomic
def patron_at_desk(*, number: str, by: Actor, now: datetime) -> Patron:
    """Return the patron of a card or pass number that staff typed or scanned. The card is the proof: no PIN.

    Raises Refused `unknown_number` for a number that no card and no pass of today has, and for anybody but staff.
    """
    identity = None
    if by.kind == "staff":
        identity = LocalCards().shown(number, now) or GuestPasses().shown(number, now)
    if identity is None:
        raise Refused(UNKNOWN_NUMBER)
    return _remember(identity, now)


def patron_known(number: str, now: datetime) -> Patron | None:
    """Return the patron of a number if they have been here before. Writes nothing."""
    identity = LocalCards().shown(number, now) or GuestPasses().shown(number, now)
    return Patron.objects.filter(key=identity.key).first() if identity else None


def patron_of_pass(guest_pass: GuestPass, now: datetime) -> Patron:
    """Return the patron who holds a pass that has just been issued."""
    return _remember(pass_identity(guest_pass), now)


def _throttled_until(key: str, kiosk: Kiosk, now: datetime) -> datetime | None:
    """Return when the next try is allowed, or None if it is allowed now. Two index look-ups."""
    for tries, limit in (
        (SignInTry.objects.filter(key=key), TRIES_PER_CARD),
        (SignInTry.objects.filter(kiosk=kiosk), TRIES_PER_KIOSK),
    ):
        recent = list(tries.filter(at__gt=now - WINDOW).order_by("-at").values_list("at", flat=True)[:limit])
        if len(recent) == limit:
            return recent[-1] + WINDOW
    return None


def _throttled(again_at: datetime) -> Problem:
    return Problem(
        "throttled",
        _("Too many tries. Ask at the desk, or try again in a few minutes."),
        _("Wrong tries"),
        f"{TRIES_PER_CARD} / {TRIES_PER_KIOSK}",
        next_at=again_at,
    )


def _remember(identity: Identity, now: datetime) -> Patron:
    """Make the patron at the first sign-in, refresh what the source says at later ones."""
    patron, _made = Patron.objects.update_or_create(
        key=identity.key,
        defaults={
            "source": identity.source,
            "alias": identity.alias,
            "age_band": identity.age_band,
            "band_until": identity.band_until,
            "valid_until": identity.valid_until,
            "seen_at": now,
        },
    )
    return patron


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
