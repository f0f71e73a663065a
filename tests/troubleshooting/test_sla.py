"""Due times count opening minutes only."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from reservations.public import Calendar
from tests.factories import at
from troubleshooting.models import Category
from troubleshooting.sla import due, promised_minutes

ALL_DAY = [(time(9), time(19))]
LUNCH = [(time(9), time(12)), (time(13), time(17))]
ZONE = ZoneInfo("America/New_York")


def calendar(hours=ALL_DAY, closed=(), weekdays=range(7)):
    return Calendar(ZONE, dict.fromkeys(weekdays, hours), dict.fromkeys(closed, "closed"))


@pytest.mark.parametrize(
    ("start", "minutes", "expected"),
    [
        (at(14), 0, at(14)),
        (at(14), 5, at(14, 5)),
        (at(18, 55), 5, at(19)),
        (at(18, 55), 6, at(9, 1, day=25)),
        (at(19), 1, at(9, 1, day=25)),
        (at(7), 30, at(9, 30)),
        (at(14), 5 * 60 + 10 * 60 + 1, at(9, 1, day=26)),
    ],
)
def test_only_open_minutes_count(start, minutes, expected):
    assert due(calendar(), start, minutes) == expected


def test_lunch_does_not_count():
    assert due(calendar(LUNCH), at(11, 50), 20) == at(13, 10)


def test_lunch_starts_when_the_last_minute_is_used():
    assert due(calendar(LUNCH), at(11, 50), 10) == at(12)


def test_a_holiday_does_not_count():
    assert due(calendar(closed=[date(2026, 11, 25)]), at(18), 90) == at(9, 30, day=26)


def test_the_night_the_clocks_go_back_has_nine_hours():
    night = calendar([(time(22), time(6))], weekdays=[5])
    saturday = datetime(2026, 11, 1, 2, tzinfo=UTC)  # 22:00 on 31 October by the summer clock
    assert due(night, saturday, 9 * 60) == datetime(2026, 11, 1, 11, tzinfo=UTC)


def test_a_branch_that_never_opens_promises_nothing():
    assert due(calendar(hours=[]), at(14), 5) is None


def test_the_category_promises_for_its_usual_level():
    assert promised_minutes(Category(tier=2, promise_minutes=60), 2) == 60


@pytest.mark.parametrize(("tier", "minutes"), [(0, 5), (1, 5), (2, 60), (3, 480)])
def test_another_level_has_its_own_promise(tier, minutes):
    assert promised_minutes(Category(tier=2, promise_minutes=60), tier) == minutes
