"""SIP2 messages as bytes and back: fields, checksum, sequence number, dates. No network, no clock.

A message is a two-digit code, a fixed part, fields of a two-letter id, a value and a bar, and where errors are to be
detected a trailer `AYnAZcccc` without bars. `docs/sip2.md` says which messages are used.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils import timezone

LONGEST_VALUE = 255  # characters of a field
FIXED = {"94": 1, "98": 34, "24": 35, "64": 59, "36": 19, "96": 0}  # characters after the code of an answer
BAR = re.compile(r"\|(?=[A-Z][A-Z0-9])")  # a bar inside a value is rarely followed by two capitals
TRAILER = re.compile(rb"(?:AY([0-9]))?AZ([0-9A-Fa-f]{4})$")
UNSENDABLE = re.compile(r"[|\x00-\x1f\x7f-\x9f]")


class Garbled(Exception):
    """Bytes that are no message of the library system: `reason` says why, without quoting them."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Message:
    """A parsed answer; `sequence` is "" and `checked` False where the trailer is missing."""

    code: str
    fixed: str
    fields: tuple[tuple[str, str], ...] = ()
    sequence: str = ""
    checked: bool = False

    def first(self, name: str) -> str | None:
        """Return the first value of a field, None where it is missing."""
        return next((value for each, value in self.fields if each == name), None)

    def every(self, name: str) -> list[str]:
        """Return all values of a field that may repeat."""
        return [value for each, value in self.fields if each == name]


def checksum(data: bytes) -> str:
    """Return the checksum of everything up to and with the letters AZ: the sum of the encoded bytes, negated."""
    return format(-sum(data) & 0xFFFF, "04X")


def is_intact(data: bytes, given: str) -> bool:
    """Return whether `given` is the checksum of `data`."""
    return (sum(data) + int(given, 16)) & 0xFFFF == 0


def encode(body: str, encoding: str, *, sequence: str | None = None, detect: bool = True) -> bytes:
    """Return a message without its terminator; with `detect` it has a checksum, and its sequence number if given."""
    data = body.encode(encoding, errors="replace")
    if not detect:
        return data
    data += (f"AY{sequence}AZ" if sequence is not None else "AZ").encode("ascii")
    return data + checksum(data).encode("ascii")


def fields(*pairs: tuple[str, str]) -> str:
    """Return fields as they are sent. Raises ValueError for a value that cannot be: a bar would end it early."""
    for _name, value in pairs:
        if not sendable(value):
            raise ValueError("a value with a bar or a control character, or one that is too long")
    return "".join(f"{name}{value}|" for name, value in pairs)


def sendable(value: str) -> bool:
    """Return whether a value fits into a field: no bar, no control character, not too long."""
    return len(value) <= LONGEST_VALUE and not UNSENDABLE.search(value)


def date18(now: datetime, *, utc: bool) -> str:
    """Return a moment in 18 characters: local time with four blanks, or UTC with its letter."""
    if utc:
        return now.astimezone(UTC).strftime("%Y%m%d   Z%H%M%S")
    return timezone.localtime(now).strftime("%Y%m%d    %H%M%S")


def parse(line: bytes, encoding: str) -> Message:
    """Return the message of one line. Raises Garbled, and nothing else, for whatever is none.

    Unknown fields are kept, order does not matter, letters that the encoding does not know are replaced.
    """
    line = line.strip(b"\r\n\x00 ")
    found = TRAILER.search(line)
    if found and not is_intact(line[: found.start(2)], found[2].decode("ascii")):
        raise Garbled("checksum")
    text = (line[: found.start()] if found else line).decode(encoding, errors="replace")
    code = text[:2]
    if code not in FIXED:
        raise Garbled("unknown message")
    end = 2 + FIXED[code]
    if len(text) < end:
        raise Garbled("cut short")
    return Message(
        code=code,
        fixed=text[2:end],
        fields=tuple(_fields(text[end:])),
        sequence=found[1].decode("ascii") if found and found[1] else "",
        checked=found is not None,
    )


def _fields(text: str) -> list[tuple[str, str]]:
    parts = BAR.split(text.removesuffix("|"))
    return [(part[:2], part[2:]) for part in parts if len(part) >= 2]
