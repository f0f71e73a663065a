"""The shipped guides: read from their files, checked, and added to the tables where a category has none."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from troubleshooting.guides.graph import problems
from troubleshooting.guides.pictures import picture_names
from troubleshooting.guides.shape import KEY_LIMIT, Step, Text

FOLDER = Path(__file__).parent / "shipped"
SPOKEN = {"en": "English", "es": "Spanish"}  # what each shipped guide is written in
FIELDS = {"key", "picture", "patron", "yes", "no", *SPOKEN}


class FileError(Exception):
    """What is wrong in a file of guides, with its name and the step."""


@dataclass(frozen=True)
class Shipped:
    """A guide as shipped: the code of its category and its steps in order."""

    category: str
    steps: tuple[Step, ...]


def shipped(folder: Path = FOLDER) -> list[Shipped]:
    """Return all guides of the files in `folder`, in the order of their names. Raises FileError."""
    found = [guide for file in sorted(folder.glob("*.toml")) for guide in read(file)]
    codes = [guide.category for guide in found]
    for code in codes:
        if codes.count(code) > 1:
            raise FileError(f"{folder}: the category {code} has two guides")
    return found


def read(file: Path) -> Iterator[Shipped]:
    """Yield the guides of a file. Raises FileError for another shape, or a guide with problems."""
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise FileError(f"{file.name}: {error}") from error
    for guide in content.get("guide", []):
        where = f"{file.name}: {guide.get('category', 'a guide without a category')}"
        steps = tuple(_step(where, step) for step in guide.get("step", []))
        _check(where, steps)
        yield Shipped(guide["category"], steps)


def _step(where: str, fields: Mapping[str, Any]) -> Step:
    where = f"{where}, {fields.get('key', 'a step without a key')}"
    if set(fields) != FIELDS:
        raise FileError(f"{where}: wrong or missing fields {sorted(set(fields) ^ FIELDS)}")
    try:
        texts = {code: Text(fields[code]["do"], fields[code]["ask"]) for code in SPOKEN}
    except (KeyError, TypeError) as error:
        raise FileError(f"{where}: each language needs do and ask") from error
    return Step(fields["key"], fields["yes"], fields["no"], texts, fields["picture"], fields["patron"])


def _check(where: str, steps: Sequence[Step]) -> None:
    keys = [step.key for step in steps]
    for step in steps:
        if keys.count(step.key) > 1 or len(step.key) > KEY_LIMIT:
            raise FileError(f"{where}: the key {step.key} stands there twice or is too long")
        if step.picture and step.picture not in picture_names():
            raise FileError(f"{where}, {step.key}: there is no drawing {step.picture}")
    for problem in problems(steps, SPOKEN):
        raise FileError(f"{where}: {problem.sentence}")


def load(category: Any, version: Any, step: Any, *, now: datetime, folder: Path = FOLDER) -> int:
    """Add the shipped guides to the categories that have none yet; return how many.

    `category`, `version` and `step` are the models, also a migration's. Staff edit guides, so a category with any
    version is left alone, and so is one that managers removed.
    """
    ids = dict(category.objects.filter(guides=None).values_list("code", "pk"))
    made = [guide for guide in shipped(folder) if guide.category in ids]
    for guide in made:
        row = version.objects.create(
            category_id=ids[guide.category], number=1, made_at=now, published_at=now, is_live=True, by_kind="system"
        )
        step.objects.bulk_create(step(version=row, **columns(each, place)) for place, each in enumerate(guide.steps, 1))
    return len(made)


def columns(step: Step, position: int) -> dict[str, Any]:
    """Return the columns of a step's row at `position`."""
    return {
        "key": step.key,
        "position": position,
        "picture": step.picture,
        "patron": step.patron,
        "yes": step.yes,
        "no": step.no,
        "texts": {code: {"do": text.do, "ask": text.ask} for code, text in step.texts.items()},
    }
