"""What people type: plain text without control characters, and choices that the tables know."""

import re
import unicodedata
from collections.abc import Iterable

from django.utils.translation import gettext as _

from troubleshooting.lifecycle.moves import TicketRefused
from troubleshooting.models.ticket import TEXT_LIMIT

UNSEEN = {"Cc", "Cs", "Cf"}  # control and format characters, and lone surrogates that no database takes
JOINERS = "\u200c\u200d"  # they shape letters and pictures, inside a word only
MARKS = "\u200e\u200f\u061c"  # they set the direction of a text, inside it only
LONE_JOINER = re.compile(rf"(?<!\S)[{JOINERS}]+|[{JOINERS}]+(?!\S)")
BLANKS = "\u115f\u1160\u2800\u3164\uffa0"  # letters and signs by name, white by look
READ_LEVELS = range(1, 7)  # library-practice.md section 2.1


def is_blank(text: str) -> bool:
    """Return whether there is nothing to see in `text`: no letter, figure, sign or picture."""
    return not any(unicodedata.category(c)[0] in "LNPS" and c not in BLANKS for c in text)


def clean_text(text: str) -> str:
    """Return `text` as plain text: line breaks kept, characters that nobody sees gone, ends trimmed.

    Joiners stay inside words and direction marks inside the text. A text with nothing to see is "". Markup stays as
    the characters it is made of. Raises TicketRefused "text_too_long" beyond TEXT_LIMIT characters: a text is
    refused, never cut.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    seen = "".join(c for c in lines if c in f"\n{JOINERS}{MARKS}" or unicodedata.category(c) not in UNSEEN)
    plain = "" if is_blank(seen) else _trimmed(LONE_JOINER.sub("", seen))
    if len(plain) > TEXT_LIMIT:
        raise TicketRefused(
            "text_too_long",
            _("The text has %(length)s characters. %(limit)s fit: make it shorter.")
            % {"length": len(plain), "limit": TEXT_LIMIT},
        )
    return plain


def _trimmed(text: str) -> str:
    ends = rf"[\s{MARKS}]+"
    return re.sub(rf"^{ends}|{ends}$", "", text)


def check_choice(value: object, known: Iterable[object], what: str) -> None:
    """Raise TicketRefused "unknown_choice" if `value` is none of `known`; `what` names the field."""
    if value not in known:
        raise TicketRefused("unknown_choice", _("Choose one of the answers for: %(what)s.") % {"what": what})


def check_read_level(read_level: int | None) -> None:
    """Raise TicketRefused unless `read_level` is 1 to 6 or not given."""
    if read_level is not None:
        check_choice(read_level, READ_LEVELS, _("READ level"))


def clean_short(text: str, limit: int) -> str:
    """Return `text` as one line of plain text. Raises TicketRefused "part_too_long" beyond `limit` characters."""
    line = " ".join(clean_text(text).split())
    if len(line) > limit:
        sentence = _("“%(start)s …” has %(length)s characters. %(limit)s fit: make it shorter.")
        raise TicketRefused("part_too_long", sentence % {"start": line[:20], "length": len(line), "limit": limit})
    return line
