"""Opening hours: branch days, lunch, closures, midnight and clock changes."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from reservations.calendar import Calendar

ZONE = ZoneInfo("America/New_York")
TUESDAY = date(2026, 11, 24)
NINE_TO_SEVEN = {day: [(time(9), time(19))] for day in range(7)}


def local(hour: int, minute: int = 0, on: date = TUESDAY) -> datetime:
    return datetime.combine(on, time(hour, minute), tzinfo=ZONE).astimezone(UTC)


def test_a_day_opens_and_closes_at_its_local_hours():
    calendar = Calendar(ZONE, NINE_TO_SEVEN)
    assert calendar.open_spans(TUESDAY) == [(local(9), local(19))]


@pytest.mark.parametrize(
    ("moment", "is_open"), [(local(8, 59), False), (local(9), True), (local(18, 59), True), (local(19), False)]
)
def test_the_opening_minute_is_open_and_the_closing_minute_is_not(moment, is_open):
    assert (Calendar(ZONE, NINE_TO_SEVEN).span_at(moment) is not None) == is_open


def test_a_lunch_closure_splits_the_day_and_the_afternoon_is_the_next_opening():
    calendar = Calendar(ZONE, {1: [(time(13), time(18)), (time(9), time(12))]})
    assert calendar.open_spans(TUESDAY) == [(local(9), local(12)), (local(13), local(18))]
    assert calendar.next_opening(local(12, 30)) == local(13)


def test_the_stop_before_closing_holds_for_the_evening_and_not_for_lunch():
    calendar = Calendar(ZONE, {1: [(time(9), time(12)), (time(13), time(18))]})
    assert calendar.usable_span(local(10), 15) == (local(9), local(12))
    assert calendar.usable_span(local(14), 15) == (local(13), local(17, 45))


def test_a_holiday_has_no_opening_and_the_next_day_follows():
    calendar = Calendar(ZONE, NINE_TO_SEVEN, {TUESDAY: "Holiday"})
    assert calendar.open_spans(TUESDAY) == []
    assert calendar.next_opening(local(10)) == local(9, on=date(2026, 11, 25))


def test_an_opening_past_midnight_belongs_to_the_day_on_which_it_began():
    calendar = Calendar(ZONE, {1: [(time(20), time(2))]})
    one_at_night = local(1, on=date(2026, 11, 25))
    assert calendar.branch_day(one_at_night) == TUESDAY
    assert calendar.branch_day(local(2, on=date(2026, 11, 25))) == date(2026, 11, 25)
    assert calendar.span_at(one_at_night) == (local(20), local(2, on=date(2026, 11, 25)))
    assert calendar.day_bounds(TUESDAY)[1] == local(2, on=date(2026, 11, 25))


@pytest.mark.parametrize(("on", "hours"), [(date(2026, 3, 8), 23), (date(2026, 11, 1), 25)])
def test_a_day_of_a_clock_change_has_its_real_length(on, hours):
    calendar = Calendar(ZONE, {6: [(time(0), time(0))]})
    (start, end) = calendar.open_spans(on)[0]
    assert end - start == timedelta(hours=hours)


def test_an_opening_inside_the_skipped_hour_is_none():
    calendar = Calendar(ZONE, {6: [(time(2, 15), time(2, 45))]})
    assert all(end - start <= timedelta(minutes=30) for start, end in calendar.open_spans(date(2026, 3, 8)))


def test_a_branch_that_never_opens_has_no_next_opening():
    assert Calendar(ZONE, {}).next_opening(local(10)) is None


def test_special_hours_take_the_place_of_the_weekdays_on_their_day_alone():
    calendar = Calendar(ZONE, NINE_TO_SEVEN, special={TUESDAY: [(time(11), time(15))]})
    assert calendar.open_spans(TUESDAY) == [(local(11), local(15))]
    assert calendar.open_spans(date(2026, 11, 25)) == [
        (local(9, on=date(2026, 11, 25)), local(19, on=date(2026, 11, 25)))
    ]


def test_a_closure_wins_over_special_hours():
    calendar = Calendar(ZONE, NINE_TO_SEVEN, {TUESDAY: "Holiday"}, {TUESDAY: [(time(11), time(15))]})
    assert calendar.open_spans(TUESDAY) == []
