"""The circuit breaker: one row for all processes."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import connection

from reservations.models import SourceState
from reservations.signals import source_reachable, source_unreachable
from reservations.sip2 import breaker
from tests.factories import NOW, make_branch
from tests.racing import race

SECOND = timedelta(seconds=1)


@pytest.fixture
def told():
    """Return what was told of the library system, in order."""
    facts = []

    def away(sender, **more):
        facts.append(("away", more["reason"], connection.in_atomic_block))

    def back(sender, **more):
        facts.append(("back", more["since"], connection.in_atomic_block))

    source_unreachable.connect(away)
    source_reachable.connect(back)
    yield facts
    source_unreachable.disconnect(away)
    source_reachable.disconnect(back)


def fail(times=1, now=NOW):
    for _time in range(times):
        breaker.failed(reason="timeout", now=now)


def answer(now=NOW):
    breaker.answered(now=now, latency=timedelta(milliseconds=12))


pytestmark = pytest.mark.django_db


def test_two_failures_keep_nobody_away_and_the_third_does_for_a_rest():
    fail(2)
    assert breaker.may_ask(NOW)
    fail()
    assert not breaker.may_ask(NOW + 29 * SECOND)


def test_an_answer_in_between_begins_the_count_anew():
    fail(2)
    answer()
    fail(2)
    assert breaker.may_ask(NOW)


def test_after_the_rest_one_alone_probes():
    fail(3)
    later = NOW + 30 * SECOND
    assert [breaker.may_ask(later), breaker.may_ask(later), breaker.may_ask(later + 9 * SECOND)] == [True, False, False]


def test_a_probe_that_never_came_back_lets_another_one_through():
    fail(3)
    breaker.may_ask(NOW + 30 * SECOND)
    assert breaker.may_ask(NOW + 41 * SECOND)


def test_a_probe_that_fails_keeps_everybody_away_again():
    fail(3)
    later = NOW + 30 * SECOND
    assert breaker.may_ask(later)
    fail(now=later)
    assert not breaker.may_ask(later + 29 * SECOND)


def test_a_probe_that_is_answered_lets_everybody_through():
    fail(3)
    later = NOW + 30 * SECOND
    assert breaker.may_ask(later)
    answer(later)
    assert [breaker.may_ask(later), breaker.may_ask(later)] == [True, True]


def test_looking_writes_nothing():
    fail(3)
    before = SourceState.objects.values().get()
    assert breaker.is_open(NOW)
    assert not breaker.is_open(NOW + 31 * SECOND)
    assert SourceState.objects.values().get() == before


def test_who_listens_is_told_within_the_transaction_and_once_more_when_it_is_over(told):
    make_branch()
    fail(2)
    assert told == []
    fail()
    answer(NOW + 40 * SECOND)
    assert told == [("away", "timeout", True), ("back", NOW, True)]


def test_an_answer_after_one_failure_is_no_news(told):
    fail()
    answer()
    assert told == []


def test_a_listener_that_fails_costs_nobody_the_count():
    def broken(sender, **_more):
        SourceState.objects.create(name="sip2")

    source_unreachable.connect(broken)
    try:
        fail(3)
    finally:
        source_unreachable.disconnect(broken)
    assert breaker.is_open(NOW)


def test_the_figures_are_the_time_away_and_the_last_latency():
    assert (breaker.seconds_away(NOW), breaker.last_latency()) == (0.0, 0.0)
    answer()
    assert breaker.last_latency() == 0.012
    fail(3, NOW + SECOND)
    assert breaker.seconds_away(NOW + 61 * SECOND) == 60.0


def test_good_answers_are_written_down_at_most_every_five_seconds(django_assert_num_queries):
    answer()
    with django_assert_num_queries(1):
        answer(NOW + 4 * SECOND)
    answer(NOW + 5 * SECOND)
    assert SourceState.objects.get().answered_at == NOW + 5 * SECOND


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_eight_who_come_after_the_rest_one_alone_probes():
    fail(3)
    asked = []
    race(*[lambda: asked.append(breaker.may_ask(NOW + 31 * SECOND)) for _each in range(8)])
    assert sorted(asked) == [False] * 7 + [True]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_no_failure_is_lost_where_eight_fail_at_once():
    results = race(*[partial(breaker.failed, reason="timeout", now=NOW) for _each in range(8)])
    assert (results, SourceState.objects.get().failures) == ({"accepted": 8}, 8)
