"""The verbs of the timeline, told as stories on a Tuesday at 14:07."""

from datetime import timedelta
from uuid import uuid4

import pytest

from helpdesk.actor import patron as by_patron
from helpdesk.actor import staff
from reservations.booking.ahead import book, cancel
from reservations.booking.seat import check_in, finish, start_now
from reservations.booking.service import handle_call, return_to_service, take_out_of_service
from reservations.booking.settle import settle_branch
from reservations.models import Booking, BookingEvent, Call
from reservations.rules import Refused
from tests import factories as make
from tests.factories import NOW, at

pytestmark = pytest.mark.django_db
BY = by_patron()


@pytest.fixture
def branch():
    return make.make_branch()


@pytest.fixture
def seat(branch):
    return make.make_device(branch)


@pytest.fixture
def patron():
    return make.make_patron()


def booked(seat, patron, start=None, minutes=60, now=NOW, **fields):
    start = start or at(16)
    values = {"branch_id": seat.branch_id, "device_id": seat.pk, "request_key": uuid4(), **fields}
    return book(patron=patron, start=start, end=start + timedelta(minutes=minutes), by=BY, now=now, **values)


def seated(branch, patron, now=NOW, **fields):
    return start_now(branch_id=branch.pk, patron=patron, by=BY, now=now, **{"request_key": uuid4(), **fields})


def refusal(verb, *args, **kwargs):
    with pytest.raises(Refused) as refused:
        verb(*args, **kwargs)
    return refused.value.codes


# booking ahead


def test_a_booking_holds_its_seat_and_stores_its_check_in_limit(seat, patron):
    row = booked(seat, patron)
    assert (row.start, row.end, row.check_in_by) == (at(16), at(17), at(16, 10))
    assert row.booked_period == row.period
    assert [e.what for e in row.events.all()] == ["booked"]


def test_an_edit_of_the_policy_does_not_move_a_check_in_limit(branch, seat, patron):
    row = booked(seat, patron)
    branch.policy.grace_minutes = 1
    branch.policy.save()
    row.refresh_from_db()
    assert row.check_in_by == at(16, 10)


def test_a_taken_seat_is_refused(seat, patron):
    booked(seat, make.make_patron())
    assert refusal(booked, seat, patron) == ["taken"]
    assert Booking.objects.count() == 1


def test_the_same_request_again_gives_the_first_booking(seat, patron):
    key = uuid4()
    first = booked(seat, patron, request_key=key)
    assert booked(seat, patron, request_key=key).pk == first.pk
    assert BookingEvent.objects.count() == 1


def test_a_seat_of_another_branch_is_unknown_here(branch, patron):
    elsewhere = make.make_device(make.make_branch())
    assert refusal(booked, elsewhere, patron, branch_id=branch.pk) == ["unknown_device"]


def test_a_retired_seat_is_unknown(branch, patron):
    seat = make.make_device(branch, retired_on=NOW.date())
    assert refusal(booked, seat, patron) == ["unknown_device"]


def test_a_reversed_time_is_refused_and_not_a_crash(seat, patron):
    assert refusal(booked, seat, patron, minutes=-30) == ["reversed"]


def test_minutes_of_another_branch_count_where_the_policy_says_system(patron):
    here, there = make.make_branch(), make.make_branch()
    booked(make.make_device(there), patron, start=at(15))
    booked(make.make_device(there), patron, start=at(16))
    assert "day_limit" in refusal(booked, make.make_device(here), patron, start=at(17, 30))


def test_minutes_of_another_branch_do_not_count_where_the_policy_says_branch(patron):
    here = make.make_branch(policy={"day_scope": "branch", "open_bookings": 5})
    there = make.make_branch()
    booked(make.make_device(there), patron, start=at(15))
    booked(make.make_device(there), patron, start=at(16))
    booked(make.make_device(here), patron, start=at(17, 30))


def test_the_same_patron_cannot_sit_at_two_branches_at_once(patron):
    booked(make.make_device(make.make_branch()), patron, start=at(16))
    assert refusal(booked, make.make_device(make.make_branch()), patron, start=at(16, 30)) == ["elsewhere"]


def test_a_cancelled_booking_frees_its_seat_and_its_minutes(seat, patron):
    row = cancel(booking=booked(seat, patron), by=BY, now=NOW)
    assert (row.outcome, row.ended_at) == ("cancelled", NOW)
    booked(seat, patron)


def test_cancelling_twice_is_cancelling_once(seat, patron):
    row = booked(seat, patron)
    cancel(booking=row, by=BY, now=NOW)
    cancel(booking=row, by=BY, now=NOW)
    assert [e.what for e in row.events.all()] == ["booked", "cancelled"]


def test_a_running_session_is_finished_and_not_cancelled(branch, seat, patron):
    assert refusal(cancel, booking=seated(branch, patron), by=BY, now=at(14, 20)) == ["running"]


# walking up


