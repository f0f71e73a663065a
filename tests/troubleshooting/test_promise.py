"""A promise is measured from when it was made, against what was kept, and never rewritten."""

from datetime import timedelta

import pytest

from helpdesk.actor import staff
from tests.factories import NOW, at, make_branch, make_ticket, make_user
from troubleshooting.lifecycle import claim, escalate, hand_over, put_back, resolve, send_back
from troubleshooting.promise import reached_today

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
EVENING = at(18)


@pytest.fixture
def branch():
    return make_branch()


@pytest.fixture
def librarian(branch):
    return make_user("reference", branch)


def by(user):
    return staff(user.pk, user.role)


def asked(branch, **fields):
    return make_ticket(branch, **{"promised_at": NOW + 5 * MINUTE, **fields})


def desk(branch):
    reached = reached_today(branch.pk, [0, 1], EVENING)
    return reached.kept, reached.counted


def reference(branch):
    reached = reached_today(branch.pk, [2], EVENING)
    return reached.kept, reached.counted


def test_what_the_desk_reached_counts_there_after_it_was_passed_on(branch, librarian):
    ticket = asked(branch)
    claim(ticket_id=ticket.pk, by=by(librarian), now=NOW + 2 * MINUTE)
    hand_over(ticket_id=ticket.pk, by=by(librarian), now=NOW + 3 * MINUTE)
    assert (desk(branch), reference(branch)) == ((1, 1), (0, 0))


def test_a_promise_that_was_late_when_it_was_passed_on_was_not_kept(branch):
    hand_over(ticket_id=asked(branch).pk, by=staff(None, "desk"), now=NOW + 9 * MINUTE)
    assert desk(branch) == (0, 1)


def test_a_promise_that_was_passed_on_in_time_never_came_due(branch):
    hand_over(ticket_id=asked(branch).pk, by=staff(None, "desk"), now=NOW + 2 * MINUTE)
    assert desk(branch) == (0, 0)


def test_reference_is_measured_from_when_it_was_handed_over(branch, librarian):
    ticket = asked(branch)
    hand_over(ticket_id=ticket.pk, by=staff(None, "desk"), now=NOW + 30 * MINUTE)
    claim(ticket_id=ticket.pk, by=by(librarian), now=NOW + 33 * MINUTE)
    assert reached_today(branch.pk, [2], EVENING).minutes == 3


def test_the_desk_is_measured_from_when_it_came_back(branch, librarian):
    ticket = asked(branch)
    escalate(ticket_id=ticket.pk, by=staff(None, "desk"), now=NOW + 2 * MINUTE)
    send_back(ticket_id=ticket.pk, by=staff(None, "tech"), now=NOW + 60 * MINUTE)
    claim(ticket_id=ticket.pk, by=by(librarian), now=NOW + 64 * MINUTE)
    assert (desk(branch), reached_today(branch.pk, [1], EVENING).minutes) == ((1, 1), 4)


def test_put_back_it_waits_for_whoever_comes(branch, librarian):
    ticket = asked(branch)
    claim(ticket_id=ticket.pk, by=by(librarian), now=NOW + MINUTE)
    put_back(ticket_id=ticket.pk, by=by(librarian), now=NOW + 2 * MINUTE)
    assert desk(branch) == (0, 0)
    claim(ticket_id=ticket.pk, by=by(librarian), now=NOW + 9 * MINUTE)
    assert desk(branch) == (0, 1)


def test_to_name_an_owner_for_what_stops_moving_reaches_nobody(branch, librarian):
    ticket = asked(branch)
    hand_over(ticket_id=ticket.pk, by=staff(None, "desk"), now=NOW)
    claim(ticket_id=ticket.pk, by=by(librarian), now=NOW + MINUTE)
    escalate(ticket_id=ticket.pk, by=by(librarian), now=NOW + 2 * MINUTE)
    send_back(ticket_id=ticket.pk, by=staff(None, "tech"), now=NOW + 3 * MINUTE)
    assert reference(branch) == (1, 1)
    resolve(ticket_id=ticket.pk, outcome="answered", by=by(librarian), now=NOW + 60 * MINUTE)
    assert reference(branch) == (1, 2)


def test_what_was_made_yesterday_is_not_todays(branch, librarian):
    yesterday = NOW - timedelta(days=1)
    ticket = asked(branch, opened_at=yesterday, promised_at=yesterday)
    claim(ticket_id=ticket.pk, by=by(librarian), now=NOW)
    assert desk(branch) == (0, 0)


def test_it_is_one_query(branch, django_assert_num_queries):
    with django_assert_num_queries(1):
        reached_today(branch.pk, [2], EVENING)
