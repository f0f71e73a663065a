"""One line of a sheet becomes a row, or the sentences that say why it cannot."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction
from django.db.models import Model, UniqueConstraint
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from psycopg.errors import UniqueViolation

from helpdesk.carry.cells import value_of
from helpdesk.carry.errors import Refusal
from helpdesk.carry.sheet import Sheet
from helpdesk.db import constraint_of

Key = tuple[str, ...]
Wrong = list[tuple[str, str]]  # columns, '' for the whole line, with what to do about each

# What Django's own checks find, in the product's words, by their code.
SENTENCES: dict[str, str | Promise] = {
    "blank": gettext_lazy("This must not be empty. Write something in."),
    "item_invalid": gettext_lazy("Write words of letters, digits and hyphens, with a blank between two."),
    "max_length": gettext_lazy("This has %(show_value)s characters. %(limit_value)s fit: make it shorter."),
    "max_value": gettext_lazy("Write a number of at most %(limit_value)s."),
    "min_value": gettext_lazy("Write a number of at least %(limit_value)s."),
}


class _Waits(Exception):
    """A line that names a refused one: whether it is right shows when that one is."""


class Lines:
    """Makes the lines of all sheets rows, one sheet after the other; remembers them by the names others call them by.

    A refused line is remembered too: what names it waits, and is no fault of its own.
    """

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.refusals: list[Refusal] = []
        self.waiting = 0
        self._rows: dict[str, dict[Key, Model | None]] = {}
        self._said: dict[tuple[str, Key], dict[Key, int]] = {}

    def take(self, sheet: Sheet, number: int, cells: Mapping[str, str] | None) -> bool:
        """Save the row that a line describes; return whether it is one, else note why not."""
        row, wrong = None, [("", _("The line has more or fewer cells than the first one."))]
        if cells is not None:
            row, wrong = self._row(sheet, number, cells)
            if sheet.key_columns:
                key = tuple(cells[name] for name in sheet.key_columns)
                self._rows.setdefault(sheet.key, {}).setdefault(key, row)
        self.refusals += [Refusal(sheet.file, number, column, sentence) for column, sentence in wrong]
        return row is not None

    def _row(self, sheet: Sheet, number: int, cells: Mapping[str, str]) -> tuple[Model | None, Wrong]:
        """Return the saved row, or None and what is wrong with the line: nothing, where it only waits."""
        wrong = self._repeated(sheet, number, cells)
        values: dict[str, Any] = {}
        waits = False
        for column in sheet.columns:
            try:
                values[column] = self._value(sheet, column, cells)
            except ValueError as error:
                wrong.append((column, str(error)))
            except _Waits:
                waits = True
        if wrong or waits:
            self.waiting += waits and not wrong
            return None, wrong
        return self._saved(sheet, values)

    def _repeated(self, sheet: Sheet, number: int, cells: Mapping[str, str]) -> Wrong:
        """Return where a line says what must be said once and an earlier line has said."""
        found = []
        for columns in sheet.uniques:
            said = self._said.setdefault((sheet.key, columns), {})
            first = said.setdefault(tuple(cells[name] for name in columns), number)
            if first != number:
                found.append((columns[-1], _("Line %(line)d says the same. Change one of the two.") % {"line": first}))
        return found

    def _value(self, sheet: Sheet, column: str, cells: Mapping[str, str]) -> Any:
        """Return what a cell says. Raises ValueError with what to do about it, _Waits where it names a refused line."""
        ref = sheet.refers.get(column)
        if ref is None:
            return value_of(sheet, column, cells[column])
        if not cells[column] and sheet.column(column).null:
            return None
        rows = self._rows.get(ref.sheet, {})
        key = tuple(cells[name] for name in ref.by)
        if key not in rows:
            sentence = _("%(file)s has no “%(name)s”. Correct the name here, or add the line there.")
            raise ValueError(sentence % {"file": f"{ref.sheet}.csv", "name": ", ".join(key)})
        if rows[key] is None:
            raise _Waits
        return rows[key]

    def _saved(self, sheet: Sheet, values: dict[str, Any]) -> tuple[Model | None, Wrong]:
        """Check the row by its fields and its own rules, then let the database have the last word."""
        row = sheet.model(**values)
        carried = set(sheet.columns) - set(sheet.refers)
        try:
            row.clean_fields(exclude={field.name for field in row._meta.fields} - carried)
            row.clean()
            sheet.complete(row, self.now)
            with transaction.atomic():
                row.save(force_insert=True)
        except ValidationError as error:
            return None, _sentences(sheet, error)
        except (IntegrityError, DataError) as error:
            return None, [("", _refusal_of(row, error))]
        return row, []


def _sentences(sheet: Sheet, error: ValidationError) -> Wrong:
    """Return column and sentence of each refusal; '' where no single column is to blame."""
    found = error.error_dict if hasattr(error, "error_dict") else {"": error.error_list}
    return [
        (column if column in sheet.columns else "", _sentence(sheet, column, each))
        for column, errors in found.items()
        for each in errors
    ]


def _sentence(sheet: Sheet, column: str, error: ValidationError) -> str:
    if error.code == "invalid_choice":
        known = ", ".join(str(value) for value, _label in sheet.column(column).flatchoices)
        return _("Write one of: %(names)s.") % {"names": known}
    if error.code in SENTENCES:
        return str(SENTENCES[error.code]) % (error.params or {})
    return " ".join(error.messages)


def _refusal_of(row: Model, error: IntegrityError | DataError) -> str:
    """Return what the database refuses, in the words of its constraint where it has some."""
    name = constraint_of(error) if isinstance(error, IntegrityError) else ""
    constraint = next((each for each in row._meta.constraints if each.name == name), None)
    if constraint and constraint.violation_error_message != constraint.default_violation_error_message:
        return str(constraint.get_violation_error_message())
    if isinstance(constraint, UniqueConstraint) or isinstance(error.__cause__, UniqueViolation):
        return _("An earlier line says the same. Change one of the two.")
    return _("The values of this line do not fit together (%(rule)s). Change it.") % {
        "rule": name or _("no value fits")
    }
