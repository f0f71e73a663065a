"""Sit elsewhere and the booking follows: at 14:07, with a session until 15:00 or a booking of later."""

from datetime import timedelta

import pytest

from helpdesk.actor import patron as by_patron
from reservations.booking.help import end_help
from reservations.booking.move import move
from reservations.booking.seat import finish
from reservations.booking.undo import undo
from reservations.calendars import calendar_of
from reservations.facts import counted_minutes, use_of
from reservations.models import Booking
from reservations.reseating import seats_for
from tests import factories as make
from tests.factories import NOW, at
from tests.reservations.sitting import by_desk, codes, sitting, told, waiting

pytestmark = pytest.mark.django_db
BY = by_patron()
SECOND = timedelta(seconds=1)


@pytest.fixture
def branch():
    return make.make_branch()


@pytest.fixture
def seat(branch):
    return make.make_device(branch, label="3")


@pytest.fixture
def other(branch, seat):
    return make.make_device(branch, label="7")


def moved(row, to, by=BY, now=NOW, **fields):
    return move(booking=row, device_id=to.pk, by=by, now=now, **fields)


def fresh(row):
    return Booking.objects.get(pk=row.pk)


def test_a_running_session_goes_on_at_the_other_seat_until_the_same_end(seat, other):
    row = sitting(seat, number="D12")
    after = moved(row, other)
    assert (after.device, after.start, after.end, after.continues_id, after.number) == (
        other, NOW, at(15), row.pk, "D12",
    )  # fmt: skip
    assert (fresh(row).outcome, fresh(row).end) == ("moved", NOW)
    assert told(row) == told(after) == ["moved"]


def test_minutes_add_up_and_one_session_is_counted(branch, seat, other):
    row = sitting(seat)
    after, calendar = moved(row, other), calendar_of(branch.pk)
    uses = [use_of(each, NOW, calendar, branch.policy) for each in (fresh(row), after)]
    assert (sum(use.minutes for use in uses), sum(use.sessions for use in uses)) == (60, 1)


def test_a_later_booking_keeps_its_row(seat, other):
    row = make.make_booking(seat, at(15), at(16))
    assert (moved(row, other).pk, fresh(row).device, fresh(row).start) == (row.pk, other, at(15))
    assert told(row) == ["moved"]


def test_moving_twice_is_moving_once(seat, other):
    row = sitting(seat)
    first = moved(row, other)
    assert moved(row, other).pk == first.pk
    assert Booking.objects.count() == 2


def test_to_the_seat_one_has_is_no_move(seat):
    row = sitting(seat)
    assert moved(row, seat) == row
    assert told(row) == []


def test_somebody_who_has_just_left_is_over(seat, other):
    row = finish(booking=sitting(seat), by=BY, now=NOW)
    assert codes(moved, row, other) == ["over"]


def test_somebody_whose_time_is_up_is_over(seat, other):
    assert codes(moved, sitting(seat), other, now=at(15)) == ["over"]


def test_another_branch_is_refused(seat):
    assert codes(moved, sitting(seat), make.make_device(make.make_branch())) == ["unknown_device"]


def test_a_taken_seat_and_the_cleaning_are_refused(seat, other):
    make.make_booking(other, at(14, 30), at(15))
    assert codes(moved, sitting(seat), other) == ["taken"]


@pytest.mark.parametrize("end", [None, at(14)], ids=["open end", "overdue"])
def test_a_broken_seat_is_refused(seat, other, end):
    make.make_booking(other, at(13), end, kind="repair")
    assert codes(moved, sitting(seat), other) == ["out"]


@pytest.mark.parametrize(
    ("rule", "code"),
    [({"least_age": 60}, "age"), ({"session_minutes": 15}, "too_long"), ({"access": "only"}, "kept_for_need")],
)
def test_the_rules_of_the_other_seat_hold(branch, seat, rule, code):
    assert code in codes(moved, sitting(seat), make.make_device(branch, kind=make.make_class(**rule)))


