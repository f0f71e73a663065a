"""Branches as managers keep them: the list, and the verbs that add one, change it, move it up and remove it."""

from datetime import datetime

from django.contrib.admin.models import ADDITION, CHANGE, DELETION
from django.db import transaction
from django.db.models import Count, Max, ProtectedError, Q, QuerySet
from django.http import Http404
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from helpdesk import live
from helpdesk.actor import Actor
from helpdesk.db import refused_by
from reservations.locks import lock_branch
from reservations.models import Branch, Policy
from reservations.policies import classes_with_rules, free_name, save_policy
from reservations.rules.problem import Problem, Refused
from reservations.scopes import board_scope
from reservations.set_up.notes import note
from reservations.set_up.seen import check_seen
from reservations.shipped import SHIPPED_CLASSES

SLUG_LENGTH = 40
RESERVED = frozenset({"health", "suggest"})  # words that stand in an address where a branch's short name could
NAME_TAKEN = Problem(
    "name_taken", _("Another branch has this name. Choose another one."), _("One name, one branch"), lift_by=""
)
SLUG_TAKEN = Problem(
    "slug_taken",
    _("Another branch has this short name. Type another one."),
    _("One short name, one branch"),
    lift_by="",
)
SLUG_RESERVED = Problem(
    "slug_reserved",
    _("Our own addresses use this word. Type another short name."),
    _("Words of our own addresses"),
    lift_by="",
)
SLUG_NEEDED = Problem(
    "slug_needed",
    _("Type a short name in plain letters, such as: harbour."),
    _("The short name stands in addresses"),
    lift_by="",
)
HAS_PAST = Problem(
    "branch_in_use",
    _(
        "Computers, bookings or questions belong to this branch, and the figures need them. To put it out of use, "
        "empty its weekly hours and take the pairing of its kiosks back."
    ),
    _("Only a branch without a past is removed"),
    lift_by="",
)


def branches_listed() -> "QuerySet[Branch]":
    """Return all branches in their order, each with its policy and how many computers stand there. One query."""
    seats = Q(devices__device_class__bookable=True, devices__retired_on=None)
    found = Branch.objects.select_related("policy").annotate(seats=Count("devices", filter=seats))
    return found.order_by("position", "pk")


def branch_of(pk: int) -> Branch:
    """Return a branch with its policy, or raise Http404. One query."""
    branch = Branch.objects.select_related("policy").filter(pk=pk).first()
    if branch is None:
        raise Http404
    return branch


@transaction.atomic
def add_branch(*, name: str, slug: str, policy: Policy | None, by: Actor, now: datetime) -> Branch:
    """Add a branch behind the others; it keeps `policy`, or one of its own with the shipped figures.

    An empty `slug` is made from the name. Nobody can book there before it has hours and a computer. Raises Refused
    `name_taken`, `slug_taken`, `slug_needed`, `slug_reserved`.
    """
    last = Branch.objects.aggregate(last=Max("position"))["last"]
    branch = Branch(position=0 if last is None else last + 1)
    branch.policy = policy or _shipped_policy(name, by, now)
    _save(branch, name, slug)
    note(branch, ADDITION, by=by, now=now)
    return branch


@transaction.atomic
def change_branch(
    *, branch: Branch, name: str, slug: str, policy: Policy | None, by: Actor, now: datetime, seen: str = ""
) -> Branch:
    """Give a branch another name, short name or policy, which holds from the next booking on.

    Its addresses change with the short name, that of its wall display too. `seen` is the version that the form was
    filled with. Raises Refused `changed_meanwhile`, and as `add_branch` does.
    """
    kept = lock_branch(branch.pk)
    check_seen(kept, seen, {"name": name.strip(), "slug": slug, "policy_id": policy.pk if policy else None})
    kept.policy = policy or _shipped_policy(name, by, now)
    _save(kept, name, slug)
    note(kept, CHANGE, by=by, now=now)
    live.touch(board_scope(kept.pk))
    return kept


@transaction.atomic
def move_branch_up(*, branch: Branch, by: Actor, now: datetime) -> None:
    """Let a branch stand one place further up in every list; the first one stays."""
    pks = list(Branch.objects.order_by("pk").values_list("pk", flat=True))
    rows = sorted((lock_branch(pk) for pk in pks), key=lambda row: (row.position, row.pk))
    at = next((place for place, row in enumerate(rows) if row.pk == branch.pk), 0)
    if at == 0:
        return
    rows[at - 1 : at + 1] = [rows[at], rows[at - 1]]
    for position, row in enumerate(rows):
        row.position = position
    Branch.objects.bulk_update(rows, ["position"])
    note(rows[at - 1], CHANGE, by=by, now=now)


@transaction.atomic
def remove_branch(*, branch: Branch, by: Actor, now: datetime) -> None:
    """Remove a branch that has no past: with its hours, areas, kiosks and posts. Raises Refused `branch_in_use`."""
    kept = lock_branch(branch.pk)
    note(kept, DELETION, by=by, now=now)
    try:
        kept.delete()
    except ProtectedError as error:
        raise Refused(HAS_PAST) from error


def _save(branch: Branch, name: str, slug: str) -> None:
    """Save name and short name. The database has the last word on both."""
    branch.name = name.strip()
    branch.slug = slug or slugify(branch.name)[:SLUG_LENGTH].strip("-")
    if not branch.slug:
        raise Refused(SLUG_NEEDED)
    if branch.slug in RESERVED:
        raise Refused(SLUG_RESERVED)
    with (
        refused_by("reservations_branch_name_key", Refused(NAME_TAKEN)),
        refused_by("reservations_branch_slug_key", Refused(SLUG_TAKEN)),
    ):
        branch.save()


def _shipped_policy(name: str, by: Actor, now: datetime) -> Policy:
    """Return a new policy with the shipped figures, named after the branch that keeps it."""
    rules = {kind.pk: SHIPPED_CLASSES[kind.code] for kind in classes_with_rules() if kind.code in SHIPPED_CLASSES}
    return save_policy(
        policy=None, columns={"name": free_name(name.strip())}, class_rules=rules, version="", by=by, now=now
    )
