"""The forms of set-up that know what they were filled with, and show beside it what others saved meanwhile."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Model
from django.forms import BoundField
from django.utils.translation import gettext as _

from reservations.set_up.seen import version_of


@dataclass(frozen=True)
class Beside:
    """A field in which what is saved now and what was sent differ, both in words."""

    label: str
    saved: str
    sent: str


class SeenForm(forms.Form):
    """A form of one row; `seen` names the values that it was filled with."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    is_stale = False  # whether others saved something since

    def starts_from(self, row: Model | None) -> None:
        """Keep which values the form was filled with; a new row has none."""
        self.initial["seen"] = version_of(row) if row else ""

    @property
    def values(self) -> dict[str, Any]:
        """What was typed, without the version."""
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}

    def hold_against(self, saved: "SeenForm") -> None:
        """Say that others saved something, with the fields that differ; sent again, the form is saved over that."""
        self.is_stale = True
        names = [name for name in self.fields if name != "seen"]
        pairs = [(str(self[name].label), _words(saved[name]), _words(self[name])) for name in names]
        self.differs = [Beside(*pair) for pair in pairs if pair[1] != pair[2]]
        self.data = self.data.copy()  # type: ignore[attr-defined]
        self.data["seen"] = saved.initial["seen"]  # type: ignore[index]


def _words(field: BoundField) -> str:
    """Return what stands in a field as people read it."""
    value = field.value()
    if isinstance(field.field, forms.BooleanField):
        return _("yes") if value else _("no")
    choices = getattr(field.field, "choices", None)
    if choices is None:
        return str(value or "")
    chosen = {str(each) for each in (value if isinstance(value, list) else [value or ""])}
    return ", ".join(str(label) for key, label in choices if str(key) in chosen)
