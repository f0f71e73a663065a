"""The branches side by side: how many seats each has free now."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from django.db.models import (
    Count,
    DateTimeField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Value,
)

from helpdesk.models import User
from reservations.board import SOON
from reservations.calendar import Calendar
from reservations.calendars import calendars_of
from reservations.models import Booking, Branch
from reservations.models.booking import Kind
from reservations.rulebook import taken, with_rules
from reservations.staffing import at_least_one

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class BranchFree:
    """A branch with the seats that its board calls free; `is_open` says whether anybody could take one now."""

    branch: Branch
    free: int
    is_open: bool
    calendar: Calendar


def branches_with_free(user: User, *, now: datetime) -> list[BranchFree]:
    """Return the branches that `user` works at, in their order; PermissionDenied where there is none. Two queries."""
    seats = Q(devices__device_class__bookable=True, devices__retired_on=None)
    free = Count("devices", filter=seats & ~Exists(_taken(now)) & ~Exists(_being_cleaned(now)), distinct=True)
    visible = with_rules(Branch.objects.visible_to(user).annotate(free=free).order_by("position", "pk"))
    branches = at_least_one([taken(branch) for branch in visible], user)
    calendars = calendars_of([branch.pk for branch in branches])
    return [
        BranchFree(branch, cast(Any, branch).free, calendars[branch.pk].span_at(now) is not None, calendars[branch.pk])
        for branch in branches
    ]


def _taken(now: datetime) -> QuerySet[Booking]:
    """Return what stands on a seat now or soon."""
    soon = now + SOON + timedelta(microseconds=1)
    return Booking.objects.live(now).holding(now, soon).filter(device=OuterRef("devices"))


def _being_cleaned(now: datetime) -> QuerySet[Booking]:
    """Return who left a seat less than the branch's cleaning gap ago."""
    gap = ExpressionWrapper(F("branch__policy__gap_minutes") * Value(MINUTE), DurationField())
    since = ExpressionWrapper(Value(now) - gap, DateTimeField())
    left = Q(ended_at__gt=since, ended_at__lte=now) | Q(
        ended_at=None, period__endswith__gt=since, period__endswith__lte=now
    )
    begun = Q(ended_at=None) | Q(ended_at__gt=F("period__startswith"))
    sat = Q(checked_in_at__isnull=False) | (Q(kind=Kind.CLASS) & begun)
    return Booking.objects.filter(left & sat, device=OuterRef("devices"))
