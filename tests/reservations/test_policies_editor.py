"""The editor of policies: sentences with the next step, what is wrong in a list, two managers at once, previews."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from helpdesk.models import Role
from reservations.forms_policy import PolicyPage
from reservations.models import ClassRule, DeviceClass, Policy
from reservations.policies import classes_with_rules, free_name, version_of
from reservations.policy_change import change_of
from reservations.policy_reach import ahead_words, reach_words
from tests.factories import NOW, make_branch, make_device, make_policy, make_user

pytestmark = pytest.mark.django_db

RAW = ("Ensure this", "This field is required", "already exists", "Null characters", "Select a valid", "Item 1")


@pytest.fixture
def manager() -> Client:
    client = Client()
    client.force_login(make_user(Role.MANAGER, first_name="Morgan"))
    return client


def sent(policy: Policy, **changed: object) -> dict[str, object]:
    """Return what the form of `policy` sends, but for what is `changed`; a class's column is class_<pk>_<column>."""
    page = PolicyPage(policy, classes_with_rules())
    values: dict[str, object] = {}
    for form in (page.form, *page.rows):
        for bound in form:
            value = bound.value()
            if value is not None and value is not False:
                values[bound.html_name] = ",".join(map(str, value)) if isinstance(value, list) else value
    return {**values, "version": version_of(policy) if policy.pk else "", "do": "preview", **changed}


def refused(manager: Client, policy: Policy, **changed: object) -> str:
    answer = manager.post(reverse("policy-save", args=[policy.pk]), sent(policy, **changed))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert not [raw for raw in RAW if raw in page]
    return page


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("session_minutes", "2", "Type a whole number from 5 to 1440."),
        ("session_minutes", "", "Type a whole number from 5 to 1440."),
        ("session_minutes", "9" * 20, "Type a whole number from 5 to 1440."),
        ("session_minutes", "an hour", "Type a whole number from 5 to 1440."),
        ("sessions_a_day", "0", "Type a whole number from 1 to 50, or leave it empty."),
        ("staff_below_age", "131", "Type a whole number from 0 to 130."),
        ("warning_minutes", "10,x", "Type up to 5 whole numbers from 1 to 120"),
        ("warning_minutes", "9,8,7,6,5,4", "Type up to 5 whole numbers from 1 to 120"),
        ("ahead", "perhaps", "Choose one of the list."),
        ("ahead", "", "Choose one of the list."),
        ("name", "", "Type a name for the rules."),
        ("name", "a\x00b", "Type at most 80 letters, and no control characters."),
        ("name", "a" * 81, "Type at most 80 letters, and no control characters."),
    ],
)
def test_a_value_that_cannot_be_is_refused_with_the_next_step(manager, field, value, sentence):
    page = refused(manager, make_policy(), **{field: value})
    assert page.count(sentence) == 2  # in the list on top and at the field
    assert f'href="#id_{field}"' in page
    assert " h 39" not in page


@pytest.mark.parametrize(
    ("column", "value"), [("session_minutes", "9" * 20), ("least_age", "131"), ("greatest_age", "")]
)
def test_a_figure_of_a_class_that_cannot_be_is_listed_with_a_link_to_it(manager, column, value):
    kind = DeviceClass.objects.create(code="quick", name="Quick")
    page = refused(manager, make_policy(), **{f"class-{kind.pk}-{column}": value})
    assert f'href="#id_class-{kind.pk}-{column}"' in page
    assert page.count("Type a whole number from") == 2


def test_a_figure_that_is_no_number_is_not_held_against_the_others_with_its_old_value(manager):
    page = refused(manager, make_policy(), session_minutes="x", day_minutes="50")
    assert "does not fit" not in page


def test_the_list_of_what_is_wrong_takes_the_focus_and_is_announced(manager):
    page = refused(manager, make_policy(), session_minutes="x")
    assert 'class="refuse policy__faults" role="alert" tabindex="-1" autofocus' in page
    assert 'aria-describedby="id_session_minutes-hint id_session_minutes-error"' in page


def test_the_name_of_another_policy_is_refused_with_a_free_one(manager):
    make_policy(name="Riverside")
    make_policy(name="Riverside 2")
    assert "Call these Riverside 3, or something else." in refused(manager, make_policy(), name="Riverside")


def test_a_policy_keeps_its_own_name():
    policy = make_policy(name="Riverside")
    assert free_name("Riverside", beside=policy.pk) == "Riverside"


def test_a_second_policy_from_a_preset_begins_with_a_free_name(manager):
    make_policy(name="Seattle Public Library")
    page = manager.get(reverse("policy-new"), {"preset": "seattle"}).content.decode()
    assert 'value="Seattle Public Library 2"' in page


