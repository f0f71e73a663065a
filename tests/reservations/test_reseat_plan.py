"""Who goes to which seat when one breaks, decided without a database: told on a Tuesday at 14:07."""

from dataclasses import replace
from datetime import timedelta

import pytest

from reservations.rules import DeviceFacts
from reservations.rules.facts import Busy
from reservations.rules.reseat import Plan, Sitter, plan, takes
from tests.factories import NOW, at

SEAT = DeviceFacts("Seat 3", True, False, True, 0, 130, kind=1, features=frozenset({"printing", "sound"}))
GAP = 5


def seat(*busy, **fields):
    features = fields.pop("features", set()) | SEAT.features
    return replace(SEAT, busy=busy, features=frozenset(features - set(fields.get("lacks", ()))), **fields)


def later(key, hour=15, minutes=60, **fields):
    return Sitter(at(hour), at(hour) + timedelta(minutes=minutes), 1, key=key, **fields)


def sits(key, minutes=20, **fields):
    return Sitter(NOW, NOW + timedelta(minutes=minutes), 1, key=key, running=True, **fields)


def test_somebody_gets_a_free_seat_at_their_own_time():
    assert plan([later(7)], {1: seat()}, GAP) == Plan({7: 1}, ())


def test_with_no_seat_they_go_nowhere():
    assert plan([later(7)], {}, GAP) == Plan({}, (7,))


def test_who_booked_first_chooses_first():
    people = [later(1, booked_at=at(9, 1)), later(2, booked_at=at(9))]
    assert plan(people, {10: seat()}, GAP) == Plan({2: 10}, (1,))


def test_who_sits_there_now_comes_before_who_booked_first():
    people = [later(1, hour=14, booked_at=at(9)), sits(2, booked_at=at(14))]
    assert plan(people, {10: seat()}, GAP) == Plan({2: 10}, (1,))


def test_at_the_same_moment_the_row_that_was_written_first_chooses():
    people = [later(4, booked_at=at(9)), later(3, booked_at=at(9))]
    assert plan(people, {10: seat()}, GAP).moves == {3: 10}


def test_the_order_of_the_question_changes_nothing():
    people = [later(1, booked_at=at(9)), later(2, booked_at=at(10)), sits(3)]
    seats = {10: seat(), 11: seat(Busy(at(15), at(16)))}
    assert plan(people, seats, GAP) == plan(people[::-1], seats, GAP)


def test_two_people_of_one_seat_both_fit_with_the_cleaning_between():
    people = [later(1, hour=15), Sitter(at(16, 5), at(17), 1, key=2)]
    assert plan(people, {10: seat()}, GAP).moves == {1: 10, 2: 10}


def test_without_the_cleaning_between_they_do_not():
    people = [later(1, hour=15), Sitter(at(16, 4), at(17), 1, key=2)]
    assert plan(people, {10: seat()}, GAP).left == (2,)


def test_the_plainest_seat_is_given_and_what_others_may_need_is_left():
    seats = {10: seat(features={"screen-reader"}), 11: seat(), 12: seat(features={"scanner", "headset"})}
    assert plan([later(1)], seats, GAP).moves == {1: 11}


def test_a_seat_on_which_something_is_broken_comes_last():
    seats = {10: seat(lacks=frozenset({"printing"})), 11: seat(features={"scanner"})}
    assert plan([later(1)], seats, GAP).moves == {1: 11}


def test_among_equal_seats_the_first_of_the_room_is_given():
    assert plan([later(1)], {12: seat(), 10: seat()}, GAP).moves == {1: 12}


def test_a_need_is_kept():
    seats = {10: seat(), 11: seat(features={"screen-reader", "scanner"})}
    assert plan([later(1, needs=frozenset({"screen-reader"}))], seats, GAP).moves == {1: 11}


def test_who_prints_is_not_sent_where_nothing_prints():
    seats = {10: seat(lacks=frozenset({"printing"}))}
    people = [later(1, needs=frozenset({"printing"})), later(2)]
    assert plan(people, seats, GAP) == Plan({2: 10}, (1,))


@pytest.mark.parametrize("wrong", [{"kind": 2}, {"bookable": False}])
def test_another_class_or_a_retired_seat_is_not_given(wrong):
    assert plan([later(1)], {10: seat(**wrong)}, GAP).left == (1,)


def test_who_fits_nowhere_takes_nothing_from_who_does():
    people = [later(1, minutes=300, booked_at=at(9)), later(2, booked_at=at(10))]
    assert plan(people, {10: seat(Busy(at(17), at(18)))}, GAP) == Plan({2: 10}, (1,))


@pytest.mark.parametrize(
    ("busy", "fits"),
    [
        ([], True),
        ([Busy(at(14), at(15))], True),
        ([Busy(at(14), at(15, 1))], False),
        ([Busy(at(14), at(15, 1), over=True)], False),
        ([Busy(at(14), at(15, 5), repair=True)], True),
        ([Busy(at(14), None, repair=True)], False),
        ([Busy(at(16, 10), at(17))], True),
        ([Busy(at(16, 9), at(17))], False),
        ([Busy(at(16, 5), None, repair=True)], True),
    ],
)
def test_a_seat_takes_somebody_with_the_gap_on_both_sides(busy, fits):
    assert takes(seat(*busy), Sitter(at(15, 5), at(16, 5), 1), GAP) is fits
