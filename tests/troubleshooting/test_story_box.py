"""The story of the box: "if I get to the point where it's not productive, I pass it up the food chain"."""

from datetime import timedelta

import pytest

from helpdesk.actor import staff
from tests.factories import NOW, make_branch, make_category, make_device, make_ticket, make_user
from troubleshooting.handoff import sweep
from troubleshooting.lifecycle import TicketRefused, claim, hand_over, keep_on, put_back
from troubleshooting.models import Notification
from troubleshooting.worklist import Card

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def branch():
    return make_branch()


@pytest.fixture
def desk(branch):
    return make_user("desk", branch, username="harbour-desk")


def by(user):
    return staff(user.pk, user.role)


def worked(branch, desk, **fields):
    ticket = make_ticket(branch, device=make_device(branch), **fields)
    return claim(ticket_id=ticket.pk, by=by(desk), now=NOW)


def asks(ticket, minutes):
    ticket.refresh_from_db()
    return Card(ticket, NOW + minutes * MINUTE).box_is_over


def test_for_five_minutes_nobody_is_asked(branch, desk):
    assert not asks(worked(branch, desk), 4)


def test_after_five_minutes_the_desk_is_asked_how_to_go_on(branch, desk):
    ticket = worked(branch, desk)
    assert asks(ticket, 5)
    assert Card(ticket, NOW + 6 * MINUTE).worked_minutes == 6


def test_a_category_can_have_a_longer_box(branch, desk):
    ticket = worked(branch, desk, category=make_category("resume", box_minutes=15))
    assert (asks(ticket, 14), asks(ticket, 15)) == (False, True)


def test_who_keeps_on_is_not_asked_again(branch, desk):
    ticket = worked(branch, desk)
    keep_on(ticket_id=ticket.pk, by=by(desk), now=NOW + 6 * MINUTE)
    assert not asks(ticket, 60)
    assert ticket.events.last().what == "kept_on"


def test_keeping_on_twice_is_written_once(branch, desk):
    ticket = worked(branch, desk)
    for _ in range(2):
        keep_on(ticket_id=ticket.pk, by=by(desk), now=NOW + 6 * MINUTE)
    assert ticket.events.filter(what="kept_on").count() == 1


def test_keeping_on_makes_no_form_old(branch, desk):
    ticket = worked(branch, desk)
    assert keep_on(ticket_id=ticket.pk, by=by(desk), now=NOW + 6 * MINUTE).version == ticket.version


def test_nobody_keeps_on_for_somebody_else(branch, desk):
    ticket = worked(branch, desk)
    with pytest.raises(TicketRefused) as refused:
        keep_on(ticket_id=ticket.pk, by=by(make_user("desk", branch)), now=NOW)
    assert refused.value.code == "not_yours"


def test_whoever_takes_it_after_that_is_asked_for_themselves(branch, desk):
    ticket = worked(branch, desk)
    keep_on(ticket_id=ticket.pk, by=by(desk), now=NOW + 6 * MINUTE)
    put_back(ticket_id=ticket.pk, by=by(desk), now=NOW + 7 * MINUTE)
    claim(ticket_id=ticket.pk, by=by(make_user("desk", branch)), now=NOW + 10 * MINUTE)
    assert (asks(ticket, 12), asks(ticket, 15)) == (False, True)


def test_what_waits_or_is_with_reference_has_no_box(branch, desk):
    waiting = make_ticket(branch)
    assert not asks(waiting, 60)
    passed = worked(branch, desk)
    hand_over(ticket_id=passed.pk, by=by(desk), now=NOW)
    claim(ticket_id=passed.pk, by=by(make_user("reference", branch)), now=NOW)
    assert not asks(passed, 60)


def test_at_the_desk_nothing_is_escalated_behind_anyones_back(branch, desk):
    make_user("manager")
    ticket, waiting = worked(branch, desk), make_ticket(branch, promised_at=NOW)
    sweep(NOW + 600 * MINUTE)
    for each in (ticket, waiting):
        each.refresh_from_db()
        assert (each.tier, each.handoffs.count()) == (1, 0)
    assert not Notification.objects.exists()
