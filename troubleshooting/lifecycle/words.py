"""What people type: plain text without control characters, and choices that the tables know."""

import unicodedata
from collections.abc import Iterable

from django.utils.translation import gettext as _

from troubleshooting.lifecycle.moves import TicketRefused
from troubleshooting.models.ticket import TEXT_LIMIT

CONTROL = {"Cc", "Cs"}  # control characters, and lone surrogates that no database takes
READ_LEVELS = range(1, 7)  # library-practice.md section 2.1


def clean_text(text: str) -> str:
    """Return `text` as plain text: line breaks kept, other control characters gone, ends trimmed.

    Markup stays as the characters it is made of. Raises TicketRefused "text_too_long" beyond TEXT_LIMIT
    characters: a text is refused, never cut.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    plain = "".join(c for c in lines if c == "\n" or unicodedata.category(c) not in CONTROL).strip()
    if len(plain) > TEXT_LIMIT:
        raise TicketRefused(
            "text_too_long",
            _("The text has %(length)s characters. %(limit)s fit: make it shorter.")
            % {"length": len(plain), "limit": TEXT_LIMIT},
        )
    return plain


def check_choice(value: object, known: Iterable[object], what: str) -> None:
    """Raise TicketRefused "unknown_choice" if `value` is none of `known`; `what` names the field."""
    if value not in known:
        raise TicketRefused("unknown_choice", _("Choose one of the answers for: %(what)s.") % {"what": what})


def check_read_level(read_level: int | None) -> None:
    """Raise TicketRefused unless `read_level` is 1 to 6 or not given."""
    if read_level is not None:
        check_choice(read_level, READ_LEVELS, _("READ level"))
