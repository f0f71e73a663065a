"""Forms of the desk: reasons, lengths, what a place in line asks for, the key of a guest pass."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from helpdesk.personal import identifies
from reservations.booking.override import REASON_PERSONAL
from reservations.forms import MomentField

REASON_LIMIT = 200  # characters, as in BookingEvent.reason
LONGEST = 1440  # minutes
AGAIN = _("Open the desk page again, then repeat the last step.")


def says_no_person(reason: str) -> None:
    """Refuse a reason with the number of a card, a phone or an e-mail address in it."""
    if identifies(reason):
        raise ValidationError(str(REASON_PERSONAL.sentence), "personal")


def reason_field(label: Any, **options: Any) -> forms.CharField:
    """Return a field for a short reason; longer ones are refused in words, never cut."""
    return forms.CharField(
        label=label,
        required=options.pop("required", False),
        max_length=REASON_LIMIT,
        help_text=_("No names or card numbers"),
        validators=[says_no_person],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": _("Say why, in a few words: three letters at the least."),
            "max_length": _("The reason has %(show_value)s characters. %(limit_value)s fit: make it shorter."),
            "null_characters_not_allowed": _("The reason holds characters that cannot be kept. Type it again."),
        },
        **options,
    )


def request_key_field() -> forms.UUIDField:
    """Return the hidden key by which a double click gets the first result."""
    return forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": AGAIN, "invalid": AGAIN})


def minutes_field(**options: Any) -> forms.IntegerField:
    """Return a field for whole minutes."""
    unfit = _("Type the minutes as a number from 1 to 1440.")
    return forms.IntegerField(
        label=_("Minutes"),
        min_value=1,
        max_value=LONGEST,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), unfit),
        **options,
    )


class ReasonForm(forms.Form):
    """A reason that may stay empty, and a reason to do it against the rules."""

    reason = reason_field(_("Reason"))
    override = reason_field(_("Reason"))


class GivenReasonForm(forms.Form):
    """A reason that has to be given."""

    reason = reason_field(_("Reason"), required=True)
    override = reason_field(_("Reason"))


class LengthForm(ReasonForm):
    """Minutes more, one extension of the policy without."""

    minutes = minutes_field(required=False)


class LandingForm(ReasonForm):
    """What has to be finished: a timed form or a video visit."""

    why = forms.ChoiceField(
        choices=[("form", _("a form")), ("video", _("a video visit"))],
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose one of the shown.")),
    )


class TurnForm(forms.Form):
    """What a place in line asks for."""

    class_code = forms.ChoiceField(
        label=_("Kind of seat"), required=False, error_messages={"invalid_choice": _("Choose one of the shown.")}
    )
    needs = forms.MultipleChoiceField(
        label=_("It must have"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Choose one of the shown.")},
    )
    minutes = minutes_field()

    def __init__(self, *args: Any, classes: list[Any], needs: list[Any], **options: Any) -> None:
        super().__init__(*args, **{"auto_id": "turn-%s", **options})
        for name, choices in (("class_code", classes), ("needs", needs)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices


class SkipForm(forms.Form):
    """Where a number stood when the page was shown, so that the same click skips it once."""

    place_at = MomentField(required=False)


class PassForm(forms.Form):
    request_key = request_key_field()


class MoveForm(forms.Form):
    """The seat that somebody moves to, and a reason to do it against the rules."""

    device = forms.IntegerField(error_messages=dict.fromkeys(("required", "invalid"), _("Choose a seat.")))
    override = reason_field(_("Reason"))


class InsteadForm(forms.Form):
    """One of the other ways for somebody whose booking was taken away."""

    device = forms.IntegerField(error_messages=dict.fromkeys(("required", "invalid"), _("Choose a seat.")))
    start = MomentField()
    minutes = minutes_field()
    request_key = request_key_field()
    override = reason_field(_("Reason"))


class ExpectedForm(forms.Form):
    """When a device is expected back; empty where nobody knows."""

    until = forms.DateTimeField(
        required=False, error_messages={"invalid": _("Choose a day and a time, or leave it empty.")}
    )
