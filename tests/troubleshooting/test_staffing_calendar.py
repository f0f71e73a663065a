"""Shifts as real time: after midnight, across a clock change, on days away."""

import itertools
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from troubleshooting.staffing_calendar import WorkWeek, by_weekday, overlapping

NEW_YORK = ZoneInfo("America/New_York")
TUESDAY = date(2026, 11, 24)


def week(*rows, away=()):
    return WorkWeek(NEW_YORK, by_weekday((day, time(starts), time(ends)) for day, starts, ends in rows), away)


def local(day, hour, minute=0):
    return datetime.combine(day, time(hour, minute), tzinfo=NEW_YORK).astimezone(UTC)


def test_a_day_with_a_break_has_two_spans_in_order():
    spans = week((1, 13, 17), (1, 9, 12)).spans(TUESDAY)
    assert spans == [(local(TUESDAY, 9), local(TUESDAY, 12)), (local(TUESDAY, 13), local(TUESDAY, 17))]


def test_a_day_without_a_shift_has_no_span():
    assert week((1, 9, 17)).spans(TUESDAY + timedelta(days=1)) == []


def test_a_day_away_has_no_span_and_the_day_after_has():
    away = week((1, 9, 17), (2, 9, 17), away=[(date(2026, 11, 23), TUESDAY)])
    assert away.spans(TUESDAY) == []
    assert away.spans(TUESDAY + timedelta(days=1))


def test_a_shift_over_midnight_belongs_to_the_day_on_which_it_began():
    night = week((1, 20, 2))
    assert night.spans(TUESDAY) == [(local(TUESDAY, 20), local(TUESDAY + timedelta(days=1), 2))]
    assert night.is_working(local(TUESDAY + timedelta(days=1), 1))
    assert not night.is_working(local(TUESDAY + timedelta(days=1), 2))


def test_who_is_away_on_the_next_day_still_ends_the_night():
    night = week((1, 20, 2), away=[(date(2026, 11, 25), date(2026, 11, 25))])
    assert night.is_working(local(date(2026, 11, 25), 1))


def test_the_night_of_the_longer_hour_is_an_hour_longer():
    (span,) = week((5, 22, 4)).spans(date(2026, 10, 31))  # clocks go back at two on Sunday
    assert span[1] - span[0] == timedelta(hours=7)


def test_a_shift_inside_the_hour_that_is_skipped_is_no_time_at_all():
    assert week((6, 2, 3)).spans(date(2026, 3, 8)) == []


def test_shifts_that_touch_do_not_overlap():
    assert overlapping([(0, time(9), time(12)), (0, time(12), time(17))]) is None


def test_the_shift_that_begins_too_soon_is_named():
    late = (0, time(11), time(17))
    assert overlapping([late, (0, time(9), time(12))]) == late


def test_sundays_night_reaches_into_monday():
    monday = (0, time(1), time(5))
    assert overlapping([monday, (6, time(22), time(2))]) == monday


times = st.integers(0, 24 * 60 - 1).map(lambda minutes: time(*divmod(minutes, 60)))
shifts = st.tuples(st.integers(0, 6), times, times).filter(lambda row: row[1] != row[2])


@given(st.lists(shifts, max_size=6), st.dates(date(2026, 1, 1), date(2028, 1, 1)))
def test_shifts_that_do_not_overlap_never_meet_in_real_time(rows, day):
    if overlapping(rows) is None:
        worked = list(WorkWeek(NEW_YORK, by_weekday(rows)).spans_between(day, day + timedelta(days=8)))
        changes = {date(2026, 3, 8), date(2026, 11, 1), date(2027, 3, 14), date(2027, 11, 7)}
        if not any(day - timedelta(days=1) <= change <= day + timedelta(days=9) for change in changes):
            assert all(first[1] <= second[0] for first, second in itertools.pairwise(worked))
