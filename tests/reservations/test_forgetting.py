"""Personal data has an end, and after it nothing is left."""

from datetime import date, timedelta
from functools import partial

import pytest

from helpdesk import registry
from helpdesk.actor import patron as by_patron
from helpdesk.purging import purge
from reservations.booking.ahead import book
from reservations.models import Booking, GuestPass, Patron, PatronDay, Policy, SignInTry
from reservations.patron_days import Kept, retention_words
from reservations.rules.problem import Refused
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


def test_long_ended_guest_passes_and_old_tries_go():
    branch = make.make_branch()
    fields = {"branch": branch, "issued_at": at(9, day=20), "alias": "G1"}
    GuestPass.objects.create(key="g1:old", valid_until=at(14, day=22), request_key=make.uuid.uuid4(), **fields)
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


def sat(branch, patron, hour, minutes, day=23, **fields):
    """Return a session of a past day that ended by itself."""
    start = at(hour, day=day)
    end = start + timedelta(minutes=minutes)
    fields = {"checked_in_at": start, "ended_at": end, "outcome": "finished", **fields}
    return make.make_booking(make.make_device(branch), start, end, patron=patron, **fields)


def test_without_a_rule_that_looks_back_nothing_of_the_day_is_kept():
    sat(make.make_branch(), make.make_patron(), 10, 60)
    run(NOW)
    assert not PatronDay.objects.exists()


def test_a_weekly_limit_keeps_the_days_minutes_and_neither_seat_nor_clock_time():
    branch, patron = make.make_branch(policy={"week_minutes": 540}), make.make_patron()
    sat(branch, patron, 10, 60)
    sat(branch, patron, 12, 30)
    run(NOW)
    day = PatronDay.objects.get()
    assert (day.patron, day.minutes, day.sessions, day.no_shows, day.on) == (patron, 90, 2, 0, date(2026, 11, 23))
    assert not Booking.objects.exclude(patron=None).exists()
    kept = {field.attname for field in PatronDay._meta.concrete_fields}
    assert kept == {"id", "patron_id", "branch_id", "device_class_id", "on", "minutes", "sessions", "no_shows"}


def test_the_weekly_limit_holds_when_the_day_is_over():
    branch, patron = make.make_branch(policy={"week_minutes": 120}), make.make_patron()
    sat(branch, patron, 10, 90)
    seat = make.make_device(branch)
    verb = partial(book, branch_id=branch.pk, device_id=seat.pk, patron=patron, by=by_patron(), now=NOW)
    for forgotten in (False, True):
        if forgotten:
            run(NOW)
        with pytest.raises(Refused) as refused:
            verb(start=at(16), end=at(16, 31), request_key=make.uuid.uuid4())
        assert refused.value.codes == ["week_limit"]
        assert refused.value.problems[0].sums == {"used": 90, "left": 30, "over": 1, "limit": 120}
    verb(start=at(16), end=at(16, 30), request_key=make.uuid.uuid4())


def test_summing_up_twice_changes_nothing_and_a_late_row_is_added():
    branch, patron = make.make_branch(policy={"week_minutes": 540}), make.make_patron()
    sat(branch, patron, 10, 60)
    run(NOW)
    run(NOW)
    sat(branch, patron, 12, 30)
    run(NOW)
    assert list(PatronDay.objects.values_list("minutes", "sessions")) == [(90, 2)]


def test_missed_bookings_are_kept_without_minutes_where_only_they_matter():
    branch, patron = make.make_branch(policy={"no_shows": 2}), make.make_patron()
    sat(branch, patron, 10, 60)
    sat(branch, patron, 12, 10, checked_in_at=None, outcome="no_show")
    run(NOW)
    assert list(PatronDay.objects.values_list("minutes", "sessions", "no_shows")) == [(0, 0, 1)]


def test_nothing_is_kept_of_a_guest():
    branch = make.make_branch(policy={"week_minutes": 540})
    sat(branch, make.make_patron(source="guest"), 10, 60)
    run(NOW)
    assert not PatronDay.objects.exists()


@pytest.mark.parametrize(
    ("policy", "ago", "left"),
    [
        ({"week_minutes": 540}, 7, [(60, 1, 1)]),
        ({"week_minutes": 540}, 8, []),
        ({"no_shows": 5, "no_show_days": 14, "no_show_penalty_days": 7}, 21, [(0, 0, 1)]),
        ({"no_shows": 5, "no_show_days": 14, "no_show_penalty_days": 7}, 22, []),
        ({}, 1, []),
    ],
)
def test_a_day_is_kept_as_long_as_the_longest_rule_in_use_needs_it(policy, ago, left):
    branch = make.make_branch(policy=policy)
    make.make_policy(week_minutes=540)  # that no branch keeps
    kind = make.make_device(branch).device_class
    on = NOW.date() - timedelta(days=ago)
    PatronDay.objects.create(
        patron=make.make_patron(), branch=branch, device_class=kind, on=on, minutes=60, sessions=1, no_shows=1
    )
    run(NOW)
    assert list(PatronDay.objects.values_list("minutes", "sessions", "no_shows")) == left


@pytest.mark.parametrize(
    ("rules", "days", "sentence"),
    [
        ({}, 0, "Nothing is kept"),
        ({"week_minutes": 540}, 7, "minutes and sessions a day are kept 7 days"),
        ({"no_shows": 5, "no_show_days": 14, "no_show_penalty_days": 14}, 28, "missed bookings a day are kept 28 days"),
        ({"week_minutes": 540, "no_shows": 5}, 21, "kept 7 days, missed bookings a day 21 days"),
    ],
)
def test_a_policy_says_what_it_keeps_of_a_patron(rules, days, sentence):
    assert Kept.by([Policy(**rules)]).days == days
    assert sentence in retention_words([Policy(**rules)])


def test_a_patron_on_whom_a_rule_looks_back_is_not_deleted():
    branch, patron = make.make_branch(policy={"no_shows": 2, "no_show_days": 60}), make.make_patron()
    Patron.objects.update(seen_at=NOW - timedelta(days=31))
    kind = make.make_device(branch).device_class
    PatronDay.objects.create(
        patron=patron, branch=branch, device_class=kind, on=NOW.date() - timedelta(days=31), no_shows=1
    )
    run(NOW)
    assert list(Patron.objects.all()) == [patron]


def test_every_declaration_says_what_why_and_how_long():
    for entry in registry.purges():
        assert str(entry.datum)
        assert str(entry.purpose)
        assert str(entry.kept)
