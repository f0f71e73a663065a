"""The demo's staff hours: every post works while its branch is open; one is away for a course."""

from datetime import datetime, timedelta

from django.utils import timezone

from reservations.public import demo
from troubleshooting.models import Absence, Shift
from troubleshooting.models.staffing import AbsenceReason

COURSE_IN = 9  # days from today
ON_COURSE = "reference-millbrook"


def build_hours(library: demo.Library, *, now: datetime) -> None:
    """Give each post of a branch the opening hours of its branch as its week."""
    posts = [(library.staff[post.username], post.branch) for post in demo.ACCOUNTS if post.branch]
    Shift.objects.bulk_create(
        Shift(user=user, branch=library.branches[slug], weekday=weekday, starts=opens, ends=closes)
        for user, slug in posts
        for weekday, spans in library.calendars[slug].hours.items()
        for opens, closes in spans
    )
    day = timezone.localtime(now).date() + timedelta(days=COURSE_IN)
    Absence.objects.create(user=library.staff[ON_COURSE], from_on=day, until_on=day, reason=AbsenceReason.COURSE)
