"""The forms of a branch and of a kiosk in set-up."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy

from helpdesk import names
from reservations.forms_seen import SeenForm
from reservations.models import Area, Branch, Kiosk, Policy

if TYPE_CHECKING:
    AreaChoice = forms.ModelChoiceField[Area]
else:
    AreaChoice = forms.ModelChoiceField

UNREADABLE = gettext_lazy("This holds characters that cannot be kept. Type it again.")
TOO_LONG = gettext_lazy("This has %(show_value)s characters. %(limit_value)s fit: make it shorter.")
NAME_ERRORS = {"max_length": TOO_LONG, "null_characters_not_allowed": UNREADABLE}


class BranchForm(SeenForm):
    """Name, short name and policy of a branch; without a policy it gets one of its own with the shipped figures."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=60,
        validators=[names.visible],
        help_text=gettext_lazy("As people say it: “Harbour”"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Type the name of the branch."), **NAME_ERRORS},
    )
    slug = forms.SlugField(
        label=gettext_lazy("Short name"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("It stands in addresses, such as that of the wall display. Empty: made from the name."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"invalid": gettext_lazy("Use plain letters, digits and hyphens alone."), **NAME_ERRORS},
    )
    policy = forms.ModelChoiceField(
        Policy.objects.none(),
        label=gettext_lazy("Rules"),
        required=False,
        empty_label=gettext_lazy("Its own, to begin with the shipped figures"),
        help_text=gettext_lazy(
            "How long, how often and how far ahead people book. They hold from the next booking on."
        ),
        error_messages={"invalid_choice": gettext_lazy("These rules are not here any more. Choose others.")},
    )

    FIELD_OF = {"name_taken": "name", "slug_taken": "slug", "slug_needed": "slug", "slug_reserved": "slug"}

    def __init__(self, data: Any = None, *, branch: Branch | None = None) -> None:
        initial = {"name": branch.name, "slug": branch.slug, "policy": branch.policy_id} if branch else {}
        super().__init__(data, initial=initial)
        self.starts_from(branch)
        policy = self.fields["policy"]
        assert isinstance(policy, forms.ModelChoiceField)
        policy.queryset = Policy.objects.order_by("name")


class AreaField(AreaChoice):
    """A choice of the areas of one branch, each by its own name."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class KioskForm(SeenForm):
    """Name of a screen and the part of its branch's room beside which it stands."""

    name = forms.CharField(
        label=gettext_lazy("Name of this screen"),
        max_length=40,
        validators=[names.visible],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Type a name, such as: Kiosk 1."), **NAME_ERRORS},
    )
    beside = AreaField(
        Area.objects.none(),
        label=gettext_lazy("Beside which part of the room it stands"),
        help_text=gettext_lazy("From there the map shows people the way to their seat."),
        required=False,
        empty_label=gettext_lazy("not known"),
        error_messages={
            "invalid_choice": gettext_lazy("This part of a room is in another branch. Choose one of this branch.")
        },
    )

    def __init__(self, data: Any = None, *, kiosk: Kiosk) -> None:
        super().__init__(data, initial={"name": kiosk.name, "beside": kiosk.beside_id})
        self.starts_from(kiosk)
        beside = self.fields["beside"]
        assert isinstance(beside, AreaField)
        beside.queryset = Area.objects.filter(branch=kiosk.branch_id).order_by("position", "pk")