def save(manager: Client, policy: Policy, **changed: object) -> None:
    url = reverse("policy-save", args=[policy.pk])
    shown = manager.post(url, sent(policy, **changed))
    assert manager.post(url, sent(policy, **changed, do="save", seen=shown.context["seen"])).status_code == 302


def test_who_saves_second_keeps_the_values_and_hears_what_the_other_changed(manager):
    policy = make_policy()
    mine = sent(policy, grace_minutes=7)
    save(manager, policy, day_minutes=180)
    second = Client()
    second.force_login(make_user(Role.MANAGER))
    answer = second.post(reverse("policy-save", args=[policy.pk]), mine)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert ": Minutes a day." in page
    assert "Nobody can lift it" not in page
    assert "may lift" not in page
    assert answer.context["page"].form["grace_minutes"].value() == "7"
    figures = {figure.key: (figure.before, figure.after) for figure in answer.context["change"].figures}
    assert figures == {(0, "day_minutes"): ("3 hours", "2 hours"), (0, "grace_minutes"): ("10 min", "7 min")}


def test_the_second_manager_saves_from_the_page_of_the_conflict(manager):
    policy = make_policy()
    mine = sent(policy, grace_minutes=7)
    save(manager, policy, break_minutes=20)
    url = reverse("policy-save", args=[policy.pk])
    shown = manager.post(url, mine).context
    assert (
        manager.post(url, mine | {"version": shown["version"], "seen": shown["seen"], "do": "save"}).status_code == 302
    )
    policy.refresh_from_db()
    assert policy.grace_minutes == 7


def test_a_change_of_a_class_is_named_to_the_second_manager(manager):
    kind = DeviceClass.objects.create(code="quick", name="Quick")
    policy = make_policy()
    mine = sent(policy)
    save(manager, policy, **{f"class-{kind.pk}-session_minutes": 20})
    page = manager.post(reverse("policy-save", args=[policy.pk]), mine).content.decode()
    assert "Quick: session length." in page


def known(columns: dict[str, object], **rule: object) -> tuple[Policy, DeviceClass]:
    policy, kind = Policy(**columns), DeviceClass(pk=7, code="quick", name="Quick")
    policy.know([ClassRule(device_class_id=7, **rule)])
    return policy, kind


@pytest.mark.parametrize(
    ("columns", "rule", "words"),
    [
        (
            {"session_minutes": 30, "day_minutes": 90, "sessions_a_day": 1, "extension": "none"},
            {},
            "30 min a day in 1 session",
        ),
        ({"day_minutes": 90}, {}, "1 h 30 a day in 2 sessions"),
        ({"day_minutes": 65}, {}, "1 hour a day in 1 session, more where a session is made longer"),
        ({"week_minutes": 60}, {}, "1 hour a day in 1 session"),
        ({}, {"session_minutes": 15, "day_minutes": 30}, "30 min a day in 2 sessions"),
        ({}, {"session_minutes": 15, "counts_toward_day": False}, "15 min at a time, without a limit a day"),
        (
            {"sessions_a_day": 1},
            {"session_minutes": 15, "counts_toward_day": False, "sessions_a_day": 3, "extendable": False},
            "45 min a day in 3 sessions",
        ),
    ],
)
def test_a_preview_says_what_a_day_comes_to(columns, rule, words):
    assert reach_words(*known(columns, **rule)) == words


@pytest.mark.parametrize(
    ("columns", "rule", "words"),
    [
        ({}, {}, "7 days"),
        ({}, {"walk_up_only": True}, "not at all, walk up only"),
        ({"ahead": "never"}, {}, "not at all, walk up only"),
        ({}, {"horizon_days": 0}, "today only"),
        ({"horizon_unit": "open_days"}, {"horizon_days": 1}, "1 open day"),
        ({"ahead": "when_full"}, {}, "7 days, while no seat is free"),
    ],
)
def test_a_preview_says_how_far_ahead_a_class_can_be_booked(columns, rule, words):
    assert ahead_words(*known(columns, **rule)) == words


def test_a_preview_where_every_class_is_walk_up_says_so_and_does_not_promise_days():
    branch = make_branch()
    kind = make_device(branch).device_class
    after = Policy.objects.get(pk=branch.policy_id)
    after.know([ClassRule(device_class=kind, walk_up_only=True)])
    (row,) = change_of(Policy.objects.get(pk=branch.policy_id), after, now=NOW).branches
    assert [(each.before, each.after) for each in row.ahead] == [("7 days", "not at all, walk up only")]


@pytest.mark.parametrize("name", ["policies", "policy-new", "carry"])
def test_the_screens_say_rules_and_never_policy(manager, name):
    make_policy(name="Riverside")
    page = manager.get(reverse(name)).content.decode()
    said = re.sub(r"<[^>]+>", " ", page[page.index('<main id="main"') :])
    assert "rules" in said.lower()
    assert not re.search(r"\bpolic(y|ies)\b(?!\.csv)", said, re.IGNORECASE)
