"""What an import says of itself: counts in words, refused lines with their reasons, the same as a file."""

import csv
from collections.abc import Iterator
from typing import Protocol

from django.utils.translation import gettext as _

from reservations.cards.importing import REPORTED
from reservations.cards.lines import SENTENCES
from reservations.models import CardImport
from reservations.table_file import FORMULA


class Sink(Protocol):
    """What a report is written to."""

    def write(self, text: str, /) -> object: ...


STARTS = (*FORMULA, "\t", "\r")  # with these a spreadsheet takes a cell for a formula


def refused_lines(card_import: CardImport) -> Iterator[tuple[int, str]]:
    """Yield the refused lines that are named, each with its sentence."""
    for line, code in card_import.report:
        yield line, str(SENTENCES.get(code, code))


def unnamed(card_import: CardImport) -> int:
    """Return how many refused lines are only counted."""
    return max(0, card_import.refused - REPORTED)


def write_report(card_import: CardImport, out: Sink) -> None:
    """Write the refused lines as CSV: line, code and sentence; nothing of what stands in them."""
    writer = csv.writer(out)
    writer.writerow(map(plain, (_("Line"), _("Code"), _("Why"))))
    for line, code in card_import.report:
        writer.writerow((line, plain(code), plain(str(SENTENCES.get(code, code)))))
    if unnamed(card_import):
        more = _("%(count)d more lines are refused and not named here.") % {"count": unnamed(card_import)}
        writer.writerow(("", "", plain(more)))


def plain(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(STARTS) else cell
