"""Other hours of single days: which changes can be made at all. No ORM, no clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from itertools import pairwise

from django.utils.translation import gettext as _

from reservations.calendar import Calendar
from reservations.rules.closing import with_hours
from reservations.rules.problem import Problem

YEARS_AHEAD = 2
MOST_OPENINGS = 3  # of one day


@dataclass(frozen=True)
class DayChange:
    """Other openings of one day: `hours` none is a closed day, None takes what is special away again."""

    on: date
    hours: Sequence[tuple[time, time]] | None
    reason: str = ""


def last_day(today: date) -> date:
    """Return the last day that can be planned."""
    return today.replace(year=today.year + YEARS_AHEAD, day=min(today.day, 28))


def change_problems(change: DayChange, calendar: Calendar, today: date) -> list[Problem]:
    """Return why the openings of a day cannot be changed so: over, out of reach, empty, in disorder, overlapping."""
    on, hours = change.on, change.hours or []
    if on < today:
        return [_problem("past", _("This day is over. Choose today or a later one."))]
    if on > last_day(today):
        said = {"day": last_day(today).isoformat()}
        return [_problem("too_far", _("Choose a day until %(day)s.") % said)]
    if any(opens == closes and opens != time(0) for opens, closes in hours):
        return [_problem("empty_hours", _("It closes when it opens. Change one of the two."))]
    if len(hours) > MOST_OPENINGS or _overlap(change, calendar):
        return [_problem("overlapping", _("These hours overlap. Change one of them."))]
    return []


def _overlap(change: DayChange, calendar: Calendar) -> bool:
    """Return whether openings of the day meet each other, or the night before and the morning after."""
    if not change.hours:
        return False
    after = with_hours(calendar, change.on, change.hours)
    own = after.open_spans(change.on)
    night, morning = after.open_spans(change.on - timedelta(days=1)), after.open_spans(change.on + timedelta(days=1))
    spans = [*night[-1:], *own, *morning[:1]]
    return any(one[1] > two[0] for one, two in pairwise(spans))


def _problem(code: str, sentence: str) -> Problem:
    return Problem(code, sentence, _("Opening hours"), lift_by="")
