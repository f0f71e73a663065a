"""Hand over, escalate, send back."""

from datetime import timedelta

import pytest

from helpdesk.actor import staff
from tests.factories import NOW, at, make_branch, make_category, make_device, make_ticket, make_user
from troubleshooting.lifecycle import TicketRefused, claim, escalate, hand_over, resolve, send_back

pytestmark = pytest.mark.django_db

BY = staff(None, "desk")
LATER = NOW + timedelta(minutes=3)


def steps(ticket):
    return [(h.step, h.to_tier) for h in ticket.handoffs.order_by("step")]


def test_a_question_handed_over_waits_at_reference_with_a_new_promise():
    ticket, anna = make_ticket(make_branch()), make_user()
    claim(ticket_id=ticket.pk, by=staff(anna.pk, "desk"), now=NOW)
    hand_over(ticket_id=ticket.pk, note="Tried Firefox", by=staff(anna.pk, "desk"), now=LATER)
    ticket.refresh_from_db()
    assert (ticket.tier, ticket.state, ticket.owner, ticket.promised_at) == (2, "waiting", None, at(14, 15))
    assert steps(ticket) == [(1, 2)]


def test_the_note_stands_in_its_story():
    ticket = make_ticket(make_branch())
    hand_over(ticket_id=ticket.pk, note="Tried Firefox", by=BY, now=NOW)
    event = ticket.events.get()
    assert (event.what, event.text, event.from_tier, event.to_tier) == ("handed_over", "Tried Firefox", 1, 2)


def test_a_note_that_is_too_long_moves_nothing():
    ticket = make_ticket(make_branch())
    with pytest.raises(TicketRefused) as refused:
        hand_over(ticket_id=ticket.pk, note="x" * 2001, by=BY, now=NOW)
    ticket.refresh_from_db()
    assert (refused.value.code, ticket.tier, ticket.handoffs.count()) == ("text_too_long", 1, 0)


def test_each_step_has_its_own_handoff():
    ticket = make_ticket(make_branch())
    hand_over(ticket_id=ticket.pk, by=BY, now=NOW)
    escalate(ticket_id=ticket.pk, by=BY, now=NOW)
    assert steps(ticket) == [(1, 2), (2, 3)]


def test_it_promises_eight_open_hours():
    ticket = make_ticket(make_branch())
    escalate(ticket_id=ticket.pk, by=BY, now=NOW)
    ticket.refresh_from_db()
    assert ticket.promised_at == at(12, 7, day=25)  # 4 h 53 today, the rest from 9:00


def test_escalating_can_say_what_it_is_and_where():
    branch = make_branch()
    make_category("display", hardware=True)
    ticket, device = make_ticket(branch), make_device(branch)
    escalate(ticket_id=ticket.pk, category="display", device_id=device.pk, by=BY, now=NOW)
    ticket.refresh_from_db()
    assert (ticket.category.code, ticket.device, ticket.holds_device) == ("display", device, True)


def test_it_sends_back_to_where_it_came_from():
    ticket = make_ticket(make_branch())
    escalate(ticket_id=ticket.pk, by=BY, now=NOW)
    send_back(ticket_id=ticket.pk, note="Not broken", by=BY, now=NOW)
    ticket.refresh_from_db()
    assert (ticket.tier, ticket.state, steps(ticket)) == (1, "waiting", [(1, 3)])


def test_it_sends_a_librarians_question_back_to_reference():
    ticket = make_ticket(make_branch(), tier=2)
    escalate(ticket_id=ticket.pk, by=BY, now=NOW)
    send_back(ticket_id=ticket.pk, by=BY, now=NOW)
    assert steps(ticket) == [(1, 3), (2, 2)]


def test_a_question_logged_for_it_goes_back_to_the_desk():
    ticket = make_ticket(make_branch(), tier=3)
    assert send_back(ticket_id=ticket.pk, by=BY, now=NOW).tier == 1


def test_a_done_question_is_not_passed_on():
    ticket = make_ticket(make_branch())
    resolve(ticket_id=ticket.pk, outcome="fixed", by=BY, now=NOW)
    with pytest.raises(TicketRefused) as refused:
        escalate(ticket_id=ticket.pk, by=BY, now=NOW)
    assert refused.value.code == "already_done"


def test_a_device_of_another_branch_escalates_nothing():
    ticket, elsewhere = make_ticket(make_branch()), make_device(make_branch())
    with pytest.raises(TicketRefused) as refused:
        escalate(ticket_id=ticket.pk, device_id=elsewhere.pk, by=BY, now=NOW)
    ticket.refresh_from_db()
    assert (refused.value.code, ticket.tier) == ("wrong_device", 1)
