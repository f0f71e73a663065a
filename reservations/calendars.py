"""Reads a branch's calendar from its rows."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, time
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q

from reservations.calendar import Calendar
from reservations.models import Closure, OpeningHours


def zone() -> ZoneInfo:
    """Return the system's one time zone."""
    return ZoneInfo(settings.TIME_ZONE)


def calendars_of(branch_ids: Collection[int]) -> dict[int, Calendar]:
    """Return the calendar of each branch; two queries however many branches."""
    hours: dict[int, dict[int, list[tuple[time, time]]]] = defaultdict(lambda: defaultdict(list))
    for branch_id, weekday, opens, closes in OpeningHours.objects.filter(
        branch_id__in=branch_ids
    ).values_list("branch_id", "weekday", "opens", "closes"):
        hours[branch_id][weekday].append((opens, closes))
    closed: dict[int, dict[date, str]] = defaultdict(dict)
    for owner, on, reason in Closure.objects.filter(Q(branch_id__in=branch_ids) | Q(branch=None)).values_list(
        "branch_id", "on", "reason"
    ):
        for branch_id in branch_ids if owner is None else [owner]:
            closed[branch_id][on] = reason
    return {pk: Calendar(zone(), hours[pk], closed[pk]) for pk in branch_ids}


def calendar_of(branch_id: int) -> Calendar:
    """Return one branch's calendar."""
    return calendars_of([branch_id])[branch_id]
