"""The days on which a class or a maintenance takes place: RFC 5545 rules in local time, bounded. No ORM, no clock."""

from calendar import isleap, weekday
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import MAXYEAR, UTC, date, datetime, time, timedelta
from functools import cache
from itertools import islice, takewhile
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helpdesk import words
from reservations.calendar import Calendar
from reservations.rules.problem import Problem, Refused
from reservations.rules.slot import Slot

MOST = 400  # occurrences of one series
YEARS = 2  # so far ahead of its first day a series may reach
DAY = timedelta(days=1)
FREQUENCIES = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
LISTS = frozenset({"BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "BYWEEKNO", "BYYEARDAY"})
KEYS = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST"}) | LISTS
LONGEST_RULE = 200  # characters, as in Block.rule
LONGEST_LIST = 60  # values after one BY...: more is a slip or an attack
LARGEST_STEP = 1000  # INTERVAL


@dataclass(frozen=True)
class Series:
    """When it takes place: the first day, the local times of each, a rule ('' for once), the days on which it does not.

    What ends at or before it starts ends after midnight.
    """

    first_on: date
    starts: time
    ends: time
    rule: str = ""
    left_out: frozenset[date] = frozenset()


@dataclass(frozen=True)
class Occurrence:
    """One time it takes place; `on` is the local day on which it starts."""

    on: date
    slot: Slot


def occurrences(series: Series, zone: ZoneInfo) -> list[Occurrence]:
    """Return when `series` takes place, in order, without its left out days.

    Local times stay the same across a change of the clocks (RFC 5545 section 3.3.10); on a day on which the clocks
    jump over the whole of it there is none. Raises Refused: `rule_unreadable`, `rule_endless`, `rule_too_long` beyond
    YEARS, `rule_too_many` beyond MOST, `rule_never`.
    """
    days = rule_days(series.rule, series.first_on, zone) if series.rule else [series.first_on]
    found = [Occurrence(on, slot) for on in days if on not in series.left_out and (slot := slot_on(series, on, zone))]
    if not found:
        raise Refused(_never())
    return found


def exceptions(series: Series, zone: ZoneInfo) -> list[date]:
    """Return the left out days on which `series` would take place, in order. Raises Refused as `occurrences` does."""
    days = rule_days(series.rule, series.first_on, zone) if series.rule else [series.first_on]
    return [on for on in days if on in series.left_out]


def slot_on(series: Series, on: date, zone: ZoneInfo) -> Slot | None:
    """Return the slot of the occurrence on a day, None where the clocks jump over it."""
    last = on + DAY if series.ends <= series.starts else on
    start = datetime.combine(on, series.starts, tzinfo=zone).astimezone(UTC)
    end = datetime.combine(last, series.ends, tzinfo=zone).astimezone(UTC)
    return Slot(start, end) if start < end else None


def rule_days(rule: str, first_on: date, zone: ZoneInfo) -> list[date]:
    """Return the days of an RRULE from `first_on`. Raises Refused as `occurrences` does."""
    parts = read_rule(rule)
    last = first_on.replace(day=min(first_on.day, 28), year=first_on.year + YEARS)
    if "COUNT" not in parts and "UNTIL" not in parts:
        raise Refused(_endless())
    until = until_day(parts["UNTIL"], zone) if "UNTIL" in parts else last
    if until > last:
        raise Refused(_too_long(last))
    count = int(parts.get("COUNT", MOST + 1))
    days = list(islice(days_of(parts, first_on, until), min(count, MOST + 1)))
    if len(days) > MOST:
        raise Refused(_too_many())
    if "COUNT" in parts and days and len(days) < count:
        raise Refused(_too_long(last))
    if not days:
        raise Refused(_never())
    return days


def days_of(parts: dict[str, str], first_on: date, until: date) -> Iterator[date]:
    """Return the days of a read rule up to and with `until`, soon over also for a rule that never yields a day.

    dateutil looks at an end only where a rule yields a day, and else goes on to the last year it knows. So the rule is
    asked in the last years that have the same calendar, where little is left to go through.
    """
    later = _same_years(first_on.year, until.year - first_on.year) - first_on.year
    bare = ";".join(f"{key}={value}" for key, value in parts.items() if key not in {"COUNT", "UNTIL"})
    try:
        made = rrulestr(bare, dtstart=datetime.combine(_moved(first_on, later), time.min))
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError) as error:
        raise Refused(_unreadable()) from error
    last = _moved(until, later)
    return (_moved(moment.date(), -later) for moment in takewhile(lambda moment: moment.date() <= last, made))


@cache
def _same_years(first: int, more: int) -> int:
    """Return the last year that begins as many years with the calendar of `first` and the `more` years after it."""

    def calendars(year: int) -> list[tuple[int, bool]]:
        return [(weekday(one, 1, 1), isleap(one)) for one in range(year, year + more + 1)]

    wanted = calendars(first)
    return next(year for year in range(MAXYEAR - more - 1, 0, -1) if calendars(year) == wanted)


def _moved(day: date, years: int) -> date:
    return day.replace(year=day.year + years)


def read_rule(rule: str) -> dict[str, str]:
    """Return the parts of an RRULE that repeats by days; raise Refused `rule_unreadable`, `rule_too_many`."""
    text = rule.strip().upper().removeprefix("RRULE:")
    if not text or len(text) > LONGEST_RULE or not text.isascii() or not text.isprintable():
        raise Refused(_unreadable())
    pairs = [part.partition("=") for part in text.strip(";").split(";")]
    parts = {key.strip(): value.strip() for key, _equals, value in pairs}
    if len(parts) < len(pairs) or not parts.keys() <= KEYS or parts.get("FREQ") not in FREQUENCIES:
        raise Refused(_unreadable())
    if parts.get("COUNT", "").isdecimal() and int(parts["COUNT"]) > LARGEST_STEP:
        raise Refused(_too_many())
    counts = all(_whole(parts[key], LARGEST_STEP) for key in ("COUNT", "INTERVAL") if key in parts)
    lists = all(0 < parts[key].count(",") + 1 <= LONGEST_LIST for key in LISTS & parts.keys())
    if not counts or not lists or ("COUNT" in parts and "UNTIL" in parts):
        raise Refused(_unreadable())
    return parts


def _whole(text: str, most: int) -> bool:
    return text.isdigit() and len(text) < 7 and 0 < int(text) <= most


def until_day(text: str, zone: ZoneInfo) -> date:
    """Return the last day that an UNTIL lets in: a date, a local time, or one in UTC (RFC 5545 section 3.3.10)."""
    try:
        if len(text) == len("YYYYMMDD"):
            return datetime.strptime(text, "%Y%m%d").replace(tzinfo=UTC).date()
        moment = datetime.strptime(text.removesuffix("Z"), "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    except ValueError as error:
        raise Refused(_unreadable()) from error
    return moment.astimezone(zone).date() if text.endswith("Z") else moment.date()


@dataclass(frozen=True)
class Outside:
    """An occurrence that is not within the opening hours: `closed` all day (and why), or only in part."""

    occurrence: Occurrence
    closed: bool
    why: str = ""


def outside(found: Iterable[Occurrence], calendar: Calendar) -> list[Outside]:
    """Return the occurrences that lie on closed days or reach beyond the opening hours of their day."""
    return [kept for occurrence in found if (kept := _outside(occurrence, calendar))]


def _outside(occurrence: Occurrence, calendar: Calendar) -> Outside | None:
    slot = occurrence.slot
    span = calendar.span_at(slot.start)
    if span and slot.end <= span[1]:
        return None
    closed = not calendar.open_spans(occurrence.on) and span is None
    return Outside(occurrence, closed, calendar.closed.get(occurrence.on, ""))


def without(found: Iterable[Occurrence], days: Collection[date]) -> list[Occurrence]:
    """Return the occurrences that are on none of `days`."""
    return [occurrence for occurrence in found if occurrence.on not in days]


def _unreadable() -> Problem:
    sentence = _("This rule cannot be read. Choose how often it repeats from the list, or type one like %(example)s.")
    example = "FREQ=WEEKLY;BYDAY=TU;COUNT=20"
    return Problem("rule_unreadable", sentence % {"example": example}, _("Repeats"), lift_by="")


def _endless() -> Problem:
    sentence = _("This series has no end. Say until which day it repeats, or how often.")
    return Problem("rule_endless", sentence, _("Repeats"), lift_by="")


def _too_long(last: date) -> Problem:
    sentence = ngettext(
        "A series reaches at most %(years)d year ahead. Let it end on %(day)s or before.",
        "A series reaches at most %(years)d years ahead. Let it end on %(day)s or before.",
        YEARS,
    )
    said = {"years": YEARS, "day": words.date_in_full(last)}
    return Problem("rule_too_long", sentence % said, _("Repeats"), words.date_in_full(last), lift_by="")


def _too_many() -> Problem:
    sentence = _("A series has at most %(most)d days. Let it end sooner, or repeat less often.")
    return Problem("rule_too_many", sentence % {"most": MOST}, _("Repeats"), str(MOST), lift_by="")


def _never() -> Problem:
    sentence = _("With this rule it never takes place. Choose another day, or leave fewer days out.")
    return Problem("rule_never", sentence, _("Repeats"), lift_by="")
