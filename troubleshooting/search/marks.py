"""The words that were found, marked in what a hit says. Pure."""

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from troubleshooting.search.spelling import Term
from troubleshooting.search.words import plain, runs

BEFORE = 40  # characters before the first marked word where a text is cut
SHOWN = 160  # characters of a hit


def marked(text: str, terms: Sequence[Term]) -> SafeString:
    """Return `text` on one line, escaped, cut around its first found word, with all found words in <mark>."""
    line = " ".join(text.split())
    found = [(start, end) for start, end in runs(line) if _is_found(plain(line[start:end]), terms)]
    first = max(0, found[0][0] - BEFORE) if found and len(line) > SHOWN else 0
    begin = line.find(" ", first) + 1 if first else 0
    end = begin + SHOWN if len(line) > begin + SHOWN else len(line)
    parts, at = [], begin
    for start, stop in found:
        if start >= at and stop <= end:
            parts.append((line[at:start], line[start:stop]))
            at = stop
    said = format_html_join("", "{}<mark>{}</mark>", parts)
    return format_html("{}{}{}{}", "…" if begin else "", said, line[at:end], "…" if end < len(line) else "")


def _is_found(word: str, terms: Sequence[Term]) -> bool:
    return any(word in term.whole or word.startswith((*term.begins, *term.meant)) for term in terms if not term.small)
