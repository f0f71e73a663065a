"""The reference queue as a librarian uses it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from helpdesk.actor import staff
from tests.factories import NOW, make_branch, make_category, make_device, make_ticket, make_user
from tests.troubleshooting.staffed import HTMX, counted, element, freeze, reference_fields, signed_in, text_of
from troubleshooting.lifecycle import claim
from troubleshooting.models import Handoff
from troubleshooting.models.category import Tier

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    freeze(monkeypatch)


def desk_of(branch):
    client, user = signed_in("reference", branch, username="harbour-reference")
    return client, user


def waiting(branch, **fields):
    return make_ticket(branch, **reference_fields(**fields))


def claimed(branch, user, **fields):
    return waiting(branch, state="claimed", owner=user, claimed_at=NOW, **fields)


def record(**fields):
    return {"outcome": "answered", "answer": "Drafts are under My forms", "version": "0", **fields}


def test_the_late_one_stands_first():
    branch = make_branch()
    waiting(branch, text="In time", promised_at=NOW + 3 * MINUTE)
    waiting(branch, text="Too late", promised_at=NOW - 2 * MINUTE)
    client, _user = desk_of(branch)
    page = text_of(client.get(reverse("reference")))
    assert page.index("Too late 2 min late") < page.index("In time 3 min left")


def test_the_next_bar_names_the_one_that_waits_too_long():
    branch = make_branch()
    seat = make_device(branch)
    waiting(branch, device=seat, promised_at=NOW - 2 * MINUTE)
    client, _user = desk_of(branch)
    bar = element(client.get(reverse("reference")), "next")
    assert f"Seat {seat.label}" in bar
    assert "waits 2 min longer than promised" in bar


def test_nothing_waits_and_nothing_is_brass():
    client, _user = desk_of(make_branch())
    page = client.get(reverse("reference"))
    assert "Nobody waits" in text_of(page)
    assert "<button" not in element(page, "next")


def test_looking_at_a_question_takes_nothing():
    branch = make_branch()
    ticket = waiting(branch)
    client, _user = desk_of(branch)
    client.get(reverse("reference"), {"open": ticket.pk})
    ticket.refresh_from_db()
    assert (ticket.state, ticket.version) == ("waiting", 0)


def test_taking_it_opens_the_record():
    branch = make_branch()
    ticket = waiting(branch)
    client, user = desk_of(branch)
    page = client.post(reverse("reference-take", args=[ticket.pk]), follow=True)
    ticket.refresh_from_db()
    assert ticket.owner == user
    assert reverse("reference-done", args=[ticket.pk]) in page.content.decode()


def test_who_comes_second_is_told_who_has_it():
    branch = make_branch()
    ticket = claimed(branch, make_user("reference", branch, username="harbour-2"))
    client, _user = desk_of(branch)
    page = client.post(reverse("reference-take", args=[ticket.pk]))
    assert page.status_code == 409
    assert "harbour-2 has it already." in text_of(page)


def test_done_saves_the_record():
    branch = make_branch()
    client, user = desk_of(branch)
    ticket = claimed(branch, user)
    client.post(reverse("reference-done", args=[ticket.pk]), record(duration="to_15", read_level="3", counts="yes"))
    ticket.refresh_from_db()
    assert (ticket.state, ticket.duration, ticket.read_level, ticket.counts_as_reference, ticket.answer) == (
        "done",
        "to_15",
        3,
        True,
        "Drafts are under My forms",
    )


def test_done_opens_the_next():
    branch = make_branch()
    client, user = desk_of(branch)
    ticket = claimed(branch, user)
    waiting(branch, text="The next one")
    page = client.post(reverse("reference-done", args=[ticket.pk]), record(), follow=True)
    assert "The next one" in element(page, "open")


def test_the_effort_is_optional():
    branch = make_branch()
    client, user = desk_of(branch)
    ticket = claimed(branch, user)
    assert client.post(reverse("reference-done", args=[ticket.pk]), record()).status_code == 302


def test_without_how_it_ended_nothing_is_saved():
    branch = make_branch()
    client, user = desk_of(branch)
    ticket = claimed(branch, user)
    assert client.post(reverse("reference-done", args=[ticket.pk]), record(outcome="")).status_code == 422


def test_send_to_it_writes_the_handoff_and_keeps_what_was_tried():
    branch = make_branch()
    client, user = desk_of(branch)
    ticket = claimed(branch, user)
    client.post(reverse("reference-to-it", args=[ticket.pk]), record())
    ticket.refresh_from_db()
    assert ticket.tier == Tier.IT
    assert Handoff.objects.filter(ticket=ticket, to_tier=Tier.IT).count() == 1
    assert ticket.events.last().text == "Drafts are under My forms"


def test_a_broken_seat_named_on_the_way_to_it_is_closed():
    branch = make_branch()
    seat = make_device(branch)
    make_category("display", hardware=True)
    client, user = desk_of(branch)
    ticket = claimed(branch, user)
    client.post(reverse("reference-to-it", args=[ticket.pk]), record(category="display", device=seat.pk))
    ticket.refresh_from_db()
    assert ticket.holds_device


def test_put_back_it_waits_again():
    branch = make_branch()
    client, user = desk_of(branch)
    ticket = claimed(branch, user)
    client.post(reverse("reference-put-back", args=[ticket.pk]))
    ticket.refresh_from_db()
    assert ticket.state == "waiting"


def test_two_finish_at_once_and_the_second_keeps_the_words():
    branch = make_branch()
    client, user = desk_of(branch)
    ticket = claimed(branch, user)
    other, _other = signed_in("manager", username="the-manager")
    other.post(reverse("reference-done", args=[ticket.pk]), record())
    page = client.post(reverse("reference-done", args=[ticket.pk]), record(answer="My own words"))
    assert page.status_code == 409
    assert "It was finished by the-manager." in text_of(page)
    assert "My own words" in element(page, "open")


def test_a_double_click_gets_the_first_result():
    branch = make_branch()
    client, user = desk_of(branch)
    ticket = claimed(branch, user)
    answers = [client.post(reverse("reference-done", args=[ticket.pk]), record()) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert ticket.events.filter(what="resolved").count() == 1


def test_send_to_it_on_an_answered_question_is_no_second_click():
    branch = make_branch()
    client, user = desk_of(branch)
    ticket = claimed(branch, user)
    client.post(reverse("reference-done", args=[ticket.pk]), record())
    page = client.post(reverse("reference-to-it", args=[ticket.pk]), record(answer="My own words"))
    assert page.status_code == 409
    assert "My own words" in element(page, "open")


def test_send_to_it_twice_gets_the_first_result():
    branch = make_branch()
    client, user = desk_of(branch)
    ticket = claimed(branch, user)
    answers = [client.post(reverse("reference-to-it", args=[ticket.pk]), record()) for _ in range(2)]
    assert [page.status_code for page in answers] == [302, 302]


def test_a_page_without_a_version_is_an_old_one():
    branch = make_branch()
    client, user = desk_of(branch)
    ticket = claimed(branch, user)
    assert client.post(reverse("reference-done", args=[ticket.pk]), {"outcome": "answered"}).status_code == 422


@pytest.mark.parametrize("field", ["duration", "read_level", "outcome", "counts"])
def test_a_forged_choice_is_refused_in_our_words(field):
    branch = make_branch()
    client, user = desk_of(branch)
    page = client.post(reverse("reference-done", args=[claimed(branch, user).pk]), record(**{field: "zzz"}))
    assert page.status_code == 422
    assert "Choose one of the shown." in text_of(page)


def test_a_manager_does_not_finish_here_what_is_with_it():
    branch = make_branch()
    _client, user = desk_of(branch)
    ticket = claimed(branch, user, tier=Tier.IT)
    manager, _manager = signed_in("manager", branch)
    assert manager.post(reverse("reference-done", args=[ticket.pk]), record()).status_code == 409
    ticket.refresh_from_db()
    assert ticket.state == "claimed"


def test_a_finished_question_leads_to_where_it_is_opened_again():
    branch = make_branch()
    client, user = desk_of(branch)
    ticket = claimed(branch, user)
    client.post(reverse("reference-done", args=[ticket.pk]), record())
    door = f'href="{reverse("question", args=[ticket.pk])}#reopen"'
    assert door in client.get(f"{reverse('reference')}?open={ticket.pk}").content.decode()
    assert door in client.get(reverse("desk-question", args=[ticket.pk])).content.decode()


def test_an_old_page_changes_nothing_and_keeps_the_words():
    branch = make_branch()
    client, user = desk_of(branch)
    ticket = claimed(branch, user, version=4)
    page = client.post(reverse("reference-done", args=[ticket.pk]), record(version="3"))
    assert page.status_code == 422
    assert 'name="version" value="4"' in page.content.decode()
    assert "Drafts are under My forms" in element(page, "open")


def test_a_question_that_went_to_it_is_not_finished_here():
    branch = make_branch()
    client, user = desk_of(branch)
    ticket = claimed(branch, user, tier=Tier.IT)
    page = client.post(reverse("reference-done", args=[ticket.pk]), record())
    assert page.status_code == 409
    assert "This question is with IT now." in text_of(page)


def test_ten_thousand_characters_are_refused_and_kept():
    branch = make_branch()
    client, user = desk_of(branch)
    ticket = claimed(branch, user)
    page = client.post(reverse("reference-done", args=[ticket.pk]), record(answer="x" * 10_000))
    assert page.status_code == 422
    assert "The text has 10000 characters." in text_of(page)
    assert "x" * 10_000 in page.content.decode()


def test_markup_is_shown_as_the_characters_it_is():
    branch = make_branch()
    waiting(branch, text="<script>alert(1)</script>")
    client, _user = desk_of(branch)
    page = client.get(reverse("reference")).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize("open_id", ["abc", "-1", "99999999999999999999999999", "1.5"])
def test_a_question_that_cannot_be_is_not_found(open_id):
    client, _user = desk_of(make_branch())
    assert client.get(reverse("reference"), {"open": open_id}).status_code == 404


def test_another_branchs_question_does_not_exist():
    branch, other = make_branch(), make_branch()
    ticket = waiting(other)
    client, _user = desk_of(branch)
    answers = [
        client.get(reverse("reference"), {"open": ticket.pk}),
        client.get(reverse("reference-branch", args=[other.slug])),
        client.post(reverse("reference-take", args=[ticket.pk])),
        client.post(reverse("reference-done", args=[ticket.pk]), record()),
    ]
    assert [answer.status_code for answer in answers] == [404] * 4


@pytest.mark.parametrize("role", ["desk", "tech"])
def test_other_roles_stay_outside(role):
    branch = make_branch()
    client, _user = signed_in(role, branch)
    assert client.get(reverse("reference")).status_code == 403


@pytest.mark.parametrize("name", ["reference-take", "reference-put-back", "reference-done", "reference-to-it"])
def test_a_get_never_writes(name):
    branch = make_branch()
    client, _user = desk_of(branch)
    assert client.get(reverse(name, args=[waiting(branch).pk])).status_code == 405


def test_the_promise_stands_beside_what_was_measured():
    branch = make_branch()
    start = NOW - 30 * MINUTE
    for wait in (2, 4, 9):
        ticket = waiting(branch, state="claimed", owner=make_user(), opened_at=start, claimed_at=start + wait * MINUTE)
        ticket.promised_at = start + 5 * MINUTE
        ticket.save()
    client, _user = desk_of(branch)
    page = text_of(client.get(reverse("reference")))
    assert "4 min to reach a patron today. We promise 5." in page
    assert "Kept today: 2 of 3 (67 %)" in page


def test_known_faults_of_the_branch_are_listed():
    branch = make_branch()
    seat = make_device(branch)
    make_ticket(branch, category=make_category("display"), tier=Tier.IT, device=seat)
    client, _user = desk_of(branch)
    beside = client.get(reverse("reference-beside", args=[branch.slug]))
    assert f"Seat {seat.label}: display" in text_of(beside)


def test_a_poll_gets_the_cards_as_the_page_shows_them():
    branch = make_branch()
    waiting(branch)
    client, _user = desk_of(branch)
    page = client.get(reverse("reference"))
    fragment = client.get(reverse("reference"), **HTMX)
    for part in ("queue", "next"):
        assert element(fragment, part) == element(page, part)
    assert b"<html" not in fragment.content


def test_an_unchanged_poll_is_answered_with_nothing():
    branch = make_branch()
    client, _user = desk_of(branch)
    poll = client.get(reverse("reference")).context["poll_url"]
    assert client.get(poll, **HTMX).status_code == 204


def test_a_poll_after_a_claim_brings_the_change(django_capture_on_commit_callbacks):
    branch = make_branch()
    ticket = waiting(branch)
    client, user = desk_of(branch)
    poll = client.get(reverse("reference")).context["poll_url"]
    with django_capture_on_commit_callbacks(execute=True):
        claim(ticket_id=ticket.pk, by=staff(user.pk, user.role), now=NOW)
    assert "you have it" in text_of(client.get(poll, **HTMX))


@pytest.mark.parametrize("size", [1, 8])
def test_ten_queries_are_enough_however_long_the_queue(size):
    branches = [make_branch(), make_branch()]
    client, user = signed_in("reference", *branches)
    for _ in range(size):
        claimed(branches[0], user)
        make_ticket(branches[0], tier=Tier.IT, device=make_device(branches[0]))
    with counted() as queries:
        client.get(reverse("reference"))
    assert len(queries) == 10
