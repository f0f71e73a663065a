"""Learning from solved tickets: never worse, never personal, one model in use."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection

from helpdesk.actor import SYSTEM
from helpdesk.db import constraint_of
from helpdesk.registry import purges
from tests.factories import NOW, make_branch, make_category, make_ticket
from tests.troubleshooting.racing import race
from troubleshooting import tasks
from troubleshooting.models import TriageModel
from troubleshooting.privacy import purge_reports
from troubleshooting.triage import in_use, retraining
from troubleshooting.triage.lines import to_learn
from troubleshooting.triage.measure import Right
from troubleshooting.triage.model import learn
from troubleshooting.triage.own_lines import allowed_features, own_lines
from troubleshooting.triage.retraining import NO_TICKETS, ONE_CATEGORY, OVERTAKEN, WORSE, retrain

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _small(monkeypatch):
    """Learn from a tenth of the shipped lines and check with some of them: the verb is tested here, not the model."""
    few = to_learn()[::10]
    small = learn(few)
    monkeypatch.setattr(retraining, "to_learn", lambda: few)
    monkeypatch.setattr(retraining, "to_check", lambda: few[::10])
    monkeypatch.setattr(in_use, "shipped", lambda: small)
    monkeypatch.setattr(in_use, "_held", None)


@pytest.fixture
def branch():
    return make_branch()


def solved(branch, text, category="makerspace", **fields):
    row = make_category(category, tier=fields.get("tier", 1))
    done = {"state": "done", "done_at": NOW, "outcome": "fixed"}
    return make_ticket(branch, category=row, text=text, **{**done, **fields})


@pytest.fixture
def makers(branch):
    """Twenty questions about a category that the shipped lines do not know, and some about another."""
    for number in range(20):
        solved(branch, f"the laser cutter number {number} stopped")
    for _ in range(3):
        solved(branch, "printer is jammed with paper", "paper_jam")
    return branch


def test_the_librarys_own_words_are_learned(makers):
    result = retrain(by=SYSTEM, now=NOW)
    assert result.switched
    assert in_use.current().guess("laser cutter").categories[0][0] == "makerspace"


def test_the_report_tells_what_was_compared(makers):
    row = retrain(by=SYSTEM, now=NOW).row
    assert row is not None
    assert row.checked_on > 23
    assert all(row.right_now[name] >= row.right_before[name] for name in row.right_before)


def test_without_tickets_nothing_happens():
    assert retrain(by=SYSTEM, now=NOW).said == NO_TICKETS
    assert not TriageModel.objects.exists()


def test_with_tickets_of_one_category_only_nothing_happens(branch):
    for _ in range(6):
        solved(branch, "the laser cutter stopped")
    assert retrain(by=SYSTEM, now=NOW).said == ONE_CATEGORY
    assert not TriageModel.objects.exists()


def test_a_worse_model_is_kept_out_with_its_reason(makers, monkeypatch):
    monkeypatch.setattr(Right, "never_worse_than", lambda self, other: False)
    result = retrain(by=SYSTEM, now=NOW)
    assert (result.switched, result.said) == (False, WORSE)
    kept = TriageModel.objects.get()
    assert (kept.in_use, kept.kept_out, kept.body) == (False, WORSE, {})
    assert in_use.current() is in_use.shipped()


def test_less_often_right_in_one_figure_is_worse():
    assert not Right(tier=9, category=9, among_three=8).never_worse_than(Right(tier=9, category=8, among_three=9))
    assert Right(tier=9, category=9, among_three=9).never_worse_than(Right(tier=9, category=9, among_three=9))


def test_wrongly_sorted_tickets_do_not_make_it_worse(branch):
    """Whatever nonsense was taught, the model in use is right as often as before on the held-out lines."""
    for number, line in enumerate(to_learn()[::40]):
        solved(branch, line.text, ("audio", "wifi", "pdf")[number % 3], tier=0)
    result = retrain(by=SYSTEM, now=NOW)
    assert result.row is not None
    if result.switched:
        assert result.row.right_now["tier"] >= result.row.right_before["tier"]
    else:
        assert in_use.current() is in_use.shipped()


def test_the_next_model_replaces_the_one_in_use_and_takes_its_words(makers):
    first = retrain(by=SYSTEM, now=NOW).row
    second = retrain(by=SYSTEM, now=NOW).row
    assert first is not None
    assert second is not None
    first.refresh_from_db()
    assert (first.in_use, first.body) == (False, {})
    assert TriageModel.objects.get(in_use=True) == second


def test_texts_with_numbers_of_people_never_enter(branch):
    for _ in range(5):
        solved(branch, "card 2999 0000 0000 17 does not work")
        solved(branch, "write to someone@example.org")
    assert own_lines(to_learn()) == ([], [])


def test_only_answered_questions_with_words_are_learned(branch):
    solved(branch, "gone home", outcome="withdrawn")
    solved(branch, "who knows", outcome="no_answer")
    solved(branch, "")
    solved(branch, "said by the system", channel="system")
    solved(branch, "not sorted", "other")
    make_ticket(branch, text="still open")
    assert own_lines(to_learn()) == ([], [])


def test_each_fifth_ticket_is_held_out(makers):
    own = own_lines(to_learn())
    assert len(own.learned) + len(own.held_out) == 23
    assert 4 <= len(own.held_out) <= 5


def test_a_word_of_two_tickets_stays_out_of_the_model(branch):
    own = [solved(branch, text) for text in ("zygote laser", "zygote laser", "laser")]
    lines = [line for part in own_lines(()) for line in part]
    assert len(lines) == len(own)
    allowed = allowed_features((), lines)
    assert "word laser" in allowed
    assert "word zygote" not in allowed


def test_a_rare_word_is_in_no_part_of_the_stored_model(makers):
    solved(makers, "qwzx laser cutter")
    solved(makers, "qwzx laser cutter")
    row = retrain(by=SYSTEM, now=NOW).row
    assert row is not None
    assert "qwzx" not in str(row.body)


def test_the_nightly_task_says_what_came_of_it(makers):
    assert tasks.learn_triage().startswith("in use, learned from")


def test_a_model_that_was_overtaken_is_not_switched_in(makers, monkeypatch):
    real = retraining.measure
    seen = []

    def meanwhile(model, lines):
        if not seen:
            seen.append(retraining)
            monkeypatch.setattr(retraining, "measure", real)
            retrain(by=SYSTEM, now=NOW)
        return real(model, lines)

    monkeypatch.setattr(retraining, "measure", meanwhile)
    assert retrain(by=SYSTEM, now=NOW).said == OVERTAKEN
    assert TriageModel.objects.filter(in_use=True).count() == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_at_once_leave_one_model_in_use():
    branch = make_branch()
    for number in range(8):
        solved(branch, f"the laser cutter number {number} stopped")
        solved(branch, "printer is jammed with paper", "paper_jam")
    said = {result.said for result in race(*[lambda: retrain(by=SYSTEM, now=NOW)] * 2)}
    assert OVERTAKEN in said or len(said) == 1
    assert TriageModel.objects.filter(in_use=True).count() == 1


def test_reports_of_old_models_go_after_ninety_days_and_the_one_in_use_stays():
    stored(in_use=False, body={})
    stored()
    assert purge_reports(NOW + timedelta(days=89), False) == 0
    assert purge_reports(NOW + timedelta(days=90), True) == 1
    assert purge_reports(NOW + timedelta(days=90), False) == 1
    assert TriageModel.objects.get().in_use


def test_what_was_learned_is_declared():
    assert "triage_models" in {entry.key for entry in purges()}


def stored(**fields):
    return TriageModel.objects.create(
        **{"made_at": NOW, "by_kind": "system", "in_use": True, "tickets": 1, "checked_on": 1, "body": {"labels": []}}
        | fields
    )


def two_in_use():
    stored()
    stored()


@pytest.mark.db
@pytest.mark.parametrize(
    ("name", "violate"),
    [
        ("triage_model_one_in_use", two_in_use),
        ("triage_model_body_only_in_use", lambda: stored(in_use=False)),
        ("triage_model_body_only_in_use", lambda: stored(body={})),
        ("triage_model_in_use_was_let_in", lambda: stored(kept_out=WORSE)),
        ("triage_model_actor_known", lambda: stored(by_kind="nobody")),
    ],
)
def test_the_database_has_the_last_word(name, violate):
    with pytest.raises(IntegrityError) as refused:
        violate()
    assert constraint_of(refused.value) == name
    assert connection.needs_rollback
