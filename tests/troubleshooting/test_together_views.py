"""The pages on which levels work together: the box, bounces, halves, what is late, one tap back."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from helpdesk.actor import staff
from tests.factories import NOW, make_branch, make_category, make_device, make_handoff, make_ticket, make_user
from tests.troubleshooting.staffed import HTMX, counted, element, freeze, reference_fields, signed_in, text_of
from troubleshooting.handoff import sweep
from troubleshooting.lifecycle import claim, escalate, hand_over, send_back, split
from troubleshooting.models import Ticket

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    freeze(monkeypatch)


@pytest.fixture
def branch():
    return make_branch()


@pytest.fixture
def desk(branch):
    return signed_in("desk", branch, username="harbour-desk")


@pytest.fixture
def librarian(branch):
    return signed_in("reference", branch, username="harbour-reference")


@pytest.fixture
def tech():
    return signed_in("tech", username="the-tech")


def by(user):
    return staff(user.pk, user.role)


def bounced_once(branch, librarian):
    """Handed over, taken, sent to IT: it comes back for the second bounce."""
    ticket = make_ticket(branch, device=make_device(branch))
    hand_over(ticket_id=ticket.pk, by=staff(None, "desk"), now=NOW)
    claim(ticket_id=ticket.pk, by=by(librarian), now=NOW)
    escalate(ticket_id=ticket.pk, by=by(librarian), now=NOW)
    ticket.refresh_from_db()
    return ticket


def stopped(branch, librarian, tech):
    ticket = bounced_once(branch, librarian)
    send_back(ticket_id=ticket.pk, by=by(tech), now=NOW)
    ticket.refresh_from_db()
    return ticket


# the box


def over_its_box(branch, user):
    ticket = make_ticket(branch, device=make_device(branch))
    return claim(ticket_id=ticket.pk, by=by(user), now=NOW - 6 * MINUTE)


def test_the_desk_is_asked_in_the_next_bar_with_four_ways(branch, desk):
    client, user = desk
    ticket = over_its_box(branch, user)
    bar = element(client.get(reverse("desk")), "next")
    assert "Worked 6 min. Solved, keep on, hand over, or book a one-to-one?" in bar
    for name in ("desk-finish", "desk-keep-on", "desk-question"):
        assert reverse(name, args=[ticket.pk]) in bar
    assert f"{reverse('appointment-new', args=[branch.slug])}?ticket={ticket.pk}" in bar


def test_solved_in_the_bar_finishes_it(branch, desk):
    client, user = desk
    ticket = over_its_box(branch, user)
    client.post(reverse("desk-finish", args=[ticket.pk]), {"do": "save", "version": ticket.version}, **HTMX)
    ticket.refresh_from_db()
    assert ticket.state == "done"


def test_its_page_asks_as_well_until_it_is_answered(branch, desk):
    client, user = desk
    ticket = over_its_box(branch, user)
    page = reverse("desk-question", args=[ticket.pk])
    assert "Worked 6 min. How does it go on?" in element(client.get(page), "box")
    client.post(reverse("desk-keep-on", args=[ticket.pk]))
    assert 'id="box"' not in client.get(page).content.decode()
    assert "Worked 6 min" not in element(client.get(reverse("desk")), "next")


def test_nobody_is_asked_about_a_colleagues_question(branch, desk):
    ticket = over_its_box(branch, make_user("desk", branch))
    client, _user = desk
    assert "Worked" not in element(client.get(reverse("desk")), "next")
    assert client.post(reverse("desk-keep-on", args=[ticket.pk])).status_code == 422


# late at reference


def test_a_hand_over_that_is_late_shows_at_the_desk_and_tells_the_manager(branch, desk):
    client, _user = desk
    manager, _manager = signed_in("manager")
    seat = make_device(branch)
    make_ticket(branch, **reference_fields(device=seat, promised_at=NOW - 3 * MINUTE, step=1))
    sweep(NOW)
    page = client.get(reverse("desk"))
    assert "Waits for reference 3 min longer than promised." in element(page, "next")
    assert "With reference, nobody came yet" in element(page, "help")
    assert "Late with Reference" in text_of(manager.get(reverse("notices")))


# a second bounce


def test_it_sends_a_librarians_question_back_with_one_tap_from_its_list(branch, tech):
    client, _user = tech
    ticket = make_ticket(branch, tier=2)
    escalate(ticket_id=ticket.pk, by=staff(None, "reference"), now=NOW)
    ticket.refresh_from_db()
    jobs = element(client.get(reverse("it")), "jobs")
    assert "Back to reference" in jobs
    client.post(reverse("it-send-back", args=[ticket.pk]), {"version": ticket.version})
    ticket.refresh_from_db()
    assert (ticket.tier, ticket.state) == (2, "waiting")
    assert ticket.events.last().text == "Nothing is broken: this is for a librarian."


def test_the_phone_page_of_the_question_has_the_same_button(branch, tech):
    ticket = make_ticket(branch, tier=3)
    page = element(tech[0].get(reverse("it-fault", args=[ticket.pk])), "fault")
    assert "Back to the desk" in page
    assert reverse("it-send-back", args=[ticket.pk]) in page


def test_a_broken_machine_has_no_button_for_one_tap(branch, tech):
    make_ticket(branch, tier=3, category=make_category("display", hardware=True))
    assert "it-send-back" not in element(tech[0].get(reverse("it")), "jobs")
    assert "Back to" not in element(tech[0].get(reverse("it")), "jobs")


def test_the_second_bounce_asks_who_keeps_it(branch, librarian, tech):
    client, user = tech
    ticket = bounced_once(branch, librarian[1])
    claim(ticket_id=ticket.pk, by=by(user), now=NOW)
    ticket.refresh_from_db()
    page = element(client.get(reverse("it-fault", args=[ticket.pk])), "fault")
    assert "It stops here. Who keeps it?" in page
    colleague = make_user("reference", branch)
    sent = {"version": ticket.version, "answer": "Printer works", "keeper": colleague.pk}
    client.post(reverse("it-send-back", args=[ticket.pk]), sent)
    ticket.refresh_from_db()
    assert ticket.owner == colleague


def test_the_desk_and_reference_ask_it_too(branch, desk, librarian):
    waiting = make_ticket(branch, bounces=1)
    assert "Who keeps it?" in text_of(desk[0].get(reverse("desk-question", args=[waiting.pk])))
    user = librarian[1]
    ticket = make_ticket(branch, **reference_fields(bounces=1, state="claimed", owner=user, claimed_at=NOW, step=3))
    make_handoff(ticket, step=3, to_tier=2)
    client, _user = librarian
    assert "Who keeps it?" in element(client.get(reverse("reference")), "open")
    sent = {"version": ticket.version, "outcome": "answered", "keeper": user.pk}
    client.post(reverse("reference-to-it", args=[ticket.pk]), sent)
    ticket.refresh_from_db()
    assert (ticket.bounces, ticket.owner, ticket.tier) == (2, user, 2)


def test_all_levels_see_one_page_with_each_ones_share(branch, desk, librarian, tech):
    ticket = stopped(branch, librarian[1], tech[1])
    for client, _user in (desk, librarian, tech):
        page = text_of(client.get(reverse("question", args=[ticket.pk])))
        assert "It stays with harbour-reference" in page
        assert "It lay there" in page


def test_all_levels_add_notes_there(branch, desk, librarian, tech):
    ticket = stopped(branch, librarian[1], tech[1])
    for client, user in (desk, tech):
        client.post(reverse("question-note", args=[ticket.pk]), {"note": f"Seen by {user.username}"})
    page = text_of(librarian[0].get(reverse("question", args=[ticket.pk])))
    assert "Seen by harbour-desk" in page
    assert "Seen by the-tech" in page


def test_an_empty_or_long_note_is_refused_and_kept(branch, desk):
    ticket = make_ticket(branch)
    url = reverse("question-note", args=[ticket.pk])
    assert "Write a few words first." in text_of(desk[0].post(url, {"note": " "}))
    long = desk[0].post(url, {"note": "x" * 10_000})
    assert long.status_code == 422
    assert "x" * 10_000 in long.content.decode()


def test_taking_it_over_needs_a_reason_and_makes_it_mine(branch, librarian, tech):
    ticket = stopped(branch, librarian[1], tech[1])
    client, user = tech
    url, version = reverse("question-take-over", args=[ticket.pk]), ticket.version
    assert client.post(url, {"reason": "", "version": version}).status_code == 422
    assert client.post(url, {"reason": "The driver after all", "version": version}).status_code == 302
    ticket.refresh_from_db()
    assert ticket.owner == user


def test_its_owner_no_longer_finds_the_ways_to_pass_it_on(branch, librarian, tech):
    stopped(branch, librarian[1], tech[1])
    page = element(librarian[0].get(reverse("reference")), "open")
    assert "Its page for all levels" in page
    assert "reference-to-it" not in page
    assert "Send to IT" not in page
    assert "Put back" not in page


# halves


@pytest.fixture
def asked(branch, librarian):
    make_category("printing", tier=3)
    ticket = make_ticket(branch, **reference_fields(device=make_device(branch), text="Cite it and print it"))
    return claim(ticket_id=ticket.pk, by=by(librarian[1]), now=NOW)


def halves(ticket, **fields):
    sent = {"keeps": "The citation", "other": "The printer", "category": "printing", "request_key": uuid4()}
    return {"version": ticket.version, **sent, **fields}


def test_the_librarian_splits_it_and_goes_on_with_her_half(asked, librarian):
    client, _user = librarian
    assert "#split-keeps" in element(client.get(reverse("reference")), "open")
    answer = client.post(reverse("question-split", args=[asked.pk]), halves(asked), follow=True)
    opened = element(answer, "open")
    half = Ticket.objects.get(split_from=asked)
    assert "The citation: a librarian works on it. The printer: IT looks at it by" in opened
    assert reverse("question", args=[half.pk]) in opened


def test_it_sees_the_other_half_with_the_way_back_to_the_first(asked, librarian, tech):
    librarian[0].post(reverse("question-split", args=[asked.pk]), halves(asked))
    half = Ticket.objects.get(split_from=asked)
    page = element(tech[0].get(reverse("it-fault", args=[half.pk])), "fault")
    assert reverse("question", args=[asked.pk]) in page
    assert "Tell the patron:" in page


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"keeps": ""}, "Say in a few words what each half is about."),
        ({"other": "x" * 100}, "80 fit: make it shorter."),
        ({"category": ""}, "Choose what the other half is about."),
        ({"category": "zzz"}, "There is no such kind of question."),
        ({"request_key": "zzz"}, "Open this page again, then save."),
    ],
)
def test_a_split_that_does_not_do_is_said_and_the_words_stay(asked, librarian, fields, sentence):
    sent = halves(asked, **fields)
    answer = librarian[0].post(reverse("question-split", args=[asked.pk]), sent)
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert sent["other"] in element(answer, "split")
    assert Ticket.objects.count() == 1


def test_an_old_page_splits_nothing(asked, librarian):
    answer = librarian[0].post(reverse("question-split", args=[asked.pk]), halves(asked, version="0"))
    assert answer.status_code == 422
    assert "The printer" in element(answer, "split")


def test_a_colleagues_question_is_not_split(asked, branch):
    client, _user = signed_in("reference", branch)
    assert client.post(reverse("question-split", args=[asked.pk]), halves(asked)).status_code == 409
    assert 'id="split"' not in client.get(reverse("question", args=[asked.pk])).content.decode()


def test_markup_in_every_field_is_shown_as_it_is(asked, librarian):
    script = "<script>alert(1)</script>"
    librarian[0].post(reverse("question-split", args=[asked.pk]), halves(asked, keeps=script, other=script))
    librarian[0].post(reverse("question-note", args=[asked.pk]), {"note": script})
    page = librarian[0].get(reverse("question", args=[asked.pk])).content.decode()
    assert script not in page
    assert "&lt;script&gt;" in page


def test_a_split_question_takes_no_more_than_ten_queries(asked, librarian):
    client, user = librarian
    split(
        ticket_id=asked.pk,
        keeps="A",
        other="B",
        category="printing",
        request_key=uuid4(),
        by=by(user),
        now=NOW,
    )
    for page in (reverse("reference"), reverse("question", args=[asked.pk])):
        with counted() as queries:
            client.get(page)
        assert len(queries) <= 10


def test_a_stopped_question_takes_no_more_than_ten_queries(branch, librarian, tech):
    ticket = stopped(branch, librarian[1], tech[1])
    for page in (reverse("reference"), reverse("question", args=[ticket.pk])):
        with counted() as queries:
            librarian[0].get(page)
        assert len(queries) <= 10


# referred on


def test_referred_on_says_to_whom(branch, librarian):
    client, user = librarian
    ticket = make_ticket(branch, **reference_fields(state="claimed", owner=user, claimed_at=NOW))
    url = reverse("reference-done", args=[ticket.pk])
    sent = {"version": ticket.version, "outcome": "referred", "answer": "My own words"}
    refused = client.post(url, sent)
    assert refused.status_code == 422
    assert "Say to whom it was referred" in text_of(refused)
    assert "My own words" in refused.content.decode()
    client.post(url, sent | {"referred_to": "Legal aid clinic"})
    ticket.refresh_from_db()
    assert ticket.referred_to == "Legal aid clinic"
    assert "Referred on (Legal aid clinic)" in text_of(client.get(reverse("question", args=[ticket.pk])))
