"""Somebody comes back to a seat they left or missed: what they have taken meanwhile counts toward their limits."""

from uuid import uuid4

import pytest

from helpdesk.actor import patron as by_patron
from helpdesk.actor import staff
from reservations.booking.ahead import book
from reservations.booking.resume import resume
from reservations.booking.seat import check_in, finish
from tests import factories as make
from tests.factories import NOW, at
from tests.reservations.sitting import MINUTE, codes, sitting

pytestmark = pytest.mark.django_db
BY = by_patron()
SOON = NOW + 3 * MINUTE


@pytest.fixture
def branch():
    return make.make_branch(policy={"session_minutes": 60, "day_minutes": 60})


@pytest.fixture
def patron():
    return make.make_patron()


def left(branch, patron, **fields):
    return finish(booking=sitting(make.make_device(branch), patron=patron, **fields), by=BY, now=NOW)


def booked(branch, patron, minutes, start=None, now=NOW):
    start = start or at(16)
    return book(
        branch_id=branch.pk, device_id=make.make_device(branch).pk, patron=patron, start=start,
        end=start + minutes * MINUTE, request_key=uuid4(), by=BY, now=now,
    )  # fmt: skip


def missed(branch, patron):
    return booked(branch, patron, 60, start=at(14), now=at(13, 50))


def test_back_to_a_seat_is_refused_once_the_minutes_are_booked_elsewhere(branch, patron):
    row = left(branch, patron)
    booked(branch, patron, 50)
    assert codes(resume, booking=row, by=BY, now=SOON) == ["day_limit"]


def test_back_to_a_seat_lasts_as_long_as_the_minutes_that_are_left(branch, patron):
    row = left(branch, patron)
    booked(branch, patron, 30)
    assert resume(booking=row, by=BY, now=SOON).end == SOON + 23 * MINUTE


def test_back_to_a_seat_keeps_what_staff_had_allowed_beyond_the_limit(branch, patron):
    row = left(branch, patron, end=at(15, 40))
    assert resume(booking=row, by=BY, now=SOON).end == at(15, 40)


def test_a_late_check_in_is_refused_once_the_minutes_are_booked_elsewhere(branch, patron):
    row = missed(branch, patron)
    booked(branch, patron, 50, now=at(14, 11))
    assert codes(check_in, booking=row, by=BY, now=at(14, 12)) == ["day_limit"]


def test_staff_lift_the_limit_of_a_late_check_in(branch, patron):
    row = missed(branch, patron)
    booked(branch, patron, 50, now=at(14, 11))
    desk = staff(make.make_user("desk").pk, "desk")
    assert check_in(booking=row, by=desk, now=at(14, 12), override="The bus was late").is_running


def test_a_late_check_in_keeps_what_was_allowed_when_it_was_booked(branch, patron):
    row = missed(branch, patron)
    type(branch.policy).objects.update(day_minutes=60, session_minutes=20)
    assert check_in(booking=row, by=BY, now=at(14, 12)).end == at(15)
