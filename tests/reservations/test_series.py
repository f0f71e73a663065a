"""Series of classes: weeks, months, exceptions, changes of the clocks, and rules that nobody could keep."""

from datetime import UTC, date, datetime, time
from itertools import takewhile
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr

from reservations.calendar import Calendar
from reservations.rules.problem import Refused
from reservations.rules.series import MOST, Series, occurrences, outside

ZONE = ZoneInfo("America/New_York")
TUESDAY = date(2026, 11, 24)


def series(rule="", *, first_on=TUESDAY, starts=time(16), ends=time(18), left_out=()):
    return Series(first_on, starts, ends, rule, frozenset(left_out))


def days(rule, **fields):
    return [occurrence.on for occurrence in occurrences(series(rule, **fields), ZONE)]


def code(rule, **fields):
    with pytest.raises(Refused) as refused:
        occurrences(series(rule, **fields), ZONE)
    assert refused.value.problems[0].sentence.endswith(".")
    return refused.value.codes[0]


def test_a_class_without_a_rule_takes_place_once():
    assert days("") == [TUESDAY]


def test_a_weekly_class_keeps_its_weekday_until_its_last_day():
    assert days("FREQ=WEEKLY;UNTIL=20261208") == [TUESDAY, date(2026, 12, 1), date(2026, 12, 8)]


def test_every_second_week_leaves_one_out():
    assert days("FREQ=WEEKLY;INTERVAL=2;COUNT=3") == [TUESDAY, date(2026, 12, 8), date(2026, 12, 22)]


def test_the_fourth_tuesday_of_a_month_stays_the_fourth():
    assert days("FREQ=MONTHLY;BYDAY=4TU;COUNT=3") == [TUESDAY, date(2026, 12, 22), date(2027, 1, 26)]


def test_days_that_are_left_out_do_not_take_place():
    assert days("FREQ=WEEKLY;COUNT=3", left_out=[date(2026, 12, 1)]) == [TUESDAY, date(2026, 12, 8)]


def test_ten_in_the_morning_stays_ten_when_the_clocks_change():
    found = occurrences(
        series("FREQ=WEEKLY;COUNT=2", first_on=date(2026, 10, 27), starts=time(10), ends=time(11)), ZONE
    )
    assert [each.slot.start for each in found] == [
        datetime(2026, 10, 27, 14, tzinfo=UTC),
        datetime(2026, 11, 3, 15, tzinfo=UTC),
    ]


def test_a_maintenance_over_the_hour_that_comes_twice_is_an_hour_longer():
    night = series(first_on=date(2026, 11, 1), starts=time(0, 30), ends=time(3))
    assert occurrences(night, ZONE)[0].slot.minutes == 210


def test_what_the_clocks_jump_over_does_not_take_place():
    assert code("", first_on=date(2027, 3, 14), starts=time(2, 30), ends=time(3)) == "rule_never"


def test_what_ends_before_it_starts_ends_after_midnight():
    assert occurrences(series(starts=time(23), ends=time(1)), ZONE)[0].slot.minutes == 120


def test_an_end_in_utc_counts_by_the_day_of_the_branch():
    assert days("FREQ=DAILY;UNTIL=20261126T030000Z") == [TUESDAY, date(2026, 11, 25)]


@pytest.mark.parametrize("rule", ["FREQ=WEEKLY", "FREQ=DAILY;INTERVAL=3", "RRULE:FREQ=YEARLY"])
def test_a_series_without_an_end_is_asked_for_one(rule):
    assert code(rule) == "rule_endless"


@pytest.mark.parametrize(
    "rule",
    [
        "every week",
        "FREQ=HOURLY;COUNT=5",
        "FREQ=SECONDLY;UNTIL=20281231",
        "FREQ=WEEKLY;COUNT=0",
        "FREQ=WEEKLY;COUNT=-1",
        "FREQ=WEEKLY;INTERVAL=0;COUNT=3",
        "FREQ=WEEKLY;COUNT=3;UNTIL=20261231",
        "FREQ=WEEKLY;FREQ=DAILY;COUNT=2",
        "FREQ=WEEKLY;UNTIL=tomorrow",
        "FREQ=WEEKLY;UNTIL=20261399",
        "FREQ=MONTHLY;BYDAY=XX;COUNT=3",
        "FREQ=DAILY;BYHOUR=9;COUNT=2",
        "FREQ=MONTHLY;BYMONTHDAY=;COUNT=3",
        "FREQ=DAILY;COUNT=٣",
        "FREQ=WEEKLY\nCOUNT=2",
        ";;;",
        "=",
        "FREQ=" + "W" * 500,
        "FREQ=DAILY;COUNT=2;BYMONTHDAY=" + ",".join(["1"] * 90),
        "FREQ=YEARLY;BYYEARDAY=a;COUNT=1",
        "FREQ=MONTHLY;BYSETPOS=0;BYDAY=MO;COUNT=2",
        "FREQ=WEEKLY;WKST=;COUNT=2",
    ],
)
def test_a_rule_that_is_rubbish_is_refused_with_an_example(rule):
    assert code(rule) == "rule_unreadable"


def test_more_days_than_a_series_may_have_are_refused():
    assert code("FREQ=DAILY;UNTIL=20281101") == "rule_too_many"
    for many in (MOST + 1, 1001, 999999999):
        assert code(f"FREQ=DAILY;COUNT={many}") == "rule_too_many"
    assert len(days(f"FREQ=DAILY;COUNT={MOST}")) == MOST


@pytest.mark.parametrize("rule", ["FREQ=WEEKLY;UNTIL=20400101", "FREQ=YEARLY;COUNT=5", "FREQ=MONTHLY;COUNT=30"])
def test_a_series_beyond_two_years_is_refused_with_the_last_day(rule):
    assert code(rule) == "rule_too_long"


@pytest.mark.parametrize(
    "rule", ["FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=5", "FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=31;COUNT=1"]
)
def test_a_day_that_no_month_has_is_found_out_at_once(rule):
    assert code(rule) == "rule_never"


def test_closed_days_and_times_outside_the_hours_are_told_apart():
    holiday = date(2026, 12, 1)
    calendar = Calendar(
        ZONE,
        {1: [(time(9), time(19))]},
        {holiday: "Holiday"},
        {date(2026, 12, 8): [(time(9), time(17))]},
    )
    found = outside(occurrences(series("FREQ=WEEKLY;COUNT=4"), ZONE), calendar)
    assert [(each.occurrence.on, each.closed, each.why) for each in found] == [
        (holiday, True, "Holiday"),
        (date(2026, 12, 8), False, ""),
    ]


@pytest.mark.parametrize(
    "rule", ["FREQ=MONTHLY;BYDAY=-1TU,5MO", "FREQ=YEARLY;BYWEEKNO=53,1;BYDAY=MO", "FREQ=DAILY;INTERVAL=7;BYMONTH=1,2"]
)
def test_the_days_are_those_of_the_recurrence_library(rule):
    plain = rrulestr(rule, dtstart=datetime(2026, 11, 24))  # noqa: DTZ001  (days, not moments)
    expected = takewhile(lambda on: on <= date(2028, 11, 24), (moment.date() for moment in plain))
    assert days(f"{rule};UNTIL=20281124") == list(expected)
