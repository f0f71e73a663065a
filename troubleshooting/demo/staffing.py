"""The demo's staff hours, and the one-to-ones booked in them; one of the staff is away for a course."""

from datetime import datetime, timedelta
from uuid import uuid4

from django.utils import timezone

from reservations.public import demo
from troubleshooting.models import Absence, Shift
from troubleshooting.models.appointment import Where
from troubleshooting.models.staffing import AbsenceReason
from troubleshooting.one_to_ones.booking import Place, book_appointment
from troubleshooting.one_to_ones.reads import free_slots

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


# Branch, minutes from now to the earliest start, topic, whether at a computer.
BOOKED: tuple[tuple[str, int, str, bool], ...] = (
    ("harbour", 5, "job_resume", False),
    ("harbour", 60, "patron_device", False),
    ("harbour", 110, "email_account", True),
    ("millbrook", 90, "online_forms", False),
    ("harbour", 700, "ebooks_apps", False),
)


def build_one_to_ones(library: demo.Library, *, now: datetime) -> None:
    """Book a few one-to-ones at the desk, each at the first free time after its moment."""
    for slug, minutes, topic, at_computer in BOOKED:
        branch = library.branches[slug]
        free = free_slots(branch.pk, now=now + timedelta(minutes=minutes), notice=False)
        if free:
            book_appointment(
                branch_id=branch.pk,
                start=free[0].start,
                category=topic,
                place=Place(Where.SEAT if at_computer else Where.OWN),
                request_key=uuid4(),
                by=library.actor(f"desk-{slug}"),
                now=now,
            )
