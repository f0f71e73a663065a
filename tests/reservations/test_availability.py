"""What the kiosk offers: seats now, the grid of later, and ways out of a refusal that would really be accepted."""

from datetime import timedelta
from uuid import uuid4

import pytest

from helpdesk.actor import patron as by_patron
from reservations.availability import day_grid, free_now, nearest, open_days, room_for_days
from reservations.booking.ahead import book
from reservations.models import Booking
from tests import factories as make
from tests.factories import NOW, at

pytestmark = pytest.mark.django_db


@pytest.fixture
def branch():
    return make.make_branch()


def grid(branch, day=0, patron=None, now=NOW):
    room = room_for_days(branch, now=now, patron=patron)
    return day_grid(room, open_days(branch, room)[day])


def test_now_offers_the_best_seat_of_each_class_longest_first(branch):
    short, whole = make.make_device(branch), make.make_device(branch)
    make.make_booking(short, at(14, 37), at(15, 37))
    express = make.make_device(branch, kind=make.make_class(walk_up_only=True, session_minutes=15))
    found = free_now(branch, now=NOW)
    assert [(o.device, o.minutes, o.is_first) for o in found.options] == [(whole, 60, True), (express, 15, False)]
    assert (found.free, found.seats) == (3, 3)


def test_now_leaves_out_what_this_patron_may_not_use(branch):
    make.make_device(branch, kind=make.make_class(greatest_age=12))
    adult = make.make_device(branch)
    assert [o.device for o in free_now(branch, now=NOW, patron=make.make_patron()).options] == [adult]


def test_the_grid_has_half_hours_and_the_last_start_before_the_stop(branch):
    make.make_device(branch)
    starts = [slot.start for slot in grid(branch)]
    assert (starts[0], starts[1], starts[-2], starts[-1]) == (at(14, 30), at(15), at(17, 30), at(17, 45))


def test_the_grid_counts_the_seats_that_take_a_whole_session(branch):
    one, two = make.make_device(branch), make.make_device(branch)
    make.make_booking(one, at(15, 30), at(16, 30))
    make.make_booking(two, at(16), at(17))
    free = {slot.start: slot.free for slot in grid(branch)}
    assert [free[at(14, 30)], free[at(15)], free[at(16)], free[at(17, 30)]] == [1, 0, 0, 2]


def test_a_walk_up_seat_is_not_in_the_grid(branch):
    make.make_device(branch, kind=make.make_class(walk_up_only=True))
    assert {slot.free for slot in grid(branch)} == {0}


def test_the_days_of_the_grid_are_those_of_the_horizon(branch):
    make.make_device(branch)
    assert len(open_days(branch, room_for_days(branch, now=NOW))) == 8


def test_the_nearest_ways_out_are_accepted_when_taken(branch):
    for _ in range(2):
        make.make_booking(make.make_device(branch), at(15, 30), at(17))
    offers = nearest(branch, around=at(16), minutes=60, now=NOW, patron=make.make_patron())
    assert [(o.slot.start, o.slot.minutes) for o in offers] == [(at(17, 30), 60), (at(14, 30), 55), (at(15), 25)]
    for offer in offers:
        Booking.objects.filter(created_at=NOW).delete()
        book(
            branch_id=branch.pk, device_id=offer.device.pk, patron=make.make_patron(), start=offer.slot.start,
            end=offer.slot.end, request_key=uuid4(), by=by_patron(), now=NOW,
        )  # fmt: skip


def test_a_patron_with_half_an_hour_left_is_offered_half_an_hour(branch):
    seat, patron = make.make_device(branch), make.make_patron()
    make.make_booking(
        seat, at(9), at(10, 30), patron=patron, checked_in_at=at(9), ended_at=at(10, 30), outcome="finished"
    )
    (first, *_rest) = nearest(branch, around=at(16, 30), minutes=60, now=NOW, patron=patron)
    assert (first.slot.start, first.slot.minutes) == (at(16, 30), 30)


@pytest.mark.parametrize("history", [0, 200])
def test_the_grid_takes_the_same_queries_whatever_the_history(branch, history, django_assert_num_queries):
    seat = make.make_device(branch)
    for number in range(history):
        start = NOW - timedelta(hours=2 * number + 4)
        make.make_booking(seat, start, start + timedelta(hours=1), ended_at=start, outcome="cancelled")
    with django_assert_num_queries(4):
        grid(branch)


def test_a_guest_is_offered_today_only(branch):
    make.make_device(branch)
    guest = make.make_patron(source="guest", valid_until=at(23, 59))
    room = room_for_days(branch, now=NOW, patron=guest)
    assert open_days(branch, room) == [NOW.date()]
    assert {o.slot.start.date() for o in nearest(branch, around=at(10, day=25), minutes=60, now=NOW, patron=guest)} <= {
        NOW.date()
    }


def test_a_minute_asked_for_is_answered_with_a_useful_slot(branch):
    make.make_device(branch)
    offers = nearest(branch, around=at(16), minutes=1, now=NOW, patron=make.make_patron())
    assert {offer.slot.minutes for offer in offers} == {10}
