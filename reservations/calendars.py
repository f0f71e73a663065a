"""Reads a branch's calendar from its rows."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, time
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import CharField, DateField, Field, Q, SmallIntegerField, TimeField, Value
from django.db.models.functions import Cast

from reservations.calendar import Calendar
from reservations.models import Closure, OpeningHours


def zone() -> ZoneInfo:
    """Return the system's one time zone."""
    return ZoneInfo(settings.TIME_ZONE)


def calendars_of(branch_ids: Collection[int]) -> dict[int, Calendar]:
    """Return the calendar of each branch; one query however many branches."""
    hours: dict[int, dict[int, list[tuple[time, time]]]] = defaultdict(lambda: defaultdict(list))
    closed: dict[int, dict[date, str]] = defaultdict(dict)
    for owner, weekday, opens, closes, on, reason in _rows(branch_ids):
        if on is None:
            hours[owner][weekday].append((opens, closes))
        for branch_id in (branch_ids if owner is None else [owner]) if on else []:
            closed[branch_id][on] = reason
    return {pk: Calendar(zone(), hours[pk], closed[pk]) for pk in branch_ids}


def _rows(branch_ids: Collection[int]) -> Iterable[tuple[Any, ...]]:
    """Return opening hours and closures in one shape: owner, weekday, opens, closes, closed day, reason."""
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
    return openings.order_by().union(closures.order_by(), all=True)


def _nothing(field: "Field[Any, Any]") -> Cast:
    return Cast(Value(None), field)


def calendar_of(branch_id: int) -> Calendar:
    """Return one branch's calendar."""
    return calendars_of([branch_id])[branch_id]
