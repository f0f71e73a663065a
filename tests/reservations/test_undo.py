"""What staff did a moment ago is taken back: each act, and why not."""

from datetime import timedelta
from uuid import uuid4

import pytest

from helpdesk.actor import patron as by_patron
from reservations.booking.ahead import book, cancel
from reservations.booking.events import event
from reservations.booking.resume import resume
from reservations.booking.seat import check_in, finish, start_now
from reservations.booking.service import handle_call
from reservations.booking.time import extend
from reservations.booking.undo import undo, undo_call
from reservations.calendars import calendar_of
from reservations.facts import use_of
from reservations.models import Call
from tests import factories as make
from tests.factories import NOW, at
from tests.reservations.sitting import by_desk, codes, sitting, told

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
SOON = NOW + 8 * SECOND


@pytest.fixture
def desk():
    return by_desk()


@pytest.fixture
def seat():
    return make.make_device(make.make_branch())


def take_back(row, by, now=SOON):
    return undo(event_id=row.events.exclude(what="undone").latest("pk").pk, by=by, now=now)


def booked(seat, by, patron=None, start=None):
    return book(
        branch_id=seat.branch_id, device_id=seat.pk, patron=patron or make.make_patron(), start=start or at(16),
        end=at(17), request_key=uuid4(), by=by, now=NOW,
    )  # fmt: skip


def seated(seat, by):
    return start_now(branch_id=seat.branch_id, patron=make.make_patron(), request_key=uuid4(), by=by, now=NOW)


def test_a_finished_session_runs_again_to_the_end_it_had(seat, desk):
    row = take_back(finish(booking=sitting(seat), by=desk, now=NOW), desk)
    assert (row.ended_at, row.outcome, row.end, row.due_end_at) == (None, "", at(15), None)
    assert told(row) == ["finished", "undone"]


def test_a_finished_seat_that_somebody_took_stays_theirs(seat, desk):
    row = finish(booking=sitting(seat), by=desk, now=NOW)
    sitting(seat, start=NOW + SECOND)
    assert codes(take_back, row, desk) == ["taken"]
    row.refresh_from_db()
    assert row.outcome == "finished"


def test_a_session_resumed_meanwhile_is_left_alone(seat, desk):
    row = finish(booking=sitting(seat), by=desk, now=NOW)
    again = resume(booking=row, by=by_patron(), now=NOW + SECOND)
    finish(booking=again, by=by_patron(), now=NOW + 3 * SECOND)
    assert codes(take_back, row, desk) == ["undo_moved_on"]


def test_a_cancelled_booking_stands_again(seat, desk):
    row = booked(seat, desk)
    cancel(booking=row, by=desk, now=NOW + SECOND)
    row = take_back(row, desk)
    assert (row.ended_at, row.outcome, row.start, row.end, row.check_in_by) == (None, "", at(16), at(17), at(16, 10))


def test_a_cancelled_booking_in_its_grace_stands_again_in_full(seat, desk):
    row = make.make_booking(seat, at(14), at(15))
    cancel(booking=row, by=desk, now=NOW)
    row = take_back(row, desk)
    assert (row.start, row.end, row.ended_at) == (at(14), at(15), None)


def test_a_booking_is_cancelled(seat, desk):
    row = take_back(booked(seat, desk), desk)
    assert (row.outcome, row.ended_at) == ("cancelled", SOON)


def test_who_was_seated_has_never_sat_there(seat, desk):
    row = take_back(seated(seat, desk), desk)
    use = use_of(row, at(16), calendar_of(seat.branch_id), seat.branch.policy)
    assert (row.outcome, use.minutes, use.sessions, use.no_shows) == ("cancelled", 0, 0, 0)


def test_the_seat_of_who_was_never_there_is_free_at_once(seat, desk):
    take_back(seated(seat, desk), desk)
    assert start_now(
        branch_id=seat.branch_id, patron=make.make_patron(), request_key=uuid4(), by=desk, now=SOON + SECOND
    ).device == seat  # fmt: skip


