"""The library system as a source of patrons, by SIP2; and which source a number is asked of."""

import time
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from reservations.models.people import Source
from reservations.patrons.keys import away_key, card_key, internal_key
from reservations.patrons.sources import Denied, GuestPasses, Identity, LocalCards, PassOver, PatronSource, SourceAway
from reservations.sip2 import breaker
from reservations.sip2.client import ask_patron
from reservations.sip2.decision import Verdict, decide
from reservations.sip2.frames import Message, sendable
from reservations.sip2.line import Unavailable

ALIAS_LENGTH = 3
SPACERS = str.maketrans("", "", " -")


class LibraryCards:
    """Cards that the library system knows. Nothing of its answer is kept but keys, alias and age band."""

    def key_of(self, number: str) -> str:
        return card_key(number)

    @sensitive_variables("pin")
    def identify(self, number: str, pin: str, now: datetime) -> Identity | None:
        """Ask with the PIN; an empty one is refused here, for some library systems take it for the right one."""
        return self._ask(number, pin, now) if pin else None

    def shown(self, number: str, now: datetime) -> Identity | None:
        return self._ask(number, None, now)

    @sensitive_variables("pin", "answer")
    def _ask(self, number: str, pin: str | None, now: datetime) -> Identity | None:
        number = as_sent(number)
        if not number or not _askable(number) or not _askable(pin or ""):
            return None
        with transaction.atomic(durable=True):
            pass  # raises where a transaction is open: its locks would be held over the network
        if not breaker.may_ask(now):
            raise SourceAway
        began = time.monotonic()
        try:
            answer = ask_patron(settings.LIBRARY_SYSTEM, number, pin, now)
        except Unavailable as error:
            breaker.failed(reason=error.reason, now=now + timedelta(seconds=time.monotonic() - began))
            raise SourceAway from error
        took = timedelta(seconds=time.monotonic() - began)
        breaker.answered(now=now + took, latency=took)
        return _identity(answer, number, with_pin=bool(pin), now=now)


def _identity(answer: Message, number: str, *, with_pin: bool, now: datetime) -> Identity | None:
    """Return who the answer is about; None for nobody. Raises Denied where something stands against the card."""
    today = timezone.localtime(now).date()
    verdict = decide(answer, number=number, with_pin=with_pin, system=settings.LIBRARY_SYSTEM, today=today)
    if not verdict.is_somebody:
        return None
    identity = identity_of(verdict, number)
    if verdict.reason:
        raise Denied(identity, verdict.reason, verdict.detail)
    return identity


def identity_of(verdict: Verdict, number: str) -> Identity:
    """Return the identity of a verdict: known by the number of the library system, the typed one, and its own id."""
    key = card_key(verdict.number)
    also = {card_key(number)} | ({internal_key(verdict.internal_id)} if verdict.internal_id.strip() else set())
    return Identity(
        key=key,
        source=Source.SIP2,
        alias=verdict.number[-ALIAS_LENGTH:],
        age_band=verdict.age_band,
        band_until=verdict.band_until,
        also=tuple(sorted(also - {key})),
        unproven=tuple(sorted({away_key(number), away_key(verdict.number)})),
    )


def as_sent(number: str) -> str:
    """Return a number as the library system is asked: digits without the blanks and dashes that people add."""
    bare = number.strip().translate(SPACERS)
    return bare if bare.isdigit() else number.strip()


def _askable(value: str) -> bool:
    """Return whether a value can be sent as it was typed, in the encoding of the library system."""
    try:
        value.encode(settings.LIBRARY_SYSTEM.encoding)
    except UnicodeEncodeError:
        return False
    return sendable(value)


def is_asked() -> bool:
    """Return whether the library system knows the cards; else they are kept here."""
    return bool(settings.PATRON_SOURCE == "sip2")


def cards() -> PatronSource:
    """Return the one source that knows cards."""
    return LibraryCards() if is_asked() else LocalCards()


def source_for(pin: str) -> PatronSource:
    """Return who is asked: a number with a PIN is a card, one without can only be a guest pass."""
    return cards() if pin else GuestPasses()


def shown_at_desk(number: str, now: datetime) -> Identity | PassOver | None:
    """Return whose number staff read or scan. Raises SourceAway and Denied; a guest pass needs no library system."""
    if is_asked():
        return GuestPasses().shown(number, now) or LibraryCards().shown(number, now)
    return LocalCards().shown(number, now) or GuestPasses().shown(number, now)
