"""Who is off today and who is on duty; the verbs that set weeks and days away."""

from datetime import date, time, timedelta

import pytest

from helpdesk.actor import staff
from helpdesk.models import Role
from helpdesk.registry import purges
from reservations.models import OpeningHours
from tests.factories import NOW, at, make_branch, make_user
from tests.troubleshooting.racing import race
from tests.troubleshooting.shifts import make_absence, make_shifts
from troubleshooting.lifecycle import TicketRefused
from troubleshooting.models import Absence, Shift
from troubleshooting.privacy import purge_absences
from troubleshooting.staff_hours import ShiftLine, add_absence, remove_absence, set_week
from troubleshooting.staffing import off_today, on_duty, people

pytestmark = pytest.mark.django_db

TUESDAY = 1


@pytest.fixture
def branch():
    return make_branch()


@pytest.fixture
def user(branch):
    return make_user(Role.REFERENCE, branch)


@pytest.fixture
def manager():
    return by(make_user(Role.MANAGER))


def by(user):
    return staff(user.pk, user.role)


def line(branch, starts=9, ends=17, weekday=TUESDAY):
    return ShiftLine(branch.pk, weekday, time(starts), time(ends))


def refusal(verb, **arguments):
    with pytest.raises(TicketRefused) as refused:
        verb(now=NOW, **arguments)
    return refused.value.code


def away(user, first=24, last=24, **fields):
    days = {"from_on": date(2026, 11, first), "until_on": date(2026, 11, last), "reason": "away", "by": by(user)}
    return {"user_id": user.pk, **days, **fields}


def test_who_works_today_is_not_off_before_and_after_their_shift_either(branch, user):
    make_shifts(user, branch, days=[TUESDAY], hours=[(9, 12)])
    assert off_today([user.pk], at(8)) == off_today([user.pk], at(15)) == set()


def test_who_works_on_other_days_only_is_off(branch, user):
    make_shifts(user, branch, days=[0, 2])
    assert off_today([user.pk], NOW) == {user.pk}


def test_who_is_away_today_is_off(branch, user):
    make_shifts(user, branch)
    make_absence(user, 23, 24)
    assert off_today([user.pk], NOW) == {user.pk}
    assert off_today([user.pk], NOW + timedelta(days=1)) == set()


def test_a_person_without_any_shifts_is_never_off(user):
    make_absence(user, 24, 24)
    assert off_today([user.pk], NOW) == set()


def test_after_midnight_it_is_still_yesterday_while_the_branch_is_open(user):
    branch = make_branch(hours=False)
    OpeningHours.objects.create(branch=branch, weekday=TUESDAY, opens=time(12), closes=time(2))
    make_shifts(user, branch, days=[TUESDAY], hours=[(12, 20)])
    assert off_today([user.pk], at(1, day=25)) == set()
    assert off_today([user.pk], at(3, day=25)) == {user.pk}


def test_off_today_asks_three_questions_however_many_people(django_assert_num_queries, branch):
    users = [make_user(Role.DESK, branch) for _ in range(4)]
    for each in users:
        make_shifts(each, branch, days=[0])
    with django_assert_num_queries(3):
        assert off_today([each.pk for each in users], NOW) == {each.pk for each in users}


def test_on_duty_is_whose_shift_runs_here_now(branch, user):
    make_shifts(user, branch, hours=[(9, 12), (13, 17)])
    assert [on_duty(branch.pk, at(hour)) for hour in (8, 9, 12, 13, 17)] == [[], [user], [], [user], []]
    assert on_duty(make_branch().pk, at(10)) == []


def test_nobody_who_is_away_or_has_left_is_on_duty(branch, user):
    make_shifts(user, branch)
    gone = make_user(Role.REFERENCE, branch, is_active=False)
    make_shifts(gone, branch)
    make_absence(user, 24, 24)
    assert on_duty(branch.pk, NOW) == []


def test_the_list_of_staff_asks_a_constant_number_of_questions(django_assert_num_queries, branch):
    users = [make_user(Role.DESK, branch) for _ in range(3)]
    for each in users:
        make_shifts(each, branch)
    with django_assert_num_queries(5):
        assert [person.minutes for person in people(users, NOW)] == [7 * 8 * 60] * 3


def test_a_manager_sets_a_week_and_what_stays_keeps_its_row(branch, user, manager):
    first = set_week(user_id=user.pk, lines=[line(branch), line(branch, weekday=2)], by=manager, now=NOW)
    second = set_week(user_id=user.pk, lines=[line(branch), line(branch, weekday=3)], by=manager, now=NOW)
    assert [shift.weekday for shift in second] == [1, 3]
    assert first[0].pk == second[0].pk


