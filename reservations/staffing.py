"""Who works where, and what they may see: the getters behind every staff page."""

from collections.abc import Collection
from typing import TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from helpdesk.models import SERVE_ALL, Role, User
from reservations.models import Branch, Device, StaffPost

T = TypeVar("T")


def branches_seen(user: User) -> list[Branch]:
    """Return the branches that `user` works at, in their order; none for someone who works at none yet."""
    return list(Branch.objects.visible_to(user).order_by("position", "pk"))


def branches_for(user: User) -> list[Branch]:
    """Return the branches that `user` works at, in their order; raises PermissionDenied where there is none."""
    return at_least_one(branches_seen(user), user)


def at_least_one(branches: list[T], user: User) -> list[T]:
    """Return `branches`, or raise PermissionDenied with the next step for someone who has none yet."""
    if not branches and user.role == Role.MANAGER:
        raise PermissionDenied(_("There is no branch yet. Add the first one in Set-up, then this page opens."))
    if not branches:
        raise PermissionDenied(_("You work at no branch yet. A manager adds you to one in Set-up."))
    return branches


def branch_for(user: User, slug: str | None) -> Branch:
    """Return the branch with `slug` if `user` works there, the first one where `slug` is empty; else Http404."""
    branches = Branch.objects.visible_to(user).select_related("policy").order_by("position", "pk")
    branch = branches.filter(slug=slug).first() if slug else branches.first()
    if branch is None:
        raise Http404
    return branch


def devices_of(branch: Branch) -> list[Device]:
    """Return the branch's devices in the room's order, with class and area."""
    return list(
        Device.objects.filter(branch=branch, retired_on=None)
        .select_related("device_class", "area")
        .order_by("area__position", "area_id", "position", "pk")
    )


def staff_at(branch_id: int, roles: Collection[str]) -> QuerySet[User]:
    """Return the active staff of `roles` who serve the branch: by a post, or because they serve all."""
    posted = StaffPost.objects.filter(user=OuterRef("pk"), branch_id=branch_id)
    users = User.objects.filter(Exists(posted) | Q(role__in=SERVE_ALL), is_active=True, role__in=roles)
    return users.order_by("pk")
