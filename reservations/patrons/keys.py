"""From a card number to an opaque key: an HMAC under PATRON_KEY, which never enters the database.

The prefix is the version of the normalisation and the name space, so that a later rule never mixes with this one
and a guest pass can never be taken for a card.
"""

import hashlib
import hmac
import secrets
from typing import BinaryIO

from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher

CARD = "c1"
GUEST = "g1"
INTERNAL = "x1"  # the library system's own id of a person, whichever card they have
AWAY = "u1"  # a card number that nobody could check: it must never open what belongs to the card
ROUNDS_OF_IMPORT = 100  # the pepper protects a PIN, not the rounds: four digits fall to any number of them
SALT = 16  # bytes, as many as Django's own salts have at the least
CHUNK = 1 << 16  # bytes


def _hmac(purpose: str, text: str) -> str:
    message = f"{purpose}:{text}".encode()
    return hmac.new(settings.PATRON_KEY.encode(), message, hashlib.sha256).hexdigest()


def normalise(number: str) -> str:
    """Return a number as it is keyed: upper case, without the blanks and dashes that people and scanners add."""
    upper = number.upper()
    return upper if upper.isalnum() else "".join(character for character in upper if character.isalnum())


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

    A stolen database without the key gives no PIN away; see docs/adr on PINs and on the import of cards.
    """

    algorithm = "pbkdf2_pin"
    iterations = 20_000

    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        return super().encode(_hmac("pin", password), salt, iterations)


_hasher = PinHasher()


def hash_pin(pin: str) -> str:
    """Return the stored form of a PIN."""
    return _hasher.encode(pin, _hasher.salt())


def hash_pin_of_import(pin: str) -> str:
    """Return a stored form that is made quickly, for files of many cards; a good sign-in makes the usual one."""
    return _hasher.encode(pin, secrets.token_hex(SALT), ROUNDS_OF_IMPORT)


def pin_matches(pin: str, pin_hash: str) -> bool:
    """Return whether `pin` is the one behind `pin_hash`; a wrong one takes as long whichever form is stored."""
    if _hasher.verify(pin, pin_hash):
        return True
    _hasher.harden_runtime(pin, pin_hash)
    return False


def needs_usual_hash(pin_hash: str) -> bool:
    """Return whether a stored PIN still has the quick form of an import."""
    return _hasher.must_update(pin_hash)


def file_digest(stream: BinaryIO) -> str:
    """Return the name of a file of cards by its content, under PATRON_KEY; reads from the start and goes back to it."""
    found = hmac.new(settings.PATRON_KEY.encode(), b"card file:", hashlib.sha256)
    stream.seek(0)
    while chunk := stream.read(CHUNK):
        found.update(chunk)
    stream.seek(0)
    return found.hexdigest()
