"""What every screen says of a day that is not as usual."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from reservations.calendar import Calendar
from reservations.day_notice import notice_of
from reservations.rules.closing import with_hours

ZONE = ZoneInfo("America/New_York")
TODAY, TOMORROW, FRIDAY = date(2026, 11, 24), date(2026, 11, 25), date(2026, 11, 27)
NOW = datetime(2026, 11, 24, 19, 7, tzinfo=UTC)
USUAL = Calendar(ZONE, {day: [(time(9), time(19))] for day in range(5)})


def said(on, hours, reason="Storm"):
    return notice_of(with_hours(USUAL, on, hours, reason), NOW)


@pytest.mark.parametrize(
    ("on", "hours", "sentence"),
    [
        (TODAY, [(time(9), time(15))], "We close today at 15:00: Storm."),
        (TOMORROW, [], "Closed tomorrow: Storm."),
        (FRIDAY, [(time(11), time(19))], "We open Fri 27 at 11:00: Storm."),
        (TODAY, [(time(9), time(21))], "Open today until 21:00: Storm."),
        (date(2026, 11, 28), [(time(10), time(14))], "Open Sat 28 from 10:00 to 14:00: Storm."),
        (FRIDAY, [(time(10), time(12)), (time(14), time(18))], "Open Fri 27 10:00 to 12:00, 14:00 to 18:00: Storm."),
        (TODAY, [(time(9), time(19))], ""),
        (date(2026, 12, 4), [], ""),
        (date(2026, 11, 28), [], ""),
    ],
)
def test_a_day_that_is_not_as_usual_is_told_from_a_week_before(on, hours, sentence):
    assert said(on, hours) == sentence


def test_a_reason_may_be_missing():
    assert said(TODAY, [(time(9), time(15))], "") == "We close today at 15:00."


def test_the_first_such_day_is_told():
    both = with_hours(with_hours(USUAL, TODAY, [(time(9), time(15))], "Storm"), TOMORROW, [], "Holiday")
    assert notice_of(both, NOW) == "We close today at 15:00: Storm."