def test_a_check_in_is_a_booking_again(seat, desk):
    row = make.make_booking(seat, at(14, 15), at(15))
    check_in(booking=row, by=desk, now=NOW)
    row = take_back(row, desk)
    assert (row.checked_in_at, row.start, row.end, row.ended_at) == (None, at(14, 15), at(15), None)


def test_a_late_check_in_is_missed_again(seat, desk):
    row = make.make_booking(seat, at(13, 50), at(15))
    check_in(booking=row, by=desk, now=NOW)
    row = take_back(row, desk)
    assert (row.checked_in_at, row.outcome, row.ended_at, row.end) == (None, "no_show", at(14), at(14))


def test_an_extension_is_taken_off_again(seat, desk):
    row = extend(booking=sitting(seat), by=desk, now=NOW)
    row = take_back(row, desk)
    assert (row.end, row.extensions) == (at(15), 0)


def test_a_minute_to_save_is_left_when_an_extension_goes(seat, desk):
    row = extend(booking=sitting(seat), by=desk, now=at(15) - 5 * SECOND)
    assert take_back(row, desk, at(15)).end == at(15, 1)


def test_an_extension_with_lifted_rules_is_taken_off_too(seat, desk):
    row = extend(booking=sitting(seat), by=desk, now=NOW, minutes=80, reason="Tax return")
    assert take_back(row, desk).end == at(15)


def test_a_lifted_rule_told_after_the_act_does_not_hide_it(seat, desk):
    row = booked(seat, desk)
    done = row.events.get().pk
    event(row, "overridden", by=desk, now=NOW, reason="Exam", codes=["too_far"]).save()
    assert undo(event_id=done, by=desk, now=SOON).outcome == "cancelled"


def test_a_call_is_open_again(seat, desk):
    call = Call.objects.create(booking=booked(seat, desk), made_at=NOW)
    handle_call(call=call, by=desk, now=NOW)
    row = undo_call(call=call, by=desk, now=SOON)
    assert (row.handled_at, row.handled_by) == (None, None)
    assert undo_call(call=call, by=desk, now=SOON) == row


def test_a_call_that_somebody_else_ticked_is_theirs(seat, desk):
    call = Call.objects.create(booking=booked(seat, desk), made_at=NOW)
    handle_call(call=call, by=desk, now=NOW)
    assert codes(undo_call, call=call, by=by_desk(), now=SOON) == ["undo_not_yours"]


def test_taking_back_twice_is_taking_back_once(seat, desk):
    row = take_back(finish(booking=sitting(seat), by=desk, now=NOW), desk)
    assert take_back(row, desk, SOON + SECOND).ended_at is None
    assert told(row) == ["finished", "undone"]


@pytest.mark.parametrize(("seconds", "found"), [(15, []), (16, ["undo_too_late"])])
def test_within_ten_seconds_and_five_of_mercy(seat, desk, seconds, found):
    row = booked(seat, desk)
    assert (codes(take_back, row, desk, NOW + seconds * SECOND) if found else []) == found
    if not found:
        assert take_back(row, desk, NOW + seconds * SECOND).outcome == "cancelled"


def test_another_member_of_staff_takes_nothing_back(seat, desk):
    assert codes(take_back, booked(seat, desk), by_desk()) == ["undo_not_yours"]


def test_what_a_patron_did_is_theirs(seat, desk):
    assert codes(take_back, booked(seat, by_patron()), desk) == ["undo_not_yours"]


def test_what_was_not_the_last_thing_stays(seat, desk):
    row = booked(seat, desk)
    first = row.events.get().pk
    cancel(booking=row, by=by_patron(), now=NOW + SECOND)
    assert codes(undo, event_id=first, by=desk, now=SOON) == ["undo_moved_on"]


def test_a_fault_is_not_taken_back_here(seat, desk):
    row = booked(seat, desk)
    row.events.update(what="out_of_service")
    assert codes(take_back, row, desk) == ["undo_cannot"]


def test_a_session_whose_time_was_up_meanwhile_is_over(seat, desk):
    row = finish(booking=sitting(seat), by=desk, now=at(15) - 5 * SECOND)
    assert codes(take_back, row, desk, at(15)) == ["over"]
