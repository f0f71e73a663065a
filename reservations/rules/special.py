"""Other hours of single days: which changes can be made at all. No ORM, no clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from itertools import pairwise

from django.utils.translation import gettext as _

from helpdesk import words
from reservations.calendar import Calendar
from reservations.rules.closing import with_hours
from reservations.rules.problem import Problem
from reservations.rules.reach import last_day

MOST_OPENINGS = 3  # of one day


@dataclass(frozen=True)
class DayChange:
    """Other openings of one day: `hours` none is a closed day, None takes what is special away again."""

    on: date
    hours: Sequence[tuple[time, time]] | None
    reason: str = ""


def change_problems(change: DayChange, calendar: Calendar, today: date) -> list[Problem]:
    """Return why the openings of a day cannot be changed so: over, out of reach, empty, in disorder, overlapping."""
    on, hours = change.on, change.hours or []
    if on < today:
        return [_problem("past", _("This day is over. Choose today or a later one."))]
    if on > last_day(today):
        said = {"day": words.date_in_full(last_day(today))}
        return [_problem("too_far", _("Choose a day until %(day)s.") % said)]
    if any(opens == closes and opens != time(0) for opens, closes in hours):
        return [_problem("empty_hours", _("It closes when it opens. Change one of the two."))]
    if overlap := _overlap(change, calendar):
        return [_problem("overlapping", overlap)]
    return []


def _overlap(change: DayChange, calendar: Calendar) -> str:
    """Return what the openings of the day meet, each other, the night before or the morning after; '' for nothing."""
    if not change.hours:
        return ""
    after = with_hours(calendar, change.on, change.hours)
    own = after.open_spans(change.on)
    if len(change.hours) > MOST_OPENINGS or any(one[1] > two[0] for one, two in pairwise(own)):
        return _("These hours overlap. Change one of them.")
    night, morning = after.open_spans(change.on - timedelta(days=1)), after.open_spans(change.on + timedelta(days=1))
    if night and own and night[-1][1] > own[0][0]:
        return _("The day before is still open then, over midnight. Change one of the two.")
    if morning and own and own[-1][1] > morning[0][0]:
        return _("That is open over midnight, until after the next day opens. Close sooner, or swap the times.")
    return ""


def _problem(code: str, sentence: str) -> Problem:
    return Problem(code, sentence, _("Opening hours"), lift_by="")
