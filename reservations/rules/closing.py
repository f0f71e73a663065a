"""What other hours of a day do to who sits and who has booked: one stop for everybody. No ORM, no clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext as _

from helpdesk import words
from reservations.calendar import Calendar
from reservations.rules.problem import Problem, Refused

MINUTE = timedelta(minutes=1)
SAVE = MINUTE  # "to save your work": nobody who sits has less, however soon the library closes
DAY = 24 * 60
Hours = list[tuple[time, time]]


@dataclass(frozen=True)
class Stay:
    """One row of the timeline as opening hours see it.

    `group` is a class, which may go on until closing and needs no minute at a computer; who is `running` sits there
    now. `least` are the minutes that are worth coming for.
    """

    start: datetime
    end: datetime
    running: bool = False
    group: bool = False
    least: int = 0


def end_of(stay: Stay, calendar: Calendar, *, now: datetime, stop: int) -> datetime | None:
    """Return when `stay` ends by `calendar`, None where it cannot take place; `stop` are minutes before closing."""
    if stay.running:
        span = calendar.usable_span(now, stop)
        return min(stay.end, max(now + SAVE, span[1] if span else now))
    span = calendar.span_at(stay.start) if stay.group else calendar.usable_span(stay.start, stop)
    if span is None or span[1] <= stay.start:
        return None
    end = min(stay.end, span[1])
    return end if end == stay.end or end - stay.start >= stay.least * MINUTE else None


@dataclass(frozen=True)
class Fate:
    """What becomes of a stay that the new hours hit: its new end, None where it is taken away."""

    end: datetime | None


def fate_of(stay: Stay, before: Calendar | None, after: Calendar, *, now: datetime, stop: int) -> Fate | None:
    """Return what the change of hours does to `stay`; None where it does nothing that was not so before.

    `before` None: the stay has just been given back, and keeps what fits into the hours as they become.
    """
    was = end_of(stay, before, now=now, stop=stop) if before else stay.end
    becomes = end_of(stay, after, now=now, stop=stop)
    if becomes == was or becomes == stay.end:
        return None
    return Fate(becomes)


def hours_of(calendar: Calendar, on: date) -> Hours:
    """Return the openings of a day in local time, in order; none on a closed day."""
    if on in calendar.closed:
        return []
    return sorted(calendar.special.get(on) or calendar.hours.get(on.weekday(), []))


def with_hours(calendar: Calendar, on: date, hours: Sequence[tuple[time, time]] | None, reason: str = "") -> Calendar:
    """Return `calendar` with other openings on one day; none: closed; None: as on any such weekday."""
    closed: Mapping[date, str] = {day: why for day, why in calendar.closed.items() if day != on}
    special = {day: each for day, each in calendar.special.items() if day != on}
    said = {day: why for day, why in calendar.said.items() if day != on}
    if hours is None:
        return replace(calendar, closed=closed, special=special, said=said)
    if not hours:
        return replace(calendar, closed={**closed, on: reason}, special=special, said=said)
    return replace(calendar, closed=closed, special={**special, on: list(hours)}, said={**said, on: reason})


def shorter_hours(calendar: Calendar, on: date, closes_at: time, now: datetime) -> Hours:
    """Return the openings of `on` cut at `closes_at`, which is after midnight where it is before the day's opening.

    Raises Refused `closed_day`, `before_opening`, `not_earlier`, or `past` for a moment that is over.
    """
    hours = hours_of(calendar, on)
    if not hours:
        raise Refused(_closed_day())
    first, last = _minutes(hours[0][0]), max(_end(opens, closes) for opens, closes in hours)
    closing = _minutes(closes_at)
    if closing <= first and closing + DAY < last:
        closing += DAY
    if closing <= first:
        raise Refused(_before_opening(hours[0][0]))
    if closing >= last:
        raise Refused(_not_earlier(hours[-1][1]))
    cut = [(opens, closes_at if _end(opens, closes) > closing else closes) for opens, closes in hours]
    kept = [span for span, (opens, _closes) in zip(cut, hours, strict=True) if _minutes(opens) < closing]
    if with_hours(calendar, on, kept).open_spans(on)[-1][1] <= now - MINUTE:
        raise Refused(_past(closes_at, now))
    return kept


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute


def _end(opens: time, closes: time) -> int:
    return _minutes(closes) + (DAY if closes <= opens else 0)


def _closed_day() -> Problem:
    sentence = _("The library is closed that day. There is nothing to close early.")
    return Problem("closed_day", sentence, _("Opening hours"), lift_by="")


def _before_opening(opens: time) -> Problem:
    said = {"time": opens.strftime("%H:%M")}
    sentence = _("The library opens at %(time)s that day. Choose a later time, or make it a closed day.") % said
    return Problem("before_opening", sentence, _("Opening hours"), said["time"], lift_by="")


def _not_earlier(closes: time) -> Problem:
    said = {"time": closes.strftime("%H:%M")}
    sentence = _("The library closes at %(time)s that day anyway. Choose an earlier time.") % said
    return Problem("not_earlier", sentence, _("Opening hours"), said["time"], lift_by="")


def _past(closes_at: time, now: datetime) -> Problem:
    said = {"time": closes_at.strftime("%H:%M"), "now": words.clock(now)}
    sentence = _("%(time)s is over: it is %(now)s. Choose a time from now on.") % said
    return Problem("past", sentence, _("A closing is now or later"), said["now"], next_at=now, lift_by="")


def closes_early(branch: str) -> Problem:
    """Return the problem of hours that change on a day on which the branch of this name closes early."""
    sentence = _("%(branch)s closes early that day. Take that back first, then change the hours.")
    return Problem("closes_early", sentence % {"branch": branch}, _("Closes early"), lift_by="")
