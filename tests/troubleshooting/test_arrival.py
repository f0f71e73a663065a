"""When someone comes: measured where there is something to measure, else what is promised, and it says which."""

from datetime import timedelta

import pytest

from tests.factories import NOW, make_branch, make_handoff, make_notification, make_ticket, make_user
from tests.troubleshooting.staffed import counted
from troubleshooting.arrival import Load, arrival_of, load_of, newcomer_minutes

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
EARLIER = NOW - 60 * MINUTE


def helped(branch, wait, *, owner=None, began=EARLIER, **fields):
    """Return a call that was taken `wait` minutes after it was made."""
    times = {"opened_at": began, "claimed_at": began + wait * MINUTE, "promised_at": began + 5 * MINUTE}
    return make_ticket(branch, **{"state": "claimed", "owner": owner or make_user(), **times, **fields})


def call(branch, asked=NOW, **fields):
    return make_ticket(branch, **{"channel": "kiosk", "opened_at": asked, "promised_at": asked + 5 * MINUTE, **fields})


@pytest.mark.parametrize(("helped_today", "usual", "is_measured"), [(0, 5, False), (2, 5, False), (3, 2, True)])
def test_fewer_than_three_waits_are_no_measure(helped_today, usual, is_measured):
    branch = make_branch()
    for _ in range(helped_today):
        helped(branch, 2)
    load = load_of(branch.pk, NOW)
    assert (load.usual, load.is_measured) == (usual, is_measured)


def test_the_usual_wait_is_todays_median():
    branch = make_branch()
    for wait in (1, 3, 9):
        helped(branch, wait)
    assert load_of(branch.pk, NOW).usual == 3


def test_where_people_are_reached_at_once_it_is_still_a_minute():
    branch = make_branch()
    for _ in range(3):
        helped(branch, 0)
    load = load_of(branch.pk, NOW)
    assert (load.usual, load.is_measured) == (1, True)


@pytest.mark.parametrize(("minutes_ago", "hands"), [(29, 2), (30, 1), (31, 1)])
def test_who_took_something_in_the_last_half_hour_is_at_the_desk(minutes_ago, hands):
    branch = make_branch()
    helped(branch, 1, began=NOW - 5 * MINUTE)
    helped(branch, 0, began=NOW - minutes_ago * MINUTE)
    assert load_of(branch.pk, NOW).hands == hands


def test_one_person_who_did_two_things_is_one():
    branch, owner = make_branch(), make_user()
    for _ in range(2):
        helped(branch, 1, began=NOW - 5 * MINUTE, owner=owner)
    assert load_of(branch.pk, NOW).hands == 1


def test_a_tally_tap_shows_that_somebody_is_there():
    branch = make_branch()
    for _ in range(2):
        make_ticket(branch, state="done", outcome="answered", done_at=NOW, owner=make_user())
    assert load_of(branch.pk, NOW).hands == 2


def test_another_branchs_desk_is_another_load():
    branch = make_branch()
    for _ in range(3):
        helped(make_branch(), 9, began=NOW - 10 * MINUTE)
    assert load_of(branch.pk, NOW) == Load(usual=5, is_measured=False, hands=1)


@pytest.mark.parametrize(("ahead", "hands", "minutes"), [(0, 1, 4), (1, 1, 8), (1, 2, 4), (2, 2, 8), (3, 2, 8)])
def test_hands_share_the_people_before_one(ahead, hands, minutes):
    assert Load(4, True, hands).minutes(ahead) == minutes


@pytest.mark.parametrize(("passed", "left"), [(0, 4), (1, 3), (3, 1), (4, 1), (60, 1)])
def test_what_has_passed_is_taken_off_and_nobody_is_promised_zero(passed, left):
    assert Load(4, True, 1).minutes_left(0, NOW - passed * MINUTE, NOW) == left


def test_a_round_begins_anew_when_the_desk_takes_somebody():
    load = Load(4, True, 1, moved_at=NOW - MINUTE)
    assert load.minutes_left(1, NOW - 10 * MINUTE, NOW) == 7


def test_a_clock_that_is_behind_the_question_takes_nothing_off():
    assert Load(4, True, 1).minutes_left(0, NOW + MINUTE, NOW) == 4


def test_who_asked_later_is_not_before_one():
    branch = make_branch()
    mine = call(branch)
    call(branch, asked=NOW + timedelta(seconds=1))
    assert arrival_of(mine, NOW).ahead == 0


def test_who_asked_before_and_waits_is():
    branch = make_branch()
    call(branch, asked=NOW - MINUTE)
    assert arrival_of(call(branch), NOW).ahead == 1


def test_a_moment_is_promised_only_where_it_can_be_kept():
    branch = make_branch()
    first, second = call(branch, asked=NOW - MINUTE), call(branch)
    assert (arrival_of(first, NOW).by, arrival_of(second, NOW).by) == (first.promised_at, None)


@pytest.mark.parametrize(("after", "is_late"), [(timedelta(0), False), (timedelta(seconds=1), True)])
def test_it_is_late_once_the_promise_has_passed(after, is_late):
    ticket = call(make_branch())
    arrival = arrival_of(ticket, ticket.promised_at + after)
    assert (arrival.is_late, arrival.by is None) == (is_late, is_late)


def test_it_says_who_was_told_only_once_they_were():
    ticket = call(make_branch(), asked=EARLIER)
    row = make_handoff(ticket, to_tier=2, why="call")
    before = arrival_of(ticket, NOW).told
    make_notification(row, make_user("reference"))
    assert (before, arrival_of(ticket, NOW).told) == ("", "reference")


@pytest.mark.parametrize(("ahead", "expected"), [(100, "later"), (60, "waiting"), (61, "later")])
def test_a_promise_further_off_than_an_hour_means_that_nobody_is_there(ahead, expected):
    ticket = make_ticket(make_branch(), promised_at=NOW + ahead * MINUTE)
    assert arrival_of(ticket, NOW).stands == expected


def test_a_newcomer_reads_the_same_load():
    branch = make_branch()
    assert [newcomer_minutes(branch.pk, NOW, before) for before in (0, 1, 3)] == [(5, 5), (5, 10), (15, 20)]


def test_three_queries_however_many_wait():
    branch = make_branch()
    for _ in range(5):
        helped(branch, 2)
        call(branch, asked=NOW - MINUTE)
    mine = call(branch)
    with counted() as queries:
        arrival_of(mine, NOW)
    assert len(queries) == 3
