"""The search page as staff use it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from helpdesk.models import Role
from tests.factories import (
    NOW,
    make_area,
    make_branch,
    make_category,
    make_class,
    make_device,
    make_guide,
    make_step,
    make_ticket,
)
from tests.troubleshooting.staffed import counted, element, freeze, signed_in, text_of
from troubleshooting.models import SearchWord
from troubleshooting.search.questions import PAGE

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    freeze(monkeypatch)


@pytest.fixture
def branch():
    return make_branch(name="Harbour", slug="harbour")


def find(client, q="", **narrow):
    return client.get(reverse("search"), {"q": q, **narrow})


def numbers(answer):
    html = answer.content.decode()
    return [int(part.split('"')[0]) for part in html.split('id="found-')[1:]]


def desk(branch, role=Role.DESK):
    return signed_in(role, branch)[0]


def done(branch, **fields):
    return make_ticket(branch, **{"state": "done", "done_at": NOW, "outcome": "answered", **fields})


def test_a_question_is_found_by_its_words_and_by_what_helped(branch):
    said = make_ticket(branch, text="Paper jam in the big printer")
    helped = done(branch, text="It is stuck", answer="Open tray two: a paper jam")
    make_ticket(branch, text="Where is the bathroom?")
    assert numbers(find(desk(branch), "paper jam")) == [helped.pk, said.pk]


@pytest.mark.parametrize("q", ["Printing", "printed", "PRINTERS", "the printer", "prin"])
def test_endings_small_words_and_big_letters_do_not_matter(branch, q):
    ticket = make_ticket(branch, text="The printer prints nothing")
    assert numbers(find(desk(branch), q)) == [ticket.pk]


@pytest.mark.parametrize("q", ["impresion", "impresión", "IMPRESIÓN", "impresiones"])
def test_accents_do_not_matter(branch, q):
    ticket = make_ticket(branch, text="La impresión salió en blanco")
    assert numbers(find(desk(branch), q)) == [ticket.pk]


def test_a_typo_finds_what_was_meant_and_says_so(branch):
    SearchWord.objects.create(word="printer", tickets=3)
    ticket = make_ticket(branch, text="The printer is out")
    answer = find(desk(branch), "prnter")
    assert numbers(answer) == [ticket.pk]
    assert "Also looked for: printer" in text_of(answer)


def test_an_address_is_found_by_its_parts(branch):
    ticket = make_ticket(branch, text="cannot open gmail.com or my_file-2.pdf")
    assert [numbers(find(desk(branch), q)) for q in ("gmail", "pdf", "gmail.com")] == [[ticket.pk]] * 3


def test_all_words_must_be_there(branch):
    make_ticket(branch, text="printer on fire")
    assert numbers(find(desk(branch), "printer water")) == []


@pytest.mark.parametrize("q", ["{}", "F{}", "#{}", "fault {}", "question {}", "No. {}"])
def test_a_number_opens_its_question_first(branch, q):
    ticket = make_ticket(branch, text="Something else")
    make_ticket(branch, text=f"See number {ticket.pk}")
    assert numbers(find(desk(branch), q.format(ticket.pk)))[0] == ticket.pk


def test_the_found_words_are_marked_and_markup_is_text(branch):
    make_ticket(branch, text="<img src=x onerror=alert(1)> printer")
    html = find(desk(branch), "printer").content.decode()
    assert "&lt;img src=x onerror=alert(1)&gt; <mark>printer</mark>" in html


def test_staff_find_the_questions_of_their_branches_only(branch):
    other = make_ticket(make_branch(), text="Paper jam")
    mine = make_ticket(branch, text="Paper jam")
    assert numbers(find(desk(branch), "jam")) == [mine.pk]
    assert numbers(find(desk(branch), str(other.pk))) == []
    assert numbers(find(signed_in(Role.MANAGER)[0], "jam")) == [mine.pk, other.pk]


def test_it_finds_the_questions_of_all_branches(branch):
    ticket = make_ticket(branch, text="Paper jam", tier=3)
    assert numbers(find(signed_in(Role.TECH)[0], "jam")) == [ticket.pk]


def narrowing(branch):
    """Return what narrows a search to one of two questions."""
    old = {"opened_at": NOW - timedelta(days=10)}
    forms = make_category("online_forms", tier=2, kind="reference")
    one = done(
        branch, text="jam", category=forms, tier=2, kind="reference", device=make_device(branch, label="8"), **old
    )
    two = make_ticket(make_branch(slug="millbrook"), text="jam", tier=1)
    return one, two


@pytest.mark.parametrize(
    "narrow",
    [
        {"state": "done"},
        {"branch": "harbour"},
        {"tier": "2"},
        {"kind": "reference"},
        {"category": "online_forms"},
        {"until": "2026-11-20"},
        {"since": "2026-11-01", "until": "2026-11-14"},
    ],
)
def test_a_search_is_narrowed(branch, narrow):
    one, two = narrowing(branch)
    client = signed_in(Role.MANAGER)[0]
    assert numbers(find(client, "jam")) == [two.pk, one.pk]
    assert numbers(find(client, "jam", **narrow)) == [one.pk]
    assert numbers(find(client, "", **narrow)) == [one.pk]


def test_what_is_open_is_found_without_words(branch):
    one, two = narrowing(branch)
    assert numbers(find(signed_in(Role.MANAGER)[0], state="open")) == [two.pk]
    assert numbers(find(signed_in(Role.MANAGER)[0], device=one.device_id)) == [one.pk]


@pytest.mark.parametrize(
    "narrow",
    [
        {"state": "lost"},
        {"branch": "x"},
        {"tier": "9"},
        {"kind": "'"},
        {"category": "x"},
        {"since": "soon"},
        {"device": "a"},
    ],
)
def test_a_filter_that_is_none_asks_for_nothing(branch, narrow):
    ticket = make_ticket(branch, text="jam")
    answer = find(desk(branch), "jam", **narrow)
    assert (answer.status_code, numbers(answer)) == (200, [ticket.pk])


@pytest.mark.parametrize(
    "q",
    [
        "the of and",
        "el la de",
        "()|&!:*<->",
        "'",
        '"',
        "\\",
        "%",
        "🖨️",
        "''':*",
        "\u200b\u200d",
        "-- ; DROP",
        "\x00a\x00",
    ],
)
def test_any_search_gets_an_answer(branch, q):
    make_ticket(branch, text="Paper jam")
    answer = find(desk(branch), q)
    assert answer.status_code == 200
    assert numbers(answer) == []


def test_small_words_alone_are_told_so(branch):
    assert "Add one that tells more" in text_of(find(desk(branch), "where is the"))


def test_a_text_from_the_right_is_found(branch):
    ticket = make_ticket(branch, text="המדפסת לא עובדת")
    assert numbers(find(desk(branch), "המדפסת")) == [ticket.pk]


def test_ten_thousand_characters_are_refused_in_words_and_kept(branch):
    answer = find(desk(branch), "jam " * 2500)
    assert answer.status_code == 200
    assert "200 fit" in text_of(answer)
    assert "jam jam jam" in element(answer, "find-q")


def test_two_hundred_characters_fit(branch):
    ticket = make_ticket(branch, text="jam")
    assert numbers(find(desk(branch), "jam " * 50)) == [ticket.pk]


def test_the_next_page_goes_on_after_the_last_number(branch):
    tickets = [make_ticket(branch, text="jam") for _n in range(PAGE + 3)]
    client = desk(branch)
    first = find(client, "jam")
    assert numbers(first) == [ticket.pk for ticket in reversed(tickets[3:])]
    assert f"before={tickets[3].pk}" in first.content.decode()
    make_ticket(branch, text="jam")
    assert numbers(find(client, "jam", before=tickets[3].pk)) == [ticket.pk for ticket in reversed(tickets[:3])]


@pytest.mark.parametrize("before", ["", "x", "-1", "9" * 30])
def test_a_page_that_is_none_is_the_first(branch, before):
    ticket = make_ticket(branch, text="jam")
    assert numbers(find(desk(branch), "jam", before=before)) == [ticket.pk]


def test_what_is_found_is_not_counted_to_the_end(branch):
    for _n in range(PAGE + 1):
        make_ticket(branch, text="jam")
    assert "More than 20 questions" in text_of(find(desk(branch), "jam"))


@pytest.mark.parametrize("q", ["8", "seat 8", "asiento 8"])
def test_a_seat_is_found_by_its_number(branch, q):
    seat = make_device(branch, label="8")
    make_device(branch, label="18")
    SearchWord.objects.create(word="seat", tickets=1)
    answer = find(desk(branch), q.replace("asiento", "seat"))
    assert reverse("desk-seat", args=[seat.pk]) in element(answer, "group-devices")
    assert "Seat 18" not in text_of(answer)


def test_a_machine_is_found_by_its_class_with_a_typo(branch):
    SearchWord.objects.create(word="printer", tickets=1)
    printer = make_device(branch, label="P1", kind=make_class(name="Colour printer", kind="printer", bookable=False))
    answer = find(desk(branch), "prnter")
    assert reverse("desk-seat", args=[printer.pk]) in element(answer, "group-devices")


def test_a_device_of_another_branch_is_not_found(branch):
    make_device(make_branch(), label="8", area=make_area(make_branch()))
    assert 'id="group-devices"' not in find(desk(branch), "8").content.decode()


def test_the_tech_is_led_to_what_was_asked_about_a_device(branch):
    seat = make_device(branch, label="8")
    answer = find(signed_in(Role.TECH)[0], "seat 8")
    assert f"?device={seat.pk}" in element(answer, "group-devices")


def test_a_category_is_found_and_leads_to_its_questions(branch):
    make_category("paper_jam", name="Paper jam")
    assert "?category=paper_jam" in element(find(desk(branch), "paper"), "group-categories")


def test_nothing_found_says_what_to_do(branch):
    assert "Take a word away" in text_of(find(desk(branch), "zzyzx"))


def test_an_empty_search_shows_no_question(branch):
    make_ticket(branch, text="jam")
    assert numbers(find(desk(branch))) == []


def test_every_staff_page_leads_to_the_search_by_key(branch):
    page = desk(branch).get(reverse("desk")).content.decode()
    assert f'<a href="{reverse("search")}" data-key="/">' in page
    there = find(desk(branch))
    assert 'data-key="/"' in element(there, "find-q")
    assert f'<a href="{reverse("search")}" data-key' not in there.content.decode()


@pytest.mark.parametrize("q", ["paper jam", "prnter jma", "118", "seat 8", ""])
def test_a_search_takes_nine_queries_at_most(branch, q):
    for number in range(30):
        make_ticket(branch, text="paper jam", device=make_device(branch, label=str(number)))
    SearchWord.objects.create(word="printer", tickets=3)
    client = desk(branch)
    with counted() as queries:
        find(client, q, state="open", branch="harbour")
    assert len(queries) <= 10, "\n".join(queries)


def test_a_guide_is_found_by_the_words_of_one_of_its_steps(branch):
    make_guide(make_category("paper_jam"), make_step("tray"))
    page = find(desk(branch), "tray help")
    assert 'id="group-guides"' in page.content.decode()
    assert reverse("guide", args=["paper_jam"]) in page.content.decode()
    assert 'id="group-guides"' not in find(desk(branch), "tray sandwich").content.decode()


def test_the_tech_is_led_to_no_guide(branch):
    make_guide(make_category("paper_jam"), make_step("tray"))
    assert 'id="group-guides"' not in find(desk(branch, Role.TECH), "tray help").content.decode()


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "1999-12-31"])
def test_a_day_that_nobody_means_is_said_at_its_field(branch, day):
    page = find(desk(branch), "printer", until=day, since=day)
    assert page.status_code == 200
    assert "Choose a day, or leave it empty." in text_of(page)