def test_a_walk_up_gets_the_whole_session_and_is_checked_in(branch, seat, patron):
    row = seated(branch, patron)
    assert (row.minutes(), row.checked_in_at, row.walk_up) == (60, NOW, True)


def test_the_system_picks_the_seat_that_stays_free_longest(branch, patron):
    soon, later = make.make_device(branch), make.make_device(branch)
    booked(soon, make.make_patron(), start=at(15, 30))
    assert seated(branch, patron).device == later


def test_a_walk_up_ends_before_the_next_booking_and_its_cleaning(branch, seat, patron):
    booked(seat, make.make_patron(), start=at(14, 40))
    assert seated(branch, patron).end == at(14, 35)


def test_a_walk_up_gets_what_is_left_of_the_day(branch, seat, patron):
    booked(seat, patron, start=at(16), minutes=60)
    booked(make.make_device(branch), patron, start=at(17, 10), minutes=35)
    assert seated(branch, patron).minutes() == 25


def test_a_full_room_says_so(branch, seat, patron):
    seated(branch, make.make_patron())
    assert refusal(seated, branch, patron) == ["no_seat"]


def test_a_seat_is_cleaned_before_the_next_person(branch, seat, patron):
    finish(booking=seated(branch, make.make_patron()), by=BY, now=at(14, 10))
    assert refusal(seated, branch, patron, now=at(14, 14)) == ["no_seat"]
    assert refusal(seated, branch, patron, now=at(14, 14), device_id=seat.pk) == ["gap"]
    assert seated(branch, patron, now=at(14, 15)).device == seat


def test_an_express_seat_is_walk_up_only_and_does_not_count(branch, patron):
    express = make.make_class(walk_up_only=True, session_minutes=15, counts_toward_day=False)
    seat = make.make_device(branch, kind=express)
    assert refusal(booked, seat, patron, minutes=15) == ["walk_up_class"]
    row = seated(branch, patron, device_id=seat.pk)
    assert row.minutes() == 15
    finish(booking=row, by=BY, now=at(14, 20))
    make.make_device(branch)
    booked(make.make_device(branch), patron, start=at(15))
    booked(make.make_device(branch), patron, start=at(16))


def test_a_child_is_not_seated_at_an_adult_computer(branch):
    adults = make.make_class(least_age=18)
    make.make_device(branch, kind=adults)
    assert refusal(seated, branch, make.make_patron(age_band="child")) == ["age"]


def test_an_age_band_that_has_run_out_is_unknown_and_treated_as_adult(branch):
    seat = make.make_device(branch, kind=make.make_class(greatest_age=12))
    grown = make.make_patron(age_band="child", band_until=at(10, day=23).date())
    assert refusal(seated, branch, grown, device_id=seat.pk) == ["age"]


# checking in


def test_checking_in_at_its_time_keeps_the_period(seat, patron):
    row = check_in(booking=booked(seat, patron), by=BY, now=at(16, 4))
    assert (row.checked_in_at, row.start, row.end) == (at(16, 4), at(16), at(17))


def test_checking_in_twice_is_checking_in_once(seat, patron):
    row = booked(seat, patron)
    check_in(booking=row, by=BY, now=at(16, 4))
    check_in(booking=row, by=BY, now=at(16, 5))
    assert [e.what for e in row.events.all()] == ["booked", "checked_in"]


def test_an_early_check_in_takes_a_free_seat_at_once(seat, patron):
    row = check_in(booking=booked(seat, patron), by=BY, now=at(15, 50))
    assert (row.start, row.end) == (at(15, 50), at(17))


def test_a_check_in_an_hour_early_is_told_to_come_back(seat, patron):
    with pytest.raises(Refused) as refused:
        check_in(booking=booked(seat, patron), by=BY, now=at(15))
    assert (refused.value.codes, refused.value.problems[0].next_at) == (["too_early"], at(16))


def test_an_early_check_in_does_not_push_anyone_off_the_seat(branch, seat, patron):
    row = booked(seat, patron, start=at(15, 20))
    seated(branch, make.make_patron())
    assert refusal(check_in, booking=row, by=BY, now=at(15, 6)) == ["too_early"]


def test_a_missed_booking_lets_the_next_person_sit_down(branch, seat, patron):
    missed = booked(seat, patron, start=at(14, 10))
    row = seated(branch, make.make_patron(), now=at(14, 25))
    missed.refresh_from_db()
    assert (missed.outcome, missed.ended_at) == ("no_show", at(14, 20))
    assert row.device == seat


def test_a_late_check_in_succeeds_while_nobody_has_taken_the_seat(branch, seat, patron):
    row = booked(seat, patron, start=at(14, 10))
    settle_branch(branch_id=branch.pk, now=at(14, 25))
    row = check_in(booking=row, by=BY, now=at(14, 30))
    assert (row.outcome, row.ended_at, row.end) == ("", None, at(15, 10))


