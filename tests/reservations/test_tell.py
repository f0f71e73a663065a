"""The desk's call list: taken away, moved, make room; each line says what is true and ends when it is known."""

from datetime import time

import pytest

from reservations.board import board
from reservations.booking.close_early import close_early
from reservations.booking.landing import land_softly
from reservations.booking.seat import check_in
from reservations.booking.service import handle_call, return_to_service, take_out_of_service
from reservations.calls import open_calls
from reservations.models import Call
from reservations.reseating import lost_of
from reservations.story import story_for
from tests import factories as make
from tests.factories import at
from tests.reservations.lining import BY, joined
from tests.reservations.sitting import by_desk, sitting

pytestmark = pytest.mark.django_db
LATE = at(14, 58)


@pytest.fixture
def branch():
    return make.make_branch(policy={"gap_minutes": 0})


@pytest.fixture
def moved(branch):
    """A booking of 15:05 that a soft landing has moved to another seat."""
    seat, _other = make.make_device(branch), make.make_device(branch, label="7")
    row = make.make_booking(seat, at(15, 5), at(16))
    land_softly(booking=sitting(seat), why="form", by=BY, now=LATE)
    row.refresh_from_db()
    return row


def desk_page(client, branch, monkeypatch, now=LATE):
    monkeypatch.setattr("helpdesk.clock.now", lambda: now)
    client.force_login(make.make_user("desk", branch))
    return client.get(f"/desk/{branch.slug}/").content.decode()


def test_who_was_moved_is_on_the_list(branch, moved):
    call = open_calls(branch).get()
    assert (call.booking, call.why, moved.device.label) == (moved, "moved", "7")


def test_the_desk_reads_which_seat_it_is_now(branch, moved, client, monkeypatch):
    page = desk_page(client, branch, monkeypatch)
    assert f"Tell {moved.who}: today 15:05 is at Seat 7 now." in page
    assert "is cancelled" not in page


def test_the_desk_reads_who_makes_room(branch, client, monkeypatch):
    seat = make.make_device(branch, kind=make.make_class(access="first"), features=["screen-reader"], label="12")
    sitting(seat, yields=True, number="D31")
    joined(branch, needs=frozenset({"screen-reader"}))
    page = desk_page(client, branch, monkeypatch, at(14, 7))
    assert "Tell D31 at Seat 12: somebody needs this seat, until 14:17." in page


def test_who_has_checked_in_knows(branch, moved):
    check_in(booking=moved, by=BY, now=at(15, 4))
    assert not open_calls(branch).exists()
    assert board(branch, now=at(15, 4)).to_tell == []


def test_who_never_came_need_not_be_told(branch, moved):
    assert board(branch, now=at(15, 16)).to_tell == []


def test_the_story_of_who_knows_by_themselves_does_not_ask_to_tell_them(branch, moved):
    user = make.make_user("desk", branch)
    assert "Not told yet" in story_for(user, moved.pk, now=LATE).told
    check_in(booking=moved, by=BY, now=at(15, 4))
    assert story_for(user, moved.pk, now=at(15, 4)).told == ""


def test_a_fault_after_a_move_is_told_anew(branch, moved):
    handle_call(call=Call.objects.get(), by=by_desk(), now=LATE)
    take_out_of_service(device_id=moved.device_id, by=by_desk(), now=at(15), note="No picture")
    call = Call.objects.get()
    assert (call.why, call.made_at, call.handled_at, call.handled_by) == ("displaced", at(15), None, None)


@pytest.fixture
def offered(branch):
    """A booking of 17:00 that a fault had taken, and whose seat is back."""
    seat = make.make_device(branch, label="7")
    row = make.make_booking(seat, at(17), at(18))
    take_out_of_service(device_id=seat.pk, by=by_desk(), now=LATE, note="No picture")
    return_to_service(device_id=seat.pk, by=by_desk(), now=LATE)
    row.refresh_from_db()
    return row


def offers(branch, row):
    """Return what the desk, and then the kiosk, say of the first choice."""
    desk = [call.why for call in board(branch, now=LATE).to_tell]
    return desk, [each.call.why for each in lost_of(row.patron, LATE)]


def test_a_first_choice_that_is_free_again_is_offered(branch, offered):
    assert offers(branch, offered) == (["back"], ["back"])


def test_a_first_choice_is_not_offered_when_the_library_closes_before_it(branch, offered):
    close_early(branch_id=branch.pk, closes_at=time(17), reason="Storm", by=by_desk(), now=LATE)
    assert offers(branch, offered) == ([], ["displaced"])


def test_a_first_choice_is_not_offered_once_somebody_else_has_it(branch, offered):
    make.make_booking(offered.device, at(17, 30), at(18))
    assert offers(branch, offered) == ([], ["displaced"])


def test_a_first_choice_is_not_offered_to_who_has_taken_something_since(branch, offered):
    make.make_booking(make.make_device(branch), at(16), at(17), patron=offered.patron, created_at=LATE)
    assert offers(branch, offered) == ([], ["displaced"])


def test_a_first_choice_is_not_offered_to_who_has_it_already(branch):
    seat = make.make_device(branch, label="7")
    repair = make.make_booking(seat, at(14), at(14, 30), kind="repair", ended_at=at(14, 30), outcome="returned")
    row = make.make_booking(seat, at(17), at(18), displaced_by=repair)
    Call.objects.create(booking=row, why="back", made_at=LATE)
    assert board(branch, now=LATE).to_tell == []


def lost_at(seat, start, end, **fields):
    row = make.make_booking(seat, start, end, ended_at=at(14), outcome="displaced", **fields)
    return Call.objects.create(booking=row, why="displaced", made_at=fields.get("created_at", at(14)))


def order(branch, now=LATE):
    return [call.pk for call in board(branch, now=now).to_tell]


def test_whose_time_comes_first_is_told_first(branch):
    seat = make.make_device(branch)
    tomorrow = lost_at(seat, at(9, day=25), at(10, day=25), created_at=at(13))
    evening, soon = lost_at(seat, at(17, 30), at(18)), lost_at(seat, at(16), at(17))
    assert order(branch) == [soon.pk, evening.pk, tomorrow.pk]


def test_a_booking_whose_time_is_over_need_not_be_told_any_more(branch):
    lost_at(make.make_device(branch), at(15, 15), at(16))
    assert len(order(branch, at(15, 59))) == 1
    assert order(branch, at(16)) == []


def test_who_goes_on_elsewhere_and_has_sat_down_there_knows(branch):
    row = make.make_booking(make.make_device(branch), at(15), at(16), check_in_by=at(15, 10))
    Call.objects.create(booking=row, why="goes_on", made_at=LATE)
    assert len(order(branch)) == 1
    check_in(booking=row, by=BY, now=at(15))
    assert order(branch, at(15, 1)) == []
