"""A seat kept for something that is no session, and given back."""

from functools import partial
from uuid import uuid4

import pytest

from helpdesk.actor import patron as by_patron
from helpdesk.actor import staff
from reservations.booking.keep import give_seat_back, keep_seat
from reservations.models import Booking
from reservations.models.booking import Kind, Outcome
from reservations.rules import Refused
from tests.factories import (
    NOW,
    at,
    make_booking,
    make_branch,
    make_class,
    make_device,
    make_kiosk,
    make_patron,
    make_user,
)
from tests.racing import race

pytestmark = pytest.mark.django_db


@pytest.fixture
def branch():
    return make_branch(policy={"gap_minutes": 5})


@pytest.fixture
def desk(branch):
    user = make_user("desk", branch)
    return staff(user.pk, user.role)


def keep(branch, by, **fields):
    defaults = {"start": at(15), "end": at(15, 30), "note": "One-to-one 1", "request_key": uuid4(), "now": NOW}
    return keep_seat(branch_id=branch.pk, by=by, **{**defaults, **fields})


def refusal(call):
    with pytest.raises(Refused) as refused:
        call()
    return refused.value.codes


def test_the_first_free_seat_of_the_room_is_kept_with_its_note_and_story(branch, desk):
    later, first = make_device(branch, position=9), make_device(branch, position=2)
    row = keep(branch, desk)
    assert (row.device, row.kind, row.note, row.patron) == (first, Kind.CLASS, "One-to-one 1", None)
    assert [event.what for event in row.events.all()] == ["planned"]
    assert keep(branch, desk).device == later


def test_the_same_request_again_is_the_first_row(branch, desk):
    make_device(branch), make_device(branch)
    key = uuid4()
    assert keep(branch, desk, request_key=key) == keep(branch, desk, request_key=key)


@pytest.mark.parametrize(("start", "end"), [(at(14), at(15)), (at(15, 30), at(16)), (at(15, 10), at(15, 20))])
def test_what_stands_there_or_needs_cleaning_is_in_the_way(branch, desk, start, end):
    device = make_device(branch)
    make_booking(device, start, end)
    assert refusal(lambda: keep(branch, desk)) == ["no_seat"]
    assert refusal(lambda: keep(branch, desk, device_id=device.pk)) == ["no_seat"]


def test_a_seat_that_is_out_without_an_end_is_not_kept(branch, desk):
    make_booking(make_device(branch), at(13), None, kind=Kind.REPAIR)
    assert refusal(lambda: keep(branch, desk)) == ["no_seat"]


def test_a_seat_for_people_who_need_it_comes_last(branch, desk):
    special = make_device(branch, kind=make_class(access="only"), position=1)
    plain = make_device(branch, position=2)
    assert [keep(branch, desk).device for _ in range(2)] == [plain, special]


def test_a_seat_of_another_branch_or_a_retired_one_is_unknown(branch, desk):
    other = make_device(make_branch())
    gone = make_device(branch, retired_on=at(9).date())
    for device in (other, gone):
        assert refusal(lambda d=device: keep(branch, desk, device_id=d.pk)) == ["unknown_device"]


def test_an_end_before_its_start_is_refused(branch, desk):
    assert refusal(lambda: keep(branch, desk, end=at(14))) == ["reversed"]


def test_for_who_has_signed_in_it_is_their_own_booking_by_their_rules(branch):
    make_device(branch)
    who, kiosk = make_patron(), by_patron(make_kiosk(branch).pk)
    row = keep(branch, kiosk, patron=who)
    assert (row.kind, row.patron) == (Kind.PATRON, who)
    assert row.check_in_by is not None


def test_a_kept_seat_is_given_back_once(branch, desk):
    make_device(branch)
    row = keep(branch, desk)
    for _ in range(2):
        give_seat_back(booking=row, by=desk, now=NOW)
    row.refresh_from_db()
    assert (row.outcome, row.ended_at) == (Outcome.CANCELLED, NOW)
    assert keep(branch, desk).device == row.device


def test_who_sits_there_already_is_not_sent_away(branch, desk):
    row = make_booking(make_device(branch), at(14), at(15), checked_in_at=at(14))
    give_seat_back(booking=row, by=desk, now=NOW)
    row.refresh_from_db()
    assert row.ended_at is None


@pytest.mark.django_db(transaction=True)
@pytest.mark.race
def test_of_two_who_want_the_same_seat_one_has_it():
    branch = make_branch()
    device, user = make_device(branch), make_user("desk", branch)
    by = staff(user.pk, user.role)
    done = race(*(partial(keep, branch, by, device_id=device.pk) for _ in range(2)))
    assert done == {"accepted": 1, "refused:no_seat": 1}
    assert Booking.objects.count() == 1
