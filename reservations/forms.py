"""What people type and tap at a kiosk: pairing, signing in, choosing a seat and a time."""

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helpdesk import names
from helpdesk.models import User
from reservations.calendars import zone
from reservations.kiosk_needs import read_needs
from reservations.models import AgeBand, Area, Branch, Kiosk
from reservations.patrons.scanner import scanned
from reservations.rules.problem import Problem

YEARS = range(2000, 2200)  # a moment outside cannot be reckoned with; the rules say how far ahead is allowed
MOST_MINUTES = 1440
LONGEST_MOMENT = 40  # characters
LARGEST_KEY = 2**63 - 1  # of a PostgreSQL bigint
THEN = ("now", "times", "mine")  # where a patron goes after signing in


class PairForm(forms.Form):
    """Names the screen and says at which branch it stands."""

    name = forms.CharField(
        label=gettext_lazy("Name of this screen"),
        max_length=40,
        validators=[names.visible],
        error_messages={
            "required": gettext_lazy("Type a name, such as: Kiosk 1."),
            "max_length": gettext_lazy("This has %(show_value)s characters. %(limit_value)s fit: make it shorter."),
            "null_characters_not_allowed": gettext_lazy("This holds characters that cannot be kept. Type it again."),
        },
    )
    branch = forms.ModelChoiceField(
        Branch.objects.none(),
        label=gettext_lazy("Branch"),
        empty_label=None,
        error_messages=dict.fromkeys(("required", "invalid_choice"), gettext_lazy("Choose one of the list.")),
    )
    beside = forms.ModelChoiceField(
        Area.objects.none(),
        label=gettext_lazy("Beside which part of the room it stands"),
        help_text=gettext_lazy("From there the map shows people the way to their seat."),
        required=False,
        empty_label=gettext_lazy("not known"),
        error_messages={"invalid_choice": gettext_lazy("Choose one of the list.")},
    )

    def __init__(self, data: Any = None, *, user: User, again: Kiosk | None = None) -> None:
        known = {"name": again.name, "branch": again.branch_id, "beside": again.beside_id} if again else {}
        super().__init__(data, initial=known)
        branch, beside = self.fields["branch"], self.fields["beside"]
        assert isinstance(branch, forms.ModelChoiceField)
        assert isinstance(beside, forms.ModelChoiceField)
        branches = Branch.objects.visible_to(user)
        branch.queryset = branches.order_by("position", "pk")
        areas = Area.objects.filter(branch__in=branches).select_related("branch")
        beside.queryset = areas.order_by("branch__position", "branch", "position", "pk")

    def clean_beside(self) -> Area | None:
        """Refuse a part of another branch's room."""
        area: Area | None = self.cleaned_data["beside"]
        if area and area.branch != self.cleaned_data.get("branch"):
            raise forms.ValidationError(_("This part of a room is in another branch. Choose one of this branch."))
        return area


UNREADABLE = gettext_lazy("This number cannot be read. Type it again.")
UNREADABLE_ERRORS = {"max_length": UNREADABLE, "null_characters_not_allowed": UNREADABLE}


