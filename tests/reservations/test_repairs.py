"""A repair never ends by itself, planned maintenance does; who gains by a seat's return is offered it back."""

from datetime import timedelta
from uuid import uuid4

import pytest

from helpdesk.actor import patron as by_patron
from reservations.availability import free_now
from reservations.board import board
from reservations.booking.ahead import book
from reservations.booking.back import take_back
from reservations.booking.instead import book_instead
from reservations.booking.overdue import grow_overdue, overdue_devices
from reservations.booking.resume import resume
from reservations.booking.seat import check_in, start_now
from reservations.booking.service import return_to_service, take_out_of_service
from reservations.models import Booking, Call
from reservations.overview import branches_with_free
from reservations.reseating import lost_of
from reservations.tasks import settle
from tests import factories as make
from tests.factories import NOW, at
from tests.reservations.sitting import by_desk, codes, sitting, told

pytestmark = pytest.mark.django_db
BY = by_patron()


@pytest.fixture
def branch():
    return make.make_branch()


@pytest.fixture
def broken(branch):
    return make.make_device(branch, label="12")


def out(device, now=NOW, **fields):
    return take_out_of_service(device_id=device.pk, by=by_desk(), now=now, note="No picture", **fields)


def back(device, now):
    return return_to_service(device_id=device.pk, by=by_desk(), now=now)


def booked(seat, start, now=NOW, patron=None):
    return book(
        branch_id=seat.branch_id, device_id=seat.pk, patron=patron or make.make_patron(), start=start,
        end=start + timedelta(minutes=60), request_key=uuid4(), by=BY, now=now,
    )  # fmt: skip


def fresh(row):
    return Booking.objects.get(pk=row.pk)


# overdue, with every job dead


def seated(seat, now):
    return start_now(
        branch_id=seat.branch_id, patron=make.make_patron(), device_id=seat.pk, request_key=uuid4(), by=BY, now=now
    )


def test_a_check_in_at_a_seat_that_is_not_back_in_time_is_refused_as_out(broken):
    out(broken, until=at(15))
    row = booked(broken, at(15))
    assert codes(check_in, booking=row, by=BY, now=at(15, 2)) == ["out"]


def test_nobody_sits_down_or_books_there_while_it_is_overdue(broken):
    out(broken, until=at(15))
    assert codes(seated, broken, at(15, 1)) == ["out"]
    assert codes(booked, broken, at(16), now=at(15, 1)) == ["out"]
    assert free_now(broken.branch, now=at(15, 1)).free == 0


def test_the_board_and_the_counts_of_branches_say_so(branch, broken):
    out(broken, until=at(15))
    late = at(18, 30)
    (zone,) = board(branch, now=late).zones
    assert [(seat.state, seat.ribbon[0].width) for seat in zone.seats] == [("out", 120)]
    assert branches_with_free(make.make_user("desk", branch), now=late)[0].free == 0


def test_the_board_says_until_when(branch, broken):
    out(broken, until=at(15))
    (zone,) = board(branch, now=NOW).zones
    assert zone.seats[0].extra == "until 15:00"


def test_a_session_does_not_go_on_at_a_seat_that_is_out(broken):
    row = sitting(broken, end=at(16), ended_at=at(15, 1), outcome="finished", due_end_at=at(16))
    Booking.objects.filter(pk=row.pk).update(due_end_at=at(16))
    make.make_booking(broken, at(13), at(13, 30), kind="repair")
    assert codes(resume, booking=row, by=BY, now=at(15, 2)) == ["out"]


# overdue, housekeeping runs


def test_an_overdue_repair_goes_on_to_the_end_of_the_day_and_moves_whom_it_hits(branch, broken):
    out(broken, until=at(15))
    rows = [booked(broken, start) for start in (at(15), at(16, 30))]
    tomorrow = booked(broken, at(10, day=25))
    other = make.make_device(branch)
    assert overdue_devices(at(15, 1)) == [broken.pk]
    assert grow_overdue(device_id=broken.pk, now=at(15, 1))
    assert [fresh(row).device for row in (*rows, tomorrow)] == [other, other, broken]
    repair = Booking.objects.get(kind="repair")
    assert (repair.ended_at, repair.end, told(repair)) == (None, at(0, day=25), ["out_of_service", "overdue"])


def test_of_an_overdue_repair_the_board_says_no_end(branch, broken):
    out(broken, until=at(15))
    grow_overdue(device_id=broken.pk, now=at(15, 1))
    (zone,) = board(branch, now=at(15, 2)).zones
    seat = next(seat for seat in zone.seats if seat.device == broken)
    assert (seat.word, seat.extra) == ("Out of service", "")


def test_running_twice_changes_nothing(branch, broken):
    out(broken, until=at(15))
    grow_overdue(device_id=broken.pk, now=at(15, 1))
    assert not grow_overdue(device_id=broken.pk, now=at(15, 2))


def test_the_job_of_housekeeping_does_it(broken, monkeypatch):
    out(broken, until=at(15))
    monkeypatch.setattr("helpdesk.clock.now", lambda: at(15, 1))
    assert settle() == 1
    assert settle() == 0


