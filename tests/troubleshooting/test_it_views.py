"""The IT work list as the one tech uses it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from helpdesk import words
from helpdesk.actor import staff
from reservations.booking.service import expect_back
from tests.factories import NOW, make_branch, make_category, make_device, make_ticket, make_user
from tests.troubleshooting.staffed import HTMX, counted, element, freeze, signed_in, text_of
from troubleshooting.lifecycle import claim, escalate
from troubleshooting.models import Ticket
from troubleshooting.models.category import Tier

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    freeze(monkeypatch)


def fault(branch=None, **fields):
    return make_ticket(branch or make_branch(), **{"tier": Tier.IT, **fields})


def closed_seat(user):
    """Return a hardware fault that took its seat out of booking and is claimed by `user`."""
    branch = make_branch()
    seat = make_device(branch)
    ticket = make_ticket(branch, category=make_category("display", hardware=True), device=seat)
    by = staff(user.pk, user.role)
    escalate(ticket_id=ticket.pk, by=by, now=NOW)
    claim(ticket_id=ticket.pk, by=by, now=NOW)
    return Ticket.objects.get(pk=ticket.pk)


def answer(ticket, **fields):
    return {"answer": "New cable", "version": ticket.version, **fields}


def test_all_branches_are_on_one_list():
    first, second = fault(text="No picture"), fault(text="Keys stick")
    client, _user = signed_in("tech")
    page = text_of(client.get(reverse("it")))
    assert first.branch.name in page
    assert second.branch.name in page


def test_danger_stands_before_what_is_older():
    fault(text="Old and slow", opened_at=NOW - 90 * MINUTE)
    fault(text="Smells burnt", category=make_category("danger"))
    client, _user = signed_in("tech")
    page = element(client.get(reverse("it")), "jobs")
    assert page.index("Danger first") < page.index("Smells burnt") < page.index("Oldest first")


def test_a_seat_that_is_expected_back_says_so_in_the_list_and_in_its_fault():
    client, user = signed_in("tech")
    ticket = closed_seat(user)
    expect_back(device_id=ticket.device_id, until=NOW + 40 * MINUTE, by=staff(user.pk, user.role), now=NOW)
    page = client.get(reverse("it-fault", args=[ticket.pk]))
    when = f"expected back {words.when(NOW + 40 * MINUTE, NOW)}"
    assert f"out of service, {when}" in text_of(page)
    assert f"{when}, and not by itself: say here when it is fixed" in element(page, "fault")


def test_by_branch_each_branch_is_a_group():
    ticket = fault()
    client, _user = signed_in("tech")
    page = element(client.get(reverse("it"), {"by": "branch"}), "jobs")
    assert f'id="group-1">{ticket.branch.name}' in page


def test_an_unknown_order_is_by_rank():
    fault()
    client, _user = signed_in("tech")
    assert "Oldest first" in text_of(client.get(reverse("it"), {"by": "owner__password"}))


def test_a_late_one_says_how_late():
    fault(promised_at=NOW - 30 * MINUTE)
    client, _user = signed_in("tech")
    assert "30 min late" in element(client.get(reverse("it")), "jobs")


def test_two_reports_of_one_seat_are_counted():
    branch = make_branch()
    seat = make_device(branch)
    for _ in range(2):
        fault(branch, device=seat)
    client, _user = signed_in("tech")
    assert "2 reports" in text_of(client.get(reverse("it")))


def test_opening_one_shows_what_was_tried_and_takes_nothing():
    client, user = signed_in("tech")
    ticket = closed_seat(make_user("reference"))
    page = text_of(client.get(reverse("it-fault", args=[ticket.pk])))
    ticket.refresh_from_db()
    assert "Sent to IT" in page
    assert ticket.owner != user


def test_open_in_the_query_opens_it_too():
    ticket = fault(text="Only this")
    client, _user = signed_in("tech")
    assert "Only this" in element(client.get(reverse("it"), {"open": ticket.pk}), "fault")


def test_taking_it_offers_to_finish_it():
    ticket = fault()
    client, user = signed_in("tech")
    page = client.post(reverse("it-take", args=[ticket.pk]), follow=True)
    ticket.refresh_from_db()
    assert ticket.owner == user
    assert reverse("it-fixed", args=[ticket.pk]) in page.content.decode()


def test_who_comes_second_is_told_who_has_it():
    ticket = fault(state="claimed", owner=make_user("manager", username="the-manager"), claimed_at=NOW)
    client, _user = signed_in("tech")
    page = client.post(reverse("it-take", args=[ticket.pk]))
    assert page.status_code == 409
    assert "the-manager has it already." in text_of(page)


def test_fixed_opens_the_seat():
    client, user = signed_in("tech")
    ticket = closed_seat(user)
    client.post(reverse("it-fixed", args=[ticket.pk]), answer(ticket))
    ticket.refresh_from_db()
    assert (ticket.state, ticket.outcome, ticket.holds_device, ticket.answer) == ("done", "fixed", False, "New cable")
    assert not ticket.device.bookings.filter(ended_at=None).exists()


def test_back_to_the_branch_needs_a_reason():
    client, user = signed_in("tech")
    ticket = closed_seat(user)
    page = client.post(reverse("it-send-back", args=[ticket.pk]), answer(ticket, answer=" "))
    assert page.status_code == 422
    assert "Say in a few words why it goes back." in text_of(page)


def test_sent_back_it_is_at_the_desk_again_with_the_reason():
    client, user = signed_in("tech")
    ticket = closed_seat(user)
    client.post(reverse("it-send-back", args=[ticket.pk]), answer(ticket, answer="It was the lamp"))
    ticket.refresh_from_db()
    assert (ticket.tier, ticket.events.last().text) == (Tier.DESK, "It was the lamp")


def test_put_back_it_is_free_for_others():
    client, user = signed_in("tech")
    ticket = closed_seat(user)
    client.post(reverse("it-put-back", args=[ticket.pk]))
    ticket.refresh_from_db()
    assert ticket.state == "waiting"


def test_two_finish_at_once_and_the_second_keeps_the_words():
    client, user = signed_in("tech")
    ticket = closed_seat(user)
    other, _other = signed_in("manager", username="the-manager")
    other.post(reverse("it-fixed", args=[ticket.pk]), answer(ticket))
    page = client.post(reverse("it-fixed", args=[ticket.pk]), answer(ticket, answer="My own words"))
    assert page.status_code == 409
    assert "It was finished by the-manager." in text_of(page)
    assert "My own words" in element(page, "fault")


def test_fixed_twice_gets_the_first_result():
    client, user = signed_in("tech")
    ticket = closed_seat(user)
    answers = [client.post(reverse("it-fixed", args=[ticket.pk]), answer(ticket)) for _ in range(2)]
    assert [page.status_code for page in answers] == [302, 302]


def test_back_to_the_branch_on_a_fixed_fault_is_no_second_click():
    client, user = signed_in("tech")
    ticket = closed_seat(user)
    client.post(reverse("it-fixed", args=[ticket.pk]), answer(ticket))
    page = client.post(reverse("it-send-back", args=[ticket.pk]), answer(ticket, answer="My own words"))
    assert page.status_code == 409
    assert "My own words" in element(page, "fault")


def test_a_page_without_a_version_is_an_old_one():
    client, user = signed_in("tech")
    ticket = closed_seat(user)
    assert client.post(reverse("it-fixed", args=[ticket.pk]), {"answer": "Cable"}).status_code == 422


def test_the_seat_stays_out_and_the_message_says_why():
    client, user = signed_in("tech")
    ticket = closed_seat(user)
    other = fault(ticket.branch, category=ticket.category, device=ticket.device, holds_device=True)
    page = client.post(reverse("it-fixed", args=[ticket.pk]), answer(ticket), follow=True)
    assert f"stays out of service: fault {other.pk} is still open." in text_of(page)


def test_a_finished_fault_leads_to_where_it_is_opened_again():
    client, user = signed_in("tech")
    ticket = closed_seat(user)
    client.post(reverse("it-fixed", args=[ticket.pk]), answer(ticket))
    door = f'href="{reverse("question", args=[ticket.pk])}#reopen"'
    assert door in client.get(reverse("it-fault", args=[ticket.pk])).content.decode()
    assert 'id="reopen"' in client.get(reverse("question", args=[ticket.pk])).content.decode()


def test_ten_thousand_characters_are_refused_and_kept():
    client, user = signed_in("tech")
    ticket = closed_seat(user)
    page = client.post(reverse("it-fixed", args=[ticket.pk]), answer(ticket, answer="<b>" * 4000))
    assert page.status_code == 422
    assert "&lt;b&gt;" * 4000 in page.content.decode()


@pytest.mark.parametrize("pk", [0, 424242, 10**30])
def test_a_fault_that_does_not_exist_is_not_found(pk):
    make_branch()
    client, _user = signed_in("tech")
    answers = [client.get(reverse("it-fault", args=[pk])), client.post(reverse("it-fixed", args=[pk]), {})]
    assert [page.status_code for page in answers] == [404, 404]


@pytest.mark.parametrize("role", ["desk", "reference"])
def test_other_roles_stay_outside(role):
    client, _user = signed_in(role, make_branch())
    assert client.get(reverse("it")).status_code == 403


@pytest.mark.parametrize("name", ["it-take", "it-put-back", "it-fixed", "it-send-back"])
def test_a_get_never_writes(name):
    client, _user = signed_in("tech")
    assert client.get(reverse(name, args=[fault().pk])).status_code == 405


def test_a_poll_gets_the_list_as_the_page_shows_it():
    fault()
    client, _user = signed_in("tech")
    page, fragment = client.get(reverse("it")), client.get(reverse("it"), **HTMX)
    for part in ("jobs", "next"):
        assert element(fragment, part) == element(page, part)


def test_an_unchanged_poll_is_answered_with_nothing():
    make_branch()
    client, _user = signed_in("tech")
    poll = client.get(reverse("it")).context["poll_url"]
    assert client.get(poll, **HTMX).status_code == 204


def test_a_poll_after_an_escalation_brings_it(django_capture_on_commit_callbacks):
    branch = make_branch()
    client, user = signed_in("tech")
    poll = client.get(reverse("it")).context["poll_url"]
    with django_capture_on_commit_callbacks(execute=True):
        escalate(ticket_id=make_ticket(branch, text="Brand new").pk, by=staff(user.pk, user.role), now=NOW)
    assert "Brand new" in text_of(client.get(poll, **HTMX))


@pytest.mark.parametrize("size", [1, 8])
def test_five_queries_are_enough_however_long_the_list(size):
    client, _user = signed_in("tech")
    tickets = [fault(device=make_device(make_branch())) for _ in range(size)]
    with counted() as queries:
        client.get(reverse("it-fault", args=[tickets[0].pk]))
    assert len(queries) == 5
