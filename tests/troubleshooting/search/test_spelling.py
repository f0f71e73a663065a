"""What typed words are taken for."""

import pytest

from tests.factories import make_branch, make_category, make_ticket
from troubleshooting.models import SearchWord
from troubleshooting.search.spelling import look_up
from troubleshooting.search.vocabulary import learn_words

pytestmark = pytest.mark.django_db


def known(*words):
    SearchWord.objects.bulk_create(SearchWord(word=word, tickets=5) for word in words)


def meant(word):
    return look_up([word])[0].meant


@pytest.mark.parametrize("word", ["the", "is", "el", "para", "de"])
def test_small_words_of_both_languages_are_not_looked_for(word):
    assert look_up([word])[0].small


@pytest.mark.parametrize(
    ("word", "begins"),
    [("printing", "print"), ("impresoras", "impresor"), ("computadoras", "comput"), ("library", "librar")],
)
def test_endings_do_not_count(word, begins):
    assert begins in look_up([word])[0].begins


def test_a_short_stem_stands_for_itself_only():
    term = look_up(["jobs"])[0]
    assert (term.begins, term.whole) == (("jobs",), ("job",))


def test_a_number_is_what_it_is():
    term = look_up(["118"])[0]
    assert (term.begins, term.whole) == ((), ("118",))


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("prnter", "printer"),
        ("pirnter", "printer"),
        ("pritner", "printer"),
        ("pasword", "password"),
        ("passwrd", "password"),
        ("jma", "jam"),
        ("impersora", "impresora"),
        ("contraseña", "contrasena"),
        ("emial", "email"),
        ("monitr", "monitor"),
    ],
)
def test_a_misspelt_word_is_taken_for_the_nearest(wrong, right):
    known("printer", "password", "jam", "impresora", "email", "monitor", "contrasena")
    term = look_up([wrong])[0]
    assert right in (*term.meant, term.word, *term.begins)


def test_a_known_word_is_taken_as_it_is():
    known("form", "from", "farm")
    assert meant("form") == ()


def test_the_beginning_of_a_known_word_is_no_typo():
    known("printer")
    assert meant("prin") == ()


def test_a_short_word_is_not_bent_far():
    known("printer", "seat")
    assert meant("xyz") == ()


def test_nothing_known_is_nothing_meant():
    assert meant("prnter") == ()


def test_of_equally_near_words_the_usual_one_comes_first():
    SearchWord.objects.create(word="scan", tickets=2)
    SearchWord.objects.create(word="scam", tickets=900)
    assert meant("scax")[0] == "scam"


def test_known_words_take_one_query_and_unknown_ones_two(django_assert_num_queries):
    known("printer", "jam")
    with django_assert_num_queries(1):
        look_up(["printer", "jam"])
    with django_assert_num_queries(2):
        look_up(["prnter", "jma", "the"])


def test_words_are_learned_from_three_questions_and_from_our_own_lines():
    branch = make_branch()
    make_category(name="Paper jam")
    for _n in range(3):
        make_ticket(branch, text="Zephyrmatic café", answer="seat 12345")
    make_ticket(branch, text="Annabella waits")
    learn_words()
    assert SearchWord.objects.get(word="zephyrmatic").tickets == 3
    assert SearchWord.objects.filter(word__in=["cafe", "printer", "impresora", "jam"]).count() == 4
    assert not SearchWord.objects.filter(word__in=["annabella", "12345", "the"]).exists()


def test_what_no_question_says_any_more_is_forgotten():
    branch = make_branch()
    tickets = [make_ticket(branch, text="Zephyrmatic") for _n in range(3)]
    learn_words()
    type(tickets[0]).objects.update(text="")
    learn_words()
    assert not SearchWord.objects.filter(word="zephyrmatic").exists()
