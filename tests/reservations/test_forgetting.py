"""Personal data has an end, and after it nothing is left."""

from datetime import timedelta

import pytest

from helpdesk import registry
from helpdesk.purging import purge
from reservations.models import Booking, GuestPass, Patron, SignInTry
from tests import factories as make
from tests.factories import NOW, at

pytestmark = pytest.mark.django_db


def run(now, *, dry_run=False):
    return purge(now=now, dry_run=dry_run)


def test_yesterdays_bookings_have_no_patron_and_todays_still_do():
    seat = make.make_device(make.make_branch())
    make.make_booking(seat, at(10, day=23), at(11, day=23), ended_at=at(11, day=23), outcome="finished")
    today = make.make_booking(seat, at(10), at(11), ended_at=at(11), outcome="finished")
    assert run(NOW)["booking-link"] == 1
    assert list(Booking.objects.exclude(patron=None)) == [today]


def test_a_session_that_nobody_settled_is_settled_and_then_forgotten():
    seat = make.make_device(make.make_branch())
    row = make.make_booking(seat, at(10, day=23), at(11, day=23), checked_in_at=at(10, day=23))
    run(NOW)
    row.refresh_from_db()
    assert (row.outcome, row.ended_at, row.patron) == ("ran_out", at(11, day=23), None)


def test_a_booking_of_tomorrow_keeps_its_patron():
    make.make_booking(make.make_device(make.make_branch()), at(10, day=25), at(11, day=25))
    assert run(NOW)["booking-link"] == 0


def test_a_patron_unseen_for_thirty_days_is_deleted_unless_booked_or_blocked():
    long_ago = NOW - timedelta(days=31)
    make.make_patron(seen_at=long_ago)
    kept = [make.make_patron(), make.make_patron(seen_at=long_ago, blocked_until=at(10, day=30))]
    booked = make.make_patron(seen_at=long_ago)
    make.make_booking(make.make_device(make.make_branch()), at(16), at(17), patron=booked)
    run(NOW)
    assert set(Patron.objects.all()) == {*kept, booked}


def test_ended_guest_passes_and_old_tries_go():
    branch = make.make_branch()
    fields = {"branch": branch, "issued_at": at(9), "alias": "G1"}
    GuestPass.objects.create(key="g1:old", valid_until=at(14), request_key=make.uuid.uuid4(), **fields)
    GuestPass.objects.create(key="g1:new", valid_until=at(23), request_key=make.uuid.uuid4(), **fields)
    SignInTry.objects.create(key="c1:x", at=NOW - timedelta(minutes=11))
    SignInTry.objects.create(key="c1:y", at=NOW - timedelta(minutes=9))
    run(NOW)
    assert list(GuestPass.objects.values_list("key", flat=True)) == ["g1:new"]
    assert list(SignInTry.objects.values_list("key", flat=True)) == ["c1:y"]


def test_a_dry_run_counts_and_changes_nothing():
    seat = make.make_device(make.make_branch())
    make.make_booking(seat, at(10, day=23), at(11, day=23), ended_at=at(11, day=23), outcome="finished")
    assert run(NOW, dry_run=True)["booking-link"] == 1
    assert Booking.objects.exclude(patron=None).count() == 1


def test_forgetting_twice_changes_nothing():
    seat = make.make_device(make.make_branch())
    make.make_booking(seat, at(10, day=23), at(11, day=23), ended_at=at(11, day=23), outcome="finished")
    run(NOW)
    assert set(run(NOW).values()) == {0}


def test_every_declaration_says_what_why_and_how_long():
    for entry in registry.purges():
        assert str(entry.datum)
        assert str(entry.purpose)
        assert str(entry.kept)
