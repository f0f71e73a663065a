"""The figures of a policy in words, and which of them differ between two."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Field, Model
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helpdesk import words
from reservations.models import ClassRule, DeviceClass, Policy
from reservations.models.policy import Ahead, HorizonUnit
from reservations.policies import COLUMNS, RULE_COLUMNS


@dataclass(frozen=True)
class Figure:
    """One figure that changes: what it is about, in words before and after."""

    what: str
    before: str
    after: str


def figures(before: Policy, after: Policy) -> list[Figure]:
    """Return every figure that differs, in the order of the form: the policy's own, then those of its classes."""
    own = [
        Figure(str(_field(Policy, name).verbose_name), said(before, name), said(after, name))
        for name in COLUMNS
        if getattr(before, name) != getattr(after, name)
    ]
    return own + list(_class_figures(before, after))


def _class_figures(before: Policy, after: Policy) -> Iterator[Figure]:
    for kind in DeviceClass.objects.filter(bookable=True).order_by("name", "pk"):
        old, new = before.rule_for(kind.pk), after.rule_for(kind.pk)
        for name in RULE_COLUMNS:
            if getattr(old, name) != getattr(new, name):
                about = {"kind": kind.name, "what": _field(ClassRule, name).verbose_name}
                yield Figure(_("%(kind)s: %(what)s") % about, said(old, name), said(new, name))


def said(row: Policy | ClassRule, name: str) -> str:
    """Return a figure in words: "1 hour", "yes", "no limit", "all branches together"."""
    value, field = getattr(row, name), _field(type(row), name)
    if value is None:
        return _("no limit") if isinstance(row, Policy) else _("as for all seats")
    if field.choices:
        return str(dict(field.flatchoices)[value])
    if isinstance(field, BooleanField):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(str(part) for part in value) or _("none")
    return words.length(value) if name.endswith("_minutes") else str(value)


def days_ahead(policy: Policy) -> str:
    """Return how far ahead seats can be booked: "7 days", "not at all"."""
    days = policy.horizon_days
    if policy.ahead == Ahead.NEVER:
        return _("not at all")
    if policy.horizon_unit == HorizonUnit.OPEN_DAYS:
        return ngettext("%(days)d open day", "%(days)d open days", days) % {"days": days}
    return ngettext("%(days)d day", "%(days)d days", days) % {"days": days}


def _field(model: type[Model], name: str) -> "Field[Any, Any]":
    field: Field[Any, Any] = model._meta.get_field(name)  # type: ignore[assignment]
    return field
