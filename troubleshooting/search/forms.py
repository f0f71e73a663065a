"""Forms that keep a search and give it another name."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from troubleshooting.fields import WordsField
from troubleshooting.forms import SHOWN_ONLY
from troubleshooting.guard import GuardedForm
from troubleshooting.models import Category
from troubleshooting.search.filters import SearchForm

if TYPE_CHECKING:
    from reservations.models import Branch

NAME = 60  # characters


def _name_field() -> WordsField:
    return WordsField(
        label=_("Name"),
        max_length=NAME,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": _("Give the search a name."),
            "max_length": _("The name has %(show_value)s characters. %(limit_value)s fit: make it shorter."),
        },
    )


class SaveForm(GuardedForm, SearchForm):
    """A name for the search that its other fields hold, and with whom it is shared."""

    guarded = ("name", "q")
    name = _name_field()
    shared = forms.ChoiceField(label=_("For"), required=False, error_messages={"invalid_choice": SHOWN_ONLY})

    def __init__(self, data: Any, *, branches: "Iterable[Branch]", categories: Iterable[Category]) -> None:
        branches = list(branches)
        super().__init__(data, branches=branches, categories=categories)
        self.auto_id = "keep-%s"
        everyone = ((branch.slug, _("Everyone at %(branch)s") % {"branch": branch.name}) for branch in branches)
        self._offer("shared", [("", _("Me alone")), *everyone])


class RenameForm(GuardedForm):
    """Another name for a kept search."""

    guarded = ("name",)
    name = _name_field()