class SignInForm(forms.Form):
    """A card number with its PIN, or the number of a guest pass alone."""

    number = forms.CharField(
        label=gettext_lazy("Library card or guest number"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
        error_messages={"required": gettext_lazy("Scan your card, or type its number."), **UNREADABLE_ERRORS},
    )
    pin = forms.CharField(
        label=gettext_lazy("PIN"),
        max_length=32,
        required=False,
        help_text=gettext_lazy("With a guest number, leave this empty."),
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
        error_messages=UNREADABLE_ERRORS,
    )

    def clean_number(self) -> str:
        return scanned(self.cleaned_data["number"])


def read_moment(text: str) -> datetime:
    """Return the moment that `text` names in ISO form, without an offset by the branch's clock.

    Raises ValidationError with a sentence: not a time, a time that the clocks jump over, a time out of all reach.
    """
    try:
        moment = datetime.fromisoformat(text if len(text) < LONGEST_MOMENT and text.isprintable() else "")
    except ValueError as error:
        raise ValidationError(_("This time cannot be read. Choose one from the list."), code="malformed") from error
    if moment.year not in YEARS:
        raise ValidationError(_("This time is out of reach. Choose one from the list."), code="out_of_reach")
    return (moment if moment.tzinfo else _by_branch_clock(moment)).astimezone(UTC)


def _by_branch_clock(naive: datetime) -> datetime:
    """Return `naive` in the branch's zone; of an hour that comes twice the first."""
    moment = naive.replace(tzinfo=zone())
    if moment.astimezone(UTC).astimezone(zone()).replace(tzinfo=None) != naive:
        sentence = _("On that day the clocks jump over %(time)s. Choose another time.")
        raise ValidationError(sentence % {"time": naive.strftime("%H:%M")}, code="clock_change")
    return moment


class MomentField(forms.Field):
    """A start in ISO form, with an offset or by the branch's clock."""

    def to_python(self, value: Any) -> datetime | None:
        return read_moment(value) if value else None


class NeedsField(forms.Field):
    """What the seat should have, as an address names it; what is unknown is not asked."""

    def to_python(self, value: Any) -> frozenset[str]:
        return read_needs(str(value or ""))


class JoinForm(forms.Form):
    """A place in the line, for a seat with what is named."""

    needs = NeedsField(required=False)
    class_code = forms.SlugField(required=False, max_length=40)
    request_key = forms.UUIDField()


class GuestForm(forms.Form):
    """A guest number at the kiosk."""

    request_key = forms.UUIDField()


class WithForm(forms.Form):
    """How old somebody is who comes with an adult."""

    band = forms.ChoiceField(choices=AgeBand.choices)
    request_key = forms.UUIDField()


class ExtendForm(forms.Form):
    """How many minutes more; empty is one extension of the policy."""

    minutes = forms.IntegerField(min_value=1, max_value=MOST_MINUTES, required=False)


UNREADABLE_CHOICE = Problem(
    "unreadable", gettext_lazy("This choice cannot be read. Choose again."), gettext_lazy("Choice"), lift_by=""
)


class BookForm(forms.Form):
    """A seat now, or a seat at a time. Without `device` the time was full when the page was shown."""

    kind = forms.ChoiceField(choices=[("now", "now"), ("later", "later")], label=gettext_lazy("Choice"))
    device = forms.IntegerField(min_value=1, max_value=LARGEST_KEY, required=False, label=gettext_lazy("Seat"))
    start = MomentField(required=False, label=gettext_lazy("Time"))
    minutes = forms.IntegerField(min_value=1, max_value=MOST_MINUTES, required=False, label=gettext_lazy("Length"))
    needs = NeedsField(required=False)
    request_key = forms.UUIDField(label=gettext_lazy("Choice"))

    SENTENCES = {
        "kind": gettext_lazy("This choice cannot be read. Choose again."),
        "device": gettext_lazy("This seat is not here any more. Choose another one."),
        "minutes": gettext_lazy("This length does not fit. Choose a time from the list."),
        "request_key": gettext_lazy("This choice cannot be read. Choose again."),
    }

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("kind") == "later":
            for name in ("start", "minutes"):
                if name not in self.errors and not self.cleaned_data.get(name):
                    self.add_error(name, ValidationError(_("Choose a time from the list."), code="required"))
        return self.cleaned_data

    def problems(self) -> list[Problem]:
        """Return what cannot be read, in the form of the rules' refusals."""
        return [
            Problem(
                code=f"{name}_{error.code}",
                sentence=self.SENTENCES.get(name) or error.messages[0],
                rule=self.fields[name].label or "",
                lift_by="",
            )
            for name, errors in self.errors.as_data().items()
            for error in errors[:1]
        ]
