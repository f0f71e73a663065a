"""Working weeks and one-to-ones for tests: plain functions that make rows."""

import itertools
from datetime import date, time, timedelta

from django.utils import timezone

from reservations.period import period
from tests.factories import make_category
from troubleshooting.models import Absence, Appointment, Shift
from troubleshooting.models.category import Tier

_numbers = itertools.count(101)
HALF_HOUR = timedelta(minutes=30)


def make_shifts(user, branch, *, days=range(7), hours=((9, 17),)):
    """Let `user` work at `branch` at these full hours on these weekdays."""
    return Shift.objects.bulk_create(
        Shift(user=user, branch=branch, weekday=day, starts=time(starts), ends=time(ends % 24))
        for day in days
        for starts, ends in hours
    )


def make_absence(user, first, last, **fields):
    """Let `user` be away from day `first` to day `last` of November 2026."""
    days = {"from_on": date(2026, 11, first), "until_on": date(2026, 11, last)}
    return Absence.objects.create(user=user, **days, **fields)


def make_topic(code="job_resume", **fields):
    """Return a topic for a one-to-one: a kind of question that reference takes."""
    defaults = {"tier": Tier.REFERENCE, "read_level": 3, "counts_as_reference": True}
    return make_category(code, **{**defaults, **fields})


def make_appointment(librarian, branch, start, **fields):
    """Return a raw row of an open one-to-one of half an hour."""
    span = period(start, start + HALF_HOUR)
    defaults = {
        "on": timezone.localtime(start).date(),
        "number": next(_numbers),
        "where": "own",
        "period": span,
        "booked_period": span,
        "made_at": start - timedelta(days=1),
        "by_kind": "staff",
    }
    if "category" not in fields:
        fields["category"] = make_topic()
    return Appointment.objects.create(librarian=librarian, branch=branch, **{**defaults, **fields})
