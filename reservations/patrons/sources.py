"""Who is this card? One interface; the local cards and the guest passes are two of its sources, see library.py."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from django.utils import timezone

from reservations.models import AgeBand, Card, GuestPass
from reservations.models.people import Source
from reservations.patrons.keys import card_key, guest_key, hash_pin, needs_usual_hash, pin_matches


@dataclass(frozen=True)
class Identity:
    """What a source knows of a patron: no name, no number.

    `also` are further keys of the same person, `unproven` those of numbers that were taken on trust before.
    """

    key: str
    source: str
    alias: str
    age_band: str
    band_until: date | None = None
    valid_until: datetime | None = None
    also: tuple[str, ...] = ()
    unproven: tuple[str, ...] = ()


class SourceAway(Exception):
    """The source does not answer, so nothing is known of the number: never taken for a wrong PIN."""


class Denied(Exception):
    """The source knows the card and something stands against it: `reason` is a code, `detail` for staff."""

    def __init__(self, identity: Identity, reason: str, detail: str = "") -> None:
        super().__init__(reason)
        self.identity = identity
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True)
class PassOver:
    """A guest pass that was good once: when it ended, and whether the desk took it back."""

    at: datetime
    revoked: bool


class PatronSource(Protocol):
    """A place that knows cards. `key_of` names the throttle's counter.

    The others may wait for a network and may raise SourceAway and Denied: never call them inside a transaction.
    """

    def key_of(self, number: str) -> str: ...

    def identify(self, number: str, pin: str, now: datetime) -> Identity | PassOver | None:
        """Return who it is, or None for an unknown number and for a wrong PIN alike."""

    def shown(self, number: str, now: datetime) -> Identity | PassOver | None:
        """Return whose number staff read or scan at the desk, where no PIN is asked; None for an unknown one."""


class LocalCards:
    """Cards kept by this system, with hashed PINs."""

    def key_of(self, number: str) -> str:
        return card_key(number)

    def identify(self, number: str, pin: str, now: datetime) -> Identity | None:
        card = Card.objects.filter(key=card_key(number)).first()
        known = pin_matches(pin, card.pin_hash if card else _DUMMY)
        if card and known and needs_usual_hash(card.pin_hash):  # an import may have given another PIN meanwhile
            Card.objects.filter(pk=card.pk, pin_hash=card.pin_hash).update(pin_hash=hash_pin(pin))
        return self._of(card, now) if known and pin else None

    def shown(self, number: str, now: datetime) -> Identity | None:
        return self._of(Card.objects.filter(key=card_key(number)).first(), now)

    @staticmethod
    def _of(card: Card | None, now: datetime) -> Identity | None:
        if card is None or (card.expires_on and card.expires_on < timezone.localtime(now).date()):
            return None
        return Identity(card.key, Source.LOCAL, card.alias, card.age_band, card.band_until)


class GuestPasses:
    """Passes handed out at the desk or by a kiosk; the code alone is enough."""

    def key_of(self, number: str) -> str:
        return guest_key(number)

    def identify(self, number: str, pin: str, now: datetime) -> Identity | PassOver | None:
        return self.shown(number, now)

    def shown(self, number: str, now: datetime) -> Identity | PassOver | None:
        found = GuestPass.objects.filter(key=guest_key(number)).first()
        if found is None:
            return None
        over = over_since(found, now)
        return over or pass_identity(found)


def over_since(guest_pass: GuestPass, now: datetime) -> PassOver | None:
    """Return when and how a pass ended, None while it is good."""
    if guest_pass.revoked_at:
        return PassOver(guest_pass.revoked_at, revoked=True)
    return PassOver(guest_pass.last_at, revoked=False) if guest_pass.valid_until <= now else None


def pass_identity(guest_pass: GuestPass) -> Identity:
    """Return what is known of whoever holds a pass."""
    until = guest_pass.valid_until
    return Identity(guest_pass.key, Source.GUEST, guest_pass.alias, AgeBand.UNKNOWN, valid_until=until)


_DUMMY = hash_pin("no such card")  # an unknown card takes as long as a wrong PIN
