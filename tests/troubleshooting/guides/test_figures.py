"""Figures of steps: how often asked, how often solved; what they put first at a kiosk, and what never solves."""

from datetime import timedelta

import pytest

from tests.factories import NOW, make_branch, make_category, make_guide, make_step, make_ticket
from troubleshooting.guides.figures import Figure, all_figures, figures_of, never_solves, offered, said
from troubleshooting.guides.shape import Text
from troubleshooting.models import GuideAnswer

pytestmark = pytest.mark.django_db


@pytest.fixture
def guide():
    return make_guide(make_category("pdf"), make_step("a", no="b"), make_step("b", "it", "solved"))


def answered(step, *answers, at=NOW):
    branch = make_branch()
    for answer in answers:
        ticket = make_ticket(branch, category=step.version.category)
        GuideAnswer.objects.create(ticket=ticket, step=step, answer=answer, at=at, by_kind="staff")


def figure(step):
    return figures_of(step.version.category_id, NOW).get(said(step.shape))


def test_what_led_to_solved_counts_as_solved_whichever_answer_that_was(guide):
    first, second = guide.steps.all()
    answered(first, "yes", "no", "no")
    answered(second, "no", "yes")
    assert (figure(first), figure(second)) == (Figure(3, 1), Figure(2, 1))


def test_a_step_that_was_left_out_was_not_asked(guide):
    answered(guide.steps.first(), "skipped", "no")
    assert figure(guide.steps.first()) == Figure(1, 0)


def test_answers_older_than_ninety_days_are_left_out(guide):
    answered(guide.steps.first(), "yes", at=NOW - timedelta(days=91))
    assert figure(guide.steps.first()) is None


def test_a_new_version_keeps_the_figures_of_steps_that_say_the_same_and_others_begin_anew(guide):
    answered(guide.steps.first(), "yes", "no")
    changed = make_step("b", texts={"en": Text("Other.", "Well?")})
    newer = make_guide(guide.category, make_step("a", no="b"), changed)
    answered(guide.steps.last(), "no")
    answered(newer.steps.first(), "no")
    assert [figure(step) for step in newer.steps.all()] == [Figure(3, 1), None]


def test_all_figures_of_a_guide_are_one_query(guide, django_assert_num_queries):
    answered(guide.steps.first(), "yes", "no")
    with django_assert_num_queries(1):
        figures_of(guide.category_id, NOW)


def test_the_figures_of_all_guides_are_one_query(guide, django_assert_num_queries):
    answered(guide.steps.first(), "yes", "no", "skipped")
    answered(make_guide(make_category("wifi")).steps.first(), "no")
    with django_assert_num_queries(1):
        found = all_figures(NOW)
    assert found[guide.category_id] == {said(guide.steps.first().shape): Figure(2, 1)}
    assert len(found) == 2


@pytest.mark.parametrize(("asked", "solved", "never"), [(10, 0, True), (9, 0, False), (10, 1, False)])
def test_a_step_never_solves_from_ten_answers_without_one(asked, solved, never):
    assert never_solves(make_step("a"), Figure(asked, solved)) == never


def test_a_plain_question_is_not_meant_to_solve():
    assert not never_solves(make_step("a", "b", "c"), Figure(50, 0))


STEPS = [make_step(key, patron=True) for key in "abcd"]


def order(**figures):
    found = {said(step): figures[step.key] for step in STEPS if step.key in figures}
    return "".join(step.key for step in offered(STEPS, found))


def test_without_figures_the_kiosk_keeps_the_order_of_the_guide_and_shows_three():
    assert order() == "abc"


def test_what_solves_most_often_comes_first_at_the_kiosk():
    assert order(c=Figure(10, 9), d=Figure(10, 3), a=Figure(10, 1), b=Figure(10, 5)) == "cbd"


def test_a_share_of_fewer_than_five_answers_says_nothing():
    assert order(d=Figure(4, 4)) == "abc"


def test_a_step_that_nobody_has_tried_comes_before_one_that_seldom_helps():
    assert order(a=Figure(20, 0), b=Figure(20, 10)) == "bcd"


def test_a_plain_question_and_what_staff_do_is_not_for_a_patron():
    steps = [make_step("a", "b", patron=True), make_step("b", "it", patron=True), make_step("c"), STEPS[3]]
    assert [step.key for step in offered(steps, {})] == ["d"]


def test_a_step_that_never_solves_is_not_offered():
    first, second = make_step("a", patron=True), make_step("b", patron=True)
    assert [step.key for step in offered([first, second], {said(first): Figure(10, 0)})] == ["b"]
    assert [step.key for step in offered([first, second], {said(first): Figure(9, 0)})] == ["a", "b"]
