"""Forms of what people do together: split a question, note something on it, take it over, name who keeps it."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from helpdesk.models import User
from troubleshooting.desk import grouped
from troubleshooting.fields import WordsField
from troubleshooting.forms import CATEGORY_UNKNOWN, PLACE_UNKNOWN, SHOWN_ONLY, request_key_field
from troubleshooting.guard import GuardedForm
from troubleshooting.meanwhile import VersionForm
from troubleshooting.models import Category, Ticket

if TYPE_CHECKING:
    from reservations.models import Device

NO_NAMES = _("No names or card numbers. Kept 90 days.")


def keeper_field(users: Sequence[User]) -> forms.TypedChoiceField:
    """Return the field that names who keeps a question which stops moving with this."""
    return forms.TypedChoiceField(
        label=_("It stops here. Who keeps it?"),
        choices=[("", _("Who had it there before")), *((user.pk, user.username) for user in users)],
        coerce=int,
        empty_value=None,
        required=False,
        error_messages={"invalid_choice": SHOWN_ONLY},
    )


def _line(label: Any, hint: Any = "") -> WordsField:
    """One line of words; the verb refuses a long one, and the words stay in the form."""
    return WordsField(label=label, required=False, help_text=hint, widget=forms.TextInput({"autocomplete": "off"}))


class SplitForm(VersionForm):
    """Two halves: what stays here, and what goes its own way."""

    guarded = ("keeps", "other")
    keeps = _line(_("What stays here"), _("Such as: The citation"))
    other = _line(_("What goes its own way"), _("Such as: The printer"))
    category = forms.ChoiceField(
        label=_("What that is about"),
        error_messages={"invalid_choice": CATEGORY_UNKNOWN, "required": _("Choose what the other half is about.")},
    )
    device = forms.TypedChoiceField(
        label=_("Which machine"),
        coerce=int,
        empty_value=None,
        required=False,
        error_messages={"invalid_choice": PLACE_UNKNOWN},
    )
    request_key = request_key_field()

    def __init__(
        self, *args: Any, ticket: Ticket, devices: "Iterable[Device]", categories: Iterable[Category], **options: Any
    ) -> None:
        initial = {"request_key": uuid4(), "version": ticket.version, "keeps": ticket.part}
        super().__init__(*args, **{"auto_id": "split-%s", "initial": initial, **options})
        self.fields["category"].choices = [("", _("Choose")), *grouped(categories)]  # type: ignore[attr-defined]
        same = _("The same seat") if ticket.device_id else _("None")
        choices = [("", same), *((device.pk, device.said) for device in devices if device.pk != ticket.device_id)]
        self.fields["device"].choices = choices  # type: ignore[attr-defined]


class NoteForm(GuardedForm):
    """A note for all levels."""

    guarded = ("note",)
    note = WordsField(label=_("Note for everybody"), help_text=NO_NAMES, widget=forms.Textarea({"rows": 2}))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"auto_id": "note-%s", **options})
        self.fields["note"].error_messages["required"] = _("Write a few words first.")


class TakeOverForm(VersionForm):
    """Why somebody else keeps a question from now on."""

    guarded = ("reason",)
    reason = _line(_("Why you take it over"), NO_NAMES)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"auto_id": "over-%s", **options})
