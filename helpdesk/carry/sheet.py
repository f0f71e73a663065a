"""What an app declares so that its set-up can be carried to another system: one sheet for each kind of row."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from django.db.models import Field, IntegerChoices, Model, QuerySet
from django.utils.functional import Promise
from django.utils.text import capfirst


@dataclass(frozen=True)
class Ref:
    """A column that names a row of an earlier sheet: the cells of this line in `by` are that row's key."""

    sheet: str
    by: tuple[str, ...]


def _nothing(row: Model, now: datetime) -> None:
    """Leave a row as its line says."""


@dataclass(frozen=True)
class Sheet:
    """The rows of `model` as lines of `<key>.csv`, in the order of `rows()`, which names no text.

    The order of two databases may differ in how they sort texts, so only numbers, days and times sort lines, and the
    primary key last: lines become rows in their order, so the order stays. `names` are the columns of numbers that
    stand there by name. `unique` columns name a row, `key` is how other sheets name it. `complete(row, now)` fills what
    is not carried. A `shipped` sheet has rows in a new system; an import takes their place.
    """

    key: str
    model: type[Model]
    columns: tuple[str, ...]
    rows: Callable[[], "QuerySet[Any]"]
    key_columns: tuple[str, ...] = ()
    refers: Mapping[str, Ref] = field(default_factory=dict)
    names: Mapping[str, type[IntegerChoices]] = field(default_factory=dict)
    complete: Callable[[Any, datetime], None] = _nothing
    shipped: bool = False
    title: str | Promise = ""

    @property
    def file(self) -> str:
        return f"{self.key}.csv"

    @property
    def label(self) -> str:
        """What the rows are, in the reader's language: the title, or else as the model says it."""
        return str(self.title or capfirst(self.model._meta.verbose_name_plural))

    def column(self, name: str) -> "Field[Any, Any]":
        """Return the field of the model behind a column."""
        return cast("Field[Any, Any]", self.model._meta.get_field(name))

    @property
    def uniques(self) -> tuple[tuple[str, ...], ...]:
        """Return the groups of columns of which no two lines may say the same."""
        alone = ((name,) for name in self.columns if self.column(name).unique)
        return tuple(dict.fromkeys([*([self.key_columns] if self.key_columns else []), *alone]))
