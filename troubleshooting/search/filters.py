"""What a search may be narrowed by: an allow-list, read from an address and written back in one form."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Q
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from troubleshooting.desk import grouped
from troubleshooting.fields import WordsField
from troubleshooting.forms import CATEGORY_UNKNOWN, SHOWN_ONLY
from troubleshooting.models import Category
from troubleshooting.models.category import Kind, Tier
from troubleshooting.models.ticket import State

if TYPE_CHECKING:
    from reservations.models import Branch

LONGEST = 200  # characters of a search
OPEN, DONE = "open", "done"
TOO_LONG = _("The search has %(show_value)s characters. Look for a few words: %(limit_value)s fit.")
NOT_A_DAY = _("Choose a day, or leave it empty.")
SANE_DAYS = [MinValueValidator(date(2000, 1, 1), NOT_A_DAY), MaxValueValidator(date(2100, 1, 1), NOT_A_DAY)]


@dataclass(frozen=True)
class Filters:
    """A search: its words, and what a question must be. An empty value asks for nothing."""

    q: str = ""
    state: str = ""
    branch: str = ""
    tier: int | None = None
    category: str = ""
    kind: str = ""
    device: int | None = None
    since: date | None = None
    until: date | None = None

    @property
    def query(self) -> str:
        """The query string that leads to this search."""
        return urlencode(self.items())

    def items(self) -> list[tuple[str, Any]]:
        """Return what is asked for, by the names of the fields."""
        return [(name, value) for name, value in vars(self).items() if value not in ("", None)]

    @property
    def narrows(self) -> bool:
        """Whether anything but words is asked for."""
        return any(name != "q" for name, _value in self.items())

    def condition(self) -> Q:
        """Return what a question must be; its words are looked for elsewhere."""
        equal = {
            "branch__slug": self.branch or None,
            "tier": self.tier,
            "category__code": self.category or None,
            "kind": self.kind or None,
            "device_id": self.device,
            "opened_at__gte": _start(self.since),
            "opened_at__lt": _start(self.until + timedelta(days=1)) if self.until else None,
        }
        wanted = Q(**{name: value for name, value in equal.items() if value is not None})
        if self.state == OPEN:
            wanted &= ~Q(state=State.DONE)
        return wanted & Q(state=State.DONE) if self.state == DONE else wanted


class SearchForm(forms.Form):
    """The fields of `Filters`, all of them optional; what is not on the list is not looked for and says so."""

    q = WordsField(
        label=_("Find questions, seats and machines"),
        required=False,
        max_length=LONGEST,
        error_messages={"max_length": TOO_LONG},
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "data-key": "/"}),
    )
    state = forms.ChoiceField(
        label=_("Stands"), required=False, choices=[("", _("Open and done")), (OPEN, _("Open")), (DONE, _("Done"))]
    )
    branch = forms.ChoiceField(label=_("Branch"), required=False)
    tier = forms.TypedChoiceField(
        label=_("Level"), required=False, coerce=int, empty_value=None, choices=[("", _("All levels")), *Tier.choices]
    )
    category = forms.ChoiceField(label=_("About"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("All kinds")), *Kind.choices])
    device = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    since = forms.DateField(
        label=_("From"), required=False, validators=SANE_DAYS, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label=_("Until"), required=False, validators=SANE_DAYS, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, data: Any, *, branches: "Iterable[Branch]", categories: Iterable[Category]) -> None:
        super().__init__(data, auto_id="find-%s")
        if not (data or {}).get("q"):
            self.fields["q"].widget.attrs["autofocus"] = True
        self._offer("branch", [("", _("All branches")), *((branch.slug, branch.name) for branch in branches)])
        self._offer("category", [("", _("Everything")), *grouped(categories)])
        for name in ("state", "branch", "tier", "kind"):
            self.fields[name].error_messages["invalid_choice"] = SHOWN_ONLY
        self.fields["category"].error_messages["invalid_choice"] = CATEGORY_UNKNOWN
        for name in ("since", "until"):
            self.fields[name].error_messages["invalid"] = NOT_A_DAY

    def filters(self) -> Filters:
        """Return what is asked for; a field that cannot be read asks for nothing."""
        self.is_valid()
        return Filters(**{each.name: self.cleaned_data.get(each.name, each.default) for each in fields(Filters)})

    def _offer(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


def _start(day: date | None) -> datetime | None:
    return timezone.make_aware(datetime.combine(day, time.min)) if day else None
