"""Resolve, reopen, withdraw."""

from datetime import timedelta

import pytest

from helpdesk.actor import patron, staff
from tests.factories import NOW, make_branch, make_ticket, make_user
from troubleshooting.lifecycle import TicketRefused, escalate, reopen, resolve, withdraw

pytestmark = pytest.mark.django_db

BY = staff(None, "desk")


def refusal(verb, **arguments):
    with pytest.raises(TicketRefused) as refused:
        verb(**{"by": BY, "now": NOW, **arguments})
    return refused.value.code


def test_resolving_records_how_it_ended():
    ticket, anna = make_ticket(make_branch(), read_level=2), make_user()
    resolve(
        ticket_id=ticket.pk,
        outcome="answered",
        answer="Saved drafts are under My forms",
        duration="to_15",
        read_level=4,
        counts_as_reference=True,
        by=staff(anna.pk, "desk"),
        now=NOW,
    )
    ticket.refresh_from_db()
    assert (ticket.state, ticket.outcome, ticket.done_at, ticket.owner) == ("done", "answered", NOW, anna)
    assert (ticket.duration, ticket.read_level, ticket.counts_as_reference) == ("to_15", 4, True)


def test_what_is_not_given_stays():
    ticket = make_ticket(make_branch(), read_level=2, counts_as_reference=True, duration="to_5")
    resolve(ticket_id=ticket.pk, outcome="fixed", by=BY, now=NOW)
    ticket.refresh_from_db()
    assert (ticket.read_level, ticket.counts_as_reference, ticket.duration) == (2, True, "to_5")


@pytest.mark.parametrize("wrong", [{"outcome": "withdrawn"}, {"outcome": ""}, {"duration": "ages"}, {"read_level": 0}])
def test_an_end_that_is_none_is_refused(wrong):
    ticket = make_ticket(make_branch())
    assert refusal(resolve, **{"ticket_id": ticket.pk, "outcome": "fixed", **wrong}) == "unknown_choice"


def test_a_question_ends_once():
    ticket = make_ticket(make_branch())
    resolve(ticket_id=ticket.pk, outcome="fixed", by=BY, now=NOW)
    assert refusal(resolve, ticket_id=ticket.pk, outcome="no_answer") == "already_done"


def test_a_clock_read_before_the_question_was_logged_ends_it_no_earlier():
    ticket = make_ticket(make_branch())
    assert resolve(ticket_id=ticket.pk, outcome="fixed", by=BY, now=NOW - timedelta(seconds=2)).done_at == NOW


def test_reopened_it_waits_at_its_level_with_a_new_handoff():
    ticket = make_ticket(make_branch())
    escalate(ticket_id=ticket.pk, by=BY, now=NOW)
    resolve(ticket_id=ticket.pk, outcome="fixed", by=BY, now=NOW)
    reopen(ticket_id=ticket.pk, note="Dark again", by=BY, now=NOW + timedelta(days=2))
    ticket.refresh_from_db()
    assert (ticket.state, ticket.tier, ticket.outcome, ticket.done_at) == ("waiting", 3, "", None)
    assert [h.step for h in ticket.handoffs.order_by("step")] == [1, 2]


def test_on_the_fourteenth_day_it_still_reopens():
    ticket = make_ticket(make_branch(), state="done", done_at=NOW, outcome="fixed")
    assert reopen(ticket_id=ticket.pk, by=BY, now=NOW + timedelta(days=14)).state == "waiting"


def test_after_fourteen_days_it_is_too_late():
    ticket = make_ticket(make_branch(), state="done", done_at=NOW, outcome="fixed")
    assert refusal(reopen, ticket_id=ticket.pk, now=NOW + timedelta(days=14, seconds=1)) == "too_late"


def test_a_withdrawn_question_is_logged_anew():
    ticket = make_ticket(make_branch(), state="done", done_at=NOW, outcome="withdrawn")
    assert refusal(reopen, ticket_id=ticket.pk) == "withdrawn"


def test_a_patron_withdraws_a_question_that_someone_has():
    ticket = make_ticket(make_branch(), state="claimed", owner=make_user(), claimed_at=NOW)
    assert withdraw(ticket_id=ticket.pk, by=patron(), now=NOW).outcome == "withdrawn"


def test_a_patron_does_not_withdraw_a_fault():
    ticket = make_ticket(make_branch(), tier=3)
    assert refusal(withdraw, ticket_id=ticket.pk, by=patron()) == "not_yours"
