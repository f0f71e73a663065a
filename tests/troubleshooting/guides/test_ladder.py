"""Where somebody stands in a guide after some answers."""

from hypothesis import given
from hypothesis import strategies as st

from tests.factories import make_step as step
from troubleshooting.guides.ladder import climb

PRINTER = (step("queue", no="paper"), step("paper", no="light"), step("light", "it", "desk"))


def where(*steps, **answers):
    ladder = climb(steps or PRINTER, answers)
    return ladder.current.key if ladder.current else ladder.end


def test_the_first_step_comes_first():
    assert where() == "queue"


def test_a_no_leads_on_and_a_yes_that_solves_ends_it():
    assert (where(queue="no"), where(queue="no", paper="yes")) == ("paper", "solved")


def test_a_step_that_was_left_out_goes_on_as_after_no():
    assert where(queue="skipped") == "paper"


def test_an_end_names_who_it_goes_to():
    assert (where(queue="no", paper="no", light="yes"), where(queue="no", paper="no", light="no")) == ("it", "desk")


def test_what_a_patron_tried_out_of_order_is_passed_over_when_the_way_comes_there():
    assert (where(paper="no"), where(paper="no", queue="no")) == ("queue", "light")


def test_what_was_not_tried_waits():
    assert [each.key for each in climb(PRINTER, {"queue": "no"}).rest] == ["light"]


def test_a_guide_without_steps_says_nothing():
    assert climb((), {}) == climb((), {"a": "no"})
    assert (climb((), {}).current, climb((), {}).end) == (None, "")


def test_a_draft_that_leads_round_or_nowhere_ends_at_the_desk():
    assert where(step("a", no="a"), a="no") == "desk"
    assert where(step("a", no="gone"), a="no") == "desk"


TARGETS = st.sampled_from(["a", "b", "c", "gone", "solved", "it"])
ANSWERS = st.dictionaries(st.sampled_from("abcd"), st.sampled_from(["yes", "no", "skipped"]))


@given(st.tuples(*[st.tuples(TARGETS, TARGETS)] * 3), ANSWERS)
def test_any_guide_and_any_answers_lead_to_a_step_without_an_answer_or_to_an_end(ways, answers):
    steps = [step(key, yes, no) for key, (yes, no) in zip("abc", ways, strict=True)]
    ladder = climb(steps, answers)
    assert (ladder.current is None) == bool(ladder.end)
    assert ladder.current is None or ladder.current.key not in answers
