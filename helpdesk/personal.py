"""Notice what should not stand in free text: card numbers, phone numbers, e-mail addresses. Pure."""

import re
from typing import NamedTuple

# Groups of three digits or more, the last may be shorter: "2999 0000 0000 17"; so are library and bank cards written.
CARD = re.compile(r"(?<![^\W_])(?<![\d.,/:-])\d{3,19}(?:[ -]\d{3,10})*(?:[ -]\d{2})?(?!\d|[.,/:-]\d)")
CARD_SAID = re.compile(
    r"\b(?:card|tarjeta|barcode|patron|socio|carn[eé])\b(?:\W+\w{1,7}\b){0,2}?\W{0,3}(\d(?:[ -]?\d){5,18})(?!\d)", re.I
)
PHONE = re.compile(
    r"(?<![\w.])(?:\+\d{1,3}(?:[ .-]?\(?\d{1,4}\)?){2,5}"
    r"|(?:1[ .-])?\(?\d{3}\)?(?:[ .-] ?|(?<=\)))\d{3}[ .-]\d{4})(?![\w]|[.-]\d)"
)
PHONE_SAID = re.compile(
    r"\b(?:call(?! number)|phone|tel|cell|mobile|text|fax|sms|tel[eé]fono|celular|m[oó]vil|ll[aá]m\w+)\b"
    r"(?:\W+\w{1,7}\b){0,2}?\W{0,3}(\d{3}[ -]?\d{4})(?![\w]|[.-]\d)",
    re.I,
)
EMAIL = re.compile(r"(?<![\w.+'-])[\w.+'-]+@[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,}")
LONG_NUMBER = re.compile(r"\d(?:[ -]*\d){7}")  # 8 digits or more, grouped or not
DATE_OR_TIME = re.compile(r"(?<![\d-])\d{4}-\d\d-\d\d(?![\d-])|(?<![\d:])\d\d?:\d\d(?![\d:])")
# What is written in digits and belongs to nobody: days, times, years, books.
DAY = re.compile(
    r"(?<!\d)(?:\d{4}([-./])\d{1,2}\1\d{1,2}|\d{1,2}([-./])\d{1,2}\2\d{4})(?:[ T]+\d{1,2}(?::\d\d)+)?(?!\d)"
)
YEARS = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?:(?: ?[-/,] ?| )(?:1[5-9]|20)\d\d)+(?!\d)")
BOOK = re.compile(r"(?<![\w-])(?:97[89][ -]?)?\d(?:[ -]?\d){8}[ -]?[\dXx](?![\w-])")
OFFICE = re.compile(r"(?<!\d)(?:1[ .-])?\(?8(?:00|33|44|55|66|77|88)\)?[ .-]\d{3}[ .-]\d{4}(?!\d)")  # free to call
OWN_CARD = re.compile(
    r"(?<![^\W_])(?:[A-Za-z]{1,4}[ -]?)?\d(?:[ -]?\d){4,19}(?![^\W_])"
)  # what a library's shape is tried on
LEAST_DIGITS, MOST_DIGITS = 10, 19  # of a card
SAID_DIGITS = 6  # of a number that is called a card's
GAP = "…"  # what stands where something was taken out


class Piece(NamedTuple):
    """A part of a text that seems to be of a person: `kind` is "card", "phone" or "email"."""

    kind: str
    text: str
    start: int
    end: int


def pieces(text: str, shape: "re.Pattern[str] | None" = None) -> list[Piece]:
    """Return what in `text` seems to hold a card number, a phone number or an e-mail address, in its order.

    `shape`: how the library's own card numbers look, upper case, without blanks and dashes, where it has said so.
    A hint for the person who types, never a reason to refuse (library-practice.md section 4.2, rule 5).
    Days, times, years, the numbers of books and items, and the free numbers of offices are nobody's.
    """
    bare = BOOK.sub(lambda match: _letters(match) if _is_book(match) else match.group(), text)
    for harmless in (DAY, YEARS, OFFICE):
        bare = harmless.sub(_letters, bare)
    found = [Piece("email", *_place(match)) for match in EMAIL.finditer(bare)]
    found += [Piece("card", *_place(match)) for match in OWN_CARD.finditer(bare) if shape and _is_own(match, shape)]
    for kind, pattern in (("phone", PHONE), ("phone", PHONE_SAID), ("card", CARD_SAID), ("card", CARD)):
        for match in pattern.finditer(bare):
            piece = Piece(kind, *_place(match))
            free = not any(piece.start < other.end and other.start < piece.end for other in found)
            if free and _is_somebodys(piece, pattern):
                found.append(piece)
    return sorted(found, key=lambda piece: piece.start)


def without(text: str, shape: "re.Pattern[str] | None" = None) -> str:
    """Return `text` with a gap where `pieces` finds something."""
    for piece in reversed(pieces(text, shape)):
        text = text[: piece.start] + GAP + text[piece.end :]
    return text


def looks_personal(text: str) -> bool:
    """Return whether `text` seems to hold a card number, a phone number or an e-mail address."""
    return bool(pieces(text))


def identifies(text: str) -> bool:
    """Return whether a recorded reason seems to hold the number of a card, a phone number or an e-mail address.

    Stricter than a hint: eight digits are enough, whatever blanks or dashes stand between them; dates and times pass.
    """
    bare = DATE_OR_TIME.sub(" at ", text)
    return any(pattern.search(bare) for pattern in (LONG_NUMBER, PHONE, EMAIL))


def _place(match: re.Match[str]) -> tuple[str, int, int]:
    group = 1 if match.re.groups else 0
    return match.group(group), match.start(group), match.end(group)


def _is_own(match: re.Match[str], shape: "re.Pattern[str]") -> bool:
    return bool(shape.fullmatch(re.sub(r"[ -]", "", match.group()).upper()))


def _is_somebodys(piece: Piece, pattern: re.Pattern[str]) -> bool:
    digits = _digits(piece.text)
    if piece.kind == "phone":
        return not piece.text.startswith("+") or 8 <= len(digits) <= 15
    if pattern is CARD_SAID:
        return len(digits) >= SAID_DIGITS
    is_item = len(digits) == 14 and digits.startswith("3")  # Codabar of libraries: 2 a patron, 3 an item
    return LEAST_DIGITS <= len(digits) <= MOST_DIGITS and not is_item


def _letters(match: re.Match[str]) -> str:
    """Return letters that no pattern takes, as many as were found."""
    return "x" * len(match.group())


def _is_book(found: re.Match[str]) -> bool:
    """Return whether the check digit is a book's, and for the old ten digits also the look of it or the word before."""
    digits = _digits(found.group())
    if len(digits) == 13:
        return sum(int(d) * (3 if place % 2 else 1) for place, d in enumerate(digits)) % 10 == 0
    checked = sum((10 - place) * (10 if d == "X" else int(d)) for place, d in enumerate(digits)) % 11 == 0
    said = re.search(r"isbn\W*(?:10\W*)?$", found.string[: found.start()], re.I)
    return checked and (found.group().count("-") == 3 or bool(said))


def _digits(text: str) -> str:
    return "".join(c for c in text.upper() if c.isdigit() or c == "X")
