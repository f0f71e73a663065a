"""The figures of a policy in words, and which of them differ between two."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import BooleanField, Field, Model
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from helpdesk import words
from reservations.models import ClassRule, DeviceClass, Policy
from reservations.policies import COLUMNS, RULE_COLUMNS
from reservations.policy_story import Key, Meanwhile


@dataclass(frozen=True)
class Figure:
    """One figure: what it is about, in words before and after; `key` names a column."""

    what: str
    before: str
    after: str
    key: Key | None = None


def figures(before: Policy, after: Policy) -> list[Figure]:
    """Return every figure that differs, in the order of the form: the policy's own, then those of its classes."""
    own = [
        Figure(str(_field(Policy, name).verbose_name), said(before, name), said(after, name), (0, name))
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
                yield Figure(_("%(kind)s: %(what)s") % about, said(old, name), said(new, name), (kind.pk, name))


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


def meanwhile_words(others: Meanwhile, now: datetime) -> str:
    """Return who changed a policy when, and what: "Morgan changed these rules at 14:20: Session length."."""
    kinds = dict(DeviceClass.objects.values_list("pk", "name"))
    own = [capfirst(str(_field(Policy, name).verbose_name)) for name in COLUMNS if (0, name) in others.keys]
    rules = [
        _("%(kind)s: %(what)s") % {"kind": kinds[kind], "what": _field(ClassRule, name).verbose_name}
        for kind, name in sorted(others.keys)
        if kind in kinds
    ]
    said = {"who": others.who, "when": words.when(others.at, now), "what": "; ".join(own + rules)}
    return _("%(who)s changed these rules %(when)s: %(what)s.") % said


def _field(model: type[Model], name: str) -> "Field[Any, Any]":
    field: Field[Any, Any] = model._meta.get_field(name)  # type: ignore[assignment]
    return field
