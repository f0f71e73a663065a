"""Forms of staff hours: the working week of a person, and days away."""

from collections.abc import Iterable, Sequence
from datetime import time
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from helpdesk.week import Weekday
from troubleshooting.models import Shift
from troubleshooting.models.staffing import AbsenceReason
from troubleshooting.staff_hours import ShiftLine

if TYPE_CHECKING:
    from reservations.models import Branch

USUAL = 2  # stretches a day: before and after the break
WORKDAYS = range(1, 5)  # what Monday is copied to
NO_TIME = _("Type the time like 15:00.")
NO_DAY = _("Choose a day.")
SHOWN_ONLY = _("Choose one of the shown.")
LABELS = ((_("Starts"), _("Ends")), (_("Starts again"), _("Ends then")), (_("Starts once more"), _("Ends for the day")))


def monday_to_friday(data: QueryDict, columns: int) -> QueryDict:
    """Return what was sent with Monday's times on Tuesday to Friday too."""
    copied = data.copy()
    for day in WORKDAYS:
        for number in range(columns):
            for part in ("starts", "ends", "branch"):
                name = _name(part, 0, number)
                if name in data:
                    copied.setlist(_name(part, day, number), data.getlist(name))
    return copied


class StaffWeekForm(forms.Form):
    """Seven days with two stretches each, more where the stored week has more; an empty day is a free one.

    Which branch a stretch is at is asked only where the person works at more than one.
    """

    def __init__(self, data: Any = None, *, shifts: Sequence[Shift], branches: "Sequence[Branch]") -> None:
        super().__init__(data)
        self.branches = branches
        by_day = {day: [shift for shift in shifts if shift.weekday == day] for day in range(7)}
        self.columns = max(USUAL, *(len(found) for found in by_day.values()))
        for day in range(7):
            for number in range(self.columns):
                found = by_day[day]
                self._add(day, number, found[number] if number < len(found) else None)

    def _add(self, day: int, number: int, shift: Shift | None) -> None:
        values = (shift.starts, shift.ends) if shift else (None, None)
        labels = LABELS[min(number, len(LABELS) - 1)]
        for part, label, value in zip(("starts", "ends"), labels, values, strict=True):
            self.fields[_name(part, day, number)] = _time_field(label, value)
        if len(self.branches) > 1:
            self.fields[_name("branch", day, number)] = forms.TypedChoiceField(
                label=_("Branch"),
                coerce=int,
                choices=[(branch.pk, branch.name) for branch in self.branches],
                initial=shift.branch_id if shift else self.branches[0].pk,
                error_messages={"required": SHOWN_ONLY, "invalid_choice": SHOWN_ONLY},
            )

    def days(self) -> Iterable[tuple[str, list[forms.BoundField]]]:
        """Yield each weekday's name with its fields, in order."""
        for day in Weekday:
            names = [_name(part, day, n) for n in range(self.columns) for part in ("starts", "ends", "branch")]
            yield str(day.label), [self[name] for name in names if name in self.fields]

    def clean(self) -> dict[str, Any]:
        for day in range(7):
            for number in range(self.columns):
                names = [_name(part, day, number) for part in ("starts", "ends")]
                empty = [name for name in names if self.cleaned_data.get(name) is None]
                if len(empty) == 1 and not any(name in self.errors for name in names):
                    self.add_error(empty[0], ValidationError(str(NO_TIME), "required"))
        return self.cleaned_data

    def lines(self) -> list[ShiftLine]:
        """Return the stretches that were typed, in the order of the week."""
        found = []
        for day in range(7):
            for number in range(self.columns):
                starts, ends = (self.cleaned_data.get(_name(part, day, number)) for part in ("starts", "ends"))
                if starts is not None and ends is not None:
                    branch_id = self.cleaned_data.get(_name("branch", day, number), self.branches[0].pk)
                    found.append(ShiftLine(branch_id, day, starts, ends))
        return sorted(found, key=lambda line: (line.weekday, line.starts))


class AbsenceForm(forms.Form):
    """The days on which somebody is away."""

    from_on = forms.DateField(
        label=_("First day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": NO_DAY, "invalid": NO_DAY},
    )
    until_on = forms.DateField(
        label=_("Last day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("It is included; the same as the first for one day."),
        error_messages={"required": NO_DAY, "invalid": NO_DAY},
    )
    reason = forms.ChoiceField(
        label=_("Why"),
        choices=AbsenceReason.choices,
        initial=AbsenceReason.AWAY,
        widget=forms.RadioSelect,
        error_messages={"required": SHOWN_ONLY, "invalid_choice": SHOWN_ONLY},
    )


def _time_field(label: Any, value: time | None) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        required=False,
        initial=value,
        input_formats=["%H:%M"],
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": NO_TIME},
    )


def _name(part: str, day: int, number: int) -> str:
    return f"{part}_{day}_{number}"
