"""Policies as managers keep them: the list, one with its rules of classes, and the verbs that save and remove one."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import sha256
from itertools import chain
from typing import Any

from django.contrib.admin.models import ADDITION, CHANGE, DELETION
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy

from helpdesk import live
from helpdesk.actor import Actor
from reservations.locks import lock_branch
from reservations.models import Branch, ClassRule, DeviceClass, Policy
from reservations.policy_story import Key, changed_keys, record
from reservations.rules.problem import Problem, Refused
from reservations.scopes import board_scope
from reservations.shipped import SHIPPED_CLASSES, Preset

COLUMNS = tuple(field.name for field in Policy._meta.concrete_fields if not field.primary_key)
RULE_COLUMNS = tuple(
    field.name
    for field in ClassRule._meta.concrete_fields
    if not field.primary_key and field.name not in {"policy", "device_class"}
)
NAME_LENGTH = 80
Rules = Mapping[int, Mapping[str, Any]]  # what a policy says of classes, by their primary key

UNFIT = Problem(
    "policy_unfit",
    gettext_lazy("Nothing was saved: it does not go together with what is saved already. Look at the values again."),
    gettext_lazy("Rules"),
    lift_by="",
)
IN_USE = Problem(
    "policy_in_use",
    gettext_lazy("A branch uses these rules. Give the branch other rules first."),
    gettext_lazy("Rules"),
    lift_by="",
)
CHANGED = Problem(
    "changed_meanwhile",
    gettext_lazy("These rules were changed meanwhile. Nothing was saved; your values are still below."),
    gettext_lazy("Two people at once"),
    lift_by="",
)


def policies_listed() -> QuerySet[Policy]:
    """Return all policies by name, each with the branches that use it. Two queries."""
    return Policy.objects.prefetch_related("branches").order_by("name")


def policy_of(pk: int) -> Policy:
    """Return a policy with its rules and its branches, or raise Http404. Three queries."""
    policy = Policy.objects.filter(pk=pk).prefetch_related("class_rules", "branches").first()
    if policy is None:
        raise Http404
    return policy


def classes_with_rules() -> list[DeviceClass]:
    """Return the classes of seats, about which a policy can say something."""
    return list(DeviceClass.objects.filter(bookable=True).order_by("name", "pk"))


def rule_columns(rule: ClassRule) -> dict[str, Any]:
    """Return what a rule says under its column names."""
    return {name: getattr(rule, name) for name in RULE_COLUMNS}


def says_something(columns: Mapping[str, Any]) -> bool:
    """Return whether these columns of a class differ from a policy that says nothing of it."""
    return dict(columns) != rule_columns(ClassRule())


def draft_from(preset: Preset | None, kinds: Iterable[DeviceClass]) -> Policy:
    """Return an unsaved policy with the preset's figures and what it says of the shipped classes, else the shipped."""
    said = preset.classes if preset else SHIPPED_CLASSES
    rules = {kind.pk: said[kind.code] for kind in kinds if kind.code in said}
    columns = preset.columns() if preset else {}
    return policy_with(None, columns | {"name": free_name(columns["name"])} if columns else {}, rules)


def free_name(name: str, *, beside: int | None = None) -> str:
    """Return `name` where no other policy than `beside` has it, else the first free one: "Riverside 2"."""
    others = Policy.objects.exclude(pk=beside) if beside else Policy.objects.all()
    taken = set(others.values_list("name", flat=True))
    numbered = (f"{name[: NAME_LENGTH - 5].strip()} {number}" for number in range(2, len(taken) + 3))
    return next(free for free in chain([name], numbered) if free not in taken)


def policy_with(pk: int | None, columns: Mapping[str, Any], rules: Rules) -> Policy:
    """Return an unsaved policy with these figures, knowing its rules."""
    policy = Policy(pk=pk, **columns)
    policy.know([ClassRule(device_class_id=kind, **rule) for kind, rule in rules.items()])
    return policy


def digest(columns: Mapping[str, Any], rules: Rules) -> str:
    """Return a short name of these figures: equal figures, equal name."""
    said = {str(kind): dict(rule) for kind, rule in rules.items() if says_something(rule)}
    text = json.dumps([dict(columns), said], sort_keys=True, cls=DjangoJSONEncoder)
    return sha256(text.encode()).hexdigest()[:32]


def version_of(policy: Policy) -> str:
    """Return the name of the figures that `policy` holds as saved."""
    rules = {rule.device_class_id: rule_columns(rule) for rule in policy.class_rules.all()}
    return digest({name: getattr(policy, name) for name in COLUMNS}, rules)


def _figures(policy: Policy) -> dict[Key, Any]:
    """Return the saved figures of the policy and its classes."""
    own = {(0, name): getattr(policy, name) for name in COLUMNS}
    rules = {rule.device_class_id: rule for rule in policy.class_rules.all()}
    kinds = DeviceClass.objects.values_list("pk", flat=True)
    said = {(kind, name): getattr(rules.get(kind) or ClassRule(), name) for kind in kinds for name in RULE_COLUMNS}
    return own | said


def check_version(policy: Policy, version: str) -> None:
    """Raise Refused `changed_meanwhile` where `policy` is not any more what a form of `version` was filled with."""
    if version_of(policy) != version:
        raise Refused(CHANGED)


@transaction.atomic
def save_policy(
    *, policy: Policy | None, columns: Mapping[str, Any], class_rules: Rules, version: str, by: Actor, now: datetime
) -> Policy:
    """Save these figures as `policy`, or as a new one; every branch that uses it keeps them from the next booking on.

    What stands keeps its times, its check-in time too. `version` is that of the figures the form was filled with.
    Raises Refused `changed_meanwhile` and `policy_unfit`.
    """
    branches = _lock_branches(policy)
    saved = Policy.objects.select_for_update(no_key=True).get(pk=policy.pk) if policy else Policy()
    if policy:
        check_version(saved, version)
    before = _figures(saved) if policy else {}
    for name, value in columns.items():
        setattr(saved, name, value)
    try:
        with transaction.atomic():
            saved.save()
            _keep_rules(saved, class_rules)
    except IntegrityError as error:
        raise Refused(UNFIT) from error
    fresh = policy_of(saved.pk)
    keys = changed_keys(before, _figures(fresh)) if policy else []
    record(saved, CHANGE if policy else ADDITION, by, now, version=version_of(fresh), keys=keys)
    live.touch(*(board_scope(branch_id) for branch_id in branches))
    return saved


@transaction.atomic
def remove_policy(*, policy: Policy, by: Actor, now: datetime) -> None:
    """Delete a policy that no branch uses. Raises Refused `policy_in_use`."""
    if policy.branches.exists():
        raise Refused(IN_USE)
    record(policy, DELETION, by, now)
    policy.delete()


def _lock_branches(policy: Policy | None) -> list[int]:
    """Lock the branches that use `policy`, so that no booking is checked against half of it."""
    found = Branch.objects.filter(policy=policy).order_by("pk").values_list("pk", flat=True) if policy else []
    return [lock_branch(branch_id).pk for branch_id in found]


def _keep_rules(policy: Policy, rules: Rules) -> None:
    said = {kind: dict(rule) for kind, rule in rules.items() if says_something(rule)}
    policy.class_rules.exclude(device_class_id__in=said).delete()
    for kind, rule in said.items():
        policy.class_rules.update_or_create(device_class_id=kind, defaults=rule)
