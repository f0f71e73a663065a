"""What staff type to book for somebody at the counter or on the phone."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helpdesk import words
from reservations.booking.at_desk import LATER, LINE, NOW, Wish
from reservations.desk_times import Times, Wanted
from reservations.forms import MOST_MINUTES, UNREADABLE_ERRORS, MomentField
from reservations.forms_staff import reason_field, request_key_field
from reservations.needs import need_word
from reservations.patrons.scanner import scanned

COUNTER, PHONE = "counter", "phone"
LENGTHS = (15, 30, 45, 60, 90, 120, 180)  # minutes that are offered; the rules know what fits
SHOWN_ONLY = gettext_lazy("Choose one of the shown.")
LATEST = 2**31  # a seat's number is far below


class BookForForm(forms.Form):
    """One form for now, a time and the line. `do` is the button: book, look (other times), or a nearer moment."""

    present = forms.ChoiceField(
        label=gettext_lazy("Where are they?"),
        choices=[(COUNTER, gettext_lazy("At the counter")), (PHONE, gettext_lazy("On the phone"))],
        initial=COUNTER,
        widget=forms.RadioSelect,
        error_messages={"required": SHOWN_ONLY, "invalid_choice": SHOWN_ONLY},
    )
    number = forms.CharField(
        label=gettext_lazy("Card or guest number"),
        required=False,
        max_length=40,
        help_text=gettext_lazy("Scan or type it; no PIN at the desk"),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "inputmode": "numeric", "autofocus": True, "data-scan": True}
        ),
        error_messages=UNREADABLE_ERRORS,
    )
    new_pass = forms.BooleanField(label=gettext_lazy("No card: guest pass"), required=False)
    when = forms.ChoiceField(
        label=gettext_lazy("When?"),
        choices=[
            (NOW, gettext_lazy("Now")),
            (LATER, gettext_lazy("At a time")),
            (LINE, gettext_lazy("Waiting line")),
        ],
        initial=NOW,
        widget=forms.RadioSelect,
        error_messages={"required": SHOWN_ONLY, "invalid_choice": SHOWN_ONLY},
    )
    place = forms.ChoiceField(label=gettext_lazy("Seat"), required=False, error_messages={"invalid_choice": SHOWN_ONLY})
    minutes = forms.TypedChoiceField(
        label=gettext_lazy("How long?"),
        required=False,
        coerce=int,
        empty_value=None,
        error_messages={"invalid_choice": SHOWN_ONLY},
    )
    needs = forms.MultipleChoiceField(
        label=gettext_lazy("It must have"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": SHOWN_ONLY},
    )
    day = forms.DateField(label=gettext_lazy("Day"), required=False, error_messages={"invalid": SHOWN_ONLY})
    start = MomentField(label=gettext_lazy("Time"), required=False)
    override = reason_field(gettext_lazy("Reason, no names"))
    request_key = request_key_field()

    def __init__(self, *args: Any, times: Times, longest: int, **options: Any) -> None:
        options.setdefault("auto_id", "for-%s")
        options.setdefault("initial", {})
        options["initial"] = {"request_key": uuid4(), "present": COUNTER, "when": NOW, **options["initial"]}
        super().__init__(*args, **options)
        self._choose("place", _places(times))
        self._choose("minutes", _lengths(longest))
        self._choose("needs", [(need, need_word(need)) for need in times.needs])

    def _choose(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean_number(self) -> str:
        return scanned(self.cleaned_data["number"])

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if not data.get("number") and not data.get("new_pass") and "number" not in self.errors:
            self.add_error("number", ValidationError(_("Scan the card, type its number, or tick guest pass."), "who"))
        if data.get("present") == PHONE:  # who is not here cannot sit down, nor come when called
            data["when"] = LATER
        if data.get("when") == LATER and not data.get("start") and "start" not in self.errors:
            self.add_error("start", ValidationError(_("Choose a time from the list."), "required"))
        return data

    def wish(self, into_line: bool) -> Wish:
        """Return what the verb is told; `into_line` when the line was chosen as the way out of a refusal."""
        data = self.cleaned_data
        return Wish(LINE if into_line else data["when"], wanted_of(data), data.get("start"), data.get("minutes"))

    @property
    def card(self) -> str:
        """The number that the verb is told; '' issues a guest pass."""
        return "" if self.cleaned_data["new_pass"] else str(self.cleaned_data["number"])


def wanted_of(data: Any) -> Wanted:
    """Return the seat that the fields `place` and `needs` ask for."""
    kind, _colon, code = str(data.get("place") or "").partition(":")
    needs = frozenset(data.get("needs") or ())
    if kind == "seat" and code.isascii() and code.isdigit():
        return Wanted(device_id=min(int(code), LATEST), needs=needs)
    return Wanted(class_code=code if kind == "class" else "", needs=needs)


def asked_day(text: str) -> date | None:
    """Return the day that a form or an address names, None for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def typed(data: QueryDict) -> dict[str, Any]:
    """Return what stands in a form that is only looked at, so that nothing is called wrong before its time."""
    values: dict[str, Any] = {name: data[name] for name in BookForForm.base_fields if name in data}
    return {**values, "needs": data.getlist("needs")}


def _places(times: Times) -> list[Any]:
    """Return the choice of a seat: any, of a class, or just this one."""
    classes = [(f"class:{code}", name) for code, name in times.classes]
    seats = [(f"seat:{device.pk}", f"{device.said} · {device.device_class}") for device in times.devices]
    return [("", _("Any seat")), (_("Any of a kind"), classes), (_("Just this one"), seats)]


def _lengths(longest: int) -> list[tuple[Any, str]]:
    lengths: Sequence[int] = [minutes for minutes in LENGTHS if minutes <= min(longest, MOST_MINUTES)]
    return [("", _("As long as fits")), *((minutes, words.length(minutes)) for minutes in lengths)]
