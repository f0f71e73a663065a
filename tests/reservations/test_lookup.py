"""Whoever of the staff turns a number into a patron leaves a line that says who, when, where and why."""

import ast
from datetime import timedelta
from pathlib import Path

import pytest

from helpdesk.actor import patron as by_patron
from helpdesk.purging import purge
from reservations.models import PatronLookup
from reservations.models.cards import LookupWhy
from reservations.patrons.lookup import look_up, looked_up
from tests import factories as make
from tests.factories import NOW, at
from tests.reservations.sitting import by_desk, codes

pytestmark = pytest.mark.django_db
NUMBER = "29990000000017"
RESERVATIONS = Path(__file__).resolve().parents[2] / "reservations"


@pytest.fixture
def branch():
    make.make_card(NUMBER)
    return make.make_branch()


def looked(branch, by, *, number=NUMBER, why=LookupWhy.ASK, now=NOW):
    return look_up(number=number, why=why, branch_id=branch.pk, by=by, now=now).patron


def test_a_look_up_says_who_where_and_why(branch):
    by = by_desk()
    patron = looked(branch, by)
    row = PatronLookup.objects.get()
    assert (row.user_id, row.branch, row.why, row.patron, row.at) == (by.user_id, branch, "ask", patron, NOW)


def test_a_number_that_nobody_has_is_logged_too(branch):
    assert codes(looked, branch, by_desk(), number="29990000009999") == ["unknown_number"]
    row = PatronLookup.objects.get()
    assert (row.found, row.patron) == (False, None)


def test_nobody_but_staff_looks_anybody_up(branch):
    assert codes(looked, branch, by_patron()) == ["unknown_number"]
    assert not PatronLookup.objects.exists()


def test_a_form_that_is_sent_again_is_one_look_up_and_another_reason_is_another(branch):
    by = by_desk()
    looked(branch, by)
    looked(branch, by, now=NOW + timedelta(seconds=30))
    looked(branch, by, why=LookupWhy.BLOCK)
    looked(branch, by, now=NOW + timedelta(minutes=5))
    assert PatronLookup.objects.count() == 3


def test_only_who_has_looked_a_card_up_a_moment_ago_may_act_on_it(branch):
    by = by_desk()
    patron = looked(branch, by)
    assert looked_up(patron_id=patron.pk, by=by, now=NOW + timedelta(minutes=14)) == patron
    assert looked_up(patron_id=patron.pk, by=by, now=NOW + timedelta(minutes=16)) is None
    assert looked_up(patron_id=patron.pk, by=by_desk(), now=NOW) is None


def test_whom_it_was_is_forgotten_with_the_day_and_the_rest_after_90_days(branch):
    looked(branch, by_desk())
    purge(now=at(2, day=25), dry_run=False)
    assert PatronLookup.objects.get().patron is None
    purge(now=NOW + timedelta(days=91), dry_run=False)
    assert not PatronLookup.objects.exists()


def called_names():
    """Yield each module of reservations with the names that it calls, and each import."""
    for path in RESERVATIONS.rglob("*.py"):
        name = str(path.relative_to(RESERVATIONS))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                yield name, called, {keyword.arg for keyword in node.keywords}


def test_no_way_leads_around_the_log():
    calls = list(called_names())
    assert {name for name, called, _words in calls if called == "shown"} <= {
        "patrons/library.py",
        "patrons/sources.py",
    }
    assert {name for name, called, _words in calls if called == "card_key"} <= {
        "patrons/sources.py",
        "patrons/library.py",
        "patrons/trust.py",
        "cards/lines.py",
        "forms_setup.py",
        "demo/people.py",
        "demo/guard.py",
    }
    assert {name for name, called, _words in calls if called == "shown_at_desk"} == {"patrons/lookup.py"}
    asked = [(name, words) for name, called, words in calls if called == "look_up"]
    assert len(asked) >= 2
    assert [name for name, words in asked if not {"why", "by", "branch_id"} <= words] == []
