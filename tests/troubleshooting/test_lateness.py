"""A hand-over that nobody answers escalates by its clock, once for each promise."""

from datetime import timedelta

import pytest

from helpdesk.actor import staff
from tests.factories import NOW, make_branch, make_ticket, make_user
from tests.troubleshooting.racing import race
from troubleshooting import lateness
from troubleshooting.handoff import sweep
from troubleshooting.lateness import tell_again
from troubleshooting.lifecycle import claim, hand_over, put_back, reopen, resolve
from troubleshooting.models import Handoff

MINUTE = timedelta(minutes=1)
LATER = NOW + 6 * MINUTE


def by(user):
    return staff(user.pk, user.role)


@pytest.fixture
def branch(db):
    return make_branch()


@pytest.fixture
def passed(branch):
    """Handed over at 14:07, promised by 14:12."""
    ticket = make_ticket(branch)
    return hand_over(ticket_id=ticket.pk, by=staff(None, "desk"), now=NOW)


def late_rows(ticket):
    return ticket.handoffs.filter(why="late")


def test_in_time_nobody_is_told_again(passed):
    assert tell_again(NOW + 4 * MINUTE, 10) == 0


def test_after_the_promise_reference_and_the_managers_are_told(passed, branch):
    make_user("reference", branch, username="reference", email="")
    make_user("manager", username="manager", email="")
    make_user("desk", branch, username="desk", email="")
    sweep(LATER)
    late = late_rows(passed).get()
    assert late.delivered_at == LATER
    assert set(late.notifications.values_list("recipient__username", flat=True)) == {"reference", "manager"}


def test_the_mail_says_that_it_is_late(passed, branch, mailoutbox):
    make_user("manager")
    sweep(LATER)
    assert [mail.subject.startswith("Late: ") for mail in mailoutbox] == [True]


def test_sweeping_twice_tells_once(passed):
    sweep(LATER)
    sweep(LATER + MINUTE)
    assert late_rows(passed).count() == 1


def test_taken_in_time_or_too_late_nobody_is_told(passed, branch):
    claim(ticket_id=passed.pk, by=by(make_user("reference", branch)), now=LATER)
    assert tell_again(LATER + MINUTE, 10) == 0


def test_who_came_while_the_news_was_on_its_way_makes_it_no_news(passed, branch):
    librarian = make_user("reference", branch)
    tell_again(LATER, 10)
    claim(ticket_id=passed.pk, by=by(librarian), now=LATER)
    sweep(LATER)
    late = late_rows(passed).get()
    assert (late.delivered_at, late.notifications.count()) == (LATER, 0)


def test_put_back_after_that_it_is_the_same_promise(passed, branch):
    tell_again(LATER, 10)
    librarian = by(make_user("reference", branch))
    claim(ticket_id=passed.pk, by=librarian, now=LATER)
    put_back(ticket_id=passed.pk, by=librarian, now=LATER)
    assert tell_again(LATER + MINUTE, 10) == 0


def test_a_new_promise_that_passes_is_told_of_again(passed, branch):
    tell_again(LATER, 10)
    librarian = by(make_user("reference", branch))
    resolve(ticket_id=passed.pk, outcome="answered", by=librarian, now=LATER)
    reopen(ticket_id=passed.pk, by=librarian, now=LATER)
    assert tell_again(LATER + 10 * MINUTE, 10) == 1
    assert list(late_rows(passed).values_list("step", flat=True).order_by("step")) == [1, 2]


def test_one_question_that_cannot_be_told_of_does_not_stop_the_others(passed, branch, monkeypatch, caplog):
    other = hand_over(ticket_id=make_ticket(branch).pk, by=staff(None, "desk"), now=NOW + MINUTE)
    ring = lateness.ring

    def broken(name, pk):
        if Handoff.objects.get(pk=pk).ticket_id == passed.pk:
            raise RuntimeError("broken")
        ring(name, pk)

    monkeypatch.setattr(lateness, "ring", broken)
    assert tell_again(NOW + 10 * MINUTE, 10) == 1
    assert (late_rows(passed).count(), late_rows(other).count()) == (0, 1)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_tell_once():
    make_user("manager", email="")
    branch = make_branch()
    tickets = [hand_over(ticket_id=make_ticket(branch).pk, by=staff(None, "desk"), now=NOW) for _ in range(6)]
    results = race(*[lambda: tell_again(LATER, 10)] * 3)
    assert not [result for result in results if isinstance(result, Exception)]
    assert [late_rows(ticket).count() for ticket in tickets] == [1] * 6
