"""The same for several questions at once."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from helpdesk.actor import staff
from helpdesk.models import Role
from tests.factories import NOW, make_branch, make_category, make_ticket, make_user
from tests.troubleshooting.racing import race
from tests.troubleshooting.staffed import freeze, signed_in, text_of
from troubleshooting.bulk import Chosen, chosen_of, run, ticked_in
from troubleshooting.lifecycle import claim
from troubleshooting.models import Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    freeze(monkeypatch)


@pytest.fixture
def branch():
    return make_branch()


def waiting(branch, many, **fields):
    return [make_ticket(branch, text=f"jam {number}", **fields) for number in range(many)]


def act(client, what, tickets, **fields):
    ticked = [f"{ticket.pk}:{ticket.version}" for ticket in tickets]
    return client.post(reverse("bulk"), {"do": what, "ticket": ticked, "back": "/search/?q=jam", **fields}, follow=True)


def stands(tickets, *names):
    rows = Ticket.objects.in_bulk([ticket.pk for ticket in tickets])
    return [tuple(getattr(rows[ticket.pk], name) for name in names) for ticket in tickets]


@pytest.mark.parametrize(
    ("what", "after"),
    [
        ("take", ("claimed", 1, "")),
        ("reference", ("waiting", 2, "")),
        ("it", ("waiting", 3, "")),
        ("answered", ("done", 1, "answered")),
        ("duplicate", ("done", 1, "withdrawn")),
    ],
)
def test_each_ticked_question_is_moved_by_its_own_verb(branch, what, after):
    client, user = signed_in(Role.DESK, branch)
    tickets = waiting(branch, 3)
    page = act(client, what, tickets)
    assert stands(tickets, "state", "tier", "outcome") == [after] * 3
    assert all(ticket.events.get().by_user == user for ticket in tickets)
    assert "3 done." in text_of(page)


def test_what_they_are_about_is_changed_and_told_in_the_story(branch):
    client, _user = signed_in(Role.DESK, branch)
    make_category("paper_jam", name="Paper jam")
    tickets = waiting(branch, 2)
    act(client, "category", tickets, category="paper_jam")
    assert [ticket.category.code for ticket in Ticket.objects.all()] == ["paper_jam"] * 2
    assert "Sorted anew" in text_of(client.get(reverse("question", args=[tickets[0].pk])))


def test_one_that_was_taken_meanwhile_is_named_stays_ticked_and_stops_no_other(branch):
    client, _user = signed_in(Role.DESK, branch)
    other = make_user(Role.DESK, branch)
    tickets = waiting(branch, 4)
    claim(ticket_id=tickets[1].pk, by=staff(other.pk, Role.DESK), now=NOW)
    page = act(client, "take", tickets)
    assert f"3 done, 1 not: {tickets[1].pk}: {other.username} has it already." in text_of(page)
    assert re.findall(r'id="tick-(\d+)" value="[^"]+" checked', page.content.decode()) == [str(tickets[1].pk)]
    assert page.redirect_chain[0][0] == f"/search/?q=jam&ticked={tickets[1].pk}"


def test_a_question_that_changed_since_the_page_was_shown_is_not_touched(branch):
    client, _user = signed_in(Role.MANAGER)
    tickets = waiting(branch, 2)
    Ticket.objects.filter(pk=tickets[0].pk).update(version=4)
    page = act(client, "answered", tickets)
    assert "1 done, 1 not" in text_of(page)
    assert "Someone changed this question meanwhile." in text_of(page)
    assert stands(tickets, "state") == [("waiting",), ("done",)]


def test_a_question_of_another_branch_is_none(branch):
    client, _user = signed_in(Role.DESK, branch)
    theirs = make_ticket(make_branch())
    assert "There is no such question." in text_of(act(client, "answered", [theirs]))
    assert stands([theirs], "state") == [("waiting",)]


@pytest.mark.parametrize(("role", "tier"), [(Role.DESK, 2), (Role.DESK, 3), (Role.REFERENCE, 3), (Role.TECH, 1)])
def test_a_question_at_a_level_that_is_not_ones_own_stays(branch, role, tier):
    client, _user = signed_in(role, branch)
    ticket = make_ticket(branch, tier=tier)
    assert "0 done, 1 not" in text_of(act(client, "answered", [ticket]))
    assert stands([ticket], "state") == [("waiting",)]


def test_more_than_ten_are_asked_about_first(branch):
    client, _user = signed_in(Role.DESK, branch)
    tickets = waiting(branch, 11)
    page = act(client, "answered", tickets)
    assert "Answered: 11 questions?" in text_of(page)
    assert stands(tickets, "state") == [("waiting",)] * 11
    assert "11 done." in text_of(act(client, "answered", tickets, sure="yes"))


def test_more_than_fifty_are_refused_and_stay_ticked(branch):
    client, _user = signed_in(Role.DESK, branch)
    tickets = waiting(branch, 51)
    page = act(client, "answered", tickets, sure="yes")
    assert "51 are ticked. 50 fit at once" in text_of(page)
    assert stands(tickets, "state") == [("waiting",)] * 51


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"do": "burn"}, "Choose one of the buttons"),
        ({"ticket": []}, "Tick one question or more first."),
        ({"ticket": ["x", "1", ":", "²:1", f"{'9' * 30}:1"]}, "Tick one question or more first."),
        ({"do": "category", "category": ""}, "Choose what they are about"),
        ({"do": "category", "category": "no-such"}, "Choose what they are about"),
    ],
)
def test_a_form_that_asks_for_nothing_says_what_is_missing(branch, fields, sentence):
    client, _user = signed_in(Role.DESK, branch)
    ticket = make_ticket(branch)
    page = act(client, fields.pop("do", "answered"), [ticket], **fields)
    assert sentence in text_of(page)
    assert stands([ticket], "state") == [("waiting",)]


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example/search/", "/admin/", "", "/search/\\evil"])
def test_it_leads_back_to_a_list_of_this_site_only(branch, back):
    client, _user = signed_in(Role.DESK, branch)
    page = act(client, "answered", [make_ticket(branch)], back=back)
    assert page.redirect_chain[0][0] == "/search/"


def undo_of(page):
    return re.search(r'action="(/questions/bulk/undo/[^"]+)"', page.content.decode()).group(1)


@pytest.mark.parametrize("what", ["take", "answered", "category"])
def test_a_verb_with_a_way_back_is_taken_back(branch, what):
    client, _user = signed_in(Role.DESK, branch)
    make_category("paper_jam")
    tickets = waiting(branch, 2)
    page = act(client, what, tickets, category="paper_jam")
    back = client.post(undo_of(page), follow=True)
    assert "2 done." in text_of(back)
    assert back.redirect_chain[0][0] == "/search/?q=jam"
    assert stands(tickets, "state", "owner_id", "category_id") == [("waiting", None, tickets[0].category_id)] * 2


@pytest.mark.parametrize("what", ["reference", "it", "duplicate"])
def test_a_verb_without_a_way_back_offers_none(branch, what):
    client, _user = signed_in(Role.DESK, branch)
    assert "/questions/bulk/undo/" not in act(client, what, waiting(branch, 1)).content.decode()


def test_an_undo_is_its_makers_and_is_good_for_ten_minutes(branch, monkeypatch):
    client, _user = signed_in(Role.DESK, branch)
    ticket = make_ticket(branch)
    path = undo_of(act(client, "answered", [ticket]))
    stranger = signed_in(Role.DESK, branch)[0]
    assert "There is nothing to take back" in text_of(stranger.post(path, follow=True))
    assert "There is nothing to take back" in text_of(client.post("/questions/bulk/undo/forged/", follow=True))
    monkeypatch.setattr("django.core.signing.time.time", lambda: NOW.timestamp() + 10**9)
    assert "There is nothing to take back" in text_of(client.post(path, follow=True))
    assert stands([ticket], "state") == [("done",)]


def test_an_undo_leaves_what_somebody_moved_since(branch):
    client, _user = signed_in(Role.DESK, branch)
    tickets = waiting(branch, 2)
    path = undo_of(act(client, "take", tickets))
    Ticket.objects.filter(pk=tickets[0].pk).update(owner=make_user())
    assert "1 done, 1 not" in text_of(client.post(path, follow=True))


def test_an_answer_that_was_there_is_kept(branch):
    client, _user = signed_in(Role.DESK, branch)
    ticket = make_ticket(branch, answer="Tray two")
    act(client, "answered", [ticket])
    assert stands([ticket], "answer") == [("Tray two",)]


def test_the_queue_offers_it_too(branch):
    client, _user = signed_in(Role.REFERENCE, branch)
    tickets = waiting(branch, 2, tier=2, promised_at=NOW + timedelta(minutes=5))
    page = client.get(reverse("reference"))
    assert f'value="{tickets[0].pk}:0"' in page.content.decode()
    back = f"/reference/{branch.slug}/"
    done = act(client, "take", tickets, back=back)
    assert done.redirect_chain[0][0] == back
    assert stands(tickets, "state") == [("claimed",)] * 2


@pytest.mark.parametrize("path", ["/search/?q=jam&ticked=page", "/reference/?ticked=page"])
def test_a_whole_page_is_ticked_without_scripts(branch, path):
    client, _user = signed_in(Role.REFERENCE, branch)
    tickets = waiting(branch, 3, tier=2, promised_at=NOW)
    html = client.get(path).content.decode()
    assert sorted(map(int, re.findall(r'id="tick-(\d+)"[^>]* checked', html))) == [ticket.pk for ticket in tickets]


@pytest.mark.parametrize("said", ["", "x", "²", "-1", "9" * 40])
def test_an_address_that_says_nothing_ticks_nothing(said):
    assert not ticked_in({"ticked": said})


def test_a_question_ticked_twice_is_one():
    assert chosen_of(["7:1", "7:2", "8:0"]) == [Chosen(7, 1), Chosen(8, 0)]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_who_take_the_same_ten_share_them_and_double_none():
    branch = make_branch()
    tickets = waiting(branch, 10)
    chosen = [Chosen(ticket.pk, 0) for ticket in tickets]
    users = [make_user(Role.DESK, branch) for _n in range(2)]

    def take(user):
        return lambda: run(what="take", chosen=chosen, user=user, by=staff(user.pk, user.role), now=NOW)

    results = race(*map(take, users))
    done = [number for result in results for number, _category in result.done]
    assert sorted(done) == [ticket.pk for ticket in tickets]
