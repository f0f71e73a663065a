"""What the parts of the demo hand on to each other, and its own source of chance."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from helpdesk.actor import Actor, staff
from helpdesk.models import User
from reservations.calendar import Calendar
from reservations.models import Branch, Device, Patron
from reservations.models.people import AGES

SEED = 1907  # the demo is the same every time but for the clock


@dataclass
class Library:
    """The demo library while it is built: branches by slug, posts by user name, the patrons of its cards."""

    branches: dict[str, Branch]
    calendars: dict[str, Calendar]
    seats: dict[str, dict[str, Device]]  # devices by branch slug and label
    staff: dict[str, User] = field(default_factory=dict)
    regular: Patron | None = None  # sits where the sign-ins say
    waiters: list[Patron] = field(default_factory=list)  # stand in line, in this order
    sitters: list[Patron] = field(default_factory=list)  # sit somewhere now
    bookers: list[Patron] = field(default_factory=list)  # came earlier today, and book ahead
    chance: random.Random = field(default_factory=lambda: random.Random(SEED))  # noqa: S311  (no secret)

    def actor(self, username: str) -> Actor:
        """Return `by=` for the post named `username`."""
        user = self.staff[username]
        return staff(user.pk, user.role)


def next_for(seat: Device, patrons: list[Patron]) -> Patron:
    """Take the first patron of an age for `seat` off the list. Raises LookupError where there is none."""
    rule = seat.branch.policy.rule_for(seat.device_class_id)
    for index, who in enumerate(patrons):
        low, high = AGES[who.age_band]
        if low >= rule.least_age and high <= rule.greatest_age:
            return patrons.pop(index)
    raise LookupError(f"no card left for {seat}")


def opening_ago(calendar: Calendar, now: datetime, minutes: int) -> datetime:
    """Return the moment `minutes` opening minutes before `now`; `now` itself where nothing was open for weeks."""
    left = timedelta(minutes=minutes)
    for start, end in _spans_back(calendar, now):
        if end - start >= left:
            return end - left
        left -= end - start
    return now


def _spans_back(calendar: Calendar, now: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Yield the openings of the last 60 days before `now`, latest first, the running one up to `now`."""
    today = calendar.branch_day(now)
    for ago in range(60):
        for start, end in reversed(calendar.open_spans(today - timedelta(days=ago))):
            if start < now:
                yield start, min(end, now)
