"""Forms of the days that are not as usual: closing early, special hours, closed days, a calendar file."""

from datetime import date, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helpdesk import words
from reservations.forms_staff import says_no_person
from reservations.holidays import LONGEST_NAME, MOST_BYTES
from reservations.rules.special import DayChange
from reservations.rules.week import LONG_NIGHT, night_minutes

NO_TIME = gettext_lazy("Type the time like 15:00.")
NO_DAY = gettext_lazy("Choose a day.")
CLOSED, HOURS = "closed", "hours"


def time_field(label: Any, **options: Any) -> forms.TimeField:
    """Return a field for a local time."""
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    errors = {"required": NO_TIME, "invalid": NO_TIME}
    return forms.TimeField(label=label, widget=widget, error_messages=errors, **options)


def day_field(label: Any, **options: Any) -> forms.DateField:
    """Return a field for a day."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(
        label=label, widget=widget, error_messages={"required": NO_DAY, "invalid": NO_DAY}, **options
    )


def why_field(label: Any, hint: Any, **options: Any) -> forms.CharField:
    """Return a field for the reason that everybody reads."""
    return forms.CharField(
        label=label,
        max_length=LONGEST_NAME,
        help_text=hint,
        validators=[says_no_person],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": gettext_lazy("Say why, in a few words: three letters at the least."),
            "max_length": gettext_lazy("This has %(show_value)s characters. %(limit_value)s fit: make it shorter."),
            "null_characters_not_allowed": gettext_lazy("This holds characters that cannot be kept. Type it again."),
        },
        **options,
    )


def over_midnight_field() -> forms.BooleanField:
    """Return the tick by which somebody says that a long opening over midnight is meant."""
    return forms.BooleanField(label=gettext_lazy("Yes, it stays open past midnight"), required=False)


def long_night(minutes: int) -> ValidationError:
    """Return what is asked where an opening of so many minutes goes over midnight."""
    sentence = _("That is open for %(length)s, over midnight. Swap the times, or tick below that it is so.")
    return ValidationError(sentence % {"length": words.length(minutes)}, "long_night")


class ClosingForm(forms.Form):
    """When the branch closes today, and why."""

    closes_at = time_field(gettext_lazy("We close at"))
    reason = why_field(gettext_lazy("Reason"), gettext_lazy("Everybody reads it, on every screen. No names."))


class SpecialForm(forms.Form):
    """Other openings of one day, or none."""

    on = day_field(gettext_lazy("Day"))
    what = forms.ChoiceField(
        label=gettext_lazy("What is different?"),
        choices=[(CLOSED, gettext_lazy("Closed all day")), (HOURS, gettext_lazy("Other hours"))],
        initial=CLOSED,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), gettext_lazy("Choose one of the shown.")),
    )
    opens = time_field(gettext_lazy("Opens"), required=False)
    closes = time_field(gettext_lazy("Closes"), required=False)
    again = time_field(gettext_lazy("Opens again"), required=False, help_text=gettext_lazy("After a break; else empty"))
    until = time_field(gettext_lazy("Closes for the day"), required=False)
    reason = why_field(
        gettext_lazy("Reason"), gettext_lazy("Everybody reads it: “Holiday”, “Staff meeting”. No names.")
    )
    over_midnight = over_midnight_field()
    everywhere = forms.BooleanField(label=gettext_lazy("At all branches"), required=False)
    asks = False  # whether an opening is so long over midnight that it is asked for once more

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("what") == HOURS:
            for name in ("opens", "closes"):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, ValidationError(str(NO_TIME), "required"))
            if bool(data.get("again")) != bool(data.get("until")):
                missing = "until" if data.get("again") else "again"
                self.add_error(
                    missing, ValidationError(_("A second opening has both times. Type this one too."), "half")
                )
            self._ask_for_nights()
        return data

    def _ask_for_nights(self) -> None:
        """Ask once more where an opening is long and over midnight: the times may be swapped."""
        pairs = [("opens", "closes"), ("again", "until")]
        typed = ((name, self.cleaned_data.get(opens), self.cleaned_data.get(name)) for opens, name in pairs)
        lengths = [(name, night_minutes(opens, closes)) for name, opens, closes in typed if opens and closes]
        long = [(name, minutes) for name, minutes in lengths if minutes >= LONG_NIGHT]
        self.asks = bool(long)
        if not self.cleaned_data.get("over_midnight"):
            for name, minutes in long:
                self.add_error(name, long_night(minutes))

    def change(self) -> DayChange:
        """Return the change that the form asks for."""
        data = self.cleaned_data
        pairs = [(data["opens"], data["closes"]), (data["again"], data["until"])]
        hours: list[tuple[time, time]] = (
            [] if data["what"] == CLOSED else [pair for pair in pairs if pair[0] is not None]
        )
        return DayChange(data["on"], hours, data["reason"])


class FileForm(forms.Form):
    """A calendar file with the holidays of a county or a school."""

    file = forms.FileField(
        label=gettext_lazy("Calendar file"),
        help_text=gettext_lazy("A file that ends in .ics, up to 1 MB"),
        widget=forms.FileInput(attrs={"accept": ".ics,text/calendar"}),
        error_messages={
            "required": gettext_lazy("Choose a file that ends in .ics."),
            "empty": gettext_lazy("This file is empty. Choose another one."),
            "invalid": gettext_lazy("Choose a file that ends in .ics."),
        },
    )

    def content(self) -> bytes:
        """Return what the file holds, one byte more than may be read at most."""
        return bytes(self.cleaned_data["file"].read(MOST_BYTES + 1))


class DaysForm(forms.Form):
    """The days that were chosen of a file: "2026-12-25 Christmas Day"."""

    days = forms.MultipleChoiceField(required=True, error_messages={"required": gettext_lazy("Choose a day at least.")})
    everywhere = forms.BooleanField(label=gettext_lazy("At all branches"), required=False)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        field = self.fields["days"]
        assert isinstance(field, forms.MultipleChoiceField)
        sent = data.getlist("days")[:LARGEST] if data is not None else []
        field.choices = [(value, value) for value in sent]

    def changes(self) -> list[DayChange]:
        """Return the closed days that were chosen, each day once; what cannot be read is passed over."""
        found: dict[date, DayChange] = {}
        for value in self.cleaned_data["days"]:
            day, _blank, name = value.partition(" ")
            try:
                on = date.fromisoformat(day)
            except ValueError:
                continue
            if "\0" in name:
                continue
            found.setdefault(on, DayChange(on, [], name.strip()[:LONGEST_NAME] or _("Holiday")))
        return [found[on] for on in sorted(found)]


LARGEST = 400  # days that one file may close
