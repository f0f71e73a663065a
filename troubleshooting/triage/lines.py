"""The lines that ship with the product: what to learn from, and what to check a model with."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SHIPPED = Path(__file__).with_name("lines")
CHECK = "check.csv"


@dataclass(frozen=True)
class Line:
    """What a patron said, and what it was: a category code, a tier, a kind and what it was about.

    `kind` and `asset_class` are the words of library-practice.md section 6, finer than those of a ticket.
    """

    text: str
    category: str
    tier: int
    kind: str
    asset_class: str = "none"


def read(rows: Iterable[dict[str, str]]) -> Iterator[Line]:
    """Yield a line for each row with the columns text, category, tier, kind and asset_class."""
    for row in rows:
        yield Line(row["text"], row["category"], int(row["tier"]), row["kind"], row["asset_class"])


def _load(paths: Iterable[Path]) -> tuple[Line, ...]:
    found: list[Line] = []
    for path in paths:
        with path.open(encoding="utf-8", newline="") as file:
            found += read(csv.DictReader(file))
    return tuple(found)


def to_learn() -> tuple[Line, ...]:
    """Return the lines to learn from, always in the same order."""
    return _load(path for path in sorted(SHIPPED.glob("*.csv")) if path.name != CHECK)


@cache
def to_check() -> tuple[Line, ...]:
    """Return the lines that no model has ever learned from, kept to compare two models."""
    return _load([SHIPPED / CHECK])