def test_a_seat_without_what_was_asked_for_is_refused(seat, other):
    assert codes(moved, sitting(seat, needs=["screen-reader"]), other) == ["lacks"]


def test_a_seat_on_which_it_is_broken_is_refused(branch, seat):
    silent = make.make_device(branch, lacks=["sound"])
    assert codes(moved, sitting(seat, needs=["sound"]), silent) == ["lacks"]
    assert moved(sitting(make.make_device(branch)), silent).device == silent


def test_staff_lift_a_rule_with_a_reason(branch, seat):
    young = make.make_device(branch, kind=make.make_class(greatest_age=12))
    after = moved(sitting(seat), young, by=by_desk(), override="The only one with a big monitor")
    assert (after.device, told(after)) == (young, ["moved", "overridden"])


def test_personal_limits_do_not_end_a_session_because_it_moves(branch, seat, other):
    branch.policy.day_minutes = branch.policy.session_minutes = 30
    branch.policy.save()
    assert moved(sitting(seat, end=at(14, 37)), other).end == at(14, 37)


def test_who_waits_for_such_a_seat_is_not_overtaken(branch, seat, other):
    waiting(branch)
    assert codes(moved, sitting(seat), other) == ["line"]


def test_help_goes_on_at_the_other_seat(branch, seat, other):
    row = sitting(seat, help_at=at(14, 3), help_added=15, end=at(15, 15))
    after = moved(row, other)
    assert (fresh(row).help_minutes, after.help_at, after.help_added, after.end) == (4, NOW, 11, at(15, 15))
    later = at(14, 30)
    policy = branch.policy
    assert counted_minutes(fresh(row), later, policy) + counted_minutes(after, later, policy) == 75 - 15


def test_help_ends_where_they_sit_now_though_they_asked_at_the_first_seat(seat, other):
    after = moved(sitting(seat, help_at=at(14, 3), help_added=15, end=at(15, 15)), other)
    end_help(device_id=seat.pk, by=by_desk(), now=at(14, 10))
    after = fresh(after)
    assert (after.help_at, after.help_minutes, after.end) == (None, 3, at(15, 7))


# undo


def undone(row, by):
    return undo(event_id=row.events.latest("pk").pk, by=by, now=NOW + 8 * SECOND)


def test_a_move_is_taken_back_as_if_nobody_had_left(seat, other):
    desk, row = by_desk(), sitting(seat)
    after = moved(row, other, by=desk)
    undone(after, desk)
    row, after = fresh(row), fresh(after)
    assert (row.ended_at, row.outcome, row.start, row.end) == (None, "", at(14), at(15))
    assert (after.outcome, after.continues, after.checked_in_at) == ("cancelled", None, None)


def test_a_later_booking_goes_back_to_its_seat(seat, other):
    desk, row = by_desk(), make.make_booking(seat, at(15), at(16))
    undone(moved(row, other, by=desk), desk)
    assert fresh(row).device == seat


def test_whoever_took_the_first_seat_meanwhile_keeps_it(seat, other):
    desk, row = by_desk(), sitting(seat)
    after = moved(row, other, by=desk)
    make.make_booking(seat, NOW, at(15))
    assert codes(undone, after, desk) == ["taken"]
    assert fresh(after).ended_at is None


# what is shown before


def test_only_seats_that_would_be_accepted_are_shown(branch, seat, other):
    row = sitting(seat)
    make.make_device(branch, kind=make.make_class(least_age=60))
    busy = make.make_device(branch)
    make.make_booking(busy, at(14, 30), at(15))
    make.make_booking(make.make_device(branch), at(13), at(14), kind="repair")
    shown = seats_for(row, row.patron, NOW)
    assert shown == [other]
    assert moved(row, shown[0]).device == other


def test_for_who_has_left_no_seat_is_shown(seat, other):
    row = finish(booking=sitting(seat), by=BY, now=NOW)
    assert seats_for(row, make.make_patron(), NOW) == []
