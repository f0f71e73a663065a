"""Two people, one question: real threads on real connections."""

from uuid import uuid4

import pytest

from helpdesk.actor import staff
from reservations.models import Booking
from tests.factories import (
    NOW,
    make_branch,
    make_category,
    make_device,
    make_guide,
    make_handoff,
    make_notification,
    make_ticket,
    make_user,
)
from tests.troubleshooting.racing import race
from troubleshooting.guides.editing import begin_draft, move_step, publish
from troubleshooting.handoff import deliver, sweep
from troubleshooting.lifecycle import TicketRefused, answer_step, claim, escalate, hand_over, log, resolve, split
from troubleshooting.models import GuideVersion, Handoff, Notification, Ticket, TicketEvent
from troubleshooting.notifications import send_notification

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


@pytest.fixture(params=[4, pytest.param(20, marks=pytest.mark.slow)])
def rounds(request):
    """How often a race is run: now and then one that is lost takes many."""
    return request.param


def codes(results):
    """Return the codes of those who were refused; anything else that went wrong fails the test."""
    refused = [r for r in results if isinstance(r, TicketRefused)]
    assert not [r for r in results if isinstance(r, Exception) and not isinstance(r, TicketRefused)]
    return [r.code for r in refused]


def test_of_two_who_claim_one_gets_it(rounds):
    branch, users = make_branch(), [make_user() for _ in range(2)]
    for _ in range(rounds):
        ticket = make_ticket(branch)
        results = race(*[lambda u=u, t=ticket: claim(ticket_id=t.pk, by=staff(u.pk, u.role), now=NOW) for u in users])
        assert codes(results) == ["already_claimed"]
        assert ticket.events.count() == 1


def test_the_same_request_sent_twice_is_one_question(rounds):
    branch = make_branch()
    make_category("research", tier=2)
    for _ in range(rounds):
        key = uuid4()
        arguments = {"text": "Ship lists", "category": "research", "request_key": key, "by": staff(None, "desk")}
        results = race(*[lambda a=arguments: log(branch_id=branch.pk, now=NOW, **a)] * 2)
        assert codes(results) == []
        assert results[0].pk == results[1].pk
    assert (Ticket.objects.count(), Handoff.objects.count(), TicketEvent.objects.count()) == (rounds,) * 3


def test_the_same_fault_sent_twice_takes_the_device_out_once(rounds):
    make_category("display", tier=3, hardware=True)
    device = make_device(make_branch())
    arguments = {"branch_id": device.branch_id, "device_id": device.pk, "category": "display", "text": "Dark"}
    for number in range(1, rounds + 1):
        key = uuid4()
        results = race(*[lambda k=key: log(request_key=k, by=staff(None, "desk"), now=NOW, **arguments)] * 2)
        assert codes(results) == []
        assert Ticket.objects.count() == number
    assert Booking.objects.filter(kind="repair", ended_at=None).count() == 1


def test_of_two_who_escalate_one_does(rounds):
    branch = make_branch()
    make_category("display", hardware=True)
    for _ in range(rounds):
        ticket = make_ticket(branch, category=make_category("display", hardware=True), device=make_device(branch))
        results = race(*[lambda t=ticket: escalate(ticket_id=t.pk, by=staff(None, "desk"), now=NOW)] * 2)
        assert codes(results) == ["already_there"]
        assert ticket.handoffs.count() == 1


def test_of_two_who_hand_over_one_does(rounds):
    branch = make_branch()
    for _ in range(rounds):
        ticket = make_ticket(branch)
        results = race(*[lambda t=ticket: hand_over(ticket_id=t.pk, by=staff(None, "desk"), now=NOW)] * 2)
        assert codes(results) == ["already_there"]
        assert ticket.handoffs.count() == 1


def test_of_two_who_resolve_one_does(rounds):
    branch = make_branch()
    for _ in range(rounds):
        ticket = make_ticket(branch)
        results = race(
            *[
                lambda t=ticket, o=outcome: resolve(ticket_id=t.pk, outcome=o, by=staff(None, "desk"), now=NOW)
                for outcome in ("fixed", "no_answer")
            ]
        )
        assert codes(results) == ["already_done"]
        assert ticket.events.count() == 1


