"""Reads a branch's calendar from its rows."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, time
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import CharField, DateField, Field, Q, SmallIntegerField, TimeField, Value
from django.db.models.functions import Cast

from reservations.calendar import Calendar
from reservations.models import Closure, OpeningHours, SpecialHours

T = TypeVar("T")
Hours = dict[int, dict[T, list[tuple[time, time]]]]  # by branch, then by weekday or day


def zone() -> ZoneInfo:
    """Return the system's one time zone."""
    return ZoneInfo(settings.TIME_ZONE)


def calendars_of(branch_ids: Collection[int]) -> dict[int, Calendar]:
    """Return the calendar of each branch; one query however many branches."""
    hours: Hours[int] = defaultdict(lambda: defaultdict(list))
    special: Hours[date] = defaultdict(lambda: defaultdict(list))
    closed: dict[int, dict[date, str]] = defaultdict(dict)
    said: dict[int, dict[date, str]] = defaultdict(dict)
    for owner, weekday, opens, closes, on, reason in _rows(branch_ids):
        if on is None:
            hours[owner][weekday].append((opens, closes))
        elif opens is not None:
            special[owner][on].append((opens, closes))
            said[owner][on] = reason or said[owner].get(on, "")
        else:
            for branch_id in branch_ids if owner is None else [owner]:
                closed[branch_id][on] = reason
    return {pk: Calendar(zone(), hours[pk], closed[pk], special[pk], said[pk]) for pk in branch_ids}


def _rows(branch_ids: Collection[int]) -> Iterable[tuple[Any, ...]]:
    """Return opening hours, closures and special hours in one shape: owner, weekday, opens, closes, day, reason."""
    openings = OpeningHours.objects.filter(branch_id__in=branch_ids).values_list(
        "branch_id", "weekday", "opens", "closes", _nothing(DateField()), _nothing(CharField())
    )
    closures = Closure.objects.filter(Q(branch_id__in=branch_ids) | Q(branch=None)).values_list(
        "branch_id",
        _nothing(SmallIntegerField()),
        _nothing(TimeField()),
        _nothing(TimeField()),
        "on",
        "reason",
    )
    special = SpecialHours.objects.filter(branch_id__in=branch_ids).values_list(
        "branch_id", _nothing(SmallIntegerField()), "opens", "closes", "on", "reason"
    )
    return openings.order_by().union(closures.order_by(), special.order_by(), all=True)


def _nothing(field: "Field[Any, Any]") -> Cast:
    return Cast(Value(None), field)


def calendar_of(branch_id: int) -> Calendar:
    """Return one branch's calendar."""
    return calendars_of([branch_id])[branch_id]
