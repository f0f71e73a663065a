"""The form of a class or a planned maintenance: seats, day, times, how it repeats, what becomes of people there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reservations.block_draft import CHOICES, Draft
from reservations.booking.blocks import LONGEST_TITLE
from reservations.calendars import zone
from reservations.forms_days import day_field, time_field, why_field
from reservations.forms_staff import request_key_field
from reservations.models import Block, Device
from reservations.models.blocks import BlockKind
from reservations.rules.series import LONGEST_RULE, MOST, Series, rule_days

SHOWN_ONLY = gettext_lazy("Choose one of the shown.")
ONCE, WEEK, TWO_WEEKS, MONTH, OWN = "once", "week", "two_weeks", "month", "own"
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
REPEATS = (
    (ONCE, gettext_lazy("Once")),
    (WEEK, gettext_lazy("Every week")),
    (TWO_WEEKS, gettext_lazy("Every 2 weeks")),
    (MONTH, gettext_lazy("Every month, on the same weekday")),
)


@dataclass(frozen=True)
class SeatArea:
    """An area with its seats, as the form offers them; `key` chooses all of them."""

    key: str
    name: str
    seats: Sequence[Device]


def seat_areas(devices: Sequence[Device]) -> list[SeatArea]:
    """Return the seats of the branch by area, in the room's order."""
    bookable = (device for device in devices if device.device_class.bookable)
    by_area = groupby(bookable, key=lambda device: device.area)
    return [
        SeatArea(str(area.pk) if area else "none", area.name if area else _("Seats"), list(seats))
        for area, seats in by_area
    ]