def test_two_faults_of_one_device_resolved_at_once_return_it(rounds):
    make_category("display", tier=3, hardware=True)
    device = make_device(make_branch())
    for _ in range(rounds):
        faults = [
            log(
                branch_id=device.branch_id,
                device_id=device.pk,
                text="Dark",
                category="display",
                request_key=uuid4(),
                by=staff(None, "desk"),
                now=NOW,
            )
            for _ in range(2)
        ]
        results = race(
            *[lambda f=f: resolve(ticket_id=f.pk, outcome="fixed", by=staff(None, "tech"), now=NOW) for f in faults]
        )
        assert codes(results) == []
        assert not Booking.objects.filter(kind="repair", ended_at=None).exists()


def test_the_same_split_sent_twice_makes_one_half(rounds):
    branch = make_branch()
    make_category("printing", tier=3)
    for _ in range(rounds):
        ticket, key = make_ticket(branch), uuid4()
        words = {"keeps": "The form", "other": "The printer", "category": "printing", "request_key": key, "version": 0}
        sent = {"ticket_id": ticket.pk, "by": staff(None, "desk"), "now": NOW, **words}
        results = race(*[lambda s=sent: split(**s)] * 2)
        assert codes(results) == []
        assert results[0].pk == results[1].pk
        assert ticket.halves.count() == 1


def test_two_halves_finished_at_once_count_once(rounds):
    branch = make_branch()
    for _ in range(rounds):
        whole = make_ticket(branch, tier=2)
        halves = [whole, make_ticket(branch, tier=2, split_from=whole)]
        counts = {"outcome": "answered", "counts_as_reference": True, "by": staff(None, "reference"), "now": NOW}
        results = race(*[lambda h=half, c=counts: resolve(ticket_id=h.pk, **c) for half in halves])
        assert codes(results) == []
        assert sum(half.counts_as_reference for half in results) == 1


def test_a_bell_and_a_sweep_deliver_once(rounds):
    make_user("tech", email="")
    branch = make_branch()
    for number in range(1, rounds + 1):
        handoff = make_handoff(make_ticket(branch))
        results = race(lambda h=handoff: deliver(h.pk, NOW), lambda: sweep(NOW).delivered)
        assert sum(results) == 1
        assert Notification.objects.count() == number


def test_two_workers_send_a_mail_once(mailoutbox, rounds):
    handoff = make_handoff(make_ticket(make_branch()))
    for number in range(1, rounds + 1):
        mail = make_notification(handoff, make_user("tech"))
        results = race(*[lambda m=mail: send_notification(m.pk, NOW)] * 2)
        assert sorted(results) == [False, True]
        assert len(mailoutbox) == number


def test_two_who_publish_a_draft_at_once_publish_it_once(rounds):
    category, by = make_guide().category, staff(None, "manager")
    for number in range(2, rounds + 2):
        draft = begin_draft(category_id=category.pk, by=by, now=NOW)
        results = race(*[lambda d=draft: publish(draft_id=d.pk, by=by, now=NOW)] * 2)
        assert codes(results) == []
        assert GuideVersion.objects.get(category=category, is_live=True).number == number


def test_two_who_begin_a_draft_at_once_share_it(rounds):
    by = staff(None, "reference")
    for number in range(rounds):
        category = make_guide(make_category(f"guide-{number}")).category
        results = race(*[lambda c=category: begin_draft(category_id=c.pk, by=by, now=NOW)] * 2)
        assert codes(results) == []
        assert GuideVersion.objects.get(category=category, published_at=None) == results[0] == results[1]


def test_two_who_move_the_same_step_leave_an_order(rounds):
    by = staff(None, "reference")
    draft = begin_draft(category_id=make_guide().category_id, by=by, now=NOW)
    for _ in range(rounds):
        step = draft.steps.last()
        assert codes(race(*[lambda s=step: move_step(step_id=s.pk, up=True, by=by)] * 2)) == []
        assert draft.steps.count() == 2


def test_two_who_answer_the_same_step_leave_one_answer(rounds):
    step = make_guide(make_category("pdf")).steps.first()
    branch = make_branch()
    for _ in range(rounds):
        ticket = make_ticket(branch, category=step.version.category)
        answers = [
            lambda t=ticket, a=said: answer_step(
                ticket_id=t.pk, step_id=step.pk, answer=a, by=staff(None, "desk"), now=NOW
            )
            for said in ("yes", "no")
        ]
        assert codes(race(*answers)) == []
        assert ticket.answers.count() == 1
