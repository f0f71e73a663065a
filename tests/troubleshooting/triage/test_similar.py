"""Solved questions that are like a line."""

import pytest
from django.urls import reverse

from helpdesk.models import Role
from tests.factories import NOW, make_branch, make_ticket, make_user
from tests.troubleshooting.staffed import element, freeze, signed_in
from troubleshooting.models import SearchWord
from troubleshooting.triage.similar import similar

pytestmark = pytest.mark.django_db
LINE = "the big printer has a paper jam"


@pytest.fixture
def branch():
    return make_branch()


@pytest.fixture
def user(branch):
    return make_user(Role.DESK, branch)


def solved(branch, text, answer="Pulled it out", **fields):
    return make_ticket(
        branch, text=text, **{"answer": answer, "state": "done", "done_at": NOW, "outcome": "fixed", **fields}
    )


def numbers(text, user):
    return [each.number for each in similar(text, user)]


def test_the_most_similar_comes_first_with_what_helped(branch, user):
    near = solved(branch, "Paper jam in the big printer", answer="Open tray two")
    solved(branch, "Where is the bathroom?")
    further = solved(branch, "Printer has no paper")
    found = similar(LINE, user)
    assert [each.number for each in found] == [near.pk, further.pk]
    assert (found[0].text, found[0].answer) == ("Paper jam in the big printer", "Open tray two")


def test_a_rare_word_counts_more_than_usual_ones(branch, user):
    for word, many in (("printer", 9000), ("paper", 9000), ("jam", 9000), ("staple", 3)):
        SearchWord.objects.create(word=word, tickets=many)
    solved(branch, "printer paper")
    rare = solved(branch, "a staple in it")
    assert numbers("printer paper staple", user)[0] == rare.pk


def test_endings_do_not_matter(branch, user):
    ticket = solved(branch, "Printers jammed")
    assert numbers("the printer jams", user) == [ticket.pk]


@pytest.mark.parametrize(
    "fields",
    [
        {"answer": ""},
        {"state": "waiting", "done_at": None, "outcome": ""},
        {"outcome": "withdrawn"},
        {"outcome": "no_answer"},
        {"text": "paper hat for a party"},
    ],
)
def test_what_was_not_solved_or_is_little_alike_is_not_shown(branch, user, fields):
    solved(branch, **{"text": "paper jam big printer", **fields})
    assert numbers(LINE, user) == []


def test_other_branches_stay_theirs(user):
    solved(make_branch(), LINE)
    assert numbers(LINE, user) == []


def test_the_same_words_are_shown_once_and_the_newest_counts(branch, user):
    solved(branch, LINE)
    newest = solved(branch, LINE.upper())
    assert numbers(LINE, user) == [newest.pk]


def test_three_are_shown(branch, user):
    for number in range(5):
        solved(branch, f"{LINE}, {number}")
    assert len(similar(LINE, user)) == 3


@pytest.mark.parametrize("text", ["", "the of and", "🖨️", "' | ! & :*", "x" * 2000])
def test_any_line_gets_an_answer(branch, user, text):
    solved(branch, LINE)
    assert similar(text, user) == []


def test_it_takes_three_queries(branch, user, django_assert_num_queries):
    for _n in range(20):
        solved(branch, LINE)
    with django_assert_num_queries(3):
        similar(LINE, user)


def test_the_desk_sees_them_under_the_reason_and_as_plain_text(branch, monkeypatch):
    freeze(monkeypatch)
    client, _user = signed_in(Role.DESK, branch)
    ticket = solved(branch, "<b>paper</b> jam in the printer", answer="<script>Tray</script>")
    part = element(client.post(reverse("desk-suggest"), {"text": LINE}), "suggest")
    assert reverse("question", args=[ticket.pk]) in part
    assert "&lt;b&gt;paper&lt;/b&gt; jam" in part
    assert "&lt;script&gt;Tray&lt;/script&gt;" in part
