"""Other hours and days away show whose one-to-one they hit before they are saved."""

from datetime import date, time

import pytest

from helpdesk.actor import staff
from helpdesk.models import Role
from tests.factories import NOW, at, make_branch, make_user
from tests.troubleshooting.shifts import make_appointment, make_shifts
from troubleshooting.models import Absence
from troubleshooting.one_to_ones.hits import WouldHit
from troubleshooting.one_to_ones.reads import today_at
from troubleshooting.staff_hours import ShiftLine, add_absence, set_week

pytestmark = pytest.mark.django_db


@pytest.fixture
def branch():
    return make_branch()


@pytest.fixture
def librarian(branch):
    user = make_user(Role.REFERENCE, branch)
    make_shifts(user, branch)
    return user


@pytest.fixture
def manager():
    user = make_user(Role.MANAGER)
    return staff(user.pk, user.role)


def away(librarian, by, on=25, **fields):
    day = date(2026, 11, on)
    return add_absence(user_id=librarian.pk, from_on=day, until_on=day, reason="away", by=by, now=NOW, **fields)


def until(branch, hour):
    return [ShiftLine(branch.pk, day, time(9), time(hour)) for day in range(7)]


def test_an_absence_shows_what_it_hits_and_saves_nothing_before_that(branch, librarian, manager):
    one = make_appointment(librarian, branch, at(10, day=25))
    with pytest.raises(WouldHit) as shown:
        away(librarian, manager)
    assert shown.value.hits.appointments == [one]
    assert not Absence.objects.exists()


def test_what_was_shown_is_saved_and_stands_on_the_list_to_be_told(branch, librarian, manager):
    one = make_appointment(librarian, branch, at(10, day=25))
    with pytest.raises(WouldHit) as shown:
        away(librarian, manager)
    away(librarian, manager, seen=shown.value.hits.seen)
    assert [(line.appointment, line.why) for line in today_at(branch.pk, NOW).to_tell] == [(one, "away")]


def test_one_that_was_booked_meanwhile_is_shown_first(branch, librarian, manager):
    make_appointment(librarian, branch, at(10, day=25))
    with pytest.raises(WouldHit) as shown:
        away(librarian, manager)
    make_appointment(librarian, branch, at(11, day=25))
    with pytest.raises(WouldHit):
        away(librarian, manager, seen=shown.value.hits.seen)


def test_other_days_hit_nobody(branch, librarian, manager):
    make_appointment(librarian, branch, at(10, day=25))
    assert away(librarian, manager, on=26)


def test_shorter_hours_show_only_what_they_hit(branch, librarian, manager):
    stays, goes = (make_appointment(librarian, branch, at(hour, day=26)) for hour in (10, 16))
    with pytest.raises(WouldHit) as shown:
        set_week(user_id=librarian.pk, lines=until(branch, 16), by=manager, now=NOW)
    assert shown.value.hits.appointments == [goes]
    set_week(user_id=librarian.pk, lines=until(branch, 16), by=manager, now=NOW, seen=shown.value.hits.seen)
    assert [line.appointment for line in today_at(branch.pk, NOW).to_tell] == [goes]
    assert stays.ended_at is None


def test_a_week_at_another_branch_hits_what_is_booked_here(branch, librarian, manager):
    other = make_branch()
    librarian.posts.create(branch=other)
    make_appointment(librarian, branch, at(10, day=25))
    with pytest.raises(WouldHit):
        set_week(user_id=librarian.pk, lines=until(other, 17), by=manager, now=NOW)


def test_what_did_not_fit_before_is_not_asked_again(branch, librarian, manager):
    make_appointment(librarian, branch, at(18, day=25))
    assert set_week(user_id=librarian.pk, lines=until(branch, 16), by=manager, now=NOW)