def test_returned_in_time_it_moves_nobody(broken):
    out(broken, until=at(15))
    row = booked(broken, at(15))
    back(broken, at(14, 50))
    assert overdue_devices(at(15, 1)) == []
    assert check_in(booking=row, by=BY, now=at(15, 1)).device == broken


# planned maintenance


def test_planned_maintenance_ends_on_time_and_needs_no_cleaning(branch, broken):
    make.make_booking(broken, at(14), at(14, 30), kind="upkeep", note="Updates")
    (zone,) = board(branch, now=NOW).zones
    assert (zone.seats[0].state, zone.seats[0].detail, zone.seats[0].ribbon[0].kind) == ("out", "Updates", "out")
    assert codes(seated, broken, NOW) == ["out"]
    assert seated(broken, at(14, 30)).start == at(14, 30)


# back


@pytest.fixture
def lost(broken):
    """A booking of 15:00 that the fault took away, with no other seat in the branch."""
    row = booked(broken, at(15))
    out(broken)
    return fresh(row)


def test_somebody_left_with_nothing_is_offered_their_first_choice(lost, broken):
    back(broken, at(14, 30))
    call = Call.objects.get()
    assert (call.booking, call.why, call.is_open(at(14, 30)), call.is_open(at(16))) == (lost, "back", True, False)
    assert lost_of(lost.patron, at(14, 30)) == [lost]


def test_with_one_tap_they_have_it_again(lost, broken):
    back(broken, at(14, 30))
    row = take_back(booking=lost, by=by_desk(), now=at(14, 31))
    assert (row.pk, row.ended_at, row.outcome, row.start, row.end) == (lost.pk, None, "", at(15), at(16))
    assert Call.objects.get().handled_at == at(14, 31)
    assert take_back(booking=lost, by=by_desk(), now=at(14, 32)).pk == row.pk
    assert told(row)[-1] == "taken_back"


def test_what_somebody_else_has_taken_meanwhile_stays_theirs(lost, broken):
    back(broken, at(14, 30))
    booked(broken, at(15), now=at(14, 31))
    assert codes(take_back, booking=lost, by=BY, now=at(14, 32)) == ["taken"]


def test_before_the_seat_is_back_it_cannot_be_taken(lost):
    assert codes(take_back, booking=lost, by=BY, now=at(14, 32)) == ["out"]


def test_who_has_taken_something_else_is_not_asked_again(lost, broken, branch):
    booked(make.make_device(branch), at(16, 30), now=at(14, 10), patron=lost.patron)
    back(broken, at(14, 30))
    assert Call.objects.get().why == "displaced"


def test_a_time_that_somebody_else_has_by_then_is_not_offered(lost, broken, branch):
    out_row = Booking.objects.get(kind="repair")
    back(broken, at(14, 20))
    Call.objects.update(why="displaced")
    booked(broken, at(15), now=at(14, 21))
    again = out(broken, now=at(14, 25)).repair
    back(broken, at(14, 30))
    assert again != out_row
    assert Call.objects.get(booking=lost).why == "displaced"


def test_a_session_that_was_taken_away_goes_on_for_what_is_left(broken):
    row = sitting(broken)
    out(broken)
    back(broken, at(14, 20))
    after = take_back(booking=fresh(row), by=by_desk(), now=at(14, 21))
    assert (after.continues, after.start, after.end, after.is_running) == (row, at(14, 21), at(15), True)


def test_who_was_moved_to_an_equal_seat_gains_nothing(broken, branch):
    other = make.make_device(branch)
    row = booked(broken, at(15))
    out(broken)
    back(broken, at(14, 30))
    assert (fresh(row).device, Call.objects.get().why) == (other, "moved")


def test_who_was_moved_to_a_seat_that_lacks_something_may_go_back(broken, branch):
    other = make.make_device(branch)
    row = booked(broken, at(15))
    Booking.objects.filter(pk=row.pk).update(needs=["printing"])
    out(broken)
    other.lacks = ["printing"]
    other.save()
    back(broken, at(14, 30))
    assert Call.objects.get().why == "back"
    assert take_back(booking=fresh(row), by=BY, now=at(14, 31)).device == broken


def test_a_class_has_its_seat_again_where_it_is_free(broken):
    row = make.make_booking(broken, at(15), at(17), kind="class", note="E-mail basics")
    out(broken)
    back(broken, at(14, 30))
    assert (fresh(row).ended_at, fresh(row).outcome, told(row)[-1]) == (None, "", "stands_again")
    assert not Call.objects.exists()


def test_another_way_takes_them_off_the_list(lost, branch):
    other = make.make_device(branch)
    row = book_instead(
        booking=lost, device_id=other.pk, start=at(15), minutes=60, request_key=uuid4(), by=by_desk(), now=NOW
    )
    assert (row.patron, row.device, Call.objects.get().handled_at) == (lost.patron, other, NOW)


def test_a_booking_that_nobody_took_away_has_no_other_way(branch, broken):
    row = booked(broken, at(15))
    fields = {"device_id": broken.pk, "start": at(17), "minutes": 60, "request_key": uuid4(), "by": BY, "now": NOW}
    assert codes(book_instead, booking=row, **fields) == ["over"]
