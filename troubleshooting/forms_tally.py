"""Forms of the tally: a tap, taking one back, and counts that are entered later."""

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from helpdesk import words
from troubleshooting.forms import SHOWN_ONLY, request_key_field
from troubleshooting.models.category import BUTTONS
from troubleshooting.tally import MOST

if TYPE_CHECKING:
    from reservations.models import Branch

DAYS = 7  # today and the six days before
HOURS = [(hour, f"{hour:02d}:00") for hour in range(24)]


class TapForm(forms.Form):
    """One tap of the tally; the verb knows the groups. `at`: when, where the network was away."""

    group = forms.CharField(max_length=20)
    request_key = request_key_field()
    at = forms.DateTimeField(required=False)


class UndoForm(forms.Form):
    """Which tap is taken back: the one with this key, else the last one."""

    request_key = forms.UUIDField(required=False)


class LateForm(forms.Form):
    """Questions that nobody had a hand free to count: how many of which button, on which day, from which hour on."""

    group = forms.ChoiceField(
        label=_("What was asked"),
        widget=forms.RadioSelect,
        choices=[(group.value, group.label) for group in BUTTONS],
        error_messages={"required": _("Choose what was asked."), "invalid_choice": SHOWN_ONLY},
    )
    many = forms.IntegerField(
        label=_("How many"),
        min_value=1,
        max_value=MOST,
        initial=1,
        error_messages={
            name: _("Enter a number from 1 to %(most)d.") % {"most": MOST}
            for name in ("required", "invalid", "min_value", "max_value")
        },
    )
    branch = forms.ChoiceField(label=_("Where"), error_messages={"invalid_choice": SHOWN_ONLY})
    day = forms.TypedChoiceField(
        label=_("Day"), coerce=date.fromisoformat, error_messages={"invalid_choice": SHOWN_ONLY}
    )
    hour = forms.TypedChoiceField(
        label=_("From"), choices=HOURS, coerce=int, error_messages={"invalid_choice": SHOWN_ONLY}
    )
    request_key = request_key_field()

    def __init__(self, *args: Any, branches: "list[Branch]", here: "Branch", now: datetime, **options: Any) -> None:
        today = timezone.localdate(now)
        last = timezone.localtime(now - timedelta(hours=1))
        initial = {"branch": here.slug, "day": last.date().isoformat(), "hour": last.hour, "request_key": uuid4()}
        options.setdefault("initial", initial)
        options.setdefault("auto_id", "late-%s")
        super().__init__(*args, **options)
        self.now = now
        self._offer("branch", [(branch.slug, branch.name) for branch in branches])
        days = [today - timedelta(days=back) for back in range(DAYS)]
        self._offer("day", [(day.isoformat(), _day_word(day, today)) for day in days])

    def _offer(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        """Add `at`, the moment at which that hour of that day began by the branch's clock."""
        data = self.cleaned_data
        if "day" in data and "hour" in data:
            data["at"] = self._moment(data["day"], data["hour"])
        return data

    def _moment(self, day: date, hour: int) -> datetime:
        moment = timezone.make_aware(datetime.combine(day, time(hour)))
        # An hour that the clocks skipped reads as another one.
        if timezone.localtime(moment.astimezone(UTC)).hour != hour:
            raise ValidationError({"hour": _("The clocks skipped this hour that day. Choose the next one.")})
        if moment > self.now:
            raise ValidationError({"hour": _("This hour has not come yet. Choose an earlier one.")})
        return moment


def _day_word(day: date, today: date) -> Any:
    if day == today - timedelta(days=1):
        return _("yesterday")
    return words.day(day, today)
