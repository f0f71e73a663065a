"""One cell of a sheet: what a column says as text that no spreadsheet takes for a formula, and back again."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helpdesk.carry.sheet import Sheet

GUARD = "'"
# What makes a cell a formula (OWASP, "CSV injection"), also in the full width of East Asian keyboards.
FORMULA = frozenset("=+-@＝＋－＠")
GUARDED = frozenset({GUARD, "\t", "\r", "\n"})
NUMBER = re.compile(r"-?[0-9]{1,10}")
YES, NO = "yes", "no"


@dataclass(frozen=True)
class Codec:
    """How a value stands in a cell. `read` raises ValueError; `wrong` then says what to write there."""

    write: Callable[[Any], str]
    read: Callable[[str], Any]
    wrong: str | Promise


def guard(text: str) -> str:
    """Return `text` as it may stand in a spreadsheet: with an apostrophe before what begins like a formula or one."""
    risky = text.lstrip()[:1] in FORMULA or text[:1] in GUARDED
    return GUARD + text if risky else text


def unguard(cell: str) -> str:
    """Return what `guard` was given; an apostrophe that it did not put there stays."""
    text = cell.removeprefix(GUARD)
    return text if guard(text) == cell else cell


def text_of(sheet: Sheet, column: str, value: Any) -> str:
    """Return what the cell of `column` says of `value`, unguarded; '' for None."""
    return "" if value is None else codec(sheet, column).write(value)


def value_of(sheet: Sheet, column: str, text: str) -> Any:
    """Return the value that a cell says. Raises ValueError with the sentence of what to write there."""
    if text == "" and sheet.column(column).null:
        return None
    found = codec(sheet, column)
    try:
        return found.read(text)
    except (ValueError, KeyError, RecursionError) as error:
        raise ValueError(str(found.wrong)) from error


def codec(sheet: Sheet, column: str) -> Codec:
    """Return how a column stands in its sheet. Raises LookupError for a kind of column that cannot be carried."""
    if column in sheet.names:
        return _named(sheet.names[column])
    return _codec(sheet.column(column))


def _codec(field: Any) -> Codec:
    if isinstance(field, ArrayField):
        return _words(_codec(field.base_field))
    if isinstance(field, models.DateTimeField):  # which is a DateField to Django
        raise LookupError(f"{field} cannot be carried: a moment is no set-up")
    if isinstance(field, models.IntegerField):
        return _whole(field)
    for kind, found in CODECS:
        if isinstance(field, kind):
            return found
    raise LookupError(f"{field} cannot be carried: {type(field).__name__} has no way to stand in a cell")


def _whole(field: Any) -> Codec:
    """Return the codec of a whole number, which says the numbers that its column takes."""
    least = max(each.limit_value for each in field.validators if isinstance(each, MinValueValidator))
    most = min(each.limit_value for each in field.validators if isinstance(each, MaxValueValidator))
    said = _("Write a whole number from %(least)d to %(most)d.") % {"least": least, "most": most}
    return Codec(str, _number, said)


def _named(choices: type[models.IntegerChoices]) -> Codec:
    names = ", ".join(each.name.lower() for each in choices)
    return Codec(
        lambda value: str(choices(value).name.lower()),
        lambda text: choices[text.strip().upper()].value,
        _("Write one of: %(names)s.") % {"names": names},
    )


def _words(each: Codec) -> Codec:
    """Return the codec of a list of words or numbers, with a blank between two."""
    return Codec(
        lambda values: " ".join(map(each.write, values)),
        lambda text: [each.read(word) for word in text.split()],
        each.wrong,
    )


def _flag(text: str) -> bool:
    return {YES: True, NO: False}[text.strip().lower()]


def _number(text: str) -> int:
    if not NUMBER.fullmatch(text.strip()):
        raise ValueError(text)
    return int(text)


def _time(text: str) -> time:
    found = time.fromisoformat(text.strip())
    if found.tzinfo:
        raise ValueError(text)
    return found


def _time_text(value: time) -> str:
    return value.isoformat() if value.second or value.microsecond else value.strftime("%H:%M")


def _object(text: str) -> dict[str, Any]:
    """Return the named values that a cell says, of texts that the database can keep."""
    found = json.loads(text or "{}")
    if not isinstance(found, dict) or "\\u0000" in json.dumps(found):
        raise ValueError(text)
    json.dumps(found, ensure_ascii=False).encode()  # half a character: a ValueError here, the server's own error there
    return found


CODECS: tuple[tuple[Any, Codec], ...] = (
    (
        models.BooleanField,
        Codec(lambda value: YES if value else NO, _flag, gettext_lazy("Write: yes or no.")),
    ),
    (models.TimeField, Codec(_time_text, _time, gettext_lazy("Write the time like 09:00."))),
    (
        models.JSONField,
        Codec(
            lambda value: json.dumps(value, ensure_ascii=False),
            _object,
            gettext_lazy('Write named values like {"en": {"do": "First text", "ask": "Second text"}}.'),
        ),
    ),
    (models.CharField, Codec(str, str, "")),
    (
        models.DateField,
        Codec(
            date.isoformat,
            lambda text: date.fromisoformat(text.strip()),
            gettext_lazy("Write the day like 2027-12-31."),
        ),
    ),
)
