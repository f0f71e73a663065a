"""The form of a branch's weekly hours: seven days with two openings each, three where somebody needs them."""

from collections.abc import Iterable, Sequence
from datetime import time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from helpdesk.week import Weekday
from reservations.forms_days import NO_TIME, long_night, over_midnight_field, time_field
from reservations.rules.special import MOST_OPENINGS
from reservations.rules.week import Clash, Week, long_nights

USUAL_OPENINGS = 2  # columns of the form: a day with a lunch closure
WORKDAYS = range(1, 5)  # what Monday's hours are copied to
LABELS = (
    (gettext_lazy("Opens"), gettext_lazy("Closes")),
    (gettext_lazy("Opens again"), gettext_lazy("Closes then")),
    (gettext_lazy("Opens a third time"), gettext_lazy("Closes for the day")),
)


def columns_for(week: Week, asked: str) -> int:
    """Return how many openings a day the form has: two, three where `asked` says so, and always enough for `week`."""
    most = max((len(spans) for spans in week.values()), default=0)
    return max(USUAL_OPENINGS, most, MOST_OPENINGS if asked == str(MOST_OPENINGS) else 0)


def monday_to_friday(data: QueryDict, columns: int) -> QueryDict:
    """Return what was sent with Monday's hours on Tuesday to Friday too."""
    copied = data.copy()
    for day in WORKDAYS:
        for number in range(columns):
            for edge in ("opens", "closes"):
                copied[_name(edge, day, number)] = data.get(_name(edge, 0, number), "")
    return copied


class WeekForm(forms.Form):
    """The openings of each weekday, `columns` a day; a day that is left empty is closed."""

    over_midnight = over_midnight_field()

    def __init__(self, data: Any = None, *, week: Week, columns: int) -> None:
        self.stored, self.columns, self.asks = week, columns, False
        super().__init__(data)
        for day in range(7):
            for number in range(columns):
                self._add_opening(day, number, week.get(day, ()))

    def _add_opening(self, day: int, number: int, spans: Sequence[tuple[time, time]]) -> None:
        span = spans[number] if number < len(spans) else (None, None)
        labels = LABELS[min(number, len(LABELS) - 1)]
        for edge, label, value in zip(("opens", "closes"), labels, span, strict=True):
            self.fields[_name(edge, day, number)] = time_field(
                label, required=False, initial=value, input_formats=["%H:%M"]
            )

    def days(self) -> Iterable[tuple[str, list[forms.BoundField]]]:
        """Yield each weekday's name with its fields, in order."""
        for day in Weekday:
            names = [_name(edge, day, number) for number in range(self.columns) for edge in ("opens", "closes")]
            yield str(day.label), [self[name] for name in names]

    def clean(self) -> dict[str, Any]:
        for day in range(7):
            for number in range(self.columns):
                self._ask_for_both(day, number)
        if not self.errors:
            self._ask_for_nights()
        return self.cleaned_data

    def _ask_for_both(self, day: int, number: int) -> None:
        """Refuse an opening of which only one time is typed."""
        names = [_name(edge, day, number) for edge in ("opens", "closes")]
        empty = [name for name in names if self.cleaned_data.get(name) is None]
        if len(empty) == 1 and not any(name in self.errors for name in names):
            self.add_error(empty[0], ValidationError(str(NO_TIME), "required"))

    def _ask_for_nights(self) -> None:
        """Ask once more where an opening is long and over midnight: the times may be swapped."""
        nights = long_nights(self.week(), self.stored)
        self.asks = bool(nights)
        if self.cleaned_data.get("over_midnight"):
            return
        said = [(self._field(day, number, "closes"), minutes) for day, number, minutes in nights]
        for name, minutes in said:
            self.add_error(name, long_night(minutes))

    def week(self) -> dict[int, list[tuple[time, time]]]:
        """Return the openings that were typed, by weekday."""
        return {day: [self._span(day, number) for number in self._typed(day)] for day in range(7)}

    def refuse(self, clashes: Iterable[Clash]) -> None:
        """Say what cannot be at the opening that it is about."""
        edges = {"empty_hours": "closes"}
        said = [(self._field(c.weekday, c.number, edges.get(c.problem.code, "opens")), c.problem) for c in clashes]
        for name, problem in said:
            self.add_error(name, ValidationError(str(problem.sentence), problem.code))

    def _typed(self, day: int) -> list[int]:
        """Return the columns in which an opening of the day stands."""
        return [n for n in range(self.columns) if self.cleaned_data.get(_name("opens", day, n)) is not None]

    def _span(self, day: int, number: int) -> tuple[time, time]:
        return self.cleaned_data[_name("opens", day, number)], self.cleaned_data[_name("closes", day, number)]

    def _field(self, day: int, number: int, edge: str) -> str:
        """Return the field of the day's opening `number`, the first one where the day has none any more."""
        typed = self._typed(day)
        return _name(edge, day, typed[number] if number < len(typed) else 0)


def _name(edge: str, day: int, number: int) -> str:
    return f"{edge}_{day}_{number}"
