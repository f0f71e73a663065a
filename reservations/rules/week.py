"""The opening hours of a week: which can be at all, where they clash, which look like a slip. No ORM, no clock."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from reservations.calendar import Calendar
from reservations.rules.closing import Hours
from reservations.rules.problem import Problem, Refused

DAY = 24 * 60  # minutes
WEEK = 7 * DAY
LONG_NIGHT = 12 * 60  # minutes over midnight from which two times are more often swapped than meant
Week = Mapping[int, Sequence[tuple[time, time]]]  # the openings of each weekday, 0 is Monday, as they were typed


@dataclass(frozen=True)
class Clash:
    """What is wrong with the opening `number` of a weekday, and how it is mended."""

    weekday: int
    number: int
    problem: Problem


class WeekRefused(Refused):
    """Hours that cannot be, each with the opening that it is about."""

    def __init__(self, clashes: Sequence[Clash]) -> None:
        super().__init__(*(clash.problem for clash in clashes))
        self.clashes = clashes


@dataclass(frozen=True)
class _Opening:
    """One opening in minutes since Monday 00:00; one over Sunday's midnight ends beyond the week."""

    start: int
    end: int
    weekday: int
    number: int


def with_week(calendar: Calendar, week: Week) -> Calendar:
    """Return `calendar` with other openings of its weekdays; single days keep what is special about them."""
    return replace(calendar, hours={day: sorted(spans) for day, spans in week.items() if spans})


def week_of(calendar: Calendar) -> dict[int, Hours]:
    """Return the openings of every weekday, in order."""
    return {day: sorted(calendar.hours.get(day, [])) for day in range(7)}


def week_clashes(week: Week, calendar: Calendar, today: date) -> list[Clash]:
    """Return what cannot be: openings that are empty or overlap, each other or a day to come with hours of its own."""
    empty = [
        Clash(day, number, _empty())
        for day, spans in week.items()
        for number, (opens, closes) in enumerate(spans)
        if opens == closes and opens != time(0)
    ]
    return empty or [*_overlaps(week)] or [*_special_overlaps(week, calendar, today)]


def long_nights(week: Week, before: Week) -> list[tuple[int, int, int]]:
    """Return the openings, new in `week`, that are long and over midnight: weekday, number, minutes."""
    return [
        (day, number, minutes)
        for day, spans in week.items()
        for number, span in enumerate(spans)
        if span not in before.get(day, ()) and (minutes := night_minutes(*span)) >= LONG_NIGHT
    ]


def night_minutes(opens: time, closes: time) -> int:
    """Return how long an opening over midnight is, 0 for one that ends by then."""
    start, end = _minutes(opens), _minutes(closes)
    return DAY - start + end if 0 < end <= start else 0


def _openings(week: Week) -> list[_Opening]:
    found = []
    for day, spans in week.items():
        for number, (opens, closes) in enumerate(spans):
            start, end = _minutes(opens), _minutes(closes) + (DAY if closes <= opens else 0)
            found.append(_Opening(day * DAY + start, day * DAY + end, day, number))
    return sorted(found, key=lambda opening: (opening.start, opening.end))


def _overlaps(week: Week) -> Iterator[Clash]:
    """Yield the openings that begin before another has ended; Sunday's night reaches into Monday."""
    openings = _openings(week)
    if not openings:
        return
    late = max(openings, key=lambda opening: opening.end)
    last = replace(late, start=late.start - WEEK, end=late.end - WEEK)
    for opening in openings:
        if opening.start < last.end:
            yield Clash(opening.weekday, opening.number, _overlap(last.weekday == opening.weekday))
        last = max(last, opening, key=lambda each: each.end)


def _special_overlaps(week: Week, calendar: Calendar, today: date) -> Iterator[Clash]:
    """Yield the openings of usual days that meet those of a special day beside them."""
    after = with_week(calendar, week)
    for on in sorted(day for day in calendar.special if day >= today):
        spans = after.open_spans(on)
        for beside in (on - timedelta(days=1), on + timedelta(days=1)):
            others = [] if beside in calendar.special else after.open_spans(beside)
            if any(one[0] < other[1] and other[0] < one[1] for one in spans for other in others):
                typed = week[beside.weekday()]
                nearest = max(typed) if beside < on else min(typed)
                yield Clash(beside.weekday(), typed.index(nearest), _meets_special(on))


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute


def _empty() -> Problem:
    return _problem("empty_hours", _("It closes when it opens. Change one of the two."))


def _overlap(same_day: bool) -> Problem:
    if same_day:
        return _problem("overlapping", _("These hours overlap other hours of the same day. Change one of them."))
    return _problem("overlapping", _("The day before is still open then, over midnight. Change one of the two."))


def _meets_special(on: date) -> Problem:
    sentence = _("These hours overlap the special hours of %(day)s. Change those first, or these.")
    return _problem("overlapping", sentence % {"day": date_format(on, "D j M")})


def _problem(code: str, sentence: str) -> Problem:
    return Problem(code, sentence, _("Opening hours"), lift_by="")
