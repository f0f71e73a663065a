"""What the desk is told about a line, in the library's own categories."""

import pytest

from tests.factories import make_category
from troubleshooting.models import Category
from troubleshooting.triage.small import SMALL
from troubleshooting.triage.suggestion import suggest

pytestmark = pytest.mark.django_db


def test_a_known_question_is_told_with_its_words():
    made = suggest("There is a paper jam, the printer needs clearing")
    assert made is not None
    assert made.category.code == "paper_jam"
    assert (made.tier, made.kind, made.detail) == (1, "tech_help", "printing")
    assert "jam" in made.why


def test_it_brings_the_defaults_of_the_category():
    made = suggest("I want help to find a job and write my resume")
    assert made is not None
    assert (made.category.code, made.read_level, made.counts_as_reference) == ("job_resume", 3, True)
    assert made.kind == "reference"


def test_the_librarys_own_defaults_count():
    Category.objects.filter(code="job_resume").update(read_level=4)
    made = suggest("I need a resume")
    assert made is not None
    assert made.read_level == 4


def test_three_categories_are_offered_likeliest_first():
    made = suggest("it will not print")
    assert made is not None
    chances = [ranked.chance for ranked in made.categories]
    assert len(chances) == 3
    assert chances == sorted(chances, reverse=True)


def test_a_category_that_was_removed_is_not_suggested():
    Category.objects.filter(code="paper_jam").delete()
    made = suggest("paper jam in the printer")
    assert made is not None
    assert "paper_jam" not in {ranked.category.code for ranked in made.categories}


def test_where_no_word_is_known_nothing_is_suggested():
    assert suggest("") is None
    assert suggest("🖨️") is None


def test_where_all_categories_were_removed_nothing_is_suggested():
    Category.objects.all().delete()
    make_category("local")
    assert suggest("paper jam") is None


def test_one_question_is_asked_where_the_level_depends_on_it():
    asked = suggest("the wifi is not working")
    alone = suggest("the wifi is not working", others_too=False)
    everyone = suggest("the wifi is not working", others_too=True)
    assert asked is not None
    assert alone is not None
    assert everyone is not None
    assert (asked.question, asked.tier) == ("Only this one, or others too?", 1)
    assert (alone.question, alone.tier) == ("", 1)
    assert (everyone.question, everyone.tier) == ("", 3)


def test_nothing_is_asked_where_it_would_change_nothing():
    made = suggest("I need a divorce form")
    assert made is not None
    assert made.question == ""


def test_it_takes_two_queries(django_assert_num_queries):
    suggest("printer")
    with django_assert_num_queries(2):
        suggest("printer jam")


@pytest.mark.parametrize(
    "line",
    [
        "the printer is not printing and I need it now",
        "how do I get to my email on this computer",
        "no me deja imprimir lo que tengo en el correo",
        "can you please help me with the wifi here",
        "where do you have the tax forms for this year",
    ],
)
def test_small_words_are_no_reason(line):
    made = suggest(line)
    assert made is not None
    assert made.why
    assert not {word.lower() for word in made.why} & SMALL
