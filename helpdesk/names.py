"""What a short name may hold: letters, figures and signs that can be seen, so that two names never look the same."""

import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

JOINERS = frozenset("\u200c\u200d")  # zero-width, and needed to write Persian, Hindi and others (Unicode, chapter 23.2)
HIDDEN = frozenset({"Cc", "Cf"})  # Unicode's categories of control and format characters
CANNOT_BE_SEEN = _("This holds characters that cannot be seen. Type it by hand instead of pasting it.")


def hides(text: str) -> bool:
    """Return whether `text` holds characters that cannot be seen, or nothing but the joiners of some scripts."""
    hidden = any(unicodedata.category(letter) in HIDDEN and letter not in JOINERS for letter in text)
    return hidden or (bool(text) and not text.strip("".join(JOINERS) + " "))


def visible(text: str) -> None:
    """Validate a short name of a form or a model. Raises ValidationError `hidden`."""
    if hides(text.replace("\x00", "")):  # of which a field says its own sentence
        raise ValidationError(CANNOT_BE_SEEN, code="hidden")
