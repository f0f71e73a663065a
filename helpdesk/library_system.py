"""How the library system is asked who a patron is: the SIP2_* variables, read once into one frozen value.

`docs/sip2.md` explains each of them. A wrong value stops the start with one sentence.
"""

import re
import ssl
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import cached_property
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from helpdesk import env

# The 14 flags of a patron status, in their order (SIP2, "patron status").
FLAGS = (
    "charge_denied", "renewal_denied", "recall_denied", "hold_denied", "lost", "too_many_charged",
    "too_many_overdue", "too_many_renewals", "too_many_claims", "too_many_lost", "excessive_fines",
    "excessive_fees", "recall_overdue", "too_many_billed",
)  # fmt: skip
ENCODINGS = ("cp850", "latin-1", "cp1252", "utf-8")
TERMINATORS = {"CR": b"\r", "CRLF": b"\r\n", "LF": b"\n"}
DETECTION = ("on", "required", "off")
BANDS = ("small_child", "school_child", "child", "young_teen", "older_teen", "teen", "adult", "unknown")
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
FIELD = re.compile(r"[A-Z][A-Z0-9]")
PAIR = "%s must be a list such as %s, not %r."


@dataclass(frozen=True)
class LibrarySystem:
    """Where the library system is, how it is spoken to, and what its answers mean. Times are seconds."""

    host: str = ""
    port: int = 6001
    tls: bool = True
    ca: str = ""
    user: str = ""
    password: str = field(default="", repr=False)
    location: str = ""
    institution: str = ""
    terminal_password: str = field(default="", repr=False)
    encoding: str = "cp850"
    terminator: bytes = b"\r"
    detection: str = "on"  # of errors: a sequence number and a checksum on each message
    utc: bool = False
    telnet: bool = False  # a login: and password: dialogue before the first message
    end_session: bool = True
    valid_without_bl: bool = False
    deny_flags: frozenset[int] = frozenset({4})
    deny_fields: tuple[tuple[str, "re.Pattern[str]"], ...] = ()
    fee_limit: Decimal | str | None = None  # an amount, "CC" for the limit in the answer, None for no limit
    expiry_field: str = ""
    expired_text: "re.Pattern[str] | None" = None
    internet_field: str = ""
    birth_field: str = ""
    category_field: str = ""
    categories: Mapping[str, str] = field(default_factory=dict)  # category of the library system -> age band
    id_field: str = ""
    age_unknown: str = "unknown"  # an age band, or "refuse"
    card_shape: "re.Pattern[str]" = re.compile(r"[A-Z]{0,4}[0-9]{6,20}")
    connect_seconds: float = 3.0
    reply_seconds: float = 4.0
    total_seconds: float = 8.0

    @cached_property
    def tls_context(self) -> ssl.SSLContext:
        """The verifying TLS context, made once: reading the authorities takes longer than asking."""
        context = ssl.create_default_context(cafile=self.ca or None)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        return context

    @property
    def is_loopback(self) -> bool:
        return self.host in LOOPBACK or self.host.startswith("127.")


def read() -> LibrarySystem:
    """Return what the environment says. Raises ImproperlyConfigured with one sentence for a wrong value."""
    chosen = LibrarySystem(**_reach(), **_speech(), **_meaning())
    if not 0 < chosen.port < 65536:
        raise ImproperlyConfigured(f"SIP2_PORT must be a port from 1 to 65535, not {chosen.port}.")
    if not 1 <= chosen.reply_seconds <= 5:
        raise ImproperlyConfigured(f"SIP2_REPLY_SECONDS must be 1 to 5, not {chosen.reply_seconds:.0f}.")
    return chosen


def _reach() -> dict[str, Any]:
    """Return where it is and who we are to it."""
    return {
        "host": env.text("SIP2_HOST"),
        "port": env.number("SIP2_PORT", 6001),
        "tls": env.flag("SIP2_TLS", default=True),
        "ca": _file("SIP2_CA", env.text("SIP2_CA")),
        "user": env.text("SIP2_USER"),
        "password": env.text("SIP2_PASSWORD"),
        "location": env.text("SIP2_LOCATION"),
        "institution": env.text("SIP2_INSTITUTION"),
        "terminal_password": env.text("SIP2_TERMINAL_PASSWORD"),
        "reply_seconds": float(env.number("SIP2_REPLY_SECONDS", 4)),
    }


def _speech() -> dict[str, Any]:
    """Return how it is spoken to."""
    return {
        "encoding": env.choice("SIP2_ENCODING", ENCODINGS, "cp850"),
        "terminator": TERMINATORS[env.choice("SIP2_TERMINATOR", tuple(TERMINATORS), "CR")],
        "detection": env.choice("SIP2_ERROR_DETECTION", DETECTION, "on"),
        "utc": env.flag("SIP2_UTC", default=False),
        "telnet": env.flag("SIP2_TELNET", default=False),
        "end_session": env.flag("SIP2_END_SESSION", default=True),
    }