def test_a_late_check_in_is_refused_once_the_seat_is_taken(branch, seat, patron):
    missed = booked(seat, patron, start=at(14, 10))
    seated(branch, make.make_patron(), now=at(14, 25))
    assert refusal(check_in, booking=missed, by=BY, now=at(14, 30)) == ["taken"]


def test_a_booking_whose_time_is_over_cannot_be_checked_in(seat, patron):
    assert refusal(check_in, booking=booked(seat, patron, start=at(14, 10)), by=BY, now=at(15, 10)) == ["over"]


# time


def test_a_session_ends_by_the_clock_with_every_background_process_dead(branch, seat, patron):
    row = seated(branch, patron)
    seated(branch, make.make_patron(), now=at(15, 12))
    row.refresh_from_db()
    assert (row.outcome, row.ended_at) == ("ran_out", at(15, 7))


def test_settling_twice_changes_nothing(branch, seat, patron):
    seated(branch, patron)
    assert settle_branch(branch_id=branch.pk, now=at(15, 7)) == 1
    assert settle_branch(branch_id=branch.pk, now=at(15, 7)) == 0


def test_finishing_early_gives_the_rest_of_the_minutes_back(branch, seat, patron):
    row = finish(booking=seated(branch, patron), by=BY, now=at(14, 27))
    assert (row.end, row.minutes(), row.outcome) == (at(14, 27), 20, "finished")
    booked(seat, patron, start=at(15), minutes=60)
    assert "day_limit" in refusal(booked, seat, patron, start=at(16, 10), minutes=41)


def test_a_start_that_waited_for_the_lock_begins_after_the_last_end(branch, seat, patron):
    branch.policy.gap_minutes = 0
    branch.policy.save()
    finish(booking=seated(branch, make.make_patron()), by=BY, now=at(14, 10))
    assert seated(branch, patron, now=at(14, 9)).start == at(14, 10)


# out of service


def test_a_fault_ends_the_session_cancels_what_comes_and_lists_the_calls(branch, seat, patron):
    running, coming = seated(branch, make.make_patron()), booked(seat, patron)
    removal = take_out_of_service(
        device_id=seat.pk, by=staff(make.make_user().pk, "desk"), now=at(14, 30), note="No picture"
    )
    assert {row.pk for row in removal.displaced} == {running.pk, coming.pk}
    coming.refresh_from_db()
    assert (coming.outcome, coming.displaced_by) == ("displaced", removal.repair)
    assert coming.events.last().reason == "No picture"
    assert Call.objects.filter(handled_at=None).count() == 2


def test_a_seat_out_of_service_cannot_be_booked_and_can_again_after_its_return(seat, patron):
    take_out_of_service(device_id=seat.pk, by=BY, now=NOW, note="No picture")
    assert refusal(booked, seat, patron) == ["out"]
    return_to_service(device_id=seat.pk, by=BY, now=at(14, 30))
    booked(seat, patron)


def test_a_class_that_a_fault_takes_away_is_on_the_call_list(seat):
    make.make_booking(seat, at(14), at(16), kind="class", note="E-mail basics")
    take_out_of_service(device_id=seat.pk, by=BY, now=NOW, note="No picture")
    assert Call.objects.get().booking.who == "E-mail basics"


def test_finishing_what_has_not_begun_says_so(seat, patron):
    assert refusal(finish, booking=booked(seat, patron), by=BY, now=NOW) == ["not_begun"]


def test_a_cancelled_booking_does_not_make_the_next_person_wait(branch, seat, patron):
    cancel(booking=booked(seat, patron), by=BY, now=NOW)
    assert seated(branch, make.make_patron(), now=at(14, 8)).device == seat


def test_a_displaced_booking_costs_no_minutes(branch, seat, patron):
    booked(seat, patron, start=at(15))
    take_out_of_service(device_id=seat.pk, by=BY, now=NOW, note="No picture")
    other = make.make_device(branch)
    booked(other, patron, start=at(15))
    booked(other, patron, start=at(16, 10))


def test_taking_a_device_out_twice_keeps_the_first_repair(seat):
    first = take_out_of_service(device_id=seat.pk, by=BY, now=NOW, note="No picture")
    again = take_out_of_service(device_id=seat.pk, by=BY, now=at(14, 30), note="Still none")
    assert (again.repair.pk, again.displaced) == (first.repair.pk, [])


def test_returning_a_device_that_is_in_service_does_nothing(seat):
    return_to_service(device_id=seat.pk, by=BY, now=NOW)
    assert not Booking.objects.exists()


def test_a_call_is_ticked_off_once(seat, patron):
    booked(seat, patron)
    take_out_of_service(device_id=seat.pk, by=BY, now=NOW, note="No picture")
    user = make.make_user()
    call = handle_call(call=Call.objects.get(), by=staff(user.pk, "desk"), now=at(14, 20))
    assert (call.handled_at, call.handled_by) == (at(14, 20), user)
    assert handle_call(call=call, by=BY, now=at(14, 40)).handled_at == at(14, 20)
