"""What is wrong with a guide: told for each step, and told exactly where somebody would not come out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import make_step as step
from troubleshooting.guides.graph import NEVER_ENDS, problems
from troubleshooting.guides.shape import ENDS, Text

LANGUAGES = {"en": "English", "es": "Spanish"}
KEYS = ("a", "b", "c", "d", "e")


def codes(*steps):
    return [(problem.code, problem.key) for problem in problems(steps, LANGUAGES)]


def test_a_guide_whose_ways_all_end_has_no_problem():
    assert codes(step("a", no="b"), step("b", no="c", yes="c"), step("c", yes="it")) == []


def test_a_guide_without_a_step_is_refused():
    assert codes() == [("no_steps", "")]


def test_a_step_that_leads_to_itself_is_a_loop():
    assert codes(step("a", no="a")) == [("loop", "a")]


def test_a_step_that_leads_back_is_a_loop_and_the_sentence_names_both_and_what_to_do():
    found = problems([step("a", no="b"), step("b", no="a")], LANGUAGES)
    assert [problem.sentence for problem in found] == [
        "Step 2 (b) leads back to Step 1 (a), so the guide goes round. Choose a later step or an end."
    ]


def test_a_loop_without_any_end_is_told_of_each_step():
    assert codes(step("a", "b", "b"), step("b", "a", "a")) == [("loop", "b"), ("no_end", "a"), ("no_end", "b")]


def test_a_target_that_does_not_exist_is_named():
    found = problems([step("a", no="gone")], LANGUAGES)
    assert [problem.code for problem in found] == ["no_target"]
    assert "“gone”" in found[0].sentence


def test_a_step_that_no_answer_leads_to_is_unreached():
    assert codes(step("a"), step("b")) == [("unreached", "b")]


def test_a_loop_that_nobody_reaches_is_told_as_unreached_only():
    assert codes(step("a"), step("b", no="b")) == [("unreached", "b")]


@pytest.mark.parametrize("texts", [{}, {"en": Text("Do.", "Ask?")}, {"en": Text("Do.", "?"), "es": Text(" ", "?")}])
def test_missing_words_in_a_language_are_told(texts):
    assert ("no_text", "a") in codes(step("a", texts=texts))


def test_words_that_are_too_long_are_told():
    texts = {"en": Text("x" * 161, "?"), "es": Text("x", "?" * 101)}
    assert codes(step("a", texts=texts)) == [("long_text", "a")] * 2


def always_ends(steps):
    """Walk every row of answers from the entry, by hand: a way that is longer than the guide goes round."""
    by_key = {each.key: each for each in steps}

    def walk(key, left):
        if key in ENDS:
            return True
        if key not in by_key or left == 0:
            return False
        return all(walk(target, left - 1) for target in (by_key[key].yes, by_key[key].no))

    return bool(steps) and walk(steps[0].key, len(steps))


TARGET = st.sampled_from([*KEYS, *ENDS, "gone"])


@given(st.integers(0, len(KEYS)).flatmap(lambda many: st.tuples(*[st.tuples(TARGET, TARGET)] * many)))
def test_a_guide_is_let_through_exactly_where_every_walk_from_its_entry_ends(ways):
    steps = [step(key, yes, no) for key, (yes, no) in zip(KEYS, ways, strict=False)]
    reached = {each.key for each in problems(steps, LANGUAGES) if each.code == "unreached"}
    stuck = [each for each in problems(steps, LANGUAGES) if each.code in NEVER_ENDS and each.key not in reached]
    assert (not stuck) == always_ends(steps)
