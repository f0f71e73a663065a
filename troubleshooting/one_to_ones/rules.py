"""When a one-to-one can begin, as pure arithmetic; its length and its limits stand here. No query, no clock."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from reservations.public import Calendar
from troubleshooting.staffing_calendar import Span, WorkWeek

LENGTH = timedelta(minutes=30)  # of every one-to-one
STEP = timedelta(minutes=30)  # on the clock of the branch they begin on the full and the half hour
DAYS_AHEAD = 14
KIOSK_NOTICE = timedelta(hours=1)  # who books at a kiosk does so at least that long before; the desk needs none
NEAR = timedelta(hours=1)  # so long before people may be here already
SOON = timedelta(minutes=10)  # so long before it stands in the bar of the reference page
OPEN_AT_KIOSK = 12  # nobody signs in for a one-to-one, so one screen holds no more than these to come


@dataclass(frozen=True)
class Slot:
    """A time at which somebody is free; `librarians` are their user ids, who has fewest that day first."""

    start: datetime
    librarians: tuple[int, ...]

    @property
    def end(self) -> datetime:
        return self.start + LENGTH


def slots(
    calendar: Calendar,
    weeks: Mapping[int, WorkWeek],
    taken: Mapping[int, Sequence[Span]],
    *,
    first: date,
    days: int,
    earliest: datetime,
) -> list[Slot]:
    """Return the slots of `days` branch days from `first` on that start at `earliest` or later, in order.

    `weeks` and `taken` are by user id: when each librarian works at this branch, and what they have at any. A slot lies
    wholly in one opening of the branch and in one stretch of work, and meets nothing that is taken.
    """
    free: dict[datetime, list[tuple[int, int]]] = {}
    for ahead in range(days):
        day = first + timedelta(days=ahead)
        for user_id, week in weeks.items():
            held = taken.get(user_id, ())
            many = sum(1 for span in held if calendar.branch_day(span[0]) == day)
            for start in _starts(calendar, week, day):
                if start >= earliest and not any(meets((start, start + LENGTH), span) for span in held):
                    free.setdefault(start, []).append((many, user_id))
    return [Slot(start, tuple(user_id for _many, user_id in sorted(free[start]))) for start in sorted(free)]


def fits(span: Span, calendar: Calendar, week: WorkWeek | None) -> str:
    """Return '' where `span` lies in the branch's openings and the librarian's work, else why not.

    "closed": the branch is; "away": the librarian is; "hours": the week has other hours.
    """
    day = calendar.branch_day(span[0])
    if not any(_inside(span, opening) for opening in _merged(_around(calendar.open_spans, day))):
        return "closed"
    if week is None:
        return "hours"
    if any(_inside(span, worked) for worked in _merged(_around(week.spans, day))):
        return ""
    return "away" if week.is_away(day) else "hours"


def meets(one: Span, other: Span) -> bool:
    """Return whether two half-open spans overlap."""
    return one[0] < other[1] and other[0] < one[1]


def _starts(calendar: Calendar, week: WorkWeek, day: date) -> Iterator[datetime]:
    """Yield the starts of the branch day `day` at which a whole slot fits into an opening and into work."""
    worked = _merged(_around(week.spans, day))
    for opens, closes in calendar.open_spans(day):
        for begins, ends in worked:
            start = _on_the_grid(max(opens, begins), calendar)
            while start + LENGTH <= min(closes, ends):
                yield start
                start += STEP


def _on_the_grid(moment: datetime, calendar: Calendar) -> datetime:
    """Return the first full or half hour of the branch's clock from `moment` on."""
    local = moment.astimezone(calendar.zone)
    past = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond) % STEP
    return moment + (STEP - past if past else past)


def _around(spans_of: Callable[[date], list[Span]], day: date) -> list[Span]:
    """Return the spans of a day and of those beside it, whose nights reach into each other."""
    beside = (day + timedelta(days=each) for each in (-1, 0, 1))
    return [span for each in beside for span in spans_of(each)]


def _merged(spans: Iterable[Span]) -> list[Span]:
    """Return spans in order, those that touch as one."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _inside(span: Span, outer: Span) -> bool:
    return outer[0] <= span[0] and span[1] <= outer[1]
