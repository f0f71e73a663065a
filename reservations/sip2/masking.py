"""SIP2 messages as they may stand in a log: what is not known to be harmless is not there.

The fields hold PINs (AD), passwords (CO, AC), names, addresses, birth dates: a list of what is shown is safer than
one of what is hidden, since every library system has fields of its own.
"""

import re

from reservations.sip2.frames import BAR, FIXED

HIDDEN = "***"
SHORT = frozenset({"AA", "CN"})  # their last characters tell two apart and identify nobody
YES_NO = re.compile(r"[YN]{1,16}")
PLAIN = re.compile(r"[\w .,'&()-]{0,40}")
SHOWN = {"BL": YES_NO, "CQ": YES_NO, "BX": YES_NO, "AO": PLAIN, "AM": PLAIN, "AN": PLAIN, "CP": PLAIN}
# What may be seen of the fixed part of an answer; of a request it is not worth seeing.
FLAGS = {"94": "[01]", "98": "[YN]{6}[0-9]{6}", "24": "[Y ]{14}", "64": "[Y ]{14}", "36": "[YN]", "96": ""}
REQUESTS = {"93": 2, "99": 8, "23": 21, "63": 31, "35": 18, "97": 0}
TRAILER = re.compile(r"(?:AY[0-9])?AZ[0-9A-Fa-f]{4}$")


def masked(frame: bytes) -> str:
    """Return a frame for a log: code, flags, harmless fields; of anything else only that it is there."""
    text = frame.decode("ascii", errors="replace").strip("\r\n\x00 ")
    code = text[:2]
    width = REQUESTS.get(code, FIXED.get(code))
    if width is None:
        return f"({len(frame)} bytes that are no message)"
    body = TRAILER.sub("", text)
    seen = re.match(FLAGS.get(code, ""), body[2 : 2 + width])
    parts = BAR.split(body[2 + width :].removesuffix("|"))
    return f"{code} {seen[0] if seen else HIDDEN} " + "|".join(_field(part) for part in parts if part)


def _field(part: str) -> str:
    name, value = part[:2], part[2:]
    if name in SHORT:
        return f"{name}{shortened(value)}"
    pattern = SHOWN.get(name)
    return part if pattern and pattern.fullmatch(value) else f"{name}{HIDDEN if value else ''}"


def shortened(value: str) -> str:
    """Return the last three characters of a number that is long enough for it to stay unknown."""
    return f"…{value[-3:]}" if len(value) > 6 else HIDDEN if value else ""
