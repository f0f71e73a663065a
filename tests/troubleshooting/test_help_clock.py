"""The help clock of a seat follows its questions, told on a Tuesday at 14:07 with a session until 15:00."""

from datetime import timedelta
from uuid import uuid4

import pytest

from helpdesk.actor import patron as by_patron
from helpdesk.actor import staff
from tests import factories as make
from tests.factories import NOW, at
from troubleshooting import lifecycle
from troubleshooting.models.category import Tier

pytestmark = pytest.mark.django_db
SOON = NOW + timedelta(minutes=4)


@pytest.fixture
def seat():
    return make.make_device(make.make_branch())


@pytest.fixture
def session(seat):
    return make.make_booking(seat, at(14), at(15), checked_in_at=at(14))


@pytest.fixture
def desk(seat):
    return staff(make.make_user("desk", seat.branch).pk, "desk")


def asked(seat, now=NOW, by=None, **fields):
    make.make_category()
    fields = {"branch_id": seat.branch_id, "device_id": seat.pk, "category": "pdf", "tier": Tier.DESK, **fields}
    return lifecycle.log(text="It is stuck", request_key=uuid4(), by=by or by_patron(), now=now, **fields)


def now_of(session):
    session.refresh_from_db()
    return session.end, session.help_at


@pytest.mark.parametrize("tier", [Tier.DESK, Tier.REFERENCE])
def test_who_asks_from_their_seat_gets_the_waiting_back(seat, session, tier):
    asked(seat, tier=tier)
    assert now_of(session) == (at(15, 15), NOW)


@pytest.mark.parametrize("fields", [{"tier": Tier.SELF_HELP}, {"tier": Tier.IT}, {"solved": True}])
def test_what_nobody_comes_for_starts_no_clock(seat, session, fields):
    asked(seat, **fields)
    assert now_of(session) == (at(15), None)


def test_a_question_without_a_seat_starts_no_clock(seat, session):
    asked(seat, device_id=None)
    assert now_of(session) == (at(15), None)


def test_a_question_at_an_empty_seat_is_a_question(seat):
    assert asked(seat).device == seat


def test_it_ends_with_the_question(seat, session, desk):
    ticket = asked(seat)
    lifecycle.resolve(ticket_id=ticket.pk, outcome="answered", by=desk, now=SOON)
    assert now_of(session) == (at(15, 4), None)


def test_it_ends_when_the_patron_needs_nobody_any_more(seat, session):
    ticket = asked(seat)
    lifecycle.withdraw(ticket_id=ticket.pk, by=by_patron(), now=SOON)
    assert now_of(session) == (at(15, 4), None)


def test_it_ends_when_the_question_goes_to_it(seat, session, desk):
    ticket = asked(seat)
    lifecycle.escalate(ticket_id=ticket.pk, by=desk, now=SOON)
    assert now_of(session) == (at(15, 4), None)


def test_it_runs_on_at_reference(seat, session, desk):
    ticket = asked(seat)
    lifecycle.hand_over(ticket_id=ticket.pk, by=desk, now=SOON)
    assert now_of(session) == (at(15, 15), NOW)


def test_it_runs_on_while_another_question_of_the_seat_is_open(seat, session, desk):
    first, second = asked(seat), asked(seat)
    lifecycle.resolve(ticket_id=first.pk, outcome="answered", by=desk, now=SOON)
    assert now_of(session) == (at(15, 15), NOW)
    lifecycle.resolve(ticket_id=second.pk, outcome="answered", by=desk, now=SOON)
    assert now_of(session) == (at(15, 4), None)


def test_a_question_with_it_keeps_no_clock_running(seat, session, desk):
    asked(seat, tier=Tier.IT)
    ticket = asked(seat)
    lifecycle.resolve(ticket_id=ticket.pk, outcome="answered", by=desk, now=SOON)
    assert now_of(session) == (at(15, 4), None)


def test_a_fault_that_takes_the_seat_away_displaces_its_session(seat, session, desk):
    make.make_category("monitor", hardware=True)
    ticket = asked(seat)
    lifecycle.escalate(ticket_id=ticket.pk, category="monitor", by=desk, now=SOON)
    session.refresh_from_db()
    assert (session.outcome, session.help_minutes) == ("displaced", 4)
