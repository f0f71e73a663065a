"""Messages on screen, e-mails that were given up, and the page of one question."""

from datetime import timedelta

import pytest
from django.urls import reverse

from tests.factories import NOW, make_branch, make_category, make_device, make_handoff, make_notification, make_ticket
from tests.troubleshooting.staffed import HTMX, element, freeze, signed_in, text_of
from troubleshooting.models.category import Tier

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    freeze(monkeypatch)


def told(user, branch=None, **fields):
    ticket = make_ticket(branch or make_branch(), category=make_category("display"), tier=Tier.IT)
    on_screen = {"channel": "screen", "sent_at": NOW, **fields}
    return make_notification(make_handoff(ticket, delivered_at=NOW), user, **on_screen)


def dead(user):
    return told(user, channel="email", sent_at=None, dead_at=NOW, attempts=8, last_error="SMTPConnectError")


def finished(branch, **fields):
    return make_ticket(branch, **{"state": "done", "outcome": "answered", "done_at": NOW, **fields})


def test_every_staff_page_asks_for_news():
    make_branch()
    client, _user = signed_in("tech")
    assert f'hx-get="{reverse("notices")}"' in client.get(reverse("it")).content.decode()


def test_the_strip_announces_what_is_new():
    client, user = signed_in("tech")
    row = told(user)
    strip = element(client.get(reverse("notices"), **HTMX), "notices")
    assert 'data-announce="New with IT' in strip
    assert reverse("it-fault", args=[row.handoff.ticket_id]) in strip


def test_no_news_is_an_empty_strip():
    make_branch()
    client, _user = signed_in("tech")
    strip = element(client.get(reverse("notices"), **HTMX), "notices")
    assert strip.endswith("></div>")


def test_the_strip_is_the_one_of_the_page():
    client, user = signed_in("tech")
    told(user)
    page, fragment = client.get(reverse("notices")), client.get(reverse("notices"), **HTMX)
    assert element(fragment, "notices") == element(page, "notices")


def test_an_unchanged_strip_is_answered_with_nothing():
    make_branch()
    client, _user = signed_in("tech")
    poll = client.get(reverse("notices")).context["strip_url"]
    assert client.get(poll, **HTMX).status_code == 204


def test_nobody_reads_what_someone_else_was_told():
    client, _user = signed_in("tech")
    told(signed_in("reference")[1])
    assert "Nothing new" in text_of(client.get(reverse("notices")))


def test_marked_as_read_it_is_gone():
    client, user = signed_in("tech")
    row = told(user)
    assert "Nothing new" in text_of(client.post(reverse("notices-read"), follow=True))
    row.refresh_from_db()
    assert row.read_at == NOW


@pytest.mark.parametrize(("role", "seen"), [("tech", True), ("manager", True), ("desk", False), ("reference", False)])
def test_dead_letters_are_for_the_tech_and_managers(role, seen):
    client, user = signed_in(role)
    dead(user)
    assert ("SMTPConnectError" in text_of(client.get(reverse("notices")))) is seen


def test_a_dead_letter_can_be_tried_again():
    client, user = signed_in("manager")
    letter = dead(user)
    client.post(reverse("letter-retry", args=[letter.pk]))
    letter.refresh_from_db()
    assert (letter.dead_at, letter.attempts, letter.next_try_at) == (None, 0, NOW)


def test_a_dead_letter_can_be_taken_off_the_list():
    client, user = signed_in("manager")
    letter = dead(user)
    assert "Every e-mail went out." in text_of(client.post(reverse("letter-dismiss", args=[letter.pk]), follow=True))


def test_a_letter_that_is_not_dead_stays_as_it_is():
    client, user = signed_in("manager")
    row = told(user)
    page = client.post(reverse("letter-retry", args=[row.pk]), follow=True)
    assert "This e-mail is no longer on the list." in text_of(page)


@pytest.mark.parametrize("name", ["letter-retry", "letter-dismiss"])
def test_the_desk_touches_no_letters(name):
    client, user = signed_in("desk")
    assert client.post(reverse(name, args=[dead(user).pk])).status_code == 403


@pytest.mark.parametrize("name", ["notices-read", "question-reopen", "letter-retry"])
def test_a_get_never_writes(name):
    client, _user = signed_in("manager")
    args = [] if name == "notices-read" else [1]
    assert client.get(reverse(name, args=args)).status_code == 405


def test_a_question_tells_its_story():
    branch = make_branch()
    client, _user = signed_in("desk", branch)
    ticket = finished(branch, answer="Chose the other tray", device=make_device(branch))
    page = text_of(client.get(reverse("question", args=[ticket.pk])))
    assert "Chose the other tray" in page
    assert "Answered, 14:07." in page


def test_another_branchs_question_does_not_exist():
    client, _user = signed_in("desk", make_branch())
    pk = finished(make_branch()).pk
    answers = [client.get(reverse("question", args=[pk])), client.post(reverse("question-reopen", args=[pk]))]
    assert [answer.status_code for answer in answers] == [404, 404]


def test_an_id_beyond_all_ids_is_not_found():
    client, _user = signed_in("manager")
    assert client.get(reverse("question", args=[10**30])).status_code == 404


def test_opened_again_it_waits():
    branch = make_branch()
    client, _user = signed_in("desk", branch)
    ticket = finished(branch)
    client.post(reverse("question-reopen", args=[ticket.pk]), {"answer": "Still broken", "version": 0})
    ticket.refresh_from_db()
    assert (ticket.state, ticket.events.last().text) == ("waiting", "Still broken")


def test_after_two_weeks_it_stays_done():
    branch = make_branch()
    client, _user = signed_in("desk", branch)
    ticket = finished(branch, done_at=NOW - timedelta(days=15), opened_at=NOW - timedelta(days=16))
    page = client.post(reverse("question-reopen", args=[ticket.pk]), {"answer": "", "version": 0})
    assert page.status_code == 422
    assert "done more than 14 days ago" in text_of(page)


def test_an_old_page_does_not_open_it_again():
    branch = make_branch()
    client, _user = signed_in("desk", branch)
    ticket = finished(branch, version=2)
    assert client.post(reverse("question-reopen", args=[ticket.pk]), {"version": 1}).status_code == 422
