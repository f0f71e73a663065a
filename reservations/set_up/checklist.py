"""What is missing before the first patron can book at a branch: read from what there is, nothing of it is stored."""

from dataclasses import dataclass
from typing import Any, cast

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helpdesk.models import Role, User
from helpdesk.roles import DESK_ROLES
from reservations.models import Booking, Branch, Card, Device, DeviceClass, Kiosk, OpeningHours, StaffPost
from reservations.models.booking import Kind
from reservations.patrons import library
from reservations.set_up.doors import door


@dataclass(frozen=True)
class Step:
    """One thing that a branch needs: what it is for, whether it is there, and the page that mends it."""

    key: str
    title: str
    text: str
    is_done: bool
    url: str


@dataclass(frozen=True)
class Checklist:
    """The steps of one branch, in order; without a branch those of the first one, of which only the first opens.

    `has_begun`: somebody has booked there, so nothing keeps patrons from it any more.
    """

    branch: Branch | None
    steps: list[Step]
    has_begun: bool = False

    @property
    def missing(self) -> list[Step]:
        return [step for step in self.steps if not step.is_done]

    @property
    def next(self) -> Step | None:
        """The first thing that is missing."""
        return next(iter(self.missing), None)

    @property
    def sentence(self) -> str:
        """What stands in the way of the first patron, in numbers; '' where nothing does."""
        count = len(self.missing)
        if not count or self.has_begun:
            return ""
        said = {"count": count, "branch": self.branch.name if self.branch else ""}
        if self.branch is None:
            few = ngettext(
                "%(count)d thing is missing before the first patron can book.",
                "%(count)d things are missing before the first patron can book.",
                count,
            )
            return few % said
        here = ngettext(
            "%(count)d thing is missing before the first patron can book at %(branch)s.",
            "%(count)d things are missing before the first patron can book at %(branch)s.",
            count,
        )
        return here % said


def needs_first_branch(user: User) -> bool:
    """Return whether set-up is where this member of staff begins: a manager, and no branch is there yet."""
    return user.role == Role.MANAGER and not Branch.objects.exists()


def checklists() -> list[Checklist]:
    """Return the checklist of every branch, in their order; without any branch that of the first one. Three queries."""
    shared = _shared()
    branches = [_checklist(branch, shared) for branch in _with_what_they_have(Branch.objects.all())]
    return branches or [_first(shared)]


def missing_at(branch: Branch) -> str:
    """Return how many things stand in the way of the first patron at `branch`, '' where nothing does. Three queries."""
    return _checklist(_with_what_they_have(Branch.objects.all()).get(pk=branch.pk), _shared()).sentence


def _with_what_they_have(branches: "QuerySet[Branch]") -> "QuerySet[Branch]":
    here = OuterRef("pk")
    posts = StaffPost.objects.filter(branch=here, user__is_active=True, user__role__in=DESK_ROLES)
    return branches.select_related("policy").annotate(
        has_hours=Exists(OpeningHours.objects.filter(branch=here)),
        has_seat=Exists(Device.objects.bookable().filter(branch=here)),
        has_kiosk=Exists(Kiosk.objects.filter(branch=here, revoked_at=None)),
        has_staff=Exists(posts),
        has_begun=Exists(Booking.objects.filter(branch=here, kind=Kind.PATRON)),
    )


def _shared() -> dict[str, bool]:
    """Return what all branches share: a kind of computers, and somebody who knows the cards. Two queries."""
    has_cards = library.is_asked() or Card.objects.exists()
    return {"has_kind": DeviceClass.objects.filter(bookable=True).exists(), "has_cards": has_cards}


def _checklist(branch: Branch, shared: dict[str, bool]) -> Checklist:
    here, has = branch.slug, cast(Any, branch)
    steps = [
        Step("branch", _("Branch"), branch.name, True, reverse("branch", args=[branch.pk])),
        Step("hours", _("Weekly hours"), _("When it is open"), has.has_hours, reverse("week", args=[here])),
        _kind(shared),
        Step("seat", _("Computer"), _("One at least that people can book"), has.has_seat, door("devices").url(branch)),
        Step("rules", _("Rules"), branch.policy.name, True, reverse("policy", args=[branch.policy_id])),
        Step("kiosk", _("Kiosk"), _("The screen at which people book"), has.has_kiosk, reverse("kiosks")),
        _cards(shared),
        Step("staff", _("Staff"), _("Somebody who works at the desk there"), has.has_staff, door("staff").url(branch)),
    ]
    return Checklist(branch, steps, has_begun=has.has_begun)


def _first(shared: dict[str, bool]) -> Checklist:
    """Return the checklist of a system without any branch: what is about a branch opens once it is there."""
    steps = [
        Step("branch", _("Branch"), _("Its name, and which rules it keeps"), False, reverse("branch-new")),
        Step("hours", _("Weekly hours"), _("When it is open"), False, ""),
        _kind(shared),
        Step("seat", _("Computer"), _("One at least that people can book"), False, ""),
        Step("kiosk", _("Kiosk"), _("The screen at which people book"), False, ""),
        _cards(shared),
        Step("staff", _("Staff"), _("Somebody who works at the desk there"), False, ""),
    ]
    return Checklist(None, steps)


def _kind(shared: dict[str, bool]) -> Step:
    text = _("Such as internet computers, or those for children")
    return Step("kind", _("Class of devices"), text, shared["has_kind"], door("classes").url(None))


def _cards(shared: dict[str, bool]) -> Step:
    text = _("A file of library cards; guests can book without one")
    if library.is_asked():
        text = _("The library system is asked; a file of cards signs nobody in")
    return Step("cards", _("Cards"), text, shared["has_cards"], door("cards").url(None))
