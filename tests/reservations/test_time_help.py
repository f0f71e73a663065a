"""The help clock: waiting for staff is given back, told on a Tuesday at 14:07 with a session until 15:00."""

from datetime import timedelta

import pytest

from helpdesk.actor import patron as by_patron
from reservations.booking.help import begin_help, end_help
from reservations.booking.seat import finish
from reservations.calendars import calendar_of
from reservations.facts import use_of
from tests import factories as make
from tests.factories import NOW, at
from tests.reservations.sitting import MINUTE, sitting, told

pytestmark = pytest.mark.django_db
BY = by_patron()


@pytest.fixture
def seat():
    return make.make_device(make.make_branch())


def begin(seat, now=NOW):
    return begin_help(device_id=seat.pk, by=BY, now=now)


def stop(seat, now):
    return end_help(device_id=seat.pk, by=BY, now=now)


def counted(row, now):
    return use_of(row, now, calendar_of(row.branch_id), row.branch.policy).minutes


def test_asking_for_help_moves_the_end_at_once(seat):
    sitting(seat)
    row = begin(seat)
    assert (row.end, row.help_at, row.help_added, told(row)) == (at(15, 15), NOW, 15, ["help_began"])


def test_asking_again_while_help_is_on_its_way_adds_nothing(seat):
    sitting(seat)
    begin(seat)
    assert (begin(seat, NOW + 3 * MINUTE).end, begin(seat).help_at) == (at(15, 15), NOW)


@pytest.mark.parametrize(("took", "given", "end"), [(0, 0, at(15)), (61, 2, at(15, 2)), (240, 4, at(15, 4))])
def test_what_help_took_stays_and_the_rest_is_trimmed(seat, took, given, end):
    sitting(seat)
    begin(seat)
    row = stop(seat, NOW + timedelta(seconds=took))
    assert (row.help_minutes, row.end, row.help_at, row.help_added) == (given, end, None, 0)
    assert told(row) == ["help_began", "help_ended"]


def test_help_gives_back_the_policys_minutes_at_most(seat):
    sitting(seat)
    begin(seat)
    row = stop(seat, NOW + 30 * MINUTE)
    assert (row.help_minutes, row.end) == (15, at(15, 15))


def test_a_second_help_adds_what_the_first_left(seat):
    sitting(seat)
    begin(seat)
    stop(seat, NOW + 10 * MINUTE)
    row = begin(seat, NOW + 20 * MINUTE)
    assert (row.help_added, row.end) == (5, at(15, 15))
    assert stop(seat, NOW + 22 * MINUTE).help_minutes == 12


def test_ending_twice_is_ending_once(seat):
    sitting(seat)
    begin(seat)
    stop(seat, NOW + 4 * MINUTE)
    assert stop(seat, NOW + 9 * MINUTE).help_minutes == 4


def test_the_next_booking_and_its_cleaning_are_kept(seat):
    sitting(seat)
    make.make_booking(seat, at(15, 10), at(16))
    assert begin(seat).end == at(15, 5)


def test_help_without_room_still_runs(seat):
    sitting(seat)
    make.make_booking(seat, at(15), at(16))
    row = begin(seat)
    assert (row.end, row.help_at, row.help_added) == (at(15), NOW, 0)
    assert stop(seat, NOW + 5 * MINUTE).help_minutes == 0


def test_the_stop_is_kept(seat):
    sitting(seat, start=at(18), end=at(18, 40))
    assert begin(seat, at(18, 10)).end == at(18, 45)


def test_a_minute_to_save_is_left_when_the_rest_is_trimmed(seat):
    sitting(seat)
    begin(seat, at(14, 59))
    now = at(15, 1)
    row = stop(seat, now)
    assert (row.help_minutes, row.end) == (2, at(15, 2))
    begin(seat, at(15, 1) + timedelta(seconds=50))
    late = stop(seat, at(15, 1) + timedelta(seconds=50))
    assert late.end == at(15, 2) + timedelta(seconds=50)


def test_minutes_of_help_do_not_count(seat):
    sitting(seat)
    begin(seat)
    stop(seat, NOW + 10 * MINUTE)
    row = finish(booking=seat.bookings.get(), by=BY, now=at(15, 10))
    assert counted(row, at(16)) == 60


def test_help_that_still_runs_does_not_count_either(seat):
    sitting(seat)
    assert counted(begin(seat), NOW) == 60


def test_help_that_ran_when_the_session_ended_does_not_count(seat):
    sitting(seat)
    begin(seat)
    row = finish(booking=seat.bookings.get(), by=BY, now=NOW + 6 * MINUTE)
    assert counted(row, at(16)) == 7


def test_where_nobody_sits_there_is_no_clock(seat):
    make.make_booking(seat, at(14), at(15))
    assert (begin(seat), stop(seat, NOW)) == (None, None)


def test_who_sits_down_next_has_a_clock_of_their_own(seat):
    sitting(seat, start=at(13), end=at(14))
    seat.bookings.update(help_at=at(13, 50), help_added=10)
    sitting(seat, start=at(14, 5))
    assert begin(seat).help_at == NOW
