"""A sheet as a CSV file: written for spreadsheets, read with bounds."""

import csv
from collections.abc import Iterable, Iterator
from io import StringIO

from django.utils.translation import gettext as _

from helpdesk.carry.cells import guard, unguard
from helpdesk.carry.errors import CarryRefused

MOST_LINES = 20_000


def write_table(columns: Iterable[str], rows: Iterable[list[str]]) -> bytes:
    """Return a CSV file in UTF-8 with the mark by which spreadsheets know it; cells are guarded against formulas."""
    text = StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([guard(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def read_table(file: str, content: bytes, columns: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str] | None]]:
    """Yield each line with its row in a spreadsheet and its cells by column, None where their number is wrong.

    Empty lines are passed over. A spreadsheet of another country may have put semicolons between the cells.
    Raises CarryRefused for a file that is no such sheet.
    """
    text = _text(file, content)
    delimiter = ";" if ";" in text.partition("\n")[0] else ","
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    try:
        head = [name.strip() for name in next(reader, [])]
        _check_head(file, head, columns)
        for number, cells in enumerate(reader, start=2):
            if number > MOST_LINES:
                raise CarryRefused(_("%(file)s has more than 20,000 lines. Take some out.") % {"file": file})
            if any(cells):
                yield number, dict(zip(head, map(unguard, cells), strict=True)) if len(cells) == len(head) else None
    except csv.Error as error:
        sentence = _("%(file)s cannot be read after line %(line)d: a quotation mark is missing, or a cell is too long.")
        raise CarryRefused(sentence % {"file": file, "line": max(1, number)}) from error


def _text(file: str, content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        sentence = _("%(file)s has characters that cannot be read. Save it as UTF-8.")
        raise CarryRefused(sentence % {"file": file}) from error
    if "\0" in text:
        raise CarryRefused(_("%(file)s has characters that cannot be kept. Save it as UTF-8.") % {"file": file})
    return text


def _check_head(file: str, head: list[str], columns: tuple[str, ...]) -> None:
    """Refuse a first line that does not name each column once."""
    said = {"file": file, "names": ", ".join(columns)}
    for name in head:
        if name not in columns or head.count(name) > 1:
            sentence = _("%(file)s: the column “%(name)s” does not belong there, or stands there twice. Take it out.")
            raise CarryRefused(sentence % {**said, "name": name[:60]})
    if len(head) < len(columns):
        sentence = _("%(file)s: the first line must name the columns %(names)s. Write in those that are missing.")
        raise CarryRefused(sentence % said)
