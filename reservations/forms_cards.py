"""Forms of the desk around cards: whom staff look up and why, a block, a batch of guest passes, a second seat."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from reservations.booking.card_blocks import LONGEST, NOTE_LENGTH
from reservations.booking.family import BANDS
from reservations.calendars import zone
from reservations.forms import UNREADABLE_ERRORS
from reservations.forms_book_for import SHOWN_ONLY
from reservations.forms_staff import reason_field, request_key_field, says_no_person
from reservations.models import Branch
from reservations.models.cards import BlockReason, LookupWhy
from reservations.models.people import AgeBand
from reservations.patrons.passes import MOST, TODAY, lengths
from reservations.patrons.scanner import scanned

KEEP, CANCEL = "keep", "cancel"
CHOICE_ERRORS = {"required": SHOWN_ONLY, "invalid_choice": SHOWN_ONLY}
DAY_ERROR = gettext_lazy("Choose a day to come, within a year.")
MANY_ERROR = gettext_lazy("Type a number from 1 to 40.")


class FindForm(forms.Form):
    """A number, and why it is looked up."""

    number = forms.CharField(
        label=gettext_lazy("Card or guest number"),
        max_length=40,
        help_text=gettext_lazy("Scan or type it; no PIN at the desk"),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "inputmode": "numeric", "autofocus": True, "data-scan": True}
        ),
        error_messages={"required": gettext_lazy("Scan the card, or type its number."), **UNREADABLE_ERRORS},
    )
    why = forms.ChoiceField(
        label=gettext_lazy("Why do you look?"),
        choices=[choice for choice in LookupWhy.choices if choice[0] != LookupWhy.BOOK],
        widget=forms.RadioSelect,
        error_messages={**CHOICE_ERRORS, "required": gettext_lazy("Choose why you look.")},
    )

    def clean_number(self) -> str:
        return scanned(self.cleaned_data["number"])


class BlockForm(forms.Form):
    """A block on a card: until a day, for a reason of the list, and what becomes of the bookings."""

    until = forms.DateField(
        label=gettext_lazy("Blocked until, and on"),
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": DAY_ERROR, "invalid": DAY_ERROR},
    )
    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        choices=BlockReason.choices,
        initial=BlockReason.TALK,
        widget=forms.RadioSelect,
        error_messages=CHOICE_ERRORS,
    )
    note = forms.CharField(
        label=gettext_lazy("Note for staff"),
        required=False,
        max_length=NOTE_LENGTH,
        help_text=gettext_lazy("No names or card numbers"),
        validators=[says_no_person],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"null_characters_not_allowed": gettext_lazy("Type the note again.")},
    )
    bookings = forms.ChoiceField(
        label=gettext_lazy("What is booked ahead"),
        choices=[
            (KEEP, gettext_lazy("stays, but cannot be sat down to")),
            (CANCEL, gettext_lazy("is cancelled, and goes on the list of people to tell")),
        ],
        initial=KEEP,
        widget=forms.RadioSelect,
        error_messages=CHOICE_ERRORS,
    )
    request_key = request_key_field()

    def __init__(self, data: Any = None, *, now: datetime, **options: Any) -> None:
        week = timezone.localtime(now).date() + timedelta(days=7)
        super().__init__(data, **{"auto_id": "block-%s", "initial": {"request_key": uuid4(), "until": week}, **options})
        self.now = now

    def clean_until(self) -> date:
        """Refuse a day beyond a year here, before the day after it is reckoned: the calendar ends in 9999."""
        until: date = self.cleaned_data["until"]
        if until > timezone.localtime(self.now).date() + LONGEST:
            raise forms.ValidationError(str(DAY_ERROR), "invalid")
        return until

    @property
    def ends_at(self) -> datetime:
        """The moment at which the last blocked day ends."""
        after: date = self.cleaned_data["until"] + timedelta(days=1)
        return datetime(after.year, after.month, after.day, tzinfo=zone())


class PassesForm(forms.Form):
    """A batch of guest passes and how long they last."""

    many = forms.IntegerField(
        label=gettext_lazy("How many?"),
        min_value=1,
        max_value=MOST,
        initial=8,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), MANY_ERROR),
    )
    lasts = forms.ChoiceField(
        label=gettext_lazy("Good for"), initial=TODAY, widget=forms.RadioSelect, error_messages=CHOICE_ERRORS
    )
    request_key = request_key_field()

    def __init__(self, data: Any = None, *, branch: Branch, **options: Any) -> None:
        super().__init__(data, **{"auto_id": "passes-%s", "initial": {"request_key": uuid4()}, **options})
        field = self.fields["lasts"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(code, length_word(code)) for code in lengths(branch)]
        field.initial = TODAY


def length_word(code: str) -> str:
    """Return for how long a pass is good, in words: "today", "2 hours", "3 days"."""
    many = int(code[1:])
    if code == TODAY:
        return _("today")
    if code.startswith("h"):
        return ngettext("%(count)d hour", "%(count)d hours", many) % {"count": many}
    return ngettext("%(count)d day", "%(count)d days", many) % {"count": many}


class FamilyForm(forms.Form):
    """How old somebody is who comes with an adult."""

    band = forms.ChoiceField(
        label=gettext_lazy("Who comes with them?"),
        choices=[(band.value, band.label) for band in map(AgeBand, BANDS)],
        widget=forms.RadioSelect,
        error_messages=CHOICE_ERRORS,
    )
    override = reason_field(gettext_lazy("Reason"))
    request_key = request_key_field()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"auto_id": "family-%s", "initial": {"request_key": uuid4()}, **options})
