"""A hardware fault and its device: out in the same transaction, back when the last fault is gone."""

from uuid import uuid4

import pytest

from helpdesk.actor import staff
from reservations.models import Booking, Device
from tests.factories import NOW, at, make_booking, make_branch, make_category, make_device, make_ticket, make_user
from troubleshooting.lifecycle import escalate, hand_over, log, reopen, resolve, send_back, withdraw
from troubleshooting.lifecycle import steps as lifecycle_steps
from troubleshooting.models import Handoff, Ticket, TicketEvent

pytestmark = pytest.mark.django_db

BY = staff(None, "desk")


@pytest.fixture
def device():
    make_category("display", name="No picture", tier=3, hardware=True, promise_minutes=480)
    return make_device(make_branch())


def fault(device, **fields):
    arguments = {"text": "Dark", "category": "display", "request_key": uuid4(), "by": BY, "now": NOW, **fields}
    return log(branch_id=device.branch_id, device_id=device.pk, **arguments)


def is_out(device):
    return Booking.objects.filter(device=device, kind="repair", ended_at=None).exists()


def test_a_hardware_fault_takes_its_device_out_and_cancels_who_comes(device):
    coming = make_booking(device, at(15), at(16))
    ticket = fault(device)
    coming.refresh_from_db()
    assert (ticket.holds_device, is_out(device), coming.outcome) == (True, True, "displaced")


def test_the_repair_says_what_it_is_without_the_patrons_words(device):
    fault(device, text="My neighbour Ann spilled tea")
    assert Booking.objects.get(kind="repair").note == "No picture"


def test_a_solved_fault_takes_nothing_out(device):
    assert not fault(device, solved=True).holds_device
    assert not is_out(device)


def test_a_fault_that_is_not_hardware_takes_nothing_out(device):
    make_category("software_error", tier=3)
    fault(device, category="software_error")
    assert not is_out(device)


def test_a_desk_question_about_hardware_takes_nothing_out_until_it_is_escalated(device):
    ticket = fault(device, tier=1)
    before = is_out(device)
    escalate(ticket_id=ticket.pk, by=BY, now=NOW)
    assert (before, is_out(device)) == (False, True)


def test_resolving_the_fault_returns_the_device(device):
    ticket = fault(device)
    resolve(ticket_id=ticket.pk, outcome="fixed", by=BY, now=at(15))
    ticket.refresh_from_db()
    assert (ticket.holds_device, is_out(device)) == (False, False)


def test_the_device_stays_out_while_another_fault_holds_it(device):
    first, second = fault(device), fault(device)
    resolve(ticket_id=first.pk, outcome="fixed", by=BY, now=at(15))
    still = is_out(device)
    resolve(ticket_id=second.pk, outcome="fixed", by=BY, now=at(16))
    assert (still, is_out(device)) == (True, False)


def test_a_fault_withdrawn_gives_the_device_back(device):
    ticket = fault(device)
    withdraw(ticket_id=ticket.pk, by=BY, now=at(15))
    assert not is_out(device)


def test_a_fault_sent_back_keeps_its_device_out_until_it_ends(device):
    ticket = fault(device)
    back = send_back(ticket_id=ticket.pk, by=BY, now=at(15))
    still = (back.tier, back.holds_device, is_out(device))
    librarian = staff(make_user("reference", device.branch).pk, "reference")
    hand_over(ticket_id=ticket.pk, by=librarian, now=at(15))
    at_reference = is_out(device)
    resolve(ticket_id=ticket.pk, outcome="fixed", by=librarian, now=at(16))
    assert (still, at_reference, is_out(device)) == ((1, True, True), True, False)


def test_a_fault_ended_at_the_desk_and_reopened_there_takes_the_device_out_again(device):
    ticket = fault(device)
    send_back(ticket_id=ticket.pk, by=BY, now=at(15))
    resolve(ticket_id=ticket.pk, outcome="fixed", by=BY, now=at(15))
    assert (reopen(ticket_id=ticket.pk, by=BY, now=at(16)).tier, is_out(device)) == (1, True)


def test_a_fault_that_turns_out_to_be_the_next_seats_lets_the_first_one_go(device):
    ticket, right = fault(device), make_device(device.branch)
    make_user("tech")
    send_back(ticket_id=ticket.pk, by=BY, now=at(15))
    escalate(ticket_id=ticket.pk, device_id=right.pk, by=BY, now=at(16))
    assert (is_out(device), is_out(right)) == (False, True)


def test_a_fault_reopened_takes_the_device_out_again(device):
    ticket = fault(device)
    resolve(ticket_id=ticket.pk, outcome="fixed", by=BY, now=at(15))
    reopen(ticket_id=ticket.pk, by=BY, now=at(16))
    ticket.refresh_from_db()
    assert (ticket.holds_device, is_out(device)) == (True, True)


def stuck(**arguments):
    raise RuntimeError("the room is on fire")


def test_a_fault_whose_device_cannot_be_taken_out_is_not_logged_at_all(device, monkeypatch):
    monkeypatch.setattr(lifecycle_steps, "take_out_of_service", stuck)
    with pytest.raises(RuntimeError):
        fault(device)
    assert [model.objects.count() for model in (Ticket, TicketEvent, Handoff, Booking)] == [0, 0, 0, 0]


def test_an_escalation_whose_device_cannot_be_taken_out_leaves_the_question_where_it_was(device, monkeypatch):
    ticket = make_ticket(device.branch, device=device, category=make_category("display", hardware=True))
    monkeypatch.setattr(lifecycle_steps, "take_out_of_service", stuck)
    with pytest.raises(RuntimeError):
        escalate(ticket_id=ticket.pk, by=BY, now=NOW)
    ticket.refresh_from_db()
    assert (ticket.tier, ticket.step, ticket.version, Handoff.objects.count()) == (1, 0, 0, 0)


def retired(device):
    Device.objects.filter(pk=device.pk).update(retired_on=NOW.date())


def test_a_fault_at_a_device_that_has_left_the_room_ends_as_any_other(device):
    ticket = fault(device)
    retired(device)
    resolve(ticket_id=ticket.pk, outcome="fixed", by=staff(None, "tech"), now=NOW)
    assert Ticket.objects.get().state == "done"
    assert is_out(device)  # it is still not in the room


def test_what_does_not_work_at_a_device_that_has_left_the_room_is_mended(device):
    make_category("printing", tier=3)
    ticket = fault(device, category="printing", lacks=["printing"])
    retired(device)
    resolve(ticket_id=ticket.pk, outcome="fixed", by=staff(None, "tech"), now=NOW)
    device.refresh_from_db()
    assert device.lacks == []


def test_a_question_about_a_device_that_has_left_the_room_can_be_passed_on(device):
    ticket = fault(device, tier=1)
    retired(device)
    escalate(ticket_id=ticket.pk, by=BY, now=NOW)
    assert not Ticket.objects.get().holds_device
