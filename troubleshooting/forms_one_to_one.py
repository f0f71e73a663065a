"""Forms of one-to-ones: when, about what and where; another time; how it went."""

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from troubleshooting.desk import grouped
from troubleshooting.forms import CATEGORY_UNKNOWN, SHOWN_ONLY, request_key_field
from troubleshooting.forms_answer import AnswerForm
from troubleshooting.guard import GuardedForm
from troubleshooting.models import Appointment, Category
from troubleshooting.models.appointment import Where
from troubleshooting.models.ticket import Duration
from troubleshooting.one_to_ones.booking import Place

if TYPE_CHECKING:
    from reservations.models import Device

THIS_SEAT = "this"  # the seat that the address named


class TimeForm(forms.Form):
    """A time from the list; whether it is still free is judged by the verb."""

    start = forms.DateTimeField(
        error_messages=dict.fromkeys(("required", "invalid"), gettext_lazy("Choose a time from the list."))
    )
    request_key = request_key_field()

    def __init__(self, *args: Any, **options: Any) -> None:
        options["initial"] = {"request_key": uuid4(), **options.get("initial", {})}
        super().__init__(*args, **options)


class OneToOneForm(TimeForm):
    """What the desk asks: time, topic, and where. `seat` is offered by its number where the address named it."""

    topic = forms.ChoiceField(
        label=gettext_lazy("What is it about?"),
        error_messages={"required": SHOWN_ONLY, "invalid_choice": CATEGORY_UNKNOWN},
    )
    where = forms.ChoiceField(
        label=gettext_lazy("Where?"),
        widget=forms.RadioSelect,
        error_messages={"required": SHOWN_ONLY, "invalid_choice": SHOWN_ONLY},
    )

    def __init__(self, *args: Any, topics: list[Category], seat: "Device | None" = None, **options: Any) -> None:
        options["initial"] = {"where": THIS_SEAT if seat else Where.OWN.value, **options.get("initial", {})}
        super().__init__(*args, **options)
        self.seat = seat
        self._choose("topic", [("", _("Choose")), *reversed(grouped(topics))])
        named = [(THIS_SEAT, seat.said)] if seat else []
        self._choose("where", [*Where.choices, *named])

    def _choose(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def place(self) -> Place:
        """Return where they meet, as the verb takes it."""
        where = self.cleaned_data["where"]
        if where == THIS_SEAT and self.seat:
            return Place(Where.SEAT, self.seat.pk)
        return Place(where)


class HeldForm(GuardedForm):
    """How a one-to-one went; what is suggested comes from its topic."""

    guarded = ("answer",)
    duration = AnswerForm.base_fields["duration"]
    read_level = AnswerForm.base_fields["read_level"]
    counts = AnswerForm.base_fields["counts"]
    answer = AnswerForm.base_fields["answer"]


def held_form(appointment: Appointment, data: Any = None) -> HeldForm:
    """Return the record form of a one-to-one, filled with what its topic suggests."""
    topic = appointment.category
    suggested = {
        "duration": Duration.TO_30,
        "read_level": topic.read_level,
        "counts": "yes" if topic.counts_as_reference else "no",
    }
    return HeldForm(data, initial=suggested)
