"""The suggestion beside the question form: from the words or by choice, why, what to ask, and what is then saved."""

from uuid import uuid4

import pytest
from django.urls import reverse

from helpdesk.models import Role
from tests.factories import NOW, make_branch, make_ticket, make_user
from troubleshooting import categories
from troubleshooting.models import Category, Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _library(monkeypatch):
    monkeypatch.setattr("helpdesk.clock.now", lambda: NOW)
    categories.load(Category)


@pytest.fixture
def branch():
    return make_branch()


@pytest.fixture
def desk(client, branch):
    client.force_login(make_user(Role.DESK, branch))
    return client


def shown(desk, **sent):
    return desk.post(reverse("desk-suggest"), sent).content.decode()


def test_words_bring_a_category_why_and_its_first_fixes(desk):
    html = shown(desk, text="paid for printing but nothing comes out")
    assert '<h3 class="vh">Printing: nothing came out</h3>' in html
    assert "Is the job waiting at the print desk?" in html
    assert "<b>printing</b>" in html


def test_three_categories_can_be_chosen_from_and_the_first_is_ticked(desk):
    html = shown(desk, text="the mouse does not move")
    assert html.count('name="suggested"') == 3
    assert html.count(" checked") == 1


def test_the_ticked_one_of_them_brings_its_own_fixes(desk):
    first = shown(desk, text="the mouse does not move")
    other = first.split('value="')[2].split('"')[0]
    html = shown(desk, text="the mouse does not move", suggested=other)
    assert f'<h3 class="vh">{Category.objects.get(code=other).label}</h3>' in html.replace("&#x27;", "'")


def test_a_category_that_staff_chose_comes_before_the_words(desk):
    html = shown(desk, text="paid for printing but nothing comes out", category="wifi")
    assert f"<h3>{Category.objects.get(code='wifi').label}</h3>" in html
    assert 'name="suggested"' not in html


@pytest.mark.parametrize(("scope", "asked"), [("", True), ("others", False)])
def test_where_the_level_depends_on_it_the_desk_is_told_to_ask_once(desk, scope, asked):
    html = shown(desk, text="the computer is frozen", scope=scope)
    assert ("Only this one, or others too?" in html) == asked


@pytest.mark.parametrize("code", ["", "no-such", "x\x00y", "x" * 5000])
def test_an_unknown_category_and_no_words_bring_nothing(desk, code):
    assert "Type what they need" in shown(desk, category=code)


@pytest.mark.parametrize("text", ["\x00", "<script>alert(1)</script>", "🙂" * 200, "مرحبا", "word " * 2000])
def test_any_words_get_an_answer_and_nothing_of_them_runs(desk, text):
    answer = desk.post(reverse("desk-suggest"), {"text": text})
    assert answer.status_code == 200
    assert "<script>" not in answer.content.decode()


def test_the_number_of_queries_is_constant(desk, branch, django_assert_num_queries):
    shown(desk, text="first, so that the model is learned")
    make_ticket(branch, text="paid for printing", answer="Tap the card", state="done", done_at=NOW, outcome="fixed")
    with django_assert_num_queries(7):
        shown(desk, text="paid for printing but nothing comes out")


@pytest.mark.parametrize(("chosen", "kept"), [("", "printing"), ("wifi", "wifi")])
def test_saving_accepts_the_suggestion_unless_staff_chose(desk, branch, chosen, kept):
    sent = {
        "text": "nothing comes out",
        "suggested": "printing",
        "category": chosen,
        "do": "save",
        "request_key": uuid4(),
    }
    desk.post(reverse("desk-log", args=[branch.slug]), sent)
    assert Ticket.objects.get().category.code == kept


def test_a_suggestion_that_is_no_category_is_passed_over(desk, branch):
    sent = {"text": "nothing comes out", "suggested": "no-such", "do": "save", "request_key": uuid4()}
    assert desk.post(reverse("desk-log", args=[branch.slug]), sent).status_code == 302
    assert Ticket.objects.get().category.code != "no-such"


def test_a_refused_form_keeps_its_suggestion(desk, branch):
    sent = {"text": "paid for printing but nothing comes out", "do": "nonsense", "request_key": uuid4()}
    answer = desk.post(reverse("desk-log", args=[branch.slug]), sent)
    assert answer.status_code == 422
    assert '<h3 class="vh">Printing: nothing came out</h3>' in answer.content.decode()
