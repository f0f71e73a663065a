"""Weekly hours as pure arithmetic: which can be, where they clash, which look like a slip."""

from datetime import date, time
from zoneinfo import ZoneInfo

import pytest

from reservations.calendar import Calendar
from reservations.rules.week import long_nights, week_clashes, week_of, with_week

MONDAY, TUESDAY, SUNDAY = 0, 1, 6
TODAY = date(2026, 11, 24)  # a Tuesday
ZONE = ZoneInfo("America/New_York")


def span(opens, closes):
    return time.fromisoformat(opens), time.fromisoformat(closes)


def clashes(week, calendar=None):
    found = week_clashes(week, calendar or Calendar(ZONE, {}), TODAY)
    return [(clash.weekday, clash.number, clash.problem.code) for clash in found]


@pytest.mark.parametrize(
    "week",
    [
        {},
        {MONDAY: [span("09:00", "12:30"), span("13:30", "19:00")]},
        {MONDAY: [span("13:30", "19:00"), span("09:00", "12:30")]},
        {MONDAY: [span("09:00", "12:00"), span("12:00", "19:00")]},
        {MONDAY: [span("18:00", "02:00")], TUESDAY: [span("02:00", "19:00")]},
        {SUNDAY: [span("18:00", "02:00")], MONDAY: [span("02:00", "19:00")]},
        {day: [span("00:00", "00:00")] for day in range(7)},
    ],
)
def test_hours_that_only_touch_can_be(week):
    assert clashes(week) == []


@pytest.mark.parametrize(
    ("week", "found"),
    [
        ({MONDAY: [span("09:00", "09:00")]}, (MONDAY, 0, "empty_hours")),
        ({MONDAY: [span("09:00", "12:30"), span("12:29", "19:00")]}, (MONDAY, 1, "overlapping")),
        ({MONDAY: [span("12:29", "19:00"), span("09:00", "12:30")]}, (MONDAY, 0, "overlapping")),
        ({MONDAY: [span("18:00", "02:00")], TUESDAY: [span("01:59", "19:00")]}, (TUESDAY, 0, "overlapping")),
        ({SUNDAY: [span("18:00", "02:00")], MONDAY: [span("01:59", "19:00")]}, (MONDAY, 0, "overlapping")),
        ({MONDAY: [span("00:00", "00:00"), span("09:00", "10:00")]}, (MONDAY, 1, "overlapping")),
    ],
)
def test_what_cannot_be_is_said_at_the_opening_that_it_is_about(week, found):
    assert clashes(week) == [found]


def test_an_opening_that_holds_two_others_clashes_with_both():
    week = {MONDAY: [span("09:00", "20:00"), span("10:00", "11:00"), span("12:00", "13:00")]}
    assert clashes(week) == [(MONDAY, 1, "overlapping"), (MONDAY, 2, "overlapping")]


def test_a_night_is_refused_where_the_next_day_has_special_hours_that_begin_before_it_ends():
    wednesday = Calendar(ZONE, {}, special={date(2026, 11, 25): [span("01:00", "05:00")]})
    assert clashes({TUESDAY: [span("09:00", "12:00"), span("20:00", "02:00")]}, wednesday) == [
        (TUESDAY, 1, "overlapping")
    ]
    assert clashes({TUESDAY: [span("20:00", "01:00")]}, wednesday) == []


def test_special_hours_that_are_over_stand_in_nobodys_way():
    past = Calendar(ZONE, {}, special={date(2026, 11, 17): [span("01:00", "05:00")]})
    assert clashes({MONDAY: [span("20:00", "02:00")]}, past) == []


def test_the_calendar_of_a_week_keeps_what_is_special():
    calendar = Calendar(ZONE, {MONDAY: [span("09:00", "19:00")]}, closed={TODAY: "Holiday"})
    after = with_week(calendar, {MONDAY: [], TUESDAY: [span("13:00", "19:00"), span("09:00", "12:00")]})
    assert after.closed == {TODAY: "Holiday"}
    assert week_of(after)[MONDAY] == []
    assert week_of(after)[TUESDAY] == [span("09:00", "12:00"), span("13:00", "19:00")]


@pytest.mark.parametrize(
    ("opens", "closes", "minutes"),
    [("18:00", "09:00", 900), ("19:00", "09:30", 870), ("21:00", "09:00", 720)],
)
def test_a_long_night_is_likely_a_slip(opens, closes, minutes):
    assert long_nights({MONDAY: [span(opens, closes)]}, {}) == [(MONDAY, 0, minutes)]


@pytest.mark.parametrize(
    ("opens", "closes"), [("09:00", "18:00"), ("22:00", "06:00"), ("09:00", "00:00"), ("00:00", "00:00")]
)
def test_a_day_a_short_night_and_an_evening_until_midnight_are_not(opens, closes):
    assert long_nights({MONDAY: [span(opens, closes)]}, {}) == []


def test_a_long_night_that_stands_already_is_none():
    week = {MONDAY: [span("18:00", "09:00")]}
    assert long_nights(week, week) == []
