"""The ladder on the page of a question: answered, taken back, shown to whoever gets it next."""

import pytest
from django.urls import reverse

from tests.factories import NOW, make_branch, make_category, make_guide, make_ticket
from tests.troubleshooting.staffed import HTMX, element, freeze, signed_in, text_of
from troubleshooting.models import GuideAnswer, Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    freeze(monkeypatch)


@pytest.fixture
def guide():
    return make_guide(make_category("pdf"))


@pytest.fixture
def ticket(guide):
    return make_ticket(make_branch(), category=guide.category)


@pytest.fixture
def desk(ticket):
    return signed_in("desk", ticket.branch)[0]


def send(client, ticket, headers=None, **fields):
    return client.post(reverse("question-answer", args=[ticket.pk]), fields, **(headers or {}))


def answered(ticket, guide, said="no", **fields):
    GuideAnswer.objects.create(
        ticket=ticket, step=guide.steps.first(), answer=said, at=NOW, **{"by_kind": "patron", **fields}
    )


def test_without_script_an_answer_leads_back_to_the_page_it_was_given_on(desk, ticket, guide):
    answer = send(desk, ticket, answer=f"{guide.steps.first().pk}:no", page="desk")
    assert answer.headers["Location"] == reverse("desk-question", args=[ticket.pk]) + "#ladder"
    assert "Try second. Did second help?" in text_of(desk.get(reverse("desk-question", args=[ticket.pk])))


def test_with_script_an_answer_brings_the_next_step_as_the_page_shows_it(desk, ticket, guide):
    fragment = send(desk, ticket, HTMX, answer=f"{guide.steps.first().pk}:no", page="desk")
    page = desk.get(reverse("desk-question", args=[ticket.pk]))
    assert element(fragment, "ladder") == element(page, "ladder")


def test_an_answer_is_taken_back(desk, ticket, guide):
    answered(ticket, guide)
    send(desk, ticket, undo=guide.steps.first().pk)
    assert not ticket.answers.exists()


@pytest.mark.parametrize("fields", [{}, {"answer": "x"}, {"answer": "1:maybe"}, {"undo": "-1"}, {"answer": "0:no"}])
def test_what_is_no_answer_is_refused_in_words(desk, ticket, fields):
    page = send(desk, ticket, HTMX, **fields)
    assert page.status_code == 422
    assert "data-toast" in page.content.decode()
    assert not ticket.answers.exists()


def test_a_finished_question_says_so_and_keeps_its_answers(desk, ticket, guide):
    Ticket.objects.filter(pk=ticket.pk).update(state="done", done_at=NOW, outcome="fixed")
    page = send(desk, ticket, HTMX, answer=f"{guide.steps.first().pk}:no")
    assert "is already done" in text_of(page)
    assert "Alt Y" not in text_of(page)


def test_a_question_of_another_branch_does_not_exist(ticket, guide):
    stranger, _user = signed_in("desk", make_branch())
    assert send(stranger, ticket, answer=f"{guide.steps.first().pk}:no").status_code == 404


PAGES = [("reference", 2, "reference", []), ("tech", 3, "it-fault", "pk"), ("desk", 1, "desk-question", "pk")]


@pytest.mark.parametrize(("role", "tier", "name", "args"), PAGES)
def test_a_hand_over_arrives_with_what_was_already_tried(ticket, guide, role, tier, name, args):
    answered(ticket, guide)
    Ticket.objects.filter(pk=ticket.pk).update(tier=tier)
    client, _user = signed_in(role, ticket.branch)
    page = text_of(client.get(reverse(name, args=[ticket.pk] if args else [])))
    assert "No Try first. a patron" in page


def test_the_story_of_a_question_shows_what_was_tried(desk, ticket, guide):
    answered(ticket, guide, "skipped")
    assert "left out Try first. a patron" in text_of(desk.get(reverse("question", args=[ticket.pk])))


def test_words_of_a_step_are_shown_in_the_language_of_the_reader_and_stay_plain(desk, ticket, guide):
    step = guide.steps.first()
    step.texts = {"en": {"do": "x", "ask": "x"}, "es": {"do": "<script>alert(1)</script>", "ask": "¿Bien?"}}
    step.save()
    page = desk.get(reverse("desk-question", args=[ticket.pk]), HTTP_ACCEPT_LANGUAGE="es").content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "¿Bien?" in page
