"""From a card number to an opaque key: an HMAC under PATRON_KEY, which never enters the database.

The prefix is the version of the normalisation and the name space, so that a later rule never mixes with this one
and a guest pass can never be taken for a card.
"""

import hashlib
import hmac

from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher

CARD = "c1"
GUEST = "g1"
INTERNAL = "x1"  # the library system's own id of a person, whichever card they have
AWAY = "u1"  # a card number that nobody could check: it must never open what belongs to the card


def _hmac(purpose: str, text: str) -> str:
    message = f"{purpose}:{text}".encode()
    return hmac.new(settings.PATRON_KEY.encode(), message, hashlib.sha256).hexdigest()


def normalise(number: str) -> str:
    """Return a number as it is keyed: upper case, without the blanks and dashes that people and scanners add."""
    return "".join(character for character in number.upper() if character.isalnum())


def card_key(number: str) -> str:
    """Return the key of a library card number."""
    return f"{CARD}:{_hmac(CARD, normalise(number))}"


def guest_key(code: str) -> str:
    """Return the key of a guest pass code."""
    return f"{GUEST}:{_hmac(GUEST, normalise(code))}"


def internal_key(internal_id: str) -> str:
    """Return the key of the library system's own id of a person."""
    return f"{INTERNAL}:{_hmac(INTERNAL, internal_id.strip())}"


def away_key(number: str) -> str:
    """Return the key of a card number that was taken on trust."""
    return f"{AWAY}:{_hmac(AWAY, normalise(number))}"


def fingerprint() -> str:
    """Return what the database keeps of PATRON_KEY, to notice a start with another one."""
    return _hmac("fingerprint", "1")


def token_hash(token: str) -> str:
    """Return what the database keeps of a kiosk's random token."""
    return hashlib.sha256(token.encode()).hexdigest()


class PinHasher(PBKDF2PasswordHasher):
    """PINs: peppered with PATRON_KEY, then few rounds, because a queue at a kiosk cannot wait 200 ms of CPU each.

    A stolen database without the key gives no PIN away; see docs/adr on PINs.
    """

    algorithm = "pbkdf2_pin"
    iterations = 20_000

    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        return super().encode(_hmac("pin", password), salt, iterations)


_hasher = PinHasher()


def hash_pin(pin: str) -> str:
    """Return the stored form of a PIN."""
    return _hasher.encode(pin, _hasher.salt())


def pin_matches(pin: str, pin_hash: str) -> bool:
    """Return whether `pin` is the one behind `pin_hash`."""
    return _hasher.verify(pin, pin_hash)