def test_an_empty_week_takes_every_shift_away(branch, user, manager):
    make_shifts(user, branch)
    assert set_week(user_id=user.pk, lines=[], by=manager, now=NOW) == []


def test_only_managers_set_a_week(branch, user):
    assert refusal(set_week, user_id=user.pk, lines=[line(branch)], by=by(user)) == "not_yours"


def test_a_week_at_a_branch_where_they_do_not_work_is_refused(user, manager):
    assert refusal(set_week, user_id=user.pk, lines=[line(make_branch())], by=manager) == "unknown_branch"


def test_a_shift_that_ends_when_it_starts_is_refused(branch, user, manager):
    assert refusal(set_week, user_id=user.pk, lines=[line(branch, 9, 9)], by=manager) == "empty_shift"


def test_nobody_is_at_two_branches_at_once(manager):
    branches = make_branch(), make_branch()
    user = make_user(Role.REFERENCE, *branches)
    lines = [line(branches[0], 9, 13), line(branches[1], 12, 17)]
    assert refusal(set_week, user_id=user.pk, lines=lines, by=manager) == "overlapping"
    assert not Shift.objects.exists()


def test_a_shift_is_handed_from_one_end_of_the_day_to_the_other_in_one_go(branch, user, manager):
    make_shifts(user, branch, days=[TUESDAY], hours=[(9, 13)])
    assert [s.ends for s in set_week(user_id=user.pk, lines=[line(branch, 10, 14)], by=manager, now=NOW)] == [time(14)]


def test_people_say_themselves_when_they_are_away(user):
    assert add_absence(now=NOW, **away(user)).user == user


def test_the_same_absence_again_is_the_first_one(user):
    assert add_absence(now=NOW, **away(user)) == add_absence(now=NOW, **away(user))


def test_a_colleague_does_not_say_when_somebody_is_away(user):
    assert refusal(add_absence, **away(user, by=by(make_user()))) == "not_yours"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"first": 25, "last": 24}, "absence_backwards"),
        ({"first": 22, "last": 23}, "absence_over"),
        ({"reason": "ill"}, "unknown_choice"),
        ({"until_on": date(2027, 11, 26)}, "absence_too_long"),
    ],
)
def test_days_that_cannot_be_are_refused(user, fields, code):
    assert refusal(add_absence, **away(user, **fields)) == code


def test_nobody_is_away_twice_on_one_day(user):
    make_absence(user, 24, 26)
    assert refusal(add_absence, **away(user, 26, 27)) == "already_away"


def test_taking_an_absence_away_twice_changes_nothing(user):
    absence = make_absence(user, 24, 24)
    for _ in range(2):
        remove_absence(absence_id=absence.pk, by=by(user), now=NOW)
    assert not Absence.objects.exists()


def test_only_they_and_managers_take_an_absence_away(user, manager):
    absence = make_absence(user, 24, 24)
    assert refusal(remove_absence, absence_id=absence.pk, by=by(make_user())) == "not_yours"
    remove_absence(absence_id=absence.pk, by=manager, now=NOW)


def test_days_away_are_forgotten_the_day_after_the_last_one(user):
    make_absence(user, 23, 24)
    assert purge_absences(NOW, False) == 0
    assert purge_absences(NOW + timedelta(days=1), True) == 1
    assert purge_absences(NOW + timedelta(days=1), False) == 1
    assert "staff_absences" in {entry.key for entry in purges()}


@pytest.mark.django_db(transaction=True)
@pytest.mark.race
def test_of_two_absences_on_one_day_that_are_saved_at_once_one_is_refused():
    user = make_user(Role.DESK, make_branch())
    results = race(
        lambda: add_absence(now=NOW, **away(user, 24, 25)), lambda: add_absence(now=NOW, **away(user, 25, 26))
    )
    assert [r.code for r in results if isinstance(r, TicketRefused)] == ["already_away"]
    assert Absence.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.race
def test_of_two_weeks_that_are_saved_at_once_the_later_one_stands_whole():
    branch = make_branch()
    user, manager = make_user(Role.DESK, branch), by(make_user(Role.MANAGER))
    weeks = [[line(branch, 9, 13)], [line(branch, 12, 17)]]
    results = race(*(lambda w=w: set_week(user_id=user.pk, lines=w, by=manager, now=NOW) for w in weeks))
    assert not [r for r in results if isinstance(r, Exception)]
    assert Shift.objects.count() == 1
