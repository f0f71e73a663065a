"""Reads the closed days of an iCalendar file (RFC 5545): holidays of a county, school breaks. No ORM, no clock."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.text import Truncator
from django.utils.translation import gettext as _
from icalendar import Calendar as ICalendar

from reservations.rules.problem import Problem, Refused
from reservations.rules.reach import last_day
from reservations.rules.series import days_of, read_rule, until_day

MOST_BYTES = 1_000_000
MOST_EVENTS = 1_000  # of one file
MOST_LINES = 20_000  # more take the parser many seconds
MOST_LOOKED_THROUGH = 400_000  # days, by all the recurrences of one file
MOST_DAYS = 400  # that one file may close
LONGEST_EVENT = 100  # days; longer than any break
LONGEST_NAME = 80  # characters, as in Closure.reason
SHOWN_NAME = 40  # characters of an event that could not be read
OLDEST = date(1900, 1, 1)
DAY = timedelta(days=1)
NEEDED = frozenset({"DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE"})
NO_DAY = (ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError)


@dataclass(frozen=True)
class Holiday:
    """A day that a file names: `whole` unless the event takes only some hours of it."""

    on: date
    name: str
    whole: bool = True


@dataclass(frozen=True)
class Unread:
    """An event that could not be read, by its name, and why in a sentence."""

    name: str
    why: str


class UnreadError(Exception):
    """An event cannot be read; says why."""


@dataclass
class Budget:
    """How many days the recurrences of a file may still look through."""

    days: int = MOST_LOOKED_THROUGH

    def spend(self, days: int) -> None:
        """Raise UnreadError where so many are not left: they would take longer than anybody wants to wait."""
        if days > self.days:
            raise UnreadError(_("It repeats too often to be read."))
        self.days -= max(days, 1)


@dataclass(frozen=True)
class Read:
    """What a file holds: the days to come, in order and each once, and the events that could not be read."""

    days: list[Holiday]
    unread: list[Unread] = field(default_factory=list)
    cancelled: int = 0
    over: int = 0  # events all of whose days are past, or more than two years ahead


def read_holidays(content: bytes, *, today: date, zone: ZoneInfo) -> Read:
    """Return the days from `today` to two years ahead that an iCalendar file names.

    Recurrences are expanded within these two years, moments are those of the branch's `zone`. Raises Refused:
    `file_too_large`, `file_unreadable`, `file_not_utf8`, `file_no_events`, `file_too_many`.
    """
    budget = Budget()
    found: dict[date, Holiday] = {}
    unread: list[Unread] = []
    cancelled = over = 0
    for event in _events(content):
        if str(event.get("STATUS", "")).upper() == "CANCELLED":
            cancelled += 1
            continue
        try:
            days = _readable(event, today, zone, budget)
        except UnreadError as error:
            unread.append(Unread(_shown_name(event), str(error)))
            continue
        over += not days
        for day in days:
            known = found.get(day.on)
            if known is None or (day.whole and not known.whole):
                found[day.on] = day
    if len(found) > MOST_DAYS:
        raise Refused(_too_many(_("It names more than %(most)d days. Choose one with holidays only."), MOST_DAYS))
    return Read([found[on] for on in sorted(found)], unread, cancelled, over)


def _readable(event: Any, today: date, zone: ZoneInfo, budget: Budget) -> list[Holiday]:
    """Return the days of one event that can still be closed. Raises UnreadError."""
    try:
        days = list(islice(_days(event, today, zone, budget), MOST_DAYS + 1))
    except (Refused, *NO_DAY) as error:
        raise UnreadError(_("Its day, or how it repeats, cannot be read.")) from error
    if len(days) > MOST_DAYS:
        raise UnreadError(_("It takes more than %(most)d days.") % {"most": MOST_DAYS})
    return days


def _name(event: Any) -> str:
    return " ".join(str(event.get("SUMMARY", "")).replace("\0", " ").split())


def _shown_name(event: Any) -> str:
    return Truncator(_name(event)).chars(SHOWN_NAME) or _("An event without a name")


def _events(content: bytes) -> list[Any]:
    if len(content) > MOST_BYTES:
        raise Refused(_problem("file_too_large", _("This file is larger than 1 MB. Choose one with holidays only.")))
    if b"BEGIN:VCALENDAR" not in content[:2000].upper():
        raise Refused(_unreadable())
    _check_utf8(content)
    if content.upper().count(b"BEGIN:VEVENT") > MOST_EVENTS or content.count(b"\n") > MOST_LINES:
        raise Refused(_too_many(_("It has more than %(most)d events. Choose one with holidays only."), MOST_EVENTS))
    try:
        calendars = ICalendar.from_ical(content, multiple=True)
        events = [event for calendar in calendars for event in calendar.walk("VEVENT")]
    except Exception as error:  # a parser of other people's files fails in many ways; each of them means the same
        raise Refused(_unreadable()) from error
    if not events:
        raise Refused(_problem("file_no_events", _("This file holds no event. Choose another one.")))
    return events


def _check_utf8(content: bytes) -> None:
    """Refuse a file of another encoding (RFC 5545 section 3.1.4): the parser would put question marks into names."""
    try:
        content.decode()
    except UnicodeDecodeError as error:
        sentence = _("Some characters of this file cannot be read. Save it as UTF-8, then choose it again.")
        raise Refused(_problem("file_not_utf8", sentence)) from error


def _days(event: Any, today: date, zone: ZoneInfo, budget: Budget) -> Iterator[Holiday]:
    """Yield the days of one event that can still be closed."""
    if any(name in NEEDED for name, _said in event.errors):  # what the parser could not read it leaves out
        raise ValueError(event.errors)
    first, length, whole = _span(event, zone)
    if length > LONGEST_EVENT and _ends_on(event, first, length) >= today:
        raise UnreadError(_("It takes more than %(most)d days at once. Split it up first.") % {"most": LONGEST_EVENT})
    name = _name(event)[:LONGEST_NAME]
    last = last_day(today)
    left_out = set(_dates(event, "EXDATE", zone))
    starts = [first, *_repeated(event, first, today - length * DAY, last, zone, budget), *_dates(event, "RDATE", zone)]
    for start in starts:
        if start in left_out:
            continue
        for on in (start + more * DAY for more in range(length)):
            if today <= on <= last:
                yield Holiday(on, name, whole)


def _span(event: Any, zone: ZoneInfo) -> tuple[date, int, bool]:
    """Return the first day of an event, how many days it takes, and whether it takes them whole."""
    start = event.decoded("DTSTART")
    end = event.decoded("DTEND", None) or _after(start, event.decoded("DURATION", None))
    if isinstance(start, datetime):
        begins, ends = _local(start, zone), _local(end, zone)
        first, last = begins.date(), max(begins, ends - timedelta(microseconds=1)).date()
        whole = begins.time() == datetime.min.time() and ends.time() == datetime.min.time() and ends > begins
    else:
        first, last, whole = start, end - DAY, True
    if first < OLDEST:
        raise ValueError(first)
    return first, max((last - first).days + 1, 1), whole


def _ends_on(event: Any, first: date, length: int) -> date:
    """Return the last day of an event, that of all days where it takes place more than once."""
    return date.max if event.get("RRULE") or event.get("RDATE") else first + (length - 1) * DAY


def _after(start: Any, duration: timedelta | None) -> Any:
    if duration is not None:
        return start + duration
    return start if isinstance(start, datetime) else start + DAY


def _local(moment: Any, zone: ZoneInfo) -> datetime:
    """Return a moment by the branch's clock; one without a zone is by it already."""
    known = moment if isinstance(moment, datetime) else datetime.combine(moment, datetime.min.time(), tzinfo=zone)
    return known.astimezone(zone) if known.tzinfo else known.replace(tzinfo=zone)


