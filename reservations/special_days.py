"""Reads of the days of a branch that are not as usual, and of what a calendar file would add to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from reservations.holidays import Holiday, Read
from reservations.models import Branch, Closure, EarlyClosing, SpecialHours
from reservations.rules.closing import Hours


@dataclass(frozen=True)
class SpecialDay:
    """A day to come: closed (everywhere, or here), with other hours, or closing early today."""

    on: date
    hours: Hours
    reason: str
    everywhere: bool = False
    closes_early: bool = False


def special_days(branch: Branch, today: date) -> list[SpecialDay]:
    """Return the days of a branch from today on that are not as usual, in order. Three queries."""
    early = set(EarlyClosing.objects.standing().filter(branch=branch, on__gte=today).values_list("on", flat=True))
    closures = Closure.objects.filter(Q(branch=branch) | Q(branch=None), on__gte=today)
    days = [SpecialDay(row.on, [], row.reason, everywhere=row.branch_id is None) for row in closures]
    hours: dict[date, tuple[Hours, str]] = {}
    for row in SpecialHours.objects.filter(branch=branch, on__gte=today).order_by("on", "opens"):
        known, why = hours.get(row.on, ([], ""))
        hours[row.on] = ([*known, (row.opens, row.closes)], row.reason or why)
    days += [SpecialDay(on, spans, why, closes_early=on in early) for on, (spans, why) in hours.items()]
    return sorted(days, key=lambda day: (day.on, not day.everywhere))


def has_own_hours(branch: Branch, on: date) -> bool:
    """Return whether the branch itself is closed on a day, or has other hours. Two queries."""
    own = Closure.objects.filter(branch=branch, on=on), SpecialHours.objects.filter(branch=branch, on=on)
    return any(rows.exists() for rows in own)


@dataclass(frozen=True)
class FoundDay:
    """A day of a file as it is offered: `known` is why it is closed already."""

    day: Holiday
    known: str = ""
    booked: int = 0

    @property
    def value(self) -> str:
        return f"{self.day.on.isoformat()} {self.day.name}"

    @property
    def ticked(self) -> bool:
        """Whether it is proposed: a whole day that is not closed yet."""
        return self.day.whole and not self.known


def found_days(read: Read, branch: Branch) -> list[FoundDay]:
    """Return the days of a file with those that are closed already marked. One query."""
    days = [day.on for day in read.days]
    closed = Closure.objects.filter(Q(branch=branch) | Q(branch=None), on__in=days)
    known = {row.on: row.reason for row in closed}
    return [FoundDay(day, known.get(day.on, "")) for day in read.days]


def all_or(branch: Branch, everywhere: bool) -> Sequence[Branch]:
    """Return every branch, or the one."""
    branches = Branch.objects.select_related("policy").order_by("pk")
    return list(branches) if everywhere else [branch]
