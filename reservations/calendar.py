"""Opening hours as pure arithmetic: branch days, opening spans, the closing cut-off. No ORM, no clock."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

Span = tuple[datetime, datetime]

SEARCH_DAYS = 60  # a branch that opens on none of the next 60 days has no next opening


@dataclass(frozen=True)
class Calendar:
    """A branch's openings: `hours` by weekday (0 is Monday) in local time, `closed` days, the zone.

    `special` are the openings of single days in the place of the weekday's, `said` why, where somebody wrote it.

    An opening that closes at or before it opens ends after midnight and belongs to the day on which it began.
    """

    zone: ZoneInfo
    hours: Mapping[int, list[tuple[time, time]]]
    closed: Mapping[date, str] = field(default_factory=dict)
    special: Mapping[date, list[tuple[time, time]]] = field(default_factory=dict)
    said: Mapping[date, str] = field(default_factory=dict)

    def open_spans(self, day: date) -> list[Span]:
        """Return the day's openings as aware UTC spans, in order; none on a closed day.

        Through UTC, so that an opening across a clock change has its real length.
        """
        if day in self.closed:
            return []
        hours = self.special.get(day) or self.hours.get(day.weekday(), [])
        spans = (self._span(day, opens, closes) for opens, closes in sorted(hours))
        return [span for span in spans if span[0] < span[1]]

    def _span(self, day: date, opens: time, closes: time) -> Span:
        last = day + timedelta(days=1) if closes <= opens else day
        return self._utc(day, opens), self._utc(last, closes)

    def _utc(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, tzinfo=self.zone).astimezone(UTC)

    @property
    def is_ever_open_over_midnight(self) -> bool:
        """Whether some opening ends at midnight or after it."""
        openings = (span for spans in [*self.hours.values(), *self.special.values()] for span in spans)
        return any(closes <= opens for opens, closes in openings)

    def span_at(self, moment: datetime) -> Span | None:
        """Return the opening that contains `moment`, or None while closed."""
        local = moment.astimezone(self.zone).date()
        for day in (local - timedelta(days=1), local):
            for start, end in self.open_spans(day):
                if start <= moment < end:
                    return start, end
        return None

    def branch_day(self, moment: datetime) -> date:
        """Return the branch day of `moment`: after midnight it is still yesterday until yesterday's opening ends."""
        local = moment.astimezone(self.zone).date()
        yesterday = local - timedelta(days=1)
        spans = self.open_spans(yesterday)
        return yesterday if spans and moment < spans[-1][1] else local

    def day_bounds(self, day: date) -> Span:
        """Return the moments at which branch day `day` begins and ends."""
        return self._day_start(day), self._day_start(day + timedelta(days=1))

    def _day_start(self, day: date) -> datetime:
        midnight = self._utc(day, time.min)
        spans = self.open_spans(day - timedelta(days=1))
        return max(midnight, spans[-1][1]) if spans else midnight

    def next_opening(self, moment: datetime) -> datetime | None:
        """Return `moment` if open then, else the start of the next opening within SEARCH_DAYS, else None."""
        if self.span_at(moment):
            return moment
        return next((start for start, _ in self.spans_from(moment)), None)

    def spans_from(self, moment: datetime) -> Iterator[Span]:
        """Yield the openings that end after `moment`, soonest first, for SEARCH_DAYS days."""
        first = moment.astimezone(self.zone).date() - timedelta(days=1)
        for ahead in range(SEARCH_DAYS + 2):
            for start, end in self.open_spans(first + timedelta(days=ahead)):
                if end > moment:
                    yield start, end

    def usable_span(self, moment: datetime, stop_minutes: int) -> Span | None:
        """Return the opening around `moment` cut `stop_minutes` before the day's last closing.

        Computers stop before people must leave (policy); a lunch closure needs no such margin.
        """
        span = self.span_at(moment)
        if span is None:
            return None
        return self.cut(span, stop_minutes)

    def cut(self, span: Span, stop_minutes: int) -> Span | None:
        """Return `span` without its last `stop_minutes` if it ends its branch day; None if nothing is left."""
        start, end = span
        last = self.open_spans(self.branch_day(start))[-1]
        if last == span:
            end -= timedelta(minutes=stop_minutes)
        return (start, end) if start < end else None
