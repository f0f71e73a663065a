"""What a card scanner types around a number: control characters, letters set up in the device, Codabar's frame."""

import re

from django.conf import settings

from reservations.patrons.keys import normalise

SHORTEST = 5  # letters and digits; whatever would leave less is no frame but the number itself
CONTROLS = "".join(map(chr, range(0x20))) + "\x7f"
CODABAR = re.compile(rf"[A-D]([0-9]{{{SHORTEST},}})[A-D]", re.IGNORECASE)


def scanned(text: str) -> str:
    """Return the number in what a scanner or a person typed.

    Taken off, in this order: blanks and control characters (STX, ETX, Tab, Enter) at both ends; one prefix of
    SCANNER_PREFIX and one suffix of SCANNER_SUFFIX, the longest that is there, in any case of letters; Codabar's start
    and stop letters (A to D, AIM USS-Codabar) where nothing but digits stands between them. A prefix or
    suffix goes only if at least five letters and digits are left, one of them a digit, so that a short number typed
    by hand stays whole.
    """
    number = _bare(text)
    for prefix in sorted(settings.SCANNER_PREFIX, key=len, reverse=True):
        if number.casefold().startswith(prefix.casefold()) and _is_number(number[len(prefix) :]):
            number = _bare(number[len(prefix) :])
            break
    for suffix in sorted(settings.SCANNER_SUFFIX, key=len, reverse=True):
        if number.casefold().endswith(suffix.casefold()) and _is_number(number[: -len(suffix)]):
            number = _bare(number[: -len(suffix)])
            break
    framed = CODABAR.fullmatch(number)
    return framed[1] if framed else number


def _bare(text: str) -> str:
    return text.strip(f"{CONTROLS} ")


def _is_number(text: str) -> bool:
    kept = normalise(text)
    return len(kept) >= SHORTEST and any(character.isdigit() for character in kept)
