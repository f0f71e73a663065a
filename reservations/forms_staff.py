"""Forms of the desk: the reason of a cancellation, the key of a guest pass."""

from django import forms
from django.utils.translation import gettext_lazy as _

REASON_LIMIT = 200  # characters, as in BookingEvent.reason


class CancelForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=REASON_LIMIT,
        error_messages={
            "max_length": _("The reason has %(show_value)s characters. %(limit_value)s fit: make it shorter."),
            "null_characters_not_allowed": _("The reason holds characters that cannot be kept. Type it again."),
        },
    )


class PassForm(forms.Form):
    request_key = forms.UUIDField(
        error_messages={
            "required": _("Open the desk page again, then issue the pass."),
            "invalid": _("Open the desk page again, then issue the pass."),
        }
    )
