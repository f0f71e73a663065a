"""Back to a seat left by mistake, told on a Tuesday at 14:07 with a session until 15:00."""

from datetime import timedelta

import pytest

from helpdesk.actor import patron as by_patron
from reservations.booking.resume import resume
from reservations.booking.seat import finish
from reservations.calendars import calendar_of
from reservations.facts import use_of
from reservations.period import period
from tests import factories as make
from tests.factories import NOW, at
from tests.reservations.sitting import MINUTE, codes, sitting, told, waiting

pytestmark = pytest.mark.django_db
BY = by_patron()
SOON = NOW + 3 * MINUTE


@pytest.fixture
def seat():
    return make.make_device(make.make_branch())


def left(seat, **fields):
    return finish(booking=sitting(seat, **fields), by=BY, now=NOW)


def back(row, now=SOON):
    return resume(booking=row, by=BY, now=now)


def test_a_finished_session_keeps_the_end_it_had(seat):
    row = left(seat)
    assert (row.end, row.due_end_at) == (NOW, at(15))


def test_the_session_goes_on_in_a_new_row_until_the_end_it_had(seat):
    first = left(seat, number="D12", walk_up=True, extensions=1)
    row = back(first)
    assert (row.start, row.end, row.continues, row.device) == (SOON, at(15), first, seat)
    assert (row.number, row.walk_up, row.extensions, row.patron, told(row)) == (
        "D12", True, 1, first.patron, ["resumed"],
    )  # fmt: skip


def test_minutes_add_up_and_one_session_is_counted(seat):
    first = left(seat)
    rows = [first, back(first)]
    uses = [use_of(row, at(16), calendar_of(seat.branch_id), seat.branch.policy) for row in rows]
    assert ([use.minutes for use in uses], sum(use.sessions for use in uses)) == ([7, 50], 1)


def test_what_was_asked_at_first_still_tells_extensions_from_the_rest(seat):
    seat.branch.policy.extension_counts = False
    first = sitting(seat, end=at(15, 15))
    type(first).objects.filter(pk=first.pk).update(booked_period=period(at(14), at(15)))
    row = back(finish(booking=first, by=BY, now=NOW))
    assert (row.end, row.booked_period.upper) == (at(15, 15), at(15))
    assert use_of(row, at(16), calendar_of(seat.branch_id), seat.branch.policy).minutes == 50


def test_resuming_twice_is_resuming_once(seat):
    first = left(seat)
    assert back(first) == back(first, NOW + 5 * MINUTE)
    assert seat.bookings.count() == 2


@pytest.mark.parametrize(("later", "found"), [(10 * MINUTE, []), (10 * MINUTE + timedelta(seconds=1), ["too_late"])])
def test_within_ten_minutes_of_the_policy(seat, later, found):
    row = left(seat)
    assert (codes(back, row, NOW + later) if found else []) == found
    if not found:
        assert back(row, NOW + later).start == NOW + later


def test_no_cleaning_is_kept_after_oneself(seat):
    assert back(left(seat), NOW + timedelta(seconds=20)).start == NOW + timedelta(seconds=20)


def test_a_seat_that_somebody_took_is_gone(seat):
    row = left(seat)
    sitting(seat, start=NOW + MINUTE)
    assert codes(back, row) == ["taken"]


def test_a_seat_offered_to_the_line_is_theirs(seat):
    row = left(seat)
    make.make_booking(seat, NOW, at(15), kind="offer", check_in_by=NOW + 5 * MINUTE)
    assert codes(back, row) == ["offered"]


def test_a_broken_seat_is_out(seat):
    row = left(seat)
    make.make_booking(seat, NOW, None, kind="repair")
    assert codes(back, row) == ["out"]


def test_who_booked_the_seat_meanwhile_keeps_it(seat):
    row = left(seat)
    make.make_booking(seat, at(14, 40), at(15, 40))
    assert back(row).end == at(14, 35)


def test_less_than_five_minutes_before_them_is_not_worth_it(seat):
    row = left(seat)
    make.make_booking(seat, SOON + 9 * MINUTE, at(15, 40))
    assert codes(back, row) == ["taken"]


def test_a_seat_elsewhere_meanwhile_is_the_one_they_have(seat):
    row = left(seat)
    sitting(make.make_device(seat.branch), start=NOW + MINUTE, patron=row.patron)
    assert codes(back, row) == ["elsewhere"]


def test_what_ran_out_is_over(seat):
    assert codes(back, sitting(seat), at(15, 1)) == ["over"]


def test_a_session_whose_end_has_passed_is_over(seat):
    row = finish(booking=sitting(seat), by=BY, now=at(14, 58))
    assert codes(back, row, at(15)) == ["over"]


@pytest.mark.parametrize(("later", "found"), [(2 * MINUTE, []), (2 * MINUTE + timedelta(seconds=1), ["line_waits"])])
def test_while_somebody_waits_the_seat_is_kept_for_two_minutes(seat, later, found):
    row = left(seat)
    waiting(seat.branch)
    if found:
        assert codes(back, row, NOW + later) == found
    else:
        assert back(row, NOW + later).end == at(15)


def test_while_somebody_waits_a_session_is_taken_back_once(seat):
    again = finish(booking=back(left(seat)), by=BY, now=NOW + 4 * MINUTE)
    waiting(seat.branch)
    assert codes(back, again, NOW + 5 * MINUTE) == ["line_waits"]


def test_who_goes_back_to_their_seat_waits_no_longer(seat):
    row = left(seat)
    turn = waiting(seat.branch, patron=row.patron)
    again = back(row)
    turn.refresh_from_db()
    assert (turn.outcome, turn.offer, turn.ended_at) == ("seated", again, SOON)


def test_a_seat_that_is_held_for_their_own_number_is_theirs(seat):
    row = left(seat)
    offer = make.make_booking(seat, NOW, at(15), kind="offer", check_in_by=NOW + 5 * MINUTE)
    waiting(seat.branch, patron=row.patron, offer=offer, called_at=NOW, first_called_at=NOW)
    assert back(row).end == at(15)
    offer.refresh_from_db()
    assert offer.outcome == "cancelled"


def test_while_nobody_waits_a_session_is_taken_back_as_often_as_they_like(seat):
    again = finish(booking=back(left(seat)), by=BY, now=NOW + 4 * MINUTE)
    assert back(again, NOW + 5 * MINUTE).end == at(15)


def test_somebody_whom_the_seat_does_not_serve_takes_nothing_away(seat):
    row = left(seat)
    waiting(seat.branch, needs=["headset"])
    assert back(row).end == at(15)
