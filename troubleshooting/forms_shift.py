"""The form of one question at the end of a shift: keep it, hand it on, park it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from helpdesk.models import User
from troubleshooting.fields import WordsField
from troubleshooting.forms import SHOWN_ONLY
from troubleshooting.forms_together import NO_NAMES
from troubleshooting.guard import GuardedForm
from troubleshooting.models import Ticket

KEEP, HAND_ON, PARK = "keep", "hand_on", "park"
WAYS = ((HAND_ON, _("Hand on")), (PARK, _("Park")), (KEEP, _("Keep")))
LINE = ""  # to nobody: back to the line
LOCAL = "%Y-%m-%dT%H:%M"


class RestForm(GuardedForm):
    """What becomes of a question when its owner goes. A settled one keeps an owner: no line, no parking."""

    guarded = ("note",)
    do = forms.ChoiceField(
        label=_("What becomes of it"),
        choices=WAYS,
        widget=forms.RadioSelect,
        error_messages={"required": SHOWN_ONLY, "invalid_choice": SHOWN_ONLY},
    )
    to = forms.TypedChoiceField(
        label=_("To whom"),
        required=False,
        coerce=int,
        empty_value=None,
        error_messages={"invalid_choice": _("Choose a colleague who is here.")},
    )
    until = forms.DateTimeField(
        label=_("Until"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=LOCAL),
        error_messages={"invalid": _("Choose a day and a time.")},
    )
    note = WordsField(
        label=_("Note, or what it waits for"),
        required=False,
        help_text=NO_NAMES,
        widget=forms.TextInput({"autocomplete": "off"}),
    )

    def __init__(
        self, *args: Any, ticket: Ticket, colleagues: Sequence[User], back_at: datetime | None, **options: Any
    ) -> None:
        settled = ticket.is_settled
        initial = {"do": KEEP if settled else HAND_ON, "until": back_at}
        super().__init__(*args, **{"auto_id": f"q{ticket.pk}-%s", "initial": initial, **options})
        line = [] if settled else [(LINE, _("Back to the line"))]
        to = [*line, *((user.pk, user.username) for user in colleagues if user.pk != ticket.owner_id)]
        self.fields["to"].choices = to  # type: ignore[attr-defined]
        self.fields["do"].choices = [way for way in WAYS if not (settled and way[0] == PARK)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("do") in (KEEP, PARK) and not data.get("until") and "until" not in self.errors:
            self.add_error("until", _("Choose a day and a time."))
        return data
