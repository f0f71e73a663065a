"""Forms of the set-up pages: library cards that keep no number, opening hours that do not overlap."""

from datetime import time
from itertools import combinations
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseInlineFormSet
from django.utils.translation import gettext_lazy as _

from helpdesk import words
from reservations.models import Card, OpeningHours
from reservations.models.places import WEEK
from reservations.patrons.keys import card_key, hash_pin, normalise

if TYPE_CHECKING:
    HoursFormSet = BaseInlineFormSet[Any, Any, Any]
    CardModelForm = forms.ModelForm[Card]
    HoursModelForm = forms.ModelForm[OpeningHours]
else:
    HoursFormSet = BaseInlineFormSet
    CardModelForm = HoursModelForm = forms.ModelForm

SHORTEST_NUMBER = 5
ALIAS_LENGTH = 3
DAY = 24 * 60
LONG_NIGHT = 12 * 60  # minutes over midnight from which two times are more often swapped than meant


class CardForm(CardModelForm):
    """A card that is here already: what is known of it, and a new PIN where one is typed."""

    pin = forms.CharField(
        label=_("New PIN"),
        required=False,
        min_length=4,
        max_length=16,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("Leave it empty to keep the PIN."),
    )

    class Meta:
        model = Card
        fields = ("age_band", "band_until", "expires_on")

    def save(self, commit: bool = True) -> Card:
        if self.cleaned_data["pin"]:
            self.instance.pin_hash = hash_pin(self.cleaned_data["pin"])
        return super().save(commit)


class NewCardForm(CardForm):
    """A new card: of the number only its key and last characters are kept, of the PIN only a hash."""

    number = forms.CharField(
        label=_("Card number"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    pin = forms.CharField(
        label=_("PIN"), min_length=4, max_length=16, widget=forms.PasswordInput(attrs={"autocomplete": "off"})
    )

    def clean_number(self) -> str:
        number = normalise(self.cleaned_data["number"])
        if len(number) < SHORTEST_NUMBER:
            raise ValidationError(_("This number is too short for a library card."))
        if Card.objects.filter(key=card_key(number)).exists():
            raise ValidationError(_("This card is here already."))
        return number

    def save(self, commit: bool = True) -> Card:
        number = self.cleaned_data["number"]
        self.instance.key, self.instance.alias = card_key(number), number[-ALIAS_LENGTH:]
        return super().save(commit)


class OpeningHoursForm(HoursModelForm):
    """One opening. Where it is long and over midnight, the times may be swapped: it is asked for once more."""

    over_midnight = forms.BooleanField(
        label=_("Yes, this opens over midnight"), required=False, widget=forms.HiddenInput
    )

    class Meta:
        model = OpeningHours
        fields = ("weekday", "opens", "closes")

    @property
    def is_unlikely(self) -> bool:
        """Return whether these hours, new here, are long and over midnight."""
        opens, closes = self.cleaned_data.get("opens"), self.cleaned_data.get("closes")
        is_new = not self.instance.pk or bool({"opens", "closes"} & set(self.changed_data))
        if opens is None or closes is None or self.cleaned_data.get("DELETE"):
            return False
        return is_new and _night_minutes(opens, closes) >= LONG_NIGHT

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.is_unlikely and not cleaned.get("over_midnight"):
            sentence = _("That is open for %(length)s, over midnight. Swap the times, or tick that it is so.")
            length = words.length(_night_minutes(cleaned["opens"], cleaned["closes"]))
            self.add_error("over_midnight", sentence % {"length": length})
        return cleaned

    def ask(self) -> None:
        """Show the question that is hidden otherwise."""
        field = self.fields["over_midnight"]
        field.widget = forms.CheckboxInput(attrs={"aria-label": str(field.label)})


class OpeningHoursFormSet(HoursFormSet):
    """The openings of one branch, which must not overlap each other in what is about to be saved."""

    asks = False  # whether a row is open over midnight for unlikely long

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        if self.asks:
            form.ask()

    def clean(self) -> None:
        super().clean()
        if any(form.is_unlikely for form in self.forms if hasattr(form, "cleaned_data")):
            self.asks = True
            for form in self.forms:
                form.ask()
        filled = [form for form in self.forms if form.is_valid() and form.cleaned_data]
        kept = [form.instance for form in filled if not form.cleaned_data.get("DELETE")]
        if any(_overlap(one, other) for one, other in combinations(kept, 2)):
            raise ValidationError(_("Two of these hours overlap. Change one of them."))


def _overlap(one: OpeningHours, other: OpeningHours) -> bool:
    (start, end), (other_start, other_end) = _minutes(one), _minutes(other)
    return any(start < other_end + week and other_start + week < end for week in (-WEEK, 0, WEEK))


def _night_minutes(opens: time, closes: time) -> int:
    """Return how long an opening over midnight is, 0 for one that ends by then."""
    start, end = opens.hour * 60 + opens.minute, closes.hour * 60 + closes.minute
    return DAY - start + end if 0 < end <= start else 0


def _minutes(hours: OpeningHours) -> tuple[int, int]:
    """Return the opening as minutes since Monday 00:00, as the database compares it."""
    opens, closes = (at.hour * 60 + at.minute for at in (hours.opens, hours.closes))
    start = hours.weekday * DAY
    return start + opens, start + closes + (DAY if closes <= opens else 0)
