"""Two people at one question: nobody's words are lost, and each is shown what the other did."""

import pytest
from django.urls import reverse

from helpdesk.actor import staff
from helpdesk.models import Role
from tests.factories import NOW, make_branch, make_category, make_ticket, make_user
from tests.troubleshooting.racing import race
from tests.troubleshooting.staffed import element, freeze, signed_in
from troubleshooting.lifecycle import TicketRefused, claim, escalate, log, put_back, reopen, resolve, send_back
from troubleshooting.models import Ticket

pytestmark = pytest.mark.django_db
MINE = "Drafts are under My forms"


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    freeze(monkeypatch)


@pytest.fixture
def branch():
    return make_branch()


def asked(branch, tier, **fields):
    """Return a question with the first line of its story."""
    return log(
        branch_id=branch.pk,
        text="The form is lost",
        category=make_category("online_forms", tier=tier).code,
        request_key="6b1c3f7e-0000-4000-8000-000000000001",
        by=staff(None, "desk"),
        now=NOW,
        **fields,
    )


def sent(ticket, **fields):
    """Return what a page sends that was opened when `ticket` was read."""
    seen = ticket.events.latest("pk").pk
    return {"version": ticket.version, "seen": seen, "do": "save", "outcome": "answered", **fields}


def moved_on(ticket, user):
    """Let a colleague pass the question to IT and IT send it back with a note, and `user` have it again."""
    by = staff(user.pk, user.role)
    escalate(ticket_id=ticket.pk, by=staff(None, "manager"), now=NOW, note="looks like the server")
    send_back(ticket_id=ticket.pk, by=staff(None, "tech"), now=NOW, note="The server is fine")
    return claim(ticket_id=ticket.pk, by=by, now=NOW)


@pytest.mark.parametrize(("name", "tier", "words"), [("reference-done", 2, "answer"), ("desk-finish", 1, "text")])
def test_an_old_page_comes_back_with_its_words_beside_what_happened_meanwhile(branch, name, tier, words):
    client, user = signed_in(Role.REFERENCE, branch)
    fields = sent(asked(branch, tier), **{words: MINE})
    ticket = Ticket.objects.get()
    moved_on(ticket, user)
    page = client.post(reverse(name, args=[ticket.pk]), fields)
    assert page.status_code == 422
    assert f"{MINE}</textarea>" in page.content.decode()
    news = element(page, "meanwhile")
    assert "looks like the server" in news
    assert "The server is fine" in news
    assert "Asked" not in news


@pytest.mark.parametrize(("name", "tier", "words"), [("reference-done", 2, "answer"), ("desk-finish", 1, "text")])
def test_saving_again_saves_the_words(branch, name, tier, words):
    client, user = signed_in(Role.REFERENCE, branch)
    ticket = asked(branch, tier)
    fields = sent(ticket, **{words: MINE})
    moved_on(ticket, user)
    page = client.post(reverse(name, args=[ticket.pk]), fields)
    again = {**fields, "version": hidden(page, "version"), "seen": hidden(page, "seen")}
    assert client.post(reverse(name, args=[ticket.pk]), again).status_code == 302
    assert Ticket.objects.get().answer == MINE


def test_a_fault_of_it_is_no_different(branch):
    client, user = signed_in(Role.TECH)
    ticket = asked(branch, 3)
    fields = sent(ticket, answer="New cable")
    by = staff(user.pk, user.role)
    claim(ticket_id=ticket.pk, by=by, now=NOW)
    page = client.post(reverse("it-fixed", args=[ticket.pk]), fields)
    assert (page.status_code, "Taken" in element(page, "meanwhile")) == (422, True)
    again = {**fields, "version": hidden(page, "version"), "seen": hidden(page, "seen")}
    assert client.post(reverse("it-fixed", args=[ticket.pk]), again).status_code == 302
    assert Ticket.objects.get().answer == "New cable"


def test_a_reason_to_open_again_is_kept_too(branch):
    client, _user = signed_in(Role.DESK, branch)
    ticket = asked(branch, 1, solved=True)
    fields = sent(ticket, answer="It is back")
    reopen(ticket_id=ticket.pk, by=staff(None, "desk"), now=NOW, note="Still lost")
    resolve(ticket_id=ticket.pk, outcome="answered", by=staff(None, "desk"), now=NOW)
    page = client.post(reverse("question-reopen", args=[ticket.pk]), fields)
    assert page.status_code == 422
    assert "It is back</textarea>" in page.content.decode()
    assert "Still lost" in element(page, "meanwhile")


def test_words_for_a_question_that_somebody_finished_stay_in_the_form(branch):
    client, _user = signed_in(Role.REFERENCE, branch)
    ticket = asked(branch, 2)
    fields = sent(ticket, answer=MINE)
    resolve(ticket_id=ticket.pk, outcome="answered", by=staff(make_user().pk, "manager"), now=NOW)
    page = client.post(reverse("reference-done", args=[ticket.pk]), fields)
    assert page.status_code == 409
    assert f"{MINE}</textarea>" in page.content.decode()
    assert "Finished" in element(page, "meanwhile")


@pytest.mark.parametrize("seen", ["", "zzz", "²", "-1"])
def test_a_page_that_does_not_say_what_it_showed_is_shown_the_whole_story_alone(branch, seen):
    client, user = signed_in(Role.REFERENCE, branch)
    ticket = asked(branch, 2)
    moved_on(ticket, user)
    page = client.post(reverse("reference-done", args=[ticket.pk]), {"answer": MINE, "seen": seen})
    assert page.status_code == 422
    assert 'id="meanwhile"' not in page.content.decode()


def hidden(page, name):
    return page.content.decode().split(f'name="{name}" value="')[1].split('"')[0]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_two_who_finish_at_once_one_does_and_the_other_is_told():
    make_category("other")
    ticket = make_ticket(make_branch())
    first, second = make_user(), make_user()

    def finish(user, words):
        by = staff(user.pk, user.role)
        return lambda: resolve(ticket_id=ticket.pk, outcome="answered", by=by, now=NOW, answer=words, version=0)

    results = race(finish(first, "Mine"), finish(second, "Yours"))
    refused = [result for result in results if isinstance(result, TicketRefused)]
    assert [error.code for error in refused] == ["already_done"]
    assert Ticket.objects.get().answer in {"Mine", "Yours"}


def test_putting_back_is_told_as_well(branch):
    client, user = signed_in(Role.REFERENCE, branch)
    ticket = asked(branch, 2)
    claim(ticket_id=ticket.pk, by=staff(user.pk, user.role), now=NOW)
    ticket.refresh_from_db()
    fields = sent(ticket, answer=MINE)
    put_back(ticket_id=ticket.pk, by=staff(None, "manager"), now=NOW)
    page = client.post(reverse("reference-done", args=[ticket.pk]), fields)
    assert "Put back in line" in element(page, "meanwhile")
