"""Tier 0 at the kiosk: one step a page, what helps most often first; whoever comes then knows what was tried."""

import uuid

import pytest
from django.urls import reverse

from tests.factories import NOW, make_branch, make_category, make_guide, make_step, make_ticket
from tests.troubleshooting.staffed import freeze, signed_in, text_of
from tests.troubleshooting.test_kiosk_help_views import paired
from troubleshooting.models import Category, GuideAnswer, Ticket

pytestmark = pytest.mark.django_db
TRY, WHERE, SOLVED = (reverse(f"kiosk-help-{name}", args=["stuck"]) for name in ("try", "where", "solved"))


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    freeze(monkeypatch)


@pytest.fixture
def guide():
    steps = [make_step(key, no=then, patron=True) for key, then in ("ab", "bc", "cd")]
    return make_guide(Category.objects.get(code="pc_performance"), *steps, make_step("d", patron=True))


@pytest.fixture
def client():
    return paired()[0]


def pk(guide, key):
    return guide.steps.get(key=key).pk


def at(guide, keys=""):
    return TRY + "?" + "&".join(f"tried={pk(guide, key)}:no" for key in keys)


def send(client, address, **fields):
    return client.post(address, {"request_key": str(uuid.uuid4()), **fields})


def answers(ticket):
    return list(ticket.answers.values_list("step__key", "answer"))


def test_one_step_is_asked_a_page_and_no_leads_to_the_next(client, guide):
    first = client.get(TRY)
    assert "Step 1 of 3 Try a." in text_of(first)
    assert "Try b." not in text_of(first)
    assert "Step 2 of 3 Try b." in text_of(client.get(at(guide, "a")))


def test_after_three_steps_a_person_is_next_though_the_guide_has_more(client, guide):
    assert "No, I need a person" in text_of(client.get(at(guide, "ab")))
    assert client.get(at(guide, "abc")).headers["Location"].startswith(WHERE)


def test_what_solved_most_often_is_asked_first(client, guide):
    branch = make_branch()
    for _time in range(5):
        ticket = make_ticket(branch, category=guide.category)
        GuideAnswer.objects.create(ticket=ticket, step_id=pk(guide, "c"), answer="yes", at=NOW, by_kind="patron")
    assert "Try c." in text_of(client.get(TRY))


def test_a_step_that_worked_is_a_question_solved_at_tier_0_with_all_that_was_tried(client, guide):
    send(client, SOLVED, tried=[f"{pk(guide, 'a')}:no"], answer=f"{pk(guide, 'b')}:yes")
    ticket = Ticket.objects.get()
    assert (ticket.tier, ticket.state, ticket.channel, ticket.category) == (0, "done", "kiosk", guide.category)
    assert answers(ticket) == [("a", "no"), ("b", "yes")]


def test_whoever_asks_for_a_person_hands_over_what_was_tried(client, guide):
    page = client.get(at(guide, "abc"), follow=True)
    carried = [f"{pk(guide, key)}:no" for key in "abc"]
    assert all(f'name="tried" value="{value}"' in page.content.decode() for value in carried)
    coming = client.get(send(client, WHERE, seat="here", tried=carried).headers["Location"])
    ticket = Ticket.objects.get()
    assert answers(ticket) == [("a", "no"), ("b", "no"), ("c", "no")]
    assert "You tried this already. The librarian sees it:" in text_of(coming)
    desk, _user = signed_in("desk", ticket.branch)
    assert "No Try a. a patron" in text_of(desk.get(reverse("desk-question", args=[ticket.pk])))


def test_a_refused_place_keeps_what_was_tried(client, guide):
    page = send(client, WHERE, seat="", tried=[f"{pk(guide, 'a')}:no"])
    assert page.status_code == 422
    assert f'name="tried" value="{pk(guide, "a")}:no"' in page.content.decode()


def test_another_language_is_chosen_without_losing_the_place(client, guide):
    page = client.get(at(guide, "a")).content.decode()
    assert f"tried={pk(guide, 'a')}%3Ano" in page.split('name="here" value="')[1].split('"')[0].replace(":", "%3A")


def test_steps_are_read_in_the_language_of_the_screen(client, guide):
    client.cookies["look"] = "es"
    assert "Pruebe a. ¿Ayudó a?" in text_of(client.get(TRY))


def test_an_answer_to_a_step_that_is_not_for_patrons_is_passed_over(client, guide):
    other = make_guide(make_category("wifi")).steps.first().pk
    send(client, WHERE, seat="here", tried=[f"{other}:yes", "x", "1:maybe", "9" * 40])
    assert answers(Ticket.objects.get()) == []


def test_a_guide_without_a_step_for_patrons_leads_straight_to_a_person(client):
    make_guide(Category.objects.get(code="pc_performance"), make_step("a"))
    assert client.get(TRY).headers["Location"].startswith(WHERE)


@pytest.mark.parametrize("change", ["delete", "hide"])
def test_a_card_whose_category_is_gone_still_calls_a_person(client, change):
    category = Category.objects.filter(code="pc_performance")
    if change == "delete":
        category.delete()
    else:
        category.update(is_offered=False)
    assert client.get(TRY).headers["Location"].startswith(WHERE)
    send(client, WHERE, seat="here")
    assert Ticket.objects.get().category.code == "other"


def test_a_step_takes_the_same_queries_however_much_was_answered(client, guide, django_assert_max_num_queries):
    client.get(TRY)
    with django_assert_max_num_queries(7) as few:
        client.get(TRY)
    for _time in range(6):
        ticket = make_ticket(make_branch(), category=guide.category)
        GuideAnswer.objects.create(ticket=ticket, step_id=pk(guide, "c"), answer="no", at=NOW, by_kind="patron")
    address = at(guide, "a")
    with django_assert_max_num_queries(len(few)):
        client.get(address)
