"""The suggestion beside the question form: from the words or by choice, why, what to ask, and what is then saved."""

from html import unescape
from uuid import uuid4

import pytest
from django.urls import reverse

from helpdesk.models import Role
from tests.factories import NOW, make_branch, make_guide, make_step, make_ticket, make_user
from troubleshooting import categories
from troubleshooting.guides.live import live_guide
from troubleshooting.models import Category, Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _library(monkeypatch):
    monkeypatch.setattr("helpdesk.clock.now", lambda: NOW)
    categories.load(Category)
    steps = (make_step("queue", no="paper"), make_step("paper", no="light"), make_step("light", "it", "desk"))
    make_guide(Category.objects.get(code="printing"), *steps)


@pytest.fixture
def branch():
    return make_branch()


@pytest.fixture
def desk(client, branch):
    client.force_login(make_user(Role.DESK, branch))
    return client


def step_of(code, place=0):
    """Return a step of the guide in use of a category."""
    return live_guide(Category.objects.get(code=code).pk).steps[place]


def shown(desk, **sent):
    return unescape(desk.post(reverse("desk-suggest"), sent).content.decode())


def test_words_bring_a_category_why_and_its_first_step(desk):
    html = shown(desk, text="paid for printing but nothing comes out", scope="")
    assert '<h3 class="vh">Printing: nothing came out</h3>' in html
    assert step_of("printing").text("en").ask in html
    assert "<b>printing</b>" in html


def test_three_categories_can_be_chosen_from_and_the_first_is_ticked(desk):
    html = shown(desk, text="the mouse does not move")
    assert html.count('name="suggested"') == 3
    assert html.count(" checked") == 1


def test_the_ticked_one_of_them_brings_its_own_guide(desk):
    first = shown(desk, text="the mouse does not move")
    other = first.split('value="')[2].split('"')[0]
    html = shown(desk, text="the mouse does not move", suggested=other)
    assert f'<h3 class="vh">{Category.objects.get(code=other).label}</h3>' in html


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
    shown(desk, text="paid for printing but nothing comes out", scope="")
    with django_assert_num_queries(8):
        shown(desk, text="paid for printing but nothing comes out", scope="")


def tried(place, answer, code="printing"):
    return f"{step_of(code, place).pk}:{answer}"


WORDS = {"text": "paid for printing but nothing comes out", "scope": "", "suggested": "printing"}


def test_an_answer_leads_to_the_next_step_and_travels_with_the_form(desk):
    html = shown(desk, **WORDS, answer=tried(0, "no"))
    assert f'name="tried" value="{tried(0, "no")}"' in html
    assert step_of("printing", 1).text("en").ask in html


def test_an_answer_that_solves_it_says_what_to_do_next(desk):
    html = shown(desk, **WORDS, tried=tried(0, "no"), answer=tried(1, "yes"))
    assert 'data-end="solved"' in html
    assert "It works. Save it as fixed." in html


def test_an_answer_is_taken_back_before_anything_is_saved(desk):
    html = shown(desk, **WORDS, tried=tried(0, "no"), undo=step_of("printing").pk)
    assert 'name="tried"' not in html


def test_what_was_tried_for_another_category_is_carried_on_and_not_shown(desk):
    html = shown(desk, **{**WORDS, "category": "wifi"}, tried=tried(0, "no"))
    assert f'name="tried" value="{tried(0, "no")}"' in html
    assert 'class="tried"' not in html


@pytest.mark.parametrize("value", ["", "x", "1:maybe", "9" * 30 + ":no", ":no", "-1:yes", "<b>:no", "\x00:no", "²:no"])
def test_an_answer_that_is_none_is_passed_over(desk, value):
    assert 'name="tried"' not in shown(desk, **WORDS, answer=value)


def test_a_category_that_is_not_offered_any_more_is_neither_suggested_nor_to_choose(desk, branch):
    Category.objects.filter(code="printing").update(is_offered=False)
    page = desk.get(reverse("desk-branch", args=[branch.slug])).content.decode()
    assert '<option value="printing"' not in page
    assert 'value="printing"' not in shown(desk, text="paid for printing but nothing comes out")


def save(desk, branch, **sent):
    sent = {"text": "nothing comes out", "do": "save", "request_key": uuid4(), **sent}
    return desk.post(reverse("desk-log", args=[branch.slug]), sent)


def test_what_was_tried_is_recorded_when_the_question_is_saved(desk, branch):
    save(desk, branch, suggested="printing", tried=[tried(0, "no"), tried(1, "yes")])
    answers = Ticket.objects.get().answers.values_list("step__key", "answer", "by_kind")
    assert list(answers) == [(step_of("printing").key, "no", "staff"), (step_of("printing", 1).key, "yes", "staff")]


def test_a_refused_form_keeps_what_was_tried(desk, branch):
    page = save(desk, branch, suggested="printing", scope="", do="nonsense", tried=[tried(0, "no"), tried(1, "no")])
    assert page.content.decode().count('name="tried"') == 2


def test_a_form_whose_key_was_used_keeps_what_was_tried(desk, branch):
    key = uuid4()
    save(desk, branch, request_key=key)
    page = save(desk, branch, text="Another", scope="", category="printing", request_key=key, tried=[tried(0, "no")])
    assert page.status_code == 422
    assert page.content.decode().count('name="tried"') == 1


def test_a_category_that_was_deleted_meanwhile_is_refused_in_words_that_keep_the_text(desk, branch):
    Category.objects.filter(code="wifi").delete()
    page = save(desk, branch, text="My words", category="wifi")
    assert page.status_code == 422
    assert "There is no such kind of question. Choose another." in page.content.decode()
    assert "My words" in page.content.decode()


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


def test_a_danger_is_never_saved_as_answered(desk, branch):
    page = save(desk, branch, text="sparks and a burning smell", suggested="danger")
    assert page.status_code == 422
    assert "Danger goes to IT" in page.content.decode()
    assert save(desk, branch, text="sparks and a burning smell", suggested="danger", do="it").status_code in {200, 302}
