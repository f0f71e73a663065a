"""Forms of the plain tables of set-up: library cards that keep no number."""

from typing import TYPE_CHECKING

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from helpdesk.roles import DESK_ROLES, MANAGER_ROLES
from reservations.models import Card
from reservations.patrons.keys import card_key, hash_pin, normalise

if TYPE_CHECKING:
    CardModelForm = forms.ModelForm[Card]
else:
    CardModelForm = forms.ModelForm

SHORTEST_NUMBER = 5
ALIAS_LENGTH = 3


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


class PostFormSet(forms.BaseInlineFormSet):  # type: ignore[type-arg]
    """Where a member of staff works: the desk and reference roles work at one branch at least."""

    def clean(self) -> None:
        super().clean()
        role = getattr(self.instance, "role", "")
        kept = [form for form in self.forms if form.cleaned_data.get("branch") and not form.cleaned_data.get("DELETE")]
        if role in DESK_ROLES - MANAGER_ROLES and not any(self.errors) and not kept:
            raise ValidationError(_("Choose a branch: somebody with this role sees nothing without one."))