class BlockForm(forms.Form):
    """What is planned; a rule of one's own is for managers, and `nights` says that the branch is open over midnight."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What is it?"),
        choices=[
            (BlockKind.CLASS.value, gettext_lazy("A class")),
            (BlockKind.UPKEEP.value, gettext_lazy("Planned maintenance")),
        ],
        initial=BlockKind.CLASS.value,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), SHOWN_ONLY),
    )
    title = why_field(gettext_lazy("What it is for"), gettext_lazy("The board shows it. No names."))
    seats = forms.MultipleChoiceField(
        label=gettext_lazy("Seats"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "invalid_choice": gettext_lazy("One of these seats is not here any more. Choose the seats again."),
        },
    )
    first_on = day_field(gettext_lazy("Day"))
    starts = time_field(gettext_lazy("From"))
    ends = time_field(gettext_lazy("To"))
    repeats = forms.ChoiceField(
        label=gettext_lazy("Repeats"),
        choices=REPEATS,
        initial=ONCE,
        error_messages=dict.fromkeys(("required", "invalid_choice"), SHOWN_ONLY),
    )
    until = day_field(gettext_lazy("Until"), required=False, help_text=gettext_lazy("The last day, or say how often"))
    times = forms.IntegerField(
        label=gettext_lazy("How often"),
        required=False,
        min_value=1,
        max_value=MOST,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), gettext_lazy("Type a number from 1 to 400.")
        ),
    )
    rule = forms.CharField(
        label=gettext_lazy("Rule of your own"),
        required=False,
        max_length=LONGEST_RULE,
        help_text=gettext_lazy("As calendars write it: FREQ=WEEKLY;BYDAY=MO,WE;COUNT=12"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    also_closed = forms.BooleanField(
        label=gettext_lazy("Also on closed days and outside the opening hours"), required=False
    )
    request_key = request_key_field()

    def __init__(
        self, data: QueryDict | None = None, *, devices: Sequence[Device], own_rule: bool, nights: bool, **options: Any
    ) -> None:
        options["initial"] = {"request_key": uuid4(), "kind": BlockKind.CLASS.value, **options.get("initial", {})}
        super().__init__(data, **options)
        self.fields["title"].max_length = LONGEST_TITLE  # type: ignore[attr-defined]
        self.sent, self.nights = data, nights
        self.areas = seat_areas(devices)
        seats, repeats = self.fields["seats"], self.fields["repeats"]
        assert isinstance(seats, forms.MultipleChoiceField)
        assert isinstance(repeats, forms.ChoiceField)
        seats.choices = [(str(seat.pk), seat.label) for area in self.areas for seat in area.seats]
        if own_rule:
            repeats.choices = [*REPEATS, (OWN, gettext_lazy("By a rule of your own"))]
        else:
            del self.fields["rule"]

    @property
    def chosen(self) -> set[int]:
        """The seats that are ticked, alone or with all of their area."""
        value = self["seats"].value() or []
        return {int(pk) for pk in value if str(pk).isdigit()} | self._of_areas

    @property
    def _of_areas(self) -> set[int]:
        """The seats of the areas that are ticked as a whole."""
        keys = self.sent.getlist("areas") if self.sent else []
        return {seat.pk for area in self.areas if area.key in keys for seat in area.seats}

    @property
    def left_out(self) -> list[date]:
        """The days on which it does not take place: those that were sent, at first those of the changed block."""
        if self.sent is None:
            return list(self.initial.get("left_out", ()))
        days = (read_day(text) for text in self.sent.getlist("left_out")[:MOST])
        return [day for day in days if day]

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        repeats = data.get("repeats")
        if "seats" in data and not self.chosen:
            self.add_error("seats", ValidationError(_("Choose a seat at least."), "required"))
        if len(data.get("title") or "") > LONGEST_TITLE:
            self.add_error("title", _("Sixty characters fit: make it shorter."))
        if self._ends_too_soon():
            self.add_error("ends", ValidationError(_("“To” must be after “From”. Change one of the two."), "order"))
        if repeats in {WEEK, TWO_WEEKS, MONTH} and bool(data.get("until")) == bool(data.get("times")):
            sentence = _("Say until which day, or how often: one of the two.")
            self.add_error("until", ValidationError(sentence, "end"))
        if repeats == OWN and not data.get("rule"):
            self.add_error("rule", ValidationError(_("Type the rule, or choose from the list."), "required"))
        return data

    def _ends_too_soon(self) -> bool:
        """Return whether it ends when or before it starts, and cannot be meant to go on after midnight."""
        starts, ends = self.cleaned_data.get("starts"), self.cleaned_data.get("ends")
        if starts is None or ends is None:
            return False
        return bool(ends == starts or (ends < starts and not (self.nights or self.cleaned_data.get("also_closed"))))

    def draft(self) -> Draft:
        """Return what is asked for, with what was chosen for single days."""
        data, sent = self.cleaned_data, self.sent or QueryDict()
        series = Series(data["first_on"], data["starts"], data["ends"], self._rule(), frozenset(self.left_out))
        seats = tuple(seat.pk for area in self.areas for seat in area.seats if seat.pk in self.chosen)
        return Draft(data["title"], seats, series, data["kind"], data["also_closed"], _choices(sent))

    def _rule(self) -> str:
        data, first = self.cleaned_data, self.cleaned_data["first_on"]
        if data["repeats"] in {ONCE, OWN}:
            return str(data.get("rule", "")) if data["repeats"] == OWN else ""
        ends = f"UNTIL={data['until']:%Y%m%d}" if data.get("until") else f"COUNT={data['times']}"
        return f"{_every(data['repeats'], first)};{ends}"


def _every(repeats: str, first: date) -> str:
    """Return how it repeats: of a month, the same weekday; what is the fifth is the last."""
    if repeats == MONTH:
        place = (first.day - 1) // 7 + 1
        return f"FREQ=MONTHLY;BYDAY={-1 if place == 5 else place}{DAYS[first.weekday()]}"
    return "FREQ=WEEKLY" if repeats == WEEK else "FREQ=WEEKLY;INTERVAL=2"


def _choices(sent: QueryDict) -> dict[date, str]:
    """Return what is chosen for days with people in the way: fields named do-2026-12-01."""
    named = ((read_day(name.removeprefix("do-")), value) for name, value in sent.items() if name.startswith("do-"))
    return {day: str(value) for day, value in named if day and value in CHOICES}


def read_day(text: Any) -> date | None:
    """Return the day that an address or a form names, None for anything else."""
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return None


def initial_of(block: Block, since: date) -> dict[str, Any]:
    """Return the form's first values where a block is changed from a day on: it repeats until its last day."""
    repeats, until, rule = _repeats(block)
    return {
        "kind": block.kind,
        "title": block.title,
        "seats": [str(pk) for pk in block.devices.values_list("pk", flat=True)],
        "first_on": since,
        "starts": block.starts,
        "ends": block.ends,
        "repeats": repeats,
        "until": until,
        "rule": rule,
        "also_closed": block.also_closed,
        "left_out": [on for on in block.left_out if on >= since],
    }


def _repeats(block: Block) -> tuple[str, date | None, str]:
    """Return how a block repeats as the form says it, its last day, and its rule where it is one of its own."""
    if not block.rule:
        return ONCE, None, ""
    last = rule_days(block.rule, block.first_on, zone())[-1]
    every = ";".join(part for part in block.rule.split(";") if not part.startswith(("COUNT=", "UNTIL=")))
    known = {_every(each, block.first_on): each for each in (WEEK, TWO_WEEKS, MONTH)}
    if every in known:
        return known[every], last, ""
    return OWN, None, f"{every};UNTIL={last:%Y%m%d}"


def has_own_rule(block: Block) -> bool:
    """Return whether a block repeats in a way that is not on the list."""
    return _repeats(block)[0] == OWN
