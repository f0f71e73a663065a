"""The times at which somebody is free: never outside work or opening hours, never over another one-to-one."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reservations.calendar import Calendar
from troubleshooting.one_to_ones.rules import LENGTH, fits, meets, slots
from troubleshooting.staffing_calendar import WorkWeek, by_weekday

NEW_YORK = ZoneInfo("America/New_York")
TUESDAY = date(2026, 11, 24)
ANN, BEN = 1, 2


def calendar(opens=9, closes=19, **days):
    return Calendar(NEW_YORK, {day: [(time(opens), time(closes % 24))] for day in range(7)}, **days)


def week(starts=9, ends=17, days=range(7), away=()):
    return WorkWeek(NEW_YORK, by_weekday((day, _time(starts), _time(ends)) for day in days), away)


def _time(hour):
    return time(int(hour) % 24, round(hour % 1 * 60))


def local(hour, minute=0, day=TUESDAY):
    return datetime.combine(day, time(hour, minute), tzinfo=NEW_YORK).astimezone(UTC)


def starts(open_hours, weeks, taken=None, *, days=1, earliest=None, first=TUESDAY):
    found = slots(open_hours, weeks, taken or {}, first=first, days=days, earliest=earliest or local(0, day=first))
    return [slot.start.astimezone(NEW_YORK).strftime("%H:%M") for slot in found]


def test_a_short_shift_has_a_slot_at_each_full_and_half_hour_that_fits_whole():
    assert starts(calendar(), {ANN: week(9.25, 11.25)}) == ["09:30", "10:00", "10:30"]


def test_nothing_begins_before_the_branch_opens_or_ends_after_it_closes():
    assert starts(calendar(10, 11), {ANN: week(8, 20)}) == ["10:00", "10:30"]


def test_nothing_begins_before_the_earliest_moment():
    assert starts(calendar(), {ANN: week(9, 11)}, earliest=local(9, 45)) == ["10:00", "10:30"]


def test_a_closed_day_has_none():
    assert starts(calendar(closed={TUESDAY: "Holiday"}), {ANN: week()}) == []


def test_the_hours_of_a_special_day_hold():
    special = calendar(special={TUESDAY: [(time(9), time(10))]})
    assert starts(special, {ANN: week()}) == ["09:00", "09:30"]


def test_a_day_away_has_none():
    assert starts(calendar(), {ANN: week(away=[(TUESDAY, TUESDAY)])}) == []


def test_a_taken_time_is_not_offered_and_its_neighbours_are():
    taken = {ANN: [(local(9, 30), local(10))]}
    assert starts(calendar(), {ANN: week(9, 11)}, taken) == ["09:00", "10:00", "10:30"]


def test_where_two_are_free_who_has_fewest_that_day_comes_first():
    taken = {ANN: [(local(9), local(9, 30))]}
    found = slots(calendar(), {ANN: week(), BEN: week()}, taken, first=TUESDAY, days=1, earliest=local(9))
    assert [slot.librarians for slot in found[:2]] == [(BEN,), (BEN, ANN)]


def test_two_shifts_that_touch_are_one():
    shifts = WorkWeek(NEW_YORK, by_weekday([(1, time(9), time(9, 45)), (1, time(9, 45), time(10, 30))]))
    assert starts(calendar(), {ANN: shifts}) == ["09:00", "09:30", "10:00"]


def test_after_midnight_the_opening_of_the_day_goes_on():
    assert starts(calendar(22, 25), {ANN: week(20, 2)})[-3:] == ["23:30", "00:00", "00:30"]


def test_a_shift_that_begins_after_midnight_serves_the_opening_of_the_day_before():
    assert starts(calendar(22, 26), {ANN: week(0.5, 1.5, days=[2])}) == ["00:30", "01:00"]


def test_on_the_day_of_the_longer_hour_the_hour_is_offered_twice():
    sunday = date(2026, 11, 1)
    night = slots(calendar(0, 4), {ANN: week(0, 4)}, {}, first=sunday, days=1, earliest=local(0, day=sunday))
    assert len(night) == 10
    assert all(slot.end - slot.start == LENGTH for slot in night)


def test_the_hour_that_is_skipped_is_not_offered():
    sunday = date(2026, 3, 8)
    assert starts(calendar(1, 4), {ANN: week(1, 4)}, first=sunday) == ["01:00", "01:30", "03:00", "03:30"]


@pytest.mark.parametrize(
    ("hour", "open_hours", "worker", "why"),
    [
        (10, calendar(), week(), ""),
        (10, calendar(closed={TUESDAY: "Storm"}), week(), "closed"),
        (18, calendar(9, 18), week(9, 20), "closed"),
        (10, calendar(), week(away=[(TUESDAY, TUESDAY)]), "away"),
        (18, calendar(), week(9, 17), "hours"),
        (10, calendar(), None, "hours"),
    ],
)
def test_what_does_not_fit_any_more_says_why(hour, open_hours, worker, why):
    assert fits((local(hour), local(hour, 30)), open_hours, worker) == why


hours = st.integers(0, 47).map(lambda half: time(half // 2, half % 2 * 30))
spans = st.lists(st.tuples(st.integers(0, 6), hours, hours).filter(lambda row: row[1] != row[2]), max_size=5)
days = st.dates(date(2026, 2, 20), date(2026, 11, 20))


@settings(max_examples=60, deadline=None)
@given(
    opening=spans,
    work=spans,
    first=days,
    closed=st.sets(st.integers(0, 8)),
    away=st.tuples(st.integers(0, 8), st.integers(0, 8)),
    taken=st.lists(st.tuples(st.integers(0, 8 * 96), st.integers(1, 8)), max_size=6),
)
def test_no_slot_meets_a_one_to_one_an_absence_or_a_closed_time(opening, work, first, closed, away, taken):
    gone = (first + timedelta(days=min(away)), first + timedelta(days=max(away)))
    shut = {first + timedelta(days=ahead): "closed" for ahead in closed}
    branch = Calendar(NEW_YORK, by_weekday(opening), shut)
    worker = WorkWeek(NEW_YORK, by_weekday(work), [gone])
    quarter = timedelta(minutes=15)
    held = [(local(0, day=first) + at * quarter, local(0, day=first) + (at + long) * quarter) for at, long in taken]
    found = slots(branch, {ANN: worker}, {ANN: held}, first=first, days=9, earliest=local(0, day=first))
    for slot in found:
        assert not any(meets((slot.start, slot.end), span) for span in held)
        assert not fits((slot.start, slot.end), branch, worker)
        assert slot.start.astimezone(NEW_YORK).minute in {0, 30}
        for moment in (slot.start, slot.end - timedelta(minutes=1)):
            assert branch.span_at(moment)
            assert worker.is_working(moment)
