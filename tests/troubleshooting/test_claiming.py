"""Take a question, put it back."""

import pytest
from django.db.models import ProtectedError
from django.urls import reverse

from helpdesk.actor import staff
from tests.factories import NOW, make_branch, make_ticket, make_user
from tests.troubleshooting.staffed import signed_in
from troubleshooting.lifecycle import TicketRefused, claim, put_back, resolve

pytestmark = pytest.mark.django_db


def actor(user):
    return staff(user.pk, user.role)


def test_a_claimed_question_has_an_owner_and_a_time():
    ticket, anna = make_ticket(make_branch()), make_user()
    claim(ticket_id=ticket.pk, by=actor(anna), now=NOW)
    ticket.refresh_from_db()
    assert (ticket.state, ticket.owner, ticket.claimed_at, ticket.version) == ("claimed", anna, NOW, 1)


def test_the_second_is_told_which_post_has_it():
    ticket, anna, ben = make_ticket(make_branch()), make_user(username="desk-1"), make_user()
    claim(ticket_id=ticket.pk, by=actor(anna), now=NOW)
    with pytest.raises(TicketRefused) as refused:
        claim(ticket_id=ticket.pk, by=actor(ben), now=NOW)
    assert (refused.value.code, refused.value.sentence) == ("already_claimed", "desk-1 has it already.")


def test_claiming_ones_own_again_changes_nothing():
    ticket, anna = make_ticket(make_branch()), make_user()
    claim(ticket_id=ticket.pk, by=actor(anna), now=NOW)
    assert claim(ticket_id=ticket.pk, by=actor(anna), now=NOW).version == 1
    assert ticket.events.count() == 1


def test_a_done_question_cannot_be_claimed():
    ticket = make_ticket(make_branch(), state="done", done_at=NOW, outcome="fixed")
    with pytest.raises(TicketRefused) as refused:
        claim(ticket_id=ticket.pk, by=actor(make_user()), now=NOW)
    assert refused.value.code == "already_done"


def test_put_back_it_waits_for_anyone():
    ticket, anna = make_ticket(make_branch(), promised_at=NOW), make_user()
    claim(ticket_id=ticket.pk, by=actor(anna), now=NOW)
    put_back(ticket_id=ticket.pk, by=actor(anna), now=NOW)
    ticket.refresh_from_db()
    assert (ticket.state, ticket.owner, ticket.promised_at) == ("waiting", None, NOW)


def test_only_its_owner_puts_it_back():
    ticket = make_ticket(make_branch())
    claim(ticket_id=ticket.pk, by=actor(make_user()), now=NOW)
    with pytest.raises(TicketRefused) as refused:
        put_back(ticket_id=ticket.pk, by=actor(make_user()), now=NOW)
    assert refused.value.code == "not_yours"


def test_a_page_that_shows_an_older_state_is_told_so():
    ticket, anna = make_ticket(make_branch()), make_user()
    claim(ticket_id=ticket.pk, by=actor(anna), now=NOW)
    with pytest.raises(TicketRefused) as refused:
        resolve(ticket_id=ticket.pk, outcome="fixed", version=0, by=actor(anna), now=NOW)
    assert refused.value.code == "stale"


def test_whoever_has_a_question_is_not_deleted():
    ticket, anna = make_ticket(make_branch()), make_user()
    claim(ticket_id=ticket.pk, by=actor(anna), now=NOW)
    with pytest.raises(ProtectedError):
        anna.delete()


@pytest.mark.parametrize(("tier", "name"), [(1, "desk-put-back"), (2, "reference-put-back"), (3, "it-put-back")])
def test_a_manager_puts_back_what_a_deactivated_account_has(tier, name):
    branch = make_branch()
    gone = make_user("desk", branch, is_active=False)
    ticket = make_ticket(branch, tier=tier, state="claimed", owner=gone, claimed_at=NOW)
    client, _user = signed_in("manager", branch)
    pages = {1: reverse("desk"), 2: reverse("reference"), 3: reverse("it-fault", args=[ticket.pk])}
    assert reverse(name, args=[ticket.pk]) in client.get(pages[tier]).content.decode()
    client.post(reverse(name, args=[ticket.pk]))
    ticket.refresh_from_db()
    assert (ticket.state, ticket.owner) == ("waiting", None)