def _meaning() -> dict[str, Any]:
    """Return what its answers mean."""
    return {
        "valid_without_bl": env.flag("SIP2_VALID_WITHOUT_BL", default=False),
        "deny_flags": _flags(env.words("SIP2_DENY_FLAGS", "lost")),
        "deny_fields": tuple(_rules(env.words("SIP2_DENY_FIELDS"))),
        "fee_limit": _limit(env.text("SIP2_FEE_LIMIT")),
        "expiry_field": _field("SIP2_EXPIRY_FIELD", env.text("SIP2_EXPIRY_FIELD")),
        "expired_text": _pattern("SIP2_EXPIRED_TEXT", env.text("SIP2_EXPIRED_TEXT")),
        "internet_field": _field("SIP2_INTERNET_FIELD", env.text("SIP2_INTERNET_FIELD")),
        "birth_field": _field("SIP2_BIRTH_FIELD", env.text("SIP2_BIRTH_FIELD")),
        "category_field": _field("SIP2_CATEGORY_FIELD", env.text("SIP2_CATEGORY_FIELD")),
        "categories": dict(_bands(env.words("SIP2_CATEGORIES"))),
        "id_field": _field("SIP2_ID_FIELD", env.text("SIP2_ID_FIELD")),
        "age_unknown": env.choice("SIP2_AGE_UNKNOWN", (*BANDS, "refuse"), "unknown"),
        "card_shape": _pattern("SIP2_CARD_SHAPE", env.text("SIP2_CARD_SHAPE")) or LibrarySystem.card_shape,
    }


def source(system: LibrarySystem) -> str:
    """Return which source knows the cards: "local" or "sip2". Raises ImproperlyConfigured."""
    chosen = env.choice("PATRON_SOURCE", ("local", "sip2"), "local")
    if chosen == "sip2" and not system.host:
        raise ImproperlyConfigured("PATRON_SOURCE is sip2, but SIP2_HOST names no library system.")
    return chosen


def _file(name: str, path: str) -> str:
    if path and not Path(path).is_file():
        raise ImproperlyConfigured(f"{name} names no file: {path!r}.")
    return path


def _field(name: str, value: str) -> str:
    if value and not FIELD.fullmatch(value):
        raise ImproperlyConfigured(f"{name} must be a field id of two capital letters such as PB, not {value!r}.")
    return value


def _pattern(name: str, value: str) -> "re.Pattern[str] | None":
    try:
        return re.compile(value, re.IGNORECASE) if value else None
    except re.error as error:
        raise ImproperlyConfigured(f"{name} is no regular expression: {error}.") from error


def _flags(names: Iterable[str]) -> frozenset[int]:
    """Return the numbers of flags given by name or number; "none" denies on none."""
    chosen = [name for name in names if name != "none"]
    for name in chosen:
        if name not in FLAGS and not (name.isdigit() and int(name) < len(FLAGS)):
            raise ImproperlyConfigured(f"SIP2_DENY_FLAGS knows no flag {name!r}: use 0 to 13, or {', '.join(FLAGS)}.")
    return frozenset(FLAGS.index(name) if name in FLAGS else int(name) for name in chosen)


def _rules(words: Iterable[str]) -> Iterable[tuple[str, "re.Pattern[str]"]]:
    """Yield the field rules of "PY=Y,PC=staff.*": who matches one is denied."""
    for word in words:
        name, equals, value = word.partition("=")
        pattern = _pattern("SIP2_DENY_FIELDS", value)
        if not equals or not FIELD.fullmatch(name) or pattern is None:
            raise ImproperlyConfigured(PAIR % ("SIP2_DENY_FIELDS", "PY=Y,PC=Z.*", word))
        yield name, pattern


def _bands(words: Iterable[str]) -> Iterable[tuple[str, str]]:
    for word in words:
        category, equals, band = word.partition("=")
        if not equals or not category or band not in BANDS:
            sample = f"J=child,A=adult (bands: {', '.join(BANDS)})"
            raise ImproperlyConfigured(PAIR % ("SIP2_CATEGORIES", sample, word))
        yield category, band


def _limit(value: str) -> Decimal | str | None:
    if value in {"", "CC"}:
        return value or None
    try:
        limit = Decimal(value)
    except InvalidOperation:
        limit = Decimal("NaN")
    if not limit.is_finite() or limit < 0:
        raise ImproperlyConfigured(f"SIP2_FEE_LIMIT must be an amount such as 10.00, or CC, not {value!r}.")
    return limit
