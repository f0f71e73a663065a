"""What the kiosk offers: seats now, the grid of later, and ways out of a refusal that would really be accepted."""

import random
from datetime import timedelta
from uuid import uuid4

import pytest

from helpdesk.actor import patron as by_patron
from reservations.availability import (
    NOT_THEIRS,
    day_grid,
    free_in,
    free_now,
    nearest,
    open_days,
    room_for_days,
    week_gaps,
)
from reservations.booking.ahead import book
from reservations.models import Booking, Turn
from reservations.rules import Slot, booking_problems
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


def test_an_hour_a_little_later_comes_before_ten_minutes_at_the_wished_time(branch):
    seat = make.make_device(branch)
    make.make_booking(seat, at(15, 10), at(16))
    make.make_booking(seat, at(16, 10), at(17))
    first, *_rest = nearest(branch, around=at(16), minutes=60, now=NOW, patron=make.make_patron())
    assert first.slot.minutes == 60


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


def test_the_grid_of_a_guest_ends_where_the_pass_ends(branch):
    def starts(until):
        guest = make.make_patron(source="guest", valid_until=until)
        return [slot.start for slot in day_grid(room_for_days(branch, now=NOW, patron=guest), NOW.date())]

    assert max(starts(at(17))) == at(16)
    assert starts(at(15)) == []


def test_a_guest_is_offered_today_only(branch):
    make.make_device(branch)
    guest = make.make_patron(source="guest", valid_until=at(23, 59))
    room = room_for_days(branch, now=NOW, patron=guest)
    assert open_days(branch, room) == [NOW.date()]
    assert {o.slot.start.date() for o in nearest(branch, around=at(10, day=25), minutes=60, now=NOW, patron=guest)} <= {
        NOW.date()
    }


POLICIES = (
    {},
    {"session_minutes": 45, "day_minutes": 90, "sessions_a_day": 2, "break_minutes": 30, "last_booking_minutes": 45},
    {"week_minutes": 150, "ahead": "when_full", "least_left_minutes": 20, "gap_minutes": 15, "start_every_minutes": 15},
    {"horizon_days": 2, "horizon_unit": "open_days", "staff_below_age": 16, "no_shows": 2, "open_bookings": 1},
)
RULES = (
    {"walk_up_only": True, "session_minutes": 15, "counts_toward_day": False},
    {"session_minutes": 90, "access": "first", "day_minutes": 90, "in_a_row": 1},
    {"greatest_age": 12, "supervised_below": 8, "sessions_a_day": 1, "horizon_days": 1},
    {"guests_allowed": False, "session_minutes": 30, "grace_minutes": 5},
)


def a_busy_branch(chance):
    """Return a branch by `chance`, what stands on its seats, and a patron with bookings of their own."""
    branch = make.make_branch(policy=chance.choice(POLICIES))
    kinds = [None, *(make.make_class(**rule) for rule in chance.sample(RULES, 3))]
    features = ([], ["screen-reader", "large-screen"], ["headset"])
    seats = [make.make_device(branch, kind=kind, features=chance.choice(features)) for kind in kinds for _ in range(2)]
    patron = make.make_patron(
        source=chance.choice(["local", "guest"]),
        age_band=chance.choice(["adult", "teen", "school_child", "small_child"]),
    )
    spans = []
    for seat in seats:
        for hour in range(9, 19):
            if chance.random() < 0.4:
                start, mine = at(hour, chance.randrange(0, 30)), chance.random() < 0.2
                end = start + timedelta(minutes=chance.randrange(10, 30))
                if mine and any(start < until and since < end for since, until in spans):
                    continue
                spans += [(start, end)] if mine else []
                over = {"checked_in_at": start, "ended_at": end, "outcome": "finished"} if end <= NOW else {}
                over = over or ({"checked_in_at": start} if start <= NOW else {})
                make.make_booking(seat, start, end, patron=patron if mine else None, **over)
    return branch, patron


@pytest.mark.parametrize("seed", [*range(3), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(3, 100))])
def test_what_is_offered_is_what_the_rules_accept(seed):
    chance = random.Random(seed)
    branch, patron = a_busy_branch(chance)
    needs = chance.choice([frozenset(), frozenset({"screen-reader"})])
    patron = chance.choice([None, patron, patron, patron])
    room = room_for_days(branch, now=NOW, patron=patron, needs=needs)

    def broken(device, slot, *, ahead):
        return [problem.code for problem in booking_problems(room.asked(device, slot, ahead=ahead))]

    for option in free_in(room).options:
        assert broken(option.device, Slot(NOW, option.until), ahead=False) == []
    for day in open_days(branch, room):
        for slot in (slot for slot in day_grid(room, day) if slot.device):
            codes = broken(slot.device, Slot.of(slot.start, slot.minutes), ahead=True)
            assert bool(codes) != slot.works, slot
            assert NOT_THEIRS.isdisjoint(codes)
    for offer in nearest(branch, around=at(chance.randrange(10, 18)), minutes=60, now=NOW, patron=patron, needs=needs):
        assert broken(offer.device, offer.slot, ahead=offer.slot.start > NOW) == []
        assert needs <= set(offer.device.features)


def test_a_week_of_gaps_keeps_hours_bookings_cleaning_and_the_last_booking():
    branch = make.make_branch(policy={"last_booking_minutes": 30, "gap_minutes": 10, "horizon_days": 1})
    seat = make.make_device(branch)
    make.make_booking(seat, at(15), at(16))
    make.make_booking(seat, at(12, day=25), None, kind="repair")
    assert week_gaps(branch, NOW) == {
        seat.pk: [(NOW, at(14, 50)), (at(16, 10), at(18, 30)), (at(9, day=25), at(12, day=25))]
    }


def test_where_people_wait_the_next_hour_of_their_seats_is_theirs(branch):
    seat, patron = make.make_device(branch), make.make_patron()
    Turn.objects.create(
        branch=branch, on=NOW.date(), number="D14", patron=make.make_patron(), minutes=60, joined_at=NOW, place_at=NOW
    )
    assert free_now(branch, now=NOW, patron=patron).options == []
    (first, *_rest) = nearest(branch, around=NOW, minutes=60, now=NOW, patron=patron)
    assert (first.device, first.slot.start) == (seat, at(15, 30))


def test_a_branch_without_bookings_ahead_has_no_grid_but_for_staff():
    branch = make.make_branch(policy={"ahead": "never"})
    make.make_device(branch)
    assert open_days(branch, room_for_days(branch, now=NOW)) == []
    assert len(open_days(branch, room_for_days(branch, now=NOW, by_staff=True))) == 8


def test_a_minute_asked_for_is_answered_with_a_useful_slot(branch):
    make.make_device(branch)
    offers = nearest(branch, around=at(16), minutes=1, now=NOW, patron=make.make_patron())
    assert {offer.slot.minutes for offer in offers} == {10}
