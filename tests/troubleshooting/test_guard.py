"""Words that look personal are warned about before they are saved, on every form about a question."""

import re
from uuid import uuid4

import pytest
from django.urls import reverse

from helpdesk.models import Role
from tests.factories import NOW, make_branch, make_category, make_device, make_ticket
from tests.troubleshooting.staffed import HTMX, freeze, signed_in, text_of
from troubleshooting.models import Ticket, TicketEvent

pytestmark = pytest.mark.django_db
CARD = "2999 0000 0000 17"
WORDS = f"card {CARD} does not work"


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    freeze(monkeypatch)


@pytest.fixture
def branch():
    make_category("other")
    return make_branch()


def form_of(name, branch):
    """Return a client, the address of a form, what it sends beside its words, and the name of their field."""
    role = {"it-fixed": Role.TECH, "it-send-back": Role.TECH}.get(name, Role.REFERENCE)
    client, user = signed_in(role, branch)
    if name == "desk-log":
        return client, reverse(name, args=[branch.slug]), {"do": "save", "request_key": str(uuid4())}, "text"
    if name == "desk-report":
        make_category("display", hardware=True)
        fields = {"category": "display", "request_key": str(uuid4())}
        return client, reverse(name, args=[make_device(branch).pk]), fields, "text"
    tier = {"desk-finish": 1, "it-fixed": 3, "it-send-back": 3}.get(name, 2)
    stands = {"state": "claimed", "owner": user, "claimed_at": NOW}
    if name == "question-reopen":
        stands = {"state": "done", "done_at": NOW, "outcome": "answered"}
    ticket = make_ticket(branch, tier=tier, **stands)
    fields = {"version": ticket.version, "do": "save", "outcome": "answered"}
    return client, reverse(name, args=[ticket.pk]), fields, "text" if name == "desk-finish" else "answer"


FORMS = [
    "desk-log",
    "desk-report",
    "desk-finish",
    "reference-done",
    "reference-to-it",
    "it-fixed",
    "it-send-back",
    "question-reopen",
]


def kept_texts():
    return [
        text
        for rows in (Ticket.objects.values_list("text", "answer"), TicketEvent.objects.values_list("text"))
        for row in rows
        for text in row
    ]


def mark_of(answer):
    """Return what the button "Save as it is" sends."""
    return re.search(r'name="personal" value="([0-9a-f]{16})"', answer.content.decode()).group(1)


@pytest.mark.parametrize("name", FORMS)
def test_the_form_comes_back_once_with_its_words_and_names_the_piece(branch, name):
    client, path, fields, words = form_of(name, branch)
    answer = client.post(path, {**fields, words: WORDS})
    assert answer.status_code == 422
    assert f"Card number: {CARD}" in text_of(answer)
    assert f"{WORDS}</textarea>" in answer.content.decode()
    assert not any(CARD in text for text in kept_texts())


@pytest.mark.parametrize("name", FORMS)
def test_as_it_is_saves_the_words_as_they_are(branch, name):
    client, path, fields, words = form_of(name, branch)
    mark = mark_of(client.post(path, {**fields, words: WORDS}))
    assert client.post(path, {**fields, words: WORDS, "personal": mark}).status_code == 302
    assert WORDS in kept_texts()


@pytest.mark.parametrize("name", FORMS)
def test_taken_out_saves_the_rest(branch, name):
    client, path, fields, words = form_of(name, branch)
    assert client.post(path, {**fields, words: WORDS, "personal": "out"}).status_code == 302
    assert "card … does not work" in kept_texts()
    assert not any(CARD in text for text in kept_texts())


@pytest.mark.parametrize("name", FORMS)
def test_words_about_nobody_are_saved_at_once(branch, name):
    client, path, fields, words = form_of(name, branch)
    assert client.post(path, {**fields, words: "seat 7 since 14:02, error 1053"}).status_code == 302


def test_the_warning_shows_what_would_be_left(branch):
    client, path, fields, words = form_of("desk-log", branch)
    assert "Without it: card … does not work" in text_of(client.post(path, {**fields, words: WORDS}))


def test_the_warning_is_a_fragment_where_the_form_is_one(branch):
    client, path, fields, words = form_of("desk-log", branch)
    answer = client.post(path, {**fields, words: WORDS}, **HTMX)
    assert answer.content.decode().lstrip().startswith('<form class="ask')
    assert mark_of(answer)


def test_as_it_is_holds_for_what_was_shown_and_not_for_what_is_typed_afterwards(branch):
    client, path, fields, words = form_of("desk-log", branch)
    mark = mark_of(client.post(path, {**fields, words: WORDS}))
    more = client.post(path, {**fields, words: f"{WORDS}, call 555-123-4567", "personal": mark})
    assert more.status_code == 422
    assert "Phone number: 555-123-4567" in text_of(more)


def test_the_button_that_was_pressed_is_remembered(branch):
    client, path, fields, words = form_of("desk-log", branch)
    html = client.post(path, {**fields, words: WORDS, "do": "reference"}).content.decode()
    assert '<input type="hidden" name="do" value="reference">' in html


def test_an_answer_given_once_is_not_asked_for_again_when_something_else_is_wrong(branch):
    client, path, fields, words = form_of("desk-log", branch)
    mark = mark_of(client.post(path, {**fields, words: WORDS}))
    html = client.post(path, {**fields, words: WORDS, "personal": mark, "category": "no-such"}).content.decode()
    assert f'<input type="hidden" name="personal" value="{mark}">' in html


def test_the_librarys_own_card_numbers_are_known(branch, settings):
    settings.LIBRARY_SYSTEM = type(settings.LIBRARY_SYSTEM)(card_shape=re.compile("D[0-9]{7}"))
    client, path, fields, words = form_of("desk-log", branch)
    answer = client.post(path, {**fields, words: "D123-4567 is locked"})
    assert "Card number: D123-4567" in text_of(answer)
