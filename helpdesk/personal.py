"""Notice what should not stand in free text: card numbers, phone numbers, e-mail addresses. Pure."""

import re

CARD = re.compile(r"(?<!\d)\d(?:[ -]?\d){9,18}(?!\d)")  # library and bank cards: 10 to 19 digits, grouped or not
PHONE = re.compile(r"(?<![\d.])(?:\+\d{1,3}[ -]?)?\(?\d{3}\)?[ .-]?\d{3}[ .-]\d{4}(?!\d)")
EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]{2,}")
LONG_NUMBER = re.compile(r"\d(?:[ -]*\d){7}")  # 8 digits or more, grouped or not
DATE_OR_TIME = re.compile(r"(?<![\d-])\d{4}-\d\d-\d\d(?![\d-])|(?<![\d:])\d\d?:\d\d(?![\d:])")


def looks_personal(text: str) -> bool:
    """Return whether `text` seems to hold a card number, a phone number or an e-mail address.

    A hint for the person who types, never a reason to refuse (library-practice.md section 4.2, rule 5).
    """
    return any(pattern.search(text) for pattern in (CARD, PHONE, EMAIL))


def identifies(text: str) -> bool:
    """Return whether a recorded reason seems to hold the number of a card, a phone number or an e-mail address.

    Stricter than a hint: eight digits are enough, whatever blanks or dashes stand between them; dates and times pass.
    """
    bare = DATE_OR_TIME.sub(" at ", text)
    return any(pattern.search(bare) for pattern in (LONG_NUMBER, PHONE, EMAIL))