def _dates(event: Any, name: str, zone: ZoneInfo) -> Iterator[date]:
    """Yield the single days of RDATE or EXDATE."""
    found = event.get(name, [])
    for row in found if isinstance(found, list) else [found]:
        for each in row.dts:
            value = each.dt[0] if isinstance(each.dt, tuple) else each.dt
            yield _local(value, zone).date() if isinstance(value, datetime) else value


def _repeated(event: Any, first: date, since: date, last: date, zone: ZoneInfo, budget: Budget) -> Iterator[date]:
    """Yield the days after the first on which an event comes again, from `since` to `last`."""
    rule = event.get("RRULE")
    if rule is None:
        return
    if isinstance(rule, list):
        raise ValueError(rule)
    parts = read_rule(rule.to_ical().decode())
    until = min(until_day(parts["UNTIL"], zone), last) if "UNTIL" in parts else last
    if until < first:
        return
    near = _nearer(parts, first, since)
    budget.spend((until - near).days)
    most = int(parts["COUNT"]) if "COUNT" in parts else None
    for on in islice(days_of(parts, near, until), most):
        if on >= since and on != first:
            yield on


def _nearer(parts: dict[str, str], first: date, since: date) -> date:
    """Return a later day from which a rule yields the same days: one that neither counts nor skips, years later.

    A holiday of 1950 is not looked up for seventy years. Four years, so that 29 February stays what it is.
    """
    if "COUNT" in parts or parts.get("INTERVAL", "1") != "1" or first >= since:
        return first
    years = (since.year - first.year) // 4 * 4
    if parts["FREQ"] in {"DAILY", "WEEKLY"}:
        return first + (since - first).days // 7 * 7 * DAY
    leaps = first.replace(year=first.year + years) if years and (first.month, first.day) != (2, 29) else first
    return leaps if leaps <= since else first


def _problem(code: str, sentence: str) -> Problem:
    return Problem(code, sentence, _("Calendar file"), lift_by="")


def _unreadable() -> Problem:
    sentence = _("This is no calendar that can be read. Choose a file that ends in .ics, as calendars export it.")
    return _problem("file_unreadable", sentence)


def _too_many(sentence: str, most: int = 0) -> Problem:
    return Problem("file_too_many", sentence % {"most": most}, _("Calendar file"), str(most), lift_by="")
