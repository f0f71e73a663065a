"""Whose owner is off today, as a condition of SQL: a list that shows it asks no query more.

It says what staffing.off_today says of one person: with shifts recorded, but none today, or away; a shift that began
yesterday and is not over is today's.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.db.models import BooleanField, Exists, ExpressionWrapper, F, OuterRef, Q
from django.utils import timezone

from helpdesk.models import User
from troubleshooting.models import Absence, Shift
from troubleshooting.models.ticket import State


def is_off(user_ref: str, now: datetime) -> Q:
    """Return the condition that the user whose id the outer query calls `user_ref` does not work today."""
    local = timezone.localtime(now)
    today, yesterday = local.date(), local.date() - timedelta(days=1)
    shifts = Shift.objects.filter(user_id=OuterRef(user_ref))
    works_today = Exists(shifts.filter(weekday=today.weekday()))
    night = shifts.filter(weekday=yesterday.weekday(), ends__lte=F("starts"), ends__gt=local.time())
    away = Absence.objects.filter(user_id=OuterRef(user_ref), from_on__lte=today, until_on__gte=today)
    before = Absence.objects.filter(user_id=OuterRef(user_ref), from_on__lte=yesterday, until_on__gte=yesterday)
    still_there = Q(Exists(night)) & ~Q(Exists(before))
    return Q(Exists(shifts)) & (Q(Exists(away)) | ~Q(works_today)) & ~still_there


def owner_is_off(now: datetime) -> "ExpressionWrapper[Any]":
    """Return the condition that whoever has a question does not work today, or not here any more."""
    gone = Q(state=State.CLAIMED) & (Q(owner__is_active=False) | is_off("owner_id", now))
    return ExpressionWrapper(gone, output_field=BooleanField())


def off_among(user_ids: Collection[int], now: datetime) -> set[int]:
    """Return who of `user_ids` does not work today; one query."""
    return set(User.objects.filter(is_off("pk", now), pk__in=user_ids).values_list("pk", flat=True))
