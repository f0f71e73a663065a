"""Takes the whole set-up out of the system, as one file."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.db.models import Model

from helpdesk import registry
from helpdesk.carry.archive import pack
from helpdesk.carry.cells import text_of
from helpdesk.carry.errors import Count
from helpdesk.carry.sheet import Sheet
from helpdesk.carry.table import write_table


def carry_out() -> bytes:
    """Return the file of everything that the apps registered as set-up; the same set-up gives the same bytes."""
    sheets = registry.sheets()
    known = {sheet.key: sheet for sheet in sheets}
    with _one_moment():
        return pack({sheet.file: _table(sheet, known) for sheet in sheets})


def counts() -> list[Count]:
    """Return how many rows each sheet has."""
    return [Count(sheet.file, sheet.label, sheet.rows().count(), sheet.shipped) for sheet in registry.sheets()]


@contextmanager
def _one_moment() -> Iterator[None]:
    """Let every read inside see the database as it is now, so that no sheet names a row that another lacks.

    A transaction that has begun already keeps its own way of reading.
    """
    begins_here = not connection.in_atomic_block
    with transaction.atomic():
        if begins_here:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


def _table(sheet: Sheet, known: dict[str, Sheet]) -> bytes:
    named = {column: _name_of(known[ref.sheet], known) for column, ref in sheet.refers.items()}
    rows = sheet.rows().select_related(*("__".join([column, *path[:-1]]) for column, path in named.items()))
    return write_table(sheet.columns, ([_cell(sheet, row, name, named) for name in sheet.columns] for row in rows))


def _name_of(sheet: Sheet, known: dict[str, Sheet]) -> list[str]:
    """Return the way from a row to the text it is named by: that of the row it belongs to, where that names it too."""
    column = sheet.key_columns[-1]
    ref = sheet.refers.get(column)
    return [column, *(_name_of(known[ref.sheet], known) if ref else [])]


def _cell(sheet: Sheet, row: Model, column: str, named: dict[str, list[str]]) -> str:
    value: Any = getattr(row, column)
    if column not in named:
        return text_of(sheet, column, value)
    for step in named[column]:
        value = getattr(value, step) if value else ""
    return str(value)
