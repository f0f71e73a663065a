"""Every text field of a question: markup stays text, any script is kept, too long is refused and nothing is lost."""

import pytest
from django.urls import reverse

from helpdesk.models import Role
from tests.factories import NOW, make_branch, make_category, make_ticket
from tests.troubleshooting.staffed import freeze, signed_in, text_of
from tests.troubleshooting.test_guard import FORMS, form_of, kept_texts
from troubleshooting.models import Ticket, TicketEvent

pytestmark = pytest.mark.django_db

MARKUP = (
    "<script>alert(1)</script> <a href='javascript:alert(1)'>click</a> <img src=x onerror=alert(1)> https://x.example/"
)
EMOJI = "🖨️ broken 👩‍🦯 🇪🇸 ☕"
HEBREW = "המדפסת במושב 8 לא עובדת"
ARABIC = "الطابعة لا تعمل في المقعد 8"
LONG = "x" * 10_000


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    freeze(monkeypatch)


@pytest.fixture
def branch():
    make_category("other")
    return make_branch(slug="harbour")


def shown_everywhere(branch):
    """Return what the pages of staff show of all questions."""
    client = signed_in(Role.MANAGER)[0]
    paths = [reverse("desk-branch", args=[branch.slug]), reverse("reference-branch", args=[branch.slug]), reverse("it")]
    for pk in Ticket.objects.values_list("pk", flat=True):
        paths += [reverse("question", args=[pk]), reverse("desk-question", args=[pk])]
    paths += [f"{reverse('search')}?state={state}" for state in ("open", "done")]
    return "\n".join(client.get(path).content.decode() for path in paths)


@pytest.mark.parametrize("name", FORMS)
def test_markup_links_and_scripts_are_plain_text_wherever_they_are_shown(branch, name):
    client, path, fields, words = form_of(name, branch)
    assert client.post(path, {**fields, words: MARKUP}).status_code == 302
    assert MARKUP in kept_texts()
    html = shown_everywhere(branch)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    for raw in ("<script>alert", "<a href='javascript", "<img src=x", 'href="https://x.example/'):
        assert raw not in html


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("text", [EMOJI, HEBREW, ARABIC])
def test_pictures_and_scripts_from_the_right_are_kept_as_they_are(branch, name, text):
    client, path, fields, words = form_of(name, branch)
    assert client.post(path, {**fields, words: text}).status_code == 302
    assert text in kept_texts()
    assert text in shown_everywhere(branch)


@pytest.mark.parametrize("name", FORMS)
def test_ten_thousand_characters_are_refused_in_a_sentence_and_kept(branch, name):
    client, path, fields, words = form_of(name, branch)
    before = list(Ticket.objects.values_list("pk", "version"))
    answer = client.post(path, {**fields, words: LONG})
    assert answer.status_code == 422
    assert "10000 characters. 2000 fit: make it shorter." in text_of(answer)
    assert f"{LONG}</textarea>" in answer.content.decode()
    assert list(Ticket.objects.values_list("pk", "version")) == before
    assert not TicketEvent.objects.exists()


@pytest.mark.parametrize("name", FORMS)
def test_the_longest_text_that_fits_is_saved_whole(branch, name):
    client, path, fields, words = form_of(name, branch)
    assert client.post(path, {**fields, words: "y" * 2000}).status_code == 302
    assert "y" * 2000 in kept_texts()


@pytest.mark.parametrize(
    "text", [MARKUP, EMOJI, HEBREW, ARABIC, LONG, "\x00\x1b[31m", "' OR 1=1 --", "%s %(x)s {{ 7 }}"]
)
def test_a_suggestion_bears_any_text(branch, text):
    make_ticket(branch, text=MARKUP, answer=MARKUP, state="done", done_at=NOW, outcome="fixed")
    client = signed_in(Role.DESK, branch)[0]
    answer = client.post(reverse("desk-suggest"), {"text": text})
    assert answer.status_code == 200
    assert "<script>" not in answer.content.decode()


@pytest.mark.parametrize("text", [MARKUP, EMOJI, HEBREW, ARABIC, "' OR 1=1 --", "%s %(x)s {{ 7 }}"])
def test_a_search_bears_any_text_and_gives_it_back(branch, text):
    client = signed_in(Role.DESK, branch)[0]
    answer = client.get(reverse("search"), {"q": text[:200]})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()
