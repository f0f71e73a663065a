"""Other hours of a day: one stop for everybody who sits, a minute at least, and who came late enough keeps all."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from reservations.calendar import Calendar
from reservations.rules.closing import Stay, fate_of, hours_of, shorter_hours, with_hours
from reservations.rules.problem import Refused

ZONE = ZoneInfo("America/New_York")
TUESDAY = date(2026, 11, 24)
NINE_TO_SEVEN = Calendar(ZONE, {day: [(time(9), time(19))] for day in range(7)})
LATE = Calendar(ZONE, {day: [(time(18), time(2))] for day in range(7)})


def local(hour, minute=0, on=TUESDAY):
    return datetime.combine(on, time(hour, minute), tzinfo=ZONE).astimezone(UTC)


NOW = local(14, 7)


def closed_at(at, calendar=NINE_TO_SEVEN, now=NOW):
    return with_hours(calendar, TUESDAY, shorter_hours(calendar, TUESDAY, at, now), "Storm")


def fate(stay, at=time(15), stop=10, now=NOW):
    return fate_of(stay, NINE_TO_SEVEN, closed_at(at, now=now), now=now, stop=stop)


def running(start, end):
    return Stay(start, end, running=True)


def test_everybody_who_sits_ends_at_the_same_stop():
    long, longer = running(local(14), local(15, 30)), running(local(13), local(18))
    assert fate(long).end == fate(longer).end == local(14, 50)


def test_who_would_have_ended_before_the_stop_keeps_every_minute():
    assert fate(running(local(14), local(14, 30))) is None


def test_who_sits_keeps_a_minute_when_the_library_closes_at_once():
    assert fate(running(local(14), local(15)), time(14, 10)).end == NOW + timedelta(minutes=1)


def test_a_booking_after_the_stop_is_taken_away():
    assert fate(Stay(local(14, 50), local(15, 30), least=15)).end is None


def test_a_booking_over_the_stop_is_cut_if_it_is_still_worth_coming():
    assert fate(Stay(local(14, 30), local(15, 30), least=15)).end == local(14, 50)
    assert fate(Stay(local(14, 40), local(15, 30), least=15)).end is None


def test_a_short_booking_before_the_stop_is_not_called_too_short():
    assert fate(Stay(local(14, 40), local(14, 50), least=15)) is None


def test_a_class_goes_on_until_closing_and_not_beyond():
    assert fate(Stay(local(14), local(16), group=True)).end == local(15)
    assert fate(Stay(local(15), local(16), group=True)).end is None


def test_what_lay_outside_the_hours_before_is_not_touched():
    opens_late = with_hours(NINE_TO_SEVEN, TUESDAY, [(time(11), time(19))])
    by_staff = Stay(local(18, 30), local(19, 30), least=15)
    early = Stay(local(9, 30), local(10, 30), least=15)
    assert fate_of(by_staff, NINE_TO_SEVEN, opens_late, now=local(8), stop=10) is None
    assert fate_of(early, NINE_TO_SEVEN, opens_late, now=local(8), stop=10).end is None


def test_longer_hours_take_nothing_away():
    longer = with_hours(NINE_TO_SEVEN, TUESDAY, [(time(8), time(21))])
    assert fate_of(Stay(local(18), local(19)), NINE_TO_SEVEN, longer, now=NOW, stop=0) is None


def test_an_opening_after_a_lunch_break_falls_away_whole():
    split = Calendar(ZONE, {1: [(time(9), time(12)), (time(13), time(18))]})
    assert shorter_hours(split, TUESDAY, time(12, 30), local(10)) == [(time(9), time(12))]


def test_a_night_may_close_after_midnight_or_before():
    assert shorter_hours(LATE, TUESDAY, time(1), local(20)) == [(time(18), time(1))]
    assert shorter_hours(LATE, TUESDAY, time(23), local(20)) == [(time(18), time(23))]


def test_taking_other_hours_back_gives_those_of_the_weekday():
    assert hours_of(with_hours(closed_at(time(15)), TUESDAY, None), TUESDAY) == [(time(9), time(19))]
    assert hours_of(with_hours(NINE_TO_SEVEN, TUESDAY, [], "Holiday"), TUESDAY) == []


@pytest.mark.parametrize(
    ("at", "code"),
    [(time(19), "not_earlier"), (time(20), "not_earlier"), (time(9), "before_opening"), (time(14), "past")],
)
def test_a_closing_that_is_none_is_refused_with_the_next_step(at, code):
    with pytest.raises(Refused) as refused:
        closed_at(at)
    assert refused.value.codes == [code]


def test_a_closed_day_cannot_close_early():
    with pytest.raises(Refused) as refused:
        shorter_hours(with_hours(NINE_TO_SEVEN, TUESDAY, []), TUESDAY, time(15), NOW)
    assert refused.value.codes == ["closed_day"]
