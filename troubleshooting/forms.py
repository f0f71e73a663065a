"""Forms of the desk: log a question, move one on, report a fault of a seat."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from reservations.public import back_problem, need_word
from troubleshooting.desk import grouped
from troubleshooting.fields import WordsField
from troubleshooting.guard import GuardedForm
from troubleshooting.guides.sent import tried_in
from troubleshooting.lifecycle import TicketRefused
from troubleshooting.meanwhile import VersionForm
from troubleshooting.models import Category
from troubleshooting.models.category import Tier
from troubleshooting.models.ticket import TEXT_LIMIT

if TYPE_CHECKING:
    from reservations.models import Device

ONLY, OTHERS = "", "others"
SAVE, REFERENCE, IT = "save", "reference", "it"
TIERS: dict[str, int | None] = {SAVE: None, REFERENCE: Tier.REFERENCE, IT: Tier.IT}
PLACE_UNKNOWN = _("This branch has no such seat or machine. Choose another.")
CATEGORY_UNKNOWN = _("There is no such kind of question. Choose another.")
SHOWN_ONLY = _("Choose one of the shown.")
DANGER = "danger"  # the category that is never saved as answered
DANGER_TO_IT = _("Danger goes to IT: choose the seat, then To IT. If it was something else, choose what it is about.")
DO_UNKNOWN = _("Choose one of the buttons: save, to reference or to IT.")


def text_field(label: Any, **options: Any) -> WordsField:
    """Return a field for plain text; longer than a question may be is refused in words, never cut."""
    too_long = _("The text has %(show_value)s characters. %(limit_value)s fit: make it shorter.")
    return WordsField(
        label=label,
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
        error_messages={
            "max_length": too_long,
            "required": _("Say in a few words what it is."),
            "null_characters_not_allowed": _("The text holds characters that cannot be kept. Type it again."),
        },
        help_text=_("No names or card numbers"),
        **options,
    )


def request_key_field() -> forms.UUIDField:
    """Return the hidden key by which a double click gets the first result."""
    again = _("Open this page again, then save.")
    return forms.UUIDField(widget=forms.HiddenInput, error_messages={"invalid": again, "required": again})


def refuse_form(form: forms.Form, refused: TicketRefused) -> None:
    """Say on the form why nothing was logged; a used key is renewed, so that the words can be a second question."""
    form.add_error(None, refused.sentence)
    if refused.code == "already_used":
        form.data = form.data.copy()  # type: ignore[attr-defined]
        form.data["request_key"] = str(uuid4())  # type: ignore[index]


class PlacedForm(GuardedForm):
    """What both question forms ask: where, what about; the button says where it goes."""

    device = forms.TypedChoiceField(
        label=_("Where"), required=False, coerce=int, empty_value=None, error_messages={"invalid_choice": PLACE_UNKNOWN}
    )
    category = forms.ChoiceField(
        label=_("What is it about?"), required=False, error_messages={"invalid_choice": CATEGORY_UNKNOWN}
    )
    do = forms.ChoiceField(
        choices=[(SAVE, SAVE), (REFERENCE, REFERENCE), (IT, IT)],
        error_messages={"invalid_choice": DO_UNKNOWN, "required": DO_UNKNOWN},
    )

    def __init__(self, *args: Any, devices: "Iterable[Device]", categories: Iterable[Category], **options: Any) -> None:
        options.setdefault("auto_id", "ask-%s")
        super().__init__(*args, **options)
        self._choices("device", [("", _("At the desk")), *((device.pk, device.said) for device in devices)])
        self._choices("category", [("", _("Not sorted yet")), *grouped(categories)])

    def _choices(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


class AskForm(PlacedForm):
    """What a patron asks at the desk. Words or a category are needed."""

    text = text_field(_("What do they need?"), required=False)
    scope = forms.ChoiceField(
        label=_("Who has it"),
        required=False,
        choices=[(ONLY, _("Only this one")), (OTHERS, _("Others"))],
        error_messages={"invalid_choice": SHOWN_ONLY},
    )
    suggested = forms.CharField(required=False)  # the category that was suggested and ticked
    request_key = request_key_field()

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("initial", {"request_key": uuid4()})
        super().__init__(*args, **options)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not data.get("category") and self.fields["category"].valid_value(data.get("suggested", "")):  # type: ignore[attr-defined]
            data["category"] = data["suggested"]
        if not data.get("text") and not data.get("category") and not self.errors:
            self.add_error("text", _("Say in a few words what they need, or choose what it is about."))
        if data.get("category") == DANGER and data.get("do") == SAVE:
            self.add_error("do", DANGER_TO_IT)
        return data

    def asked(self) -> dict[str, Any]:
        """Return what the verb `log` is told."""
        data = self.cleaned_data
        return {
            "text": data["text"],
            "category": data["category"],
            "device_id": data["device"],
            "others_too": data["scope"] == OTHERS,
            "tier": TIERS[data["do"]],
            "solved": data["do"] == SAVE,
            "request_key": data["request_key"],
            "tried": tried_in(self.data),
        }


class QuestionForm(VersionForm, PlacedForm):
    """What becomes of an open call: what helped or what was tried, corrected category and seat.

    `keeper` is the field that names who keeps a question which stops moving with this.
    """

    text = text_field(_("What helped, or what was tried"), required=False)

    def __init__(self, *args: Any, keeper: forms.Field | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        if keeper is not None:
            self.fields["keeper"] = keeper


class ReportForm(GuardedForm):
    """A fault of one seat or machine, straight to IT: all of it or only something, and when it is expected back."""

    text = text_field(_("What is wrong?"))
    category = forms.ChoiceField(
        label=_("What is it about?"),
        error_messages={"invalid_choice": CATEGORY_UNKNOWN, "required": _("Choose what is broken.")},
    )
    lacks = forms.ChoiceField(label=_("How much of it"), required=False, error_messages={"invalid_choice": SHOWN_ONLY})
    until = forms.DateTimeField(
        label=_("Expected back, if known"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        error_messages={"invalid": _("Choose a day and a time, or leave it empty.")},
    )
    request_key = request_key_field()

    def __init__(
        self, *args: Any, categories: Iterable[Category], has: Iterable[str] = (), now: datetime, **options: Any
    ) -> None:
        options.setdefault("initial", {"request_key": uuid4()})
        options.setdefault("auto_id", "report-%s")
        super().__init__(*args, **options)
        self.now = now
        parts = [(code, _("Only %(part)s") % {"part": need_word(code)}) for code in sorted(has)]
        self._offer("lacks", [("", _("The whole seat")), *parts])
        if not parts:
            del self.fields["lacks"]
        hardware = [row for row in categories if row.hardware]
        other = [row for row in categories if row.tier == Tier.IT and not row.hardware]
        groups = [
            (_("Takes it out of service"), [(row.code, row.label) for row in hardware]),
            (_("Leaves it in use"), [(row.code, row.label) for row in other]),
        ]
        self._offer("category", [("", _("Choose")), *groups])

    def _offer(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean_lacks(self) -> list[str]:
        """Return what does not work, none where it is the whole seat."""
        return [code] if (code := self.cleaned_data["lacks"]) else []

    def clean_until(self) -> datetime | None:
        until: datetime | None = self.cleaned_data["until"]
        if until is not None and (problem := back_problem(until, self.now)):
            raise ValidationError(str(problem.sentence), problem.code)
        return until
