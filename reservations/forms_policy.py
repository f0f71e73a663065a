"""The form of a policy: its figures in groups, and a row for each class of seats."""

from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reservations.models import ClassRule, DeviceClass, Policy
from reservations.policies import (
    COLUMNS,
    RULE_COLUMNS,
    digest,
    free_name,
    policy_with,
    rule_columns,
    says_something,
)
from reservations.policy_errors import WarningsField, speak_plainly
from reservations.policy_words import said
from reservations.rules.sanity import contradictions
from reservations.rules.sanity_classes import of_class

if TYPE_CHECKING:
    PolicyModelForm = forms.ModelForm[Policy]
    RuleModelForm = forms.ModelForm[ClassRule]
else:
    PolicyModelForm = RuleModelForm = forms.ModelForm

GROUPS: tuple[tuple[Promise, tuple[str, ...]], ...] = (
    (gettext_lazy("Name"), ("name", "source")),
    (
        gettext_lazy("How long"),
        (
            "session_minutes",
            "day_minutes",
            "sessions_a_day",
            "week_minutes",
            "break_minutes",
            "day_scope",
            "missed_count",
        ),
    ),
    (
        gettext_lazy("Guests and ages"),
        (
            "guest_session_minutes",
            "guest_day_minutes",
            "guest_pass_days",
            "guest_self_a_day",
            "staff_below_age",
            "family_seats",
            "guests_allowed",
            "guest_self_service",
        ),
    ),
    (
        gettext_lazy("Booking ahead"),
        ("ahead", "horizon_days", "horizon_unit", "open_bookings", "start_every_minutes"),
    ),
    (
        gettext_lazy("Coming late, or not at all"),
        (
            "grace_minutes",
            "least_left_minutes",
            "no_shows",
            "no_show_days",
            "no_show_result",
            "no_show_penalty_days",
        ),
    ),
    (
        gettext_lazy("The room and its closing"),
        ("min_slot_minutes", "gap_minutes", "stop_minutes", "last_booking_minutes"),
    ),
    (
        gettext_lazy("Time that bends"),
        (
            "extension",
            "extension_minutes",
            "extensions_most",
            "soft_landing_minutes",
            "help_minutes",
            "resume_minutes",
            "warning_minutes",
            "extension_counts",
        ),
    ),
    (gettext_lazy("While the library system is away"), ("when_away", "away_minutes")),
    (gettext_lazy("The line"), ("claim_minutes",)),
)
HINTS: dict[str, Promise] = {
    "guest_pass_days": gettext_lazy("1 is the day on which it is given."),
    "family_seats": gettext_lazy("At the same time as the adult's own; 0 gives none."),
    "source": gettext_lazy("A page or a decision that people can look up."),
    "horizon_days": gettext_lazy("0 is today only."),
    "least_left_minutes": gettext_lazy("Late in a booking, less than this is not given any more."),
    "no_shows": gettext_lazy("Empty: missing a booking has no consequence."),
    "last_booking_minutes": gettext_lazy("At least as long as the computers stop before closing."),
    "warning_minutes": gettext_lazy("With commas between them."),
    "soft_landing_minutes": gettext_lazy("Minutes; 0 gives none."),
    "away_minutes": gettext_lazy("Minutes a day that are given on trust."),
}


class PolicyForm(PolicyModelForm):
    """The figures that hold for all seats; each hint ends with the shipped value."""

    warning_minutes = WarningsField(required=False, label="")

    class Meta:
        model = Policy
        fields = COLUMNS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shipped = Policy()
        for name, field in self.fields.items():
            field.label = capfirst(str(Policy._meta.get_field(name).verbose_name))  # type: ignore[union-attr]
            usual = _("Shipped: %(value)s.") % {"value": said(shipped, name)} if name not in {"name", "source"} else ""
            field.help_text = " ".join(part for part in (str(HINTS.get(name, "")), usual) if part)
            speak_plainly(field, name, Policy)

    def clean_name(self) -> str:
        """Refuse the name of another policy with a free one; without a name there is nothing to compare."""
        name: str = self.cleaned_data["name"]
        free = free_name(name, beside=self.instance.pk)
        if free != name:
            sentence = _("There are rules of this name. Call these %(free)s, or something else.")
            raise ValidationError(sentence % {"free": free})
        return name

    def clean(self) -> dict[str, Any]:
        """Mark each figure that contradicts another; one that is no figure is not judged."""
        cleaned = super().clean() or self.cleaned_data
        for found in contradictions(cleaned):
            self.add_error(found.field, found.sentence)
        return cleaned

    def _post_clean(self) -> None:
        """Ask the model last, of figures that are all there: else old ones would be held against new ones."""
        if not self.errors:
            super()._post_clean()  # type: ignore[misc]

    def groups(self) -> Iterator[tuple[Promise, list[BoundField]]]:
        """Yield the groups of the page with their fields."""
        return ((title, [self[name] for name in names]) for title, names in GROUPS)


