"""A file of devices: its columns, and each line as what it says or why it cannot be read. No database."""

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO, TextIOWrapper

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from helpdesk import names
from helpdesk.carry.cells import unguard
from reservations.rules.problem import Problem, Refused
from reservations.set_up.devices import plain_label
from reservations.table_file import LINE_SENTENCES, WIDE, LineRefused, Shape, TableFile, bare, is_blank

COLUMNS = ("label", "class", "area", "place", "has")
MOST_BYTES = 256 * 1024
MOST_LINES = 1000
LENGTHS = {"label": 20, "class": 60, "area": 60, "place": 80, "has": 200}  # characters

EMPTY = Problem("file_empty", _("The file is empty. Choose the file with the devices."), _("File"), lift_by="")
NO_COLUMNS = Problem(
    "file_columns",
    _("The first line must name the columns, and one of them must be: label. The others are class, area, place, has."),
    _("Columns"),
    lift_by="",
)
TOO_LONG = Problem(
    "file_long",
    _("A file of devices has at most 1,000 lines and 256 KB. Cut it into several files."),
    _("Length of the file"),
    lift_by="",
)
SENTENCES: dict[str, Promise] = {
    **LINE_SENTENCES,
    "formula": _("A cell begins like a formula, with =, +, - or @."),
    "hidden": names.CANNOT_BE_SEEN,
    "no_label": _("The label is missing: the number on the seat, or the name of the machine."),
    "label_length": _("The label is longer than 20 characters."),
    "class_length": _("The class is longer than 60 characters."),
    "area_length": _("The area is longer than 60 characters."),
    "place_length": _("The place is longer than 80 characters."),
    "has_length": _("What it has is longer than 200 characters."),
}


class DeviceFile(TableFile):
    """An open file of devices. Raises Refused `file_empty`, `file_columns`, `file_column_twice`."""

    shape = Shape(COLUMNS, frozenset({"label"}), EMPTY, NO_COLUMNS)


@dataclass(frozen=True)
class Line:
    """One line of the file: its cells by column, or the code of why it is refused."""

    number: int
    cells: Mapping[str, str]
    refused: str = ""


def text_of(content: bytes) -> str:
    """Return the content of a file as text; what cannot be read is marked. Raises Refused `file_long`."""
    if len(content) > MOST_BYTES:
        raise Refused(TOO_LONG)
    encoding = "utf-16" if content[:2] in WIDE else "utf-8-sig"
    text = TextIOWrapper(BytesIO(content), encoding, errors="replace", newline=None).read()
    return text.replace("\x00", "\ufffd")


def lines_of(text: str) -> list[Line]:
    """Return the lines of a file behind its first one, blank ones left out. Raises Refused."""
    if len(text) > MOST_BYTES:
        raise Refused(TOO_LONG)
    file = DeviceFile(BytesIO(text.encode("utf-8", "replace")))
    unknown = [name for name in file.names if name and name not in COLUMNS]
    if unknown:
        raise Refused(unknown_columns(unknown))
    lines = [_line(file, number, line) for number, line in file if not is_blank(line)]
    if len(lines) > MOST_LINES:
        raise Refused(TOO_LONG)
    if not lines:
        raise Refused(EMPTY)
    return lines


def unknown_columns(names: list[str]) -> Problem:
    """Return the problem of columns that would be passed over in silence."""
    sentence = _("The first line names what is not read here: %(names)s. Take it out, or take the file below.")
    return Problem("file_unknown", sentence % {"names": ", ".join(names)[:80]}, _("Columns"), lift_by="")


def _line(file: DeviceFile, number: int, line: str) -> Line:
    try:
        cells = {name: unguard(bare(cell)) for name, cell in file.cells(line).items()}
        cells["label"] = plain_label(cells["label"])
    except LineRefused as refused:
        return Line(number, {}, refused.code)
    long = next((name for name, cell in cells.items() if len(cell) > LENGTHS[name]), None)
    if long or not cells["label"]:
        return Line(number, cells, f"{long}_length" if long else "no_label")
    return Line(number, cells, "hidden" if any(map(names.hides, cells.values())) else "")
