"""Working time as pure arithmetic: a person's shifts and absences become spans of real time. No query, no clock."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from reservations.public import Calendar

Span = tuple[datetime, datetime]
Times = tuple[time, time]
DAY = 24 * 60  # minutes
WEEK = 7 * DAY


@dataclass(frozen=True)
class WorkWeek:
    """When one person works at one branch: `shifts` by weekday in local time, and the days `away`, both included.

    A shift that ends at or before it starts ends after midnight and belongs to the day on which it began, with its
    real length across a clock change, as opening hours do.
    """

    zone: ZoneInfo
    shifts: Mapping[int, Sequence[Times]]
    away: Collection[tuple[date, date]] = field(default_factory=tuple)

    def spans(self, day: date) -> list[Span]:
        """Return what is worked on `day` as aware UTC spans, in order; none on a day away."""
        if self.is_away(day):
            return []
        return Calendar(self.zone, {number: list(times) for number, times in self.shifts.items()}).open_spans(day)

    def is_away(self, day: date) -> bool:
        return any(first <= day <= last for first, last in self.away)

    def is_working(self, moment: datetime) -> bool:
        """Return whether `moment` lies in a shift; the start is worked, the end is not."""
        local = moment.astimezone(self.zone).date()
        days = (local - timedelta(days=1), local)
        return any(start <= moment < end for day in days for start, end in self.spans(day))

    def spans_between(self, first: date, last: date) -> Iterator[Span]:
        """Yield what is worked from day `first` to day `last`, both included, in order."""
        for ahead in range((last - first).days + 1):
            yield from self.spans(first + timedelta(days=ahead))


def by_weekday(rows: Iterable[tuple[int, time, time]]) -> dict[int, list[Times]]:
    """Return shifts (weekday, start, end) by weekday, each day in order."""
    found: dict[int, list[Times]] = defaultdict(list)
    for weekday, starts, ends in sorted(rows):
        found[weekday].append((starts, ends))
    return dict(found)


def overlapping(rows: Iterable[tuple[int, time, time]]) -> tuple[int, time, time] | None:
    """Return the first shift that begins before another one of the week has ended; Sunday's night reaches Monday."""
    starting = [(row[0] * DAY + _minutes(row[1]), row) for row in rows]
    found = sorted((start, start + length(row[1], row[2]), row) for start, row in starting)
    if not found:
        return None
    last = max(end for _start, end, _row in found) - WEEK
    for start, end, row in found:
        if start < last:
            return row
        last = max(last, end)
    return None


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute


def length(starts: time, ends: time) -> int:
    """Return the minutes on the wall's clock from `starts` to `ends`, over midnight where it ends first."""
    return _minutes(ends) - _minutes(starts) + (DAY if ends <= starts else 0)