class ClassRuleForm(RuleModelForm):
    """What the policy says of one class of seats: a row whose column heads are the labels."""

    guests_allowed = forms.TypedChoiceField(
        choices=(("", gettext_lazy("as above")), ("True", gettext_lazy("yes")), ("False", gettext_lazy("no"))),
        coerce=lambda value: value == "True",
        empty_value=None,
        required=False,
    )

    class Meta:
        model = ClassRule
        fields = RULE_COLUMNS

    def __init__(self, data: Mapping[str, Any] | None, *, kind: DeviceClass, instance: ClassRule) -> None:
        super().__init__(data, prefix=f"class-{kind.pk}", instance=instance)
        self.kind = kind
        self.above: Mapping[str, Any] = {}  # the figures that hold for all seats
        for name, field in self.fields.items():
            label = ClassRule._meta.get_field(name).verbose_name  # type: ignore[union-attr]
            field.label = capfirst(str(label))
            field.widget.attrs["aria-label"] = f"{kind.name}: {label}"
            if not isinstance(field, forms.BooleanField):
                speak_plainly(field, name, ClassRule)
            if not isinstance(field.widget, forms.CheckboxInput):
                field.widget.attrs["class"] = "input"

    def clean(self) -> dict[str, Any]:
        """Mark each figure that contradicts another of the row or those above."""
        cleaned = super().clean() or self.cleaned_data
        for found in of_class(cleaned, self.above):
            self.add_error(found.field, found.sentence)
        return cleaned

    def _post_clean(self) -> None:
        if not self.errors:
            super()._post_clean()  # type: ignore[misc]

    def cells(self) -> Iterator[BoundField]:
        """Yield the fields in the order of the columns, those that were refused marked."""
        for name in RULE_COLUMNS:
            cell = self[name]
            if cell.errors:
                cell.field.widget.attrs |= {"aria-invalid": "true", "aria-describedby": f"{self.prefix}-errors"}
            yield cell


@dataclass(frozen=True)
class Fault:
    """One field that is marked, and what it is called in the list of what is wrong."""

    field: BoundField
    label: str


class PolicyPage:
    """Everything that the page of a policy sends: one form, and one row for each class."""

    def __init__(self, policy: Policy, kinds: list[DeviceClass], data: Mapping[str, Any] | None = None) -> None:
        self.pk = policy.pk
        self.form = PolicyForm(data, instance=copy(policy))
        self.rows = [
            ClassRuleForm(data, kind=kind, instance=ClassRule(**rule_columns(policy.rule_for(kind.pk))))
            for kind in kinds
        ]

    def is_valid(self) -> bool:
        """Return whether everything goes together; the rows are held against the figures above them."""
        fits = self.form.is_valid()
        for row in self.rows:
            row.above = self.form.cleaned_data
        return all([fits, *(row.is_valid() for row in self.rows)])

    @property
    def is_refused(self) -> bool:
        return self.form.is_bound and not self.is_valid()

    @property
    def faults(self) -> list[Fault]:
        """What is marked, in the order of the page."""
        own = [Fault(self.form[name], str(self.form[name].label)) for _t, names in GROUPS for name in names]
        rows = [
            Fault(row[name], _("%(kind)s: %(what)s") % {"kind": row.kind.name, "what": row[name].label})
            for row in self.rows
            for name in RULE_COLUMNS
        ]
        return [fault for fault in own + rows if fault.field.errors]

    @property
    def columns(self) -> dict[str, Any]:
        return dict(self.form.cleaned_data)

    @property
    def class_rules(self) -> dict[int, dict[str, Any]]:
        return {row.kind.pk: row.cleaned_data for row in self.rows if says_something(row.cleaned_data)}

    def draft(self) -> Policy:
        """Return the policy that would be saved."""
        return policy_with(self.pk, self.columns, self.class_rules)

    def digest(self) -> str:
        """Return the name of the values that were sent: what is saved is what was shown."""
        return digest(self.columns, self.class_rules)

    @property
    def heads(self) -> list[str]:
        """The labels of the columns of classes."""
        return [str(field.label) for field in self.rows[0].fields.values()] if self.rows else []
