"""Working weeks for tests: plain functions that make shifts and absences."""

from datetime import date, time

from troubleshooting.models import Absence, Shift


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
