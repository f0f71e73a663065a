"""Taking a place in line: who may, which number, what is promised."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from reservations.booking.numbers import LETTERS, draw_number, letter
from reservations.models import Booking, BookingEvent, Turn
from tests import factories as make
from tests.factories import NOW, at
from tests.reservations.lining import MINUTE, called, freed, full_branch, joined, refusal, sitting

pytestmark = pytest.mark.django_db


def test_a_place_has_the_next_number_of_the_day():
    branch, _seats = full_branch()
    assert [joined(branch).number, joined(branch).number] == ["D01", "D02"]


def test_from_a_hundred_numbers_have_three_digits():
    branch, _seats = full_branch()
    branch.numbers_on, branch.numbers_drawn = date(2026, 11, 24), 99
    branch.save()
    assert joined(branch).number == "D100"


def test_letters_change_by_day_and_leave_out_what_reads_like_a_digit():
    assert [letter(date(2026, 11, day)) for day in (23, 24, 25)] == ["C", "D", "E"]
    assert not set("IOQ") & set(LETTERS)


def test_a_clock_set_back_over_midnight_never_draws_a_number_twice():
    branch = make.make_branch()
    drawn = [draw_number(branch, date(2026, 11, day)) for day in (24, 25, 24)]
    assert len(set(drawn)) == 3


def test_a_place_carries_the_first_promise_at_once():
    branch, _seats = full_branch()
    turn = joined(branch)
    assert NOW < turn.promised_low_at <= turn.promised_high_at
    assert turn.expected_low_at
    assert turn.expected_device_id


def test_nobody_is_promised_less_than_those_before():
    branch, _seats = full_branch()
    first, second = joined(branch), joined(branch)
    assert first.expected_high_at < second.expected_high_at


def test_the_same_request_again_gives_the_first_place():
    branch, _seats = full_branch()
    patron, key = make.make_patron(), uuid4()
    assert joined(branch, patron, request_key=key).pk == joined(branch, patron, request_key=key).pk
    assert Turn.objects.count() == 1


def test_while_a_seat_is_free_it_is_offered_instead_of_a_place():
    branch, seats = full_branch(seats=2)
    freed(seats[1])
    assert refusal(joined, branch) == ["seat_free"]


def test_a_free_seat_that_somebody_in_line_will_get_is_not_free():
    branch, seats = full_branch()
    first = joined(branch)
    freed(seats[0])
    assert joined(branch).place_at > first.place_at


def test_a_seat_that_is_free_too_briefly_is_no_reason_not_to_wait():
    branch, seats = full_branch()
    freed(seats[0])
    make.make_booking(seats[0], at(14, 27), at(15, 27))
    assert joined(branch).number == "D01"


def test_one_place_for_each_person_at_all_branches():
    patron = make.make_patron()
    joined(full_branch()[0], patron)
    assert refusal(joined, full_branch()[0], patron) == ["in_line"]


def test_who_sits_somewhere_cannot_wait_for_another_seat():
    branch, _seats = full_branch()
    patron = sitting(make.make_device(make.make_branch())).patron
    assert refusal(joined, branch, patron) == ["elsewhere"]


def test_who_has_no_minutes_left_is_told_now_and_not_when_called():
    branch, seats = full_branch(day_minutes=60)
    patron = make.make_patron()
    sitting(seats[0], at(9), at(10), patron=patron, ended_at=at(10), outcome="finished")
    assert refusal(joined, branch, patron) == ["day_limit"]


def test_nobody_joins_a_line_that_the_stop_ends_first():
    branch, seats = full_branch()
    sitting(make.make_device(branch), at(18), at(18, 45))
    freed(seats[0], at(18))
    sitting(seats[0], at(18), at(18, 45))
    assert refusal(joined, branch, now=at(18, 40)) == ["closing"]


def test_a_closed_branch_has_no_line():
    branch, _seats = full_branch()
    assert refusal(joined, branch, now=at(20)) == ["closed"]


def test_a_class_that_is_not_here_is_a_sentence_and_no_error():
    branch, _seats = full_branch()
    assert refusal(joined, branch, class_code="moon-base") == ["no_such_seat"]


def test_needs_that_no_seat_has_are_a_sentence_and_no_error():
    branch, _seats = full_branch()
    assert refusal(joined, branch, needs=frozenset({"scanner"})) == ["no_such_seat"]


def test_nobody_waits_for_a_kind_of_seat_that_is_out_of_service():
    branch, seats = full_branch()
    freed(seats[0])
    make.make_booking(seats[0], NOW, None, kind="repair")
    assert refusal(joined, branch) == ["out"]


@pytest.mark.parametrize(("asked", "kept"), [(None, 60), (30, 30), (500, 60), (-5, 10), (0, 10)])
def test_the_minutes_asked_for_stay_between_the_shortest_slot_and_a_session(asked, kept):
    assert joined(full_branch()[0], minutes=asked).minutes == kept


def test_a_clock_set_back_puts_nobody_before_those_who_wait():
    branch, _seats = full_branch()
    first = joined(branch, now=NOW + 10 * MINUTE)
    second = joined(branch, now=NOW)
    assert second.place_at > first.place_at
    assert second.expected_low_at <= second.expected_high_at


def test_nobody_is_promised_a_seat_during_the_lunch_closure():
    branch = make.make_branch(hours=False, policy={"gap_minutes": 0})
    for opens, closes in (("09:00", "14:30"), ("15:30", "19:00")):
        branch.opening_hours.create(weekday=1, opens=opens, closes=closes)
    sitting(make.make_device(branch), end=at(14, 30))
    turn = joined(branch)
    assert turn.expected_low_at == turn.expected_high_at == at(15, 30)


def test_the_hour_that_comes_twice_keeps_every_range_in_order():
    branch = make.make_branch(policy={"gap_minutes": 0})
    branch.opening_hours.update(opens="00:00", closes="05:00")
    now = datetime(2026, 11, 1, 5, 50, tzinfo=UTC)  # 01:50 before the clocks go back in New York
    sitting(make.make_device(branch), now - 20 * MINUTE, now + 40 * MINUTE)
    turn = joined(branch, now=now)
    assert now < turn.expected_low_at <= turn.expected_high_at <= now + 45 * MINUTE


def test_a_walk_up_draws_a_number_and_a_booking_does_not():
    branch, seats = full_branch()
    turn = called(branch, seats[0])
    assert turn.offer.number == turn.number
    assert make.make_booking(seats[0], at(17), at(18)).number == ""


def test_a_place_alone_holds_no_seat():
    branch, _seats = full_branch()
    before = Booking.objects.count()
    joined(branch)
    assert (Booking.objects.count(), BookingEvent.objects.count()) == (before, 0)
