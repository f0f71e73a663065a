"""Real threads against the verbs of time: one outcome, no error, no seat with two people."""

from functools import partial
from uuid import uuid4

import pytest

from helpdesk.actor import patron as by_patron
from reservations.booking.ahead import book
from reservations.booking.by_itself import extend_due
from reservations.booking.landing import land_softly
from reservations.booking.resume import resume
from reservations.booking.seat import check_in, finish, start_now
from reservations.booking.time import extend
from reservations.models import Booking
from tests import factories as make
from tests.factories import NOW, at
from tests.racing import race
from tests.reservations.sitting import MINUTE, sitting, told

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race, pytest.mark.db]
BY = by_patron()
ROUNDS = 4


@pytest.fixture
def branch():
    return make.make_branch(policy={"day_minutes": 600, "open_bookings": 9})


def test_an_extension_against_a_booking_of_the_next_slot(branch):
    for _round in range(ROUNDS):
        seat = make.make_device(branch)
        row = sitting(seat)
        after = partial(
            book, branch_id=branch.pk, device_id=seat.pk, patron=make.make_patron(), start=at(15, 5), end=at(16),
            request_key=uuid4(), by=BY, now=NOW,
        )  # fmt: skip
        results = race(partial(extend, booking=row, by=BY, now=NOW), after)
        assert results in ({"accepted": 1, "refused:taken": 1}, {"accepted": 1, "refused:gap": 1})


def test_a_soft_landing_against_the_check_in_of_who_comes_next():
    for _round in range(ROUNDS):
        branch = make.make_branch()
        seat, other = make.make_device(branch), make.make_device(branch)
        row, now = sitting(seat), at(14, 58)
        after = make.make_booking(seat, at(15, 5), at(16))
        results = race(
            partial(land_softly, booking=row, why="video", by=BY, now=now),
            partial(check_in, booking=after, by=BY, now=now),
        )
        after.refresh_from_db()
        row.refresh_from_db()
        assert (row.end, after.device_id) == (at(15, 15), other.pk)
        assert results in ({"accepted": 2}, {"accepted": 1, "refused:too_early": 1})


def test_finish_against_an_extension(branch):
    for _round in range(ROUNDS):
        row = sitting(make.make_device(branch))
        results = race(partial(finish, booking=row, by=BY, now=NOW), partial(extend, booking=row, by=BY, now=NOW))
        row.refresh_from_db()
        assert row.outcome == "finished"
        assert (results, told(row)) in (
            ({"accepted": 2}, ["extended", "finished"]),
            ({"accepted": 1, "refused:over": 1}, ["finished"]),
        )


def test_six_double_clicks_extend_once(branch):
    row = sitting(make.make_device(branch))
    assert race(*[partial(extend, booking=row, by=BY, now=NOW)] * 6) == {"accepted": 6}
    assert told(row) == ["extended"]


def test_two_workers_extend_once(branch):
    row = sitting(make.make_device(branch))
    worker = partial(extend_due, branch_id=branch.pk, now=at(14, 56))
    assert race(worker, worker, worker) == {"accepted": 3}
    assert told(row) == ["extended_itself"]


def test_a_resume_against_somebody_who_sits_down(branch):
    for _round in range(ROUNDS):
        seat = make.make_device(branch)
        row = finish(booking=sitting(seat), by=BY, now=NOW)
        now = NOW + 6 * MINUTE
        taken = partial(
            start_now, branch_id=branch.pk, device_id=seat.pk, patron=make.make_patron(), request_key=uuid4(), by=BY,
            now=now,
        )  # fmt: skip
        results = race(partial(resume, booking=row, by=BY, now=now), taken)
        assert results == {"accepted": 1, "refused:taken": 1}
        assert Booking.objects.filter(device=seat, ended_at=None).count() == 1


def test_two_resumes_make_one_row(branch):
    row = finish(booking=sitting(make.make_device(branch)), by=BY, now=NOW)
    again = partial(resume, booking=row, by=BY, now=NOW + MINUTE)
    assert race(again, again, again) == {"accepted": 3}
    assert row.continued_by.count() == 1
