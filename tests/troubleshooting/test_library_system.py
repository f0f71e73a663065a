"""A library system that does not answer is one fault for IT; that it is back stands in its story."""

from datetime import timedelta
from functools import partial

import pytest
from django.utils import translation

from reservations.sip2 import breaker
from tests.factories import NOW, make_branch, make_user
from tests.racing import race
from troubleshooting.categories import load
from troubleshooting.handoff import deliver
from troubleshooting.models import Category, Handoff, Notification, Ticket

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(seconds=40)


@pytest.fixture(autouse=True)
def branch():
    load(Category)
    return make_branch()


def fail(times=3, now=NOW):
    for _time in range(times):
        breaker.failed(reason="timeout", now=now)


def answer(now=LATER):
    breaker.answered(now=now, latency=timedelta(milliseconds=9))


def test_two_failures_are_no_fault():
    fail(2)
    assert not Ticket.objects.exists()


def test_the_third_failure_is_a_fault_for_it_by_the_system():
    fail()
    ticket = Ticket.objects.get()
    assert (ticket.category.code, ticket.tier, ticket.channel, ticket.state) == (
        "library_system",
        3,
        "system",
        "waiting",
    )
    assert ticket.text == "Library system: no answer since 14:07 (timeout). Cards cannot be checked."
    assert ticket.events.get().by_kind == "system"


def test_it_is_told_through_the_outbox(branch):
    make_user("tech")
    fail()
    deliver(Handoff.objects.get().pk, NOW)
    assert Notification.objects.exists()


def test_while_the_fault_is_open_there_is_no_second_one():
    fail(3)
    fail(5, LATER)
    assert Ticket.objects.count() == 1


def test_a_fault_that_was_closed_too_soon_is_followed_by_another():
    fail()
    Ticket.objects.update(state="done", done_at=NOW, outcome="fixed")
    fail(1, LATER)
    assert Ticket.objects.open().count() == 1


def test_the_answer_stands_in_the_story_and_it_closes_the_fault():
    fail()
    answer()
    ticket = Ticket.objects.get()
    assert [event.what for event in ticket.events.all()] == ["logged", "answers_again"]
    assert ticket.state == "waiting"


def test_the_fault_says_in_every_list_that_the_library_system_is_back():
    fail()
    answer(NOW + timedelta(minutes=28))
    said = "Library system: it answers again since 14:35. It was away from 14:07. Cards are checked."
    assert Ticket.objects.get().text == said


def test_the_fault_that_is_still_open_says_when_it_is_away_again():
    fail()
    answer()
    fail(4, NOW + timedelta(hours=1))
    ticket = Ticket.objects.get()
    assert ticket.text == "Library system: no answer since 15:07 (timeout). Cards cannot be checked."
    assert [event.what for event in ticket.events.all()] == ["logged", "answers_again", "away_again"]


def test_where_a_manager_removed_the_category_it_is_a_fault_of_the_network():
    Category.objects.filter(code="library_system").delete()
    fail()
    fail(1, LATER)
    assert Ticket.objects.get().category.code == "network_outage"


def test_the_fault_speaks_the_language_of_the_library_not_of_the_kiosk():
    with translation.override("es"):
        fail()
    assert Ticket.objects.get().text.startswith("Library system")


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_eight_failures_at_once_one_fault_is_made():
    load(Category)
    results = race(*[partial(fail, 1) for _each in range(8)])
    assert (results, Ticket.objects.count()) == ({"accepted": 8}, 1)
