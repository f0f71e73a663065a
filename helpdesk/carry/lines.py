"""One line of a sheet becomes a row, or the sentences that say why it cannot."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction
from django.db.models import Model, UniqueConstraint
from django.utils.translation import gettext as _
from psycopg.errors import UniqueViolation

from helpdesk.carry.cells import value_of
from helpdesk.carry.errors import Refusal
from helpdesk.carry.sheet import Ref, Sheet
from helpdesk.db import constraint_of

Key = tuple[str, ...]


class Lines:
    """Makes the lines of all sheets rows, one sheet after the other; remembers them by the names others call them by.

    A refused line is remembered too, so that the lines which name it say so.
    """

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.refusals: list[Refusal] = []
        self._rows: dict[str, dict[Key, Model | None]] = {}
        self._said: dict[tuple[str, Key], dict[Key, int]] = {}

    def take(self, sheet: Sheet, number: int, cells: Mapping[str, str] | None) -> bool:
        """Save the row that a line describes; return whether it is one, else note why not."""
        wrong: list[tuple[str, str]] = []
        row = None
        if cells is None:
            wrong.append(("", _("The line has more or fewer cells than the first one.")))
        else:
            wrong += self._repeated(sheet, number, cells)
            values = self._values(sheet, cells, wrong)
            row = None if wrong else self._saved(sheet, values, wrong)
            if sheet.key_columns:
                key = tuple(cells[name] for name in sheet.key_columns)
                self._rows.setdefault(sheet.key, {}).setdefault(key, row)
        self.refusals += [Refusal(sheet.file, number, column, sentence) for column, sentence in wrong]
        return row is not None

    def _repeated(self, sheet: Sheet, number: int, cells: Mapping[str, str]) -> list[tuple[str, str]]:
        """Return where a line says what must be said once and an earlier line has said."""
        found = []
        for columns in sheet.uniques:
            said = self._said.setdefault((sheet.key, columns), {})
            first = said.setdefault(tuple(cells[name] for name in columns), number)
            if first != number:
                found.append((columns[-1], _("Line %(line)d says the same. Change one of the two.") % {"line": first}))
        return found

    def _values(self, sheet: Sheet, cells: Mapping[str, str], wrong: list[tuple[str, str]]) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for column in sheet.columns:
            try:
                ref = sheet.refers.get(column)
                text = cells[column]
                values[column] = self._named(sheet, column, ref, cells) if ref else value_of(sheet, column, text)
            except ValueError as error:
                wrong.append((column, str(error)))
        return values

    def _named(self, sheet: Sheet, column: str, ref: Ref, cells: Mapping[str, str]) -> Model | None:
        """Return the row that a cell names. Raises ValueError with the sentence where there is none."""
        if not cells[column] and sheet.column(column).null:
            return None
        rows = self._rows.get(ref.sheet, {})
        key = tuple(cells[name] for name in ref.by)
        if key not in rows:
            sentence = _("%(file)s has no “%(name)s”. Correct the name here, or add the line there.")
            raise ValueError(sentence % {"file": f"{ref.sheet}.csv", "name": ", ".join(key)})
        row = rows[key]
        if row is None:
            raise ValueError(
                _("What it names is refused in %(file)s. Correct that line.") % {"file": f"{ref.sheet}.csv"}
            )
        return row

    def _saved(self, sheet: Sheet, values: dict[str, Any], wrong: list[tuple[str, str]]) -> Model | None:
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
            wrong += _sentences(sheet, error)
        except (IntegrityError, DataError) as error:
            wrong.append(("", _refusal_of(row, error)))
        return None if wrong else row


def _sentences(sheet: Sheet, error: ValidationError) -> list[tuple[str, str]]:
    """Return column and sentence of each refusal; '' where no single column is to blame."""
    found = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    return [
        (column if column in sheet.columns else "", sentence) for column, said in found.items() for sentence in said
    ]


def _refusal_of(row: Model, error: IntegrityError | DataError) -> str:
    """Return what the database refuses, in the words of its constraint where it has some."""
    name = constraint_of(error) if isinstance(error, IntegrityError) else ""
    constraint = next((each for each in row._meta.constraints if each.name == name), None)
    if constraint and constraint.violation_error_message != constraint.default_violation_error_message:
        return str(constraint.get_violation_error_message())
    if isinstance(constraint, UniqueConstraint) or isinstance(error.__cause__, UniqueViolation):
        return _("An earlier line says the same. Change one of the two.")
    return _("What this line says does not go together (%(rule)s). Change it.") % {"rule": name or _("no value fits")}
