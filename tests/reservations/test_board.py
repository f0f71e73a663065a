"""The room board: each of the seven states, its words, and a constant number of queries."""

from datetime import timedelta

import pytest

from reservations.board import board
from reservations.models import Closure, Device
from reservations.overview import branches_with_free
from tests import factories as make
from tests.factories import NOW, at

pytestmark = pytest.mark.django_db


@pytest.fixture
def branch():
    return make.make_branch()


@pytest.fixture
def seat(branch):
    return make.make_device(branch, label="3")


def shown(branch, now=NOW):
    (zone,) = board(branch, now=now).zones
    return zone.seats[0]


def facts(branch, now=NOW):
    seat = shown(branch, now)
    return (seat.state, seat.detail, seat.extra)


def test_a_free_seat_says_until_when(branch, seat):
    make.make_booking(seat, at(15, 30), at(16, 30))
    assert facts(branch) == ("free", "until 15:30", "1 h 23")


def test_a_seat_in_use_says_the_minutes_left_and_drains(branch, seat):
    make.make_booking(seat, at(13, 41), at(14, 41), patron=make.make_patron(alias="031"), checked_in_at=at(13, 41))
    assert facts(branch) == ("use", "34 min left", "…031, ends 14:41")
    assert shown(branch).level == 34


def test_a_seat_is_booked_soon_from_half_an_hour_before(branch, seat):
    make.make_booking(seat, at(14, 37), at(15, 37), patron=make.make_patron(alias="039"))
    assert facts(branch) == ("booked", "from 14:37", "…039, for 1 hour")
    assert shown(branch, at(14, 6)).state == "free"


def test_a_seat_waits_for_its_check_in(branch, seat):
    make.make_booking(seat, at(14, 3), at(15, 3), patron=make.make_patron(alias="038"))
    assert facts(branch) == ("wait", "by 14:13", "…038, 6 min left")


def test_a_seat_nobody_came_to_is_free_with_every_background_process_dead(branch, seat):
    make.make_booking(seat, at(13, 50), at(14, 50))
    assert shown(branch, at(14, 5)).state == "free"


def test_a_seat_is_cleaned_after_someone_left(branch, seat):
    make.make_booking(seat, at(13), at(14, 5), checked_in_at=at(13), ended_at=at(14, 5), outcome="finished")
    assert facts(branch) == ("clean", "3 min", "")


def test_a_seat_out_of_service_says_what_is_wrong(branch, seat):
    make.make_booking(seat, at(9), None, kind="repair", note="No picture")
    assert facts(branch) == ("out", "No picture", "")


def test_a_class_says_until_when(branch, seat):
    make.make_booking(seat, at(14), at(15), kind="class", note="E-mail basics")
    assert facts(branch) == ("class", "until 15:00", "E-mail basics")


def test_a_guest_is_shown_by_the_pass_and_nobody_by_a_name(branch, seat):
    guest = make.make_patron(alias="G52", source="guest")
    make.make_booking(seat, at(14), at(15), patron=guest, checked_in_at=at(14))
    assert shown(branch).extra == "G52, ends 15:00"


def test_a_closed_branch_says_so(branch, seat):
    assert facts(branch, at(20)) == ("free", "closed now", "")


def test_machines_stand_apart_with_their_own_state(branch, seat):
    printer = make.make_device(branch, kind=make.make_class(kind="printer", bookable=False), label="Printer 1")
    make.make_booking(printer, at(9), None, kind="repair", note="Paper jam")
    (machine,) = board(branch, now=NOW).machines
    assert (machine.device.label, machine.word, machine.is_out) == ("Printer 1", "Paper jam", True)


def test_the_board_changes_by_time_at_the_next_edge_or_minute(branch, seat):
    make.make_booking(seat, at(14), at(14, 7) + timedelta(seconds=20), checked_in_at=at(14))
    assert board(branch, now=NOW).next_change_at == NOW + timedelta(seconds=20)


def test_the_ribbon_shows_two_hours_by_the_minute(branch, seat):
    make.make_booking(seat, at(14), at(14, 37), checked_in_at=at(14))
    make.make_booking(seat, at(15), at(17))
    assert [(bar.kind, bar.x, bar.width) for bar in shown(branch).ribbon] == [("use", 0, 30), ("book", 53, 67)]


@pytest.mark.parametrize("seats", [3, 30])
def test_the_board_takes_three_queries_however_many_seats(branch, seats, django_assert_num_queries):
    for number in range(seats):
        make.make_booking(make.make_device(branch, label=str(number)), at(14), at(15), checked_in_at=at(14))
    with django_assert_num_queries(3):
        board(branch, now=NOW)


def test_free_seats_are_counted_per_branch_in_two_queries(branch, seat, django_assert_num_queries):
    make.make_booking(seat, at(14), at(15), checked_in_at=at(14))
    make.make_device(branch)
    other = make.make_branch()
    user = make.make_user("desk", branch, other)
    with django_assert_num_queries(2):
        found = branches_with_free(user, now=NOW)
    assert [(b.branch, b.free) for b in found] == [(branch, 1), (other, 0)]
    assert Device.objects.count() == 2


def test_the_head_counts_the_seats_that_the_board_calls_free(branch):
    spans = {
        "in use": {"start": at(14), "end": at(15), "checked_in_at": at(14)},
        "booked soon": {"start": at(14, 37), "end": at(15)},
        "being cleaned": {"start": at(13), "end": at(14, 5), "checked_in_at": at(13)},
        "left and cleaned": {"start": at(13), "end": at(14), "checked_in_at": at(13)},
        "booked later": {"start": at(14, 38), "end": at(15)},
        "nobody came": {"start": at(13, 55), "end": at(14, 55)},
        "out of service": {"start": at(9), "end": None, "kind": "repair"},
    }
    for place, fields in enumerate(spans.values()):
        make.make_booking(make.make_device(branch, label=str(place)), fields.pop("start"), fields.pop("end"), **fields)
    (row,) = branches_with_free(make.make_user("desk", branch), now=NOW)
    assert row.free == board(branch, now=NOW).free == 3


def test_a_branch_with_a_closure_today_is_closed(branch, seat):
    Closure.objects.create(branch=branch, on=NOW.date(), reason="Holiday")
    (row,) = branches_with_free(make.make_user("desk", branch), now=NOW)
    assert not row.is_open


def test_a_cancelled_booking_leaves_nothing_to_clean(branch, seat):
    make.make_booking(seat, at(16), at(17), ended_at=at(14, 5), outcome="cancelled")
    assert shown(branch).state == "free"
