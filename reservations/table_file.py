"""Reads a file of a spreadsheet line by line: its encoding, its delimiter, its columns, the cells of each line.

A line is a line of the file: a quoted cell does not go on in the next one, so that one open quotation mark costs one
line and not the rest of the file. Nothing is kept.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, ClassVar, TextIO

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reservations.rules.problem import Problem, Refused

DELIMITERS = ",;\t|"
LONGEST_LINE = 4000  # characters
WIDE = (b"\xff\xfe", b"\xfe\xff")  # how UTF-16 begins
FORMULA = ("=", "+", "-", "@")
GUARDED = re.compile(r'="([^"=]*)"')  # how some programs keep a spreadsheet from rounding a long number

COLUMN_TWICE = Problem(
    "file_column_twice", _("The first line names a column twice. Take one of them out."), _("Columns"), lift_by=""
)
LINE_SENTENCES: dict[str, Promise] = {
    "long": _("The line is longer than 4,000 characters."),  # LONGEST_LINE
    "quotes": _("A quotation mark is opened and not closed, or closed in the middle of a cell."),
    "cells": _("The line has more or fewer cells than the first one."),
    "unreadable": _("Some characters cannot be read. Save the file as UTF-8."),
}


class LineRefused(Exception):
    """A line that cannot be read; `code` says why and never what stands in it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Shape:
    """What one kind of file has: the columns it may name, those it must, and what is said where it does not."""

    known: tuple[str, ...]
    must: frozenset[str]
    empty: Problem
    no_columns: Problem


class TableFile:
    """An open file behind its first line; iterating gives each further line as its number and its text.

    Raises Refused: what its `shape` says of a file without content or columns, `file_column_twice`.
    """

    shape: ClassVar[Shape]

    def __init__(self, stream: BinaryIO) -> None:
        self._text = _text(stream)
        self._lines = _numbered(self._text)
        head = next(((number, line) for number, line in self._lines if not _says_nothing(line)), None)
        if head is None:
            raise Refused(self.shape.empty)
        self.head_line = head[0]
        self.delimiter, self.names = _head(head[1], self.shape)
        self.columns = [name for name in self.shape.known if name in self.names]

    def __iter__(self) -> Iterator[tuple[int, str]]:
        return self._lines

    def cells(self, line: str) -> dict[str, str]:
        """Return the known cells of a line by column. Raises LineRefused."""
        if len(line) >= LONGEST_LINE:
            raise LineRefused("long")
        values = _split(line, self.delimiter)
        while len(values) > len(self.names) and not values[-1].strip():
            values.pop()
        if len(values) != len(self.names):
            raise LineRefused("cells")
        pairs = zip(self.names, values, strict=True)
        found = {name: value.strip() for name, value in pairs if name in self.shape.known}
        if any("\x00" in value or "\ufffd" in value for value in found.values()):
            raise LineRefused("unreadable")
        return found

    def close(self) -> None:
        """Let go of the stream without closing it."""
        self._text.detach()  # type: ignore[attr-defined]


def bare(cell: str) -> str:
    """Return a cell without a spreadsheet's guard. Raises LineRefused for a formula."""
    guarded = GUARDED.fullmatch(cell)
    found = guarded[1].strip() if guarded else cell
    if found.startswith(FORMULA):
        raise LineRefused("formula")
    return found


def is_blank(line: str) -> bool:
    """Return whether nothing but blanks and delimiters stand in a line."""
    return not line.strip(f" {DELIMITERS}")


def _text(stream: BinaryIO) -> TextIO:
    """Return the stream as text: UTF-16 where it begins so, UTF-8 else; what cannot be read is marked."""
    start = stream.read(2)
    stream.seek(0)
    return io.TextIOWrapper(stream, "utf-16" if start in WIDE else "utf-8-sig", errors="replace", newline=None)


def _numbered(text: TextIO) -> Iterator[tuple[int, str]]:
    """Yield each line with its number, cut at LONGEST_LINE: no line is ever read whole that is longer."""
    number = 0
    while piece := text.readline(LONGEST_LINE):
        number += 1
        line = piece
        while len(piece) == LONGEST_LINE and not piece.endswith("\n"):
            piece = text.readline(LONGEST_LINE)
        yield number, line.rstrip("\r\n")


def _says_nothing(line: str) -> bool:
    return is_blank(line) or line.lower().startswith("sep=")  # a spreadsheet's own mark


def _head(line: str, shape: Shape) -> tuple[str, list[str]]:
    """Return the delimiter and the names of the columns."""
    best: tuple[int, str, list[str]] = (0, ",", [])
    for delimiter in DELIMITERS:
        try:
            names = [_name(cell) for cell in _split(line, delimiter)]
        except LineRefused:
            continue
        known = len(set(names) & set(shape.known))
        if shape.must <= set(names) and known > best[0]:
            best = (known, delimiter, names)
    if not best[0]:
        raise Refused(shape.no_columns)
    if any(best[2].count(name) > 1 for name in shape.known):
        raise Refused(COLUMN_TWICE)
    return best[1], best[2]


def _name(cell: str) -> str:
    return cell.strip().lower().replace(" ", "_").replace("-", "_")


def _split(line: str, delimiter: str) -> list[str]:
    if '"' not in line:
        return line.split(delimiter)
    try:
        return next(csv.reader([line], delimiter=delimiter, strict=True), [])
    except csv.Error as error:
        raise LineRefused("quotes") from error
