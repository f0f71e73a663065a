"""The clock is set back a minute just after somebody has left: the moment of leaving is then still to come."""

from datetime import timedelta

import pytest

from helpdesk.actor import SYSTEM, patron
from reservations.booking.seat import check_in
from reservations.booking.service import take_out_of_service
from reservations.booking.settle import settle_branch
from reservations.models.booking import Outcome
from reservations.rules.facts import Busy
from reservations.rules.fit import gaps
from reservations.rules.problem import Refused
from tests import factories as make
from tests.factories import NOW, at

LEFT = Busy(at(14), NOW, over=True)
BACK = NOW - timedelta(minutes=1)


def test_where_nothing_is_cleaned_the_seat_is_free_without_a_break():
    assert gaps([(BACK, at(18))], [LEFT], 0) == [(BACK, at(18))]


def test_where_seats_are_cleaned_the_cleaning_comes_at_its_time():
    assert gaps([(BACK, at(18))], [LEFT], 5) == [(BACK, NOW), (NOW + timedelta(minutes=5), at(18))]


@pytest.fixture
def missed():
    """A booking from 15:00 to 15:10 that nobody came for, settled when the clock said 15:10."""
    row = make.make_booking(make.make_device(make.make_branch()), at(15), at(15, 10), check_in_by=at(15, 10))
    settle_branch(branch_id=row.branch_id, now=at(15, 10))
    row.refresh_from_db()
    assert row.outcome == Outcome.NO_SHOW
    return row


@pytest.mark.django_db
def test_a_booking_missed_to_its_last_minute_can_still_be_sat_down_to_when_the_clock_goes_back(missed):
    sat = check_in(booking=missed, by=patron(), now=at(15, 9))
    assert (sat.start, sat.end) == (at(15, 9), at(15, 10))


@pytest.mark.django_db
def test_nobody_sits_down_for_no_time_where_the_last_one_there_left_at_the_end_of_the_booking(missed):
    make.make_booking(missed.device, at(14), at(15, 10), checked_in_at=at(14), ended_at=at(15, 10), outcome="finished")
    with pytest.raises(Refused) as refused:
        check_in(booking=missed, by=patron(), now=at(15, 9))
    assert refused.value.codes == ["over"]


@pytest.mark.django_db
def test_who_sits_at_a_seat_that_breaks_leaves_it_at_once_though_its_repair_begins_a_minute_later():
    seat = make.make_device(make.make_branch(policy={"gap_minutes": 0}))
    make.make_booking(seat, at(13), NOW, checked_in_at=at(13), ended_at=NOW, outcome="finished")
    sits = make.make_booking(seat, BACK, at(15), checked_in_at=BACK)
    removal = take_out_of_service(device_id=seat.pk, by=SYSTEM, now=BACK, note="broken")
    sits.refresh_from_db()
    assert removal.repair.start == NOW
    assert (sits.ended_at, sits.outcome) == (BACK, Outcome.DISPLACED)
