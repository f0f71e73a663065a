"""Branches in set-up: added, changed, ordered, and removed only without a past."""

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from helpdesk.models import Role
from reservations.models import Branch, ClassRule, Policy
from reservations.set_up.branches import RESERVED, add_branch, change_branch, move_branch_up, remove_branch
from tests import factories as make
from tests.factories import NOW, at
from tests.reservations.sitting import by_desk, codes
from tests.test_access import ENTRIES

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager():
    client = Client()
    client.force_login(make.make_user(Role.MANAGER))
    return client


@pytest.fixture
def by():
    return by_desk("manager")


def added(by, name="Harbour", slug="", policy=None):
    return add_branch(name=name, slug=slug, policy=policy, by=by, now=NOW)


def test_a_branch_gets_its_short_name_from_its_name_and_stands_last(by):
    first, second = added(by), added(by, "Cedar Flats")
    assert (second.slug, first.position, second.position) == ("cedar-flats", 0, 1)


def test_a_branch_without_a_policy_gets_its_own_with_the_shipped_figures(by):
    make.make_class(code="express", name="Express")
    policy = added(by).policy
    assert (policy.name, policy.session_minutes) == ("Harbour", Policy().session_minutes)
    assert ClassRule.objects.get(policy=policy).session_minutes == 15


def test_a_branch_keeps_the_policy_that_is_chosen(by):
    policy = make.make_policy()
    assert added(by, policy=policy).policy == policy
    assert Policy.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "slug", "code"),
    [
        ("Harbour", "other", "name_taken"),
        ("Other", "harbour", "slug_taken"),
        ("港口", "", "slug_needed"),
        ("Health", "", "slug_reserved"),
    ],
)
def test_a_name_that_is_taken_or_makes_no_address_is_refused_and_leaves_nothing(by, name, slug, code):
    added(by)
    assert codes(added, by, name, slug) == [code]
    assert (Branch.objects.count(), Policy.objects.count()) == (1, 1)


def test_no_address_of_ours_is_taken_for_that_of_a_branch():
    routes = [str(entry.pattern) for entry in ENTRIES.values()]
    ours = [route.removesuffix("<slug:slug>/") for route in routes if route.endswith("/<slug:slug>/")]
    ours += [route.removesuffix("<slug:branch>/") for route in routes if route.endswith("/<slug:branch>/")]
    rest = {route.removeprefix(stem).strip("/") for stem in ours for route in routes if route.startswith(stem)}
    assert {word for word in rest if word and "/" not in word and "<" not in word} == RESERVED


def test_a_change_keeps_its_place_and_is_on_record(by):
    branch, policy = added(by), make.make_policy()
    changed = change_branch(branch=branch, name="Old Harbour", slug="old", policy=policy, by=by, now=NOW)
    branch.refresh_from_db()
    assert (branch.name, branch.slug, branch.policy, branch.position) == ("Old Harbour", "old", policy, 0)
    assert LogEntry.objects.filter(object_id=str(changed.pk), user_id=by.user_id).count() == 2


def test_a_branch_moves_up_in_every_list_and_the_first_one_stays(by):
    first, second, third = (added(by, name) for name in ("A1", "B2", "C3"))
    move_branch_up(branch=third, by=by, now=NOW)
    move_branch_up(branch=first, by=by, now=NOW)
    assert list(Branch.objects.all()) == [first, third, second]


def test_branches_at_the_same_place_still_change_it(by):
    first, second = make.make_branch(), make.make_branch()
    move_branch_up(branch=second, by=by, now=NOW)
    assert list(Branch.objects.all()) == [second, first]


def test_a_branch_without_a_past_is_removed_with_its_hours(by):
    branch = make.make_branch()
    make.make_kiosk(branch)
    remove_branch(branch=branch, by=by, now=NOW)
    assert not Branch.objects.exists()


@pytest.mark.parametrize(
    "past",
    [
        make.make_device,
        lambda branch: make.make_device(branch, retired_on=at(12).date()),
        make.make_ticket,
    ],
)
def test_a_branch_with_a_past_stays_and_the_refusal_says_what_helps(by, past):
    branch = make.make_branch()
    past(branch)
    assert codes(remove_branch, branch=branch, by=by, now=NOW) == ["branch_in_use"]
    assert branch.opening_hours.count() == 7


def test_the_form_adds_a_branch_and_leads_on_to_what_is_missing(manager):
    answer = manager.post(reverse("branch-add"), {"name": "Harbour", "slug": "", "policy": ""})
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("set-up"))
    assert Branch.objects.get().slug == "harbour"


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 61}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"name": "Harbour"}, "name"),
        ({"name": "Other", "slug": "harbour"}, "slug"),
        ({"name": "Other", "slug": "two words"}, "slug"),
        ({"name": "Other", "policy": "0"}, "policy"),
    ],
)
def test_a_refused_form_keeps_its_values_and_says_why_at_the_field(manager, by, sent, field):
    added(by)
    answer = manager.post(reverse("branch-add"), sent)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert Branch.objects.count() == 1


def test_rules_that_somebody_saved_under_this_name_meanwhile_are_a_sentence_at_the_rules(manager, monkeypatch):
    taken = make.make_policy().name
    monkeypatch.setattr("reservations.set_up.branches.free_name", lambda _name: taken)
    answer = manager.post(reverse("branch-add"), {"name": "Harbour"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["policy"])


def test_a_branch_is_changed_moved_and_removed_by_its_pages(manager, by):
    added(by)
    branch = added(by, "Cedar Flats")
    page = manager.get(reverse("branch", args=[branch.pk])).content.decode()
    assert 'value="cedar-flats"' in page
    sent = {"name": "Cedar", "slug": "cedar", "policy": branch.policy_id}
    assert manager.post(reverse("branch-save", args=[branch.pk]), sent).status_code == 302
    manager.post(reverse("branch-up", args=[branch.pk]))
    assert [row.name for row in manager.get(reverse("branches")).context["branches"]] == ["Cedar", "Harbour"]
    manager.post(reverse("branch-remove", args=[branch.pk]))
    assert [row.name for row in Branch.objects.all()] == ["Harbour"]


def test_a_branch_that_stays_is_a_sentence_on_its_page(manager):
    branch = make.make_device(make.make_branch()).branch
    answer = manager.post(reverse("branch-remove", args=[branch.pk]))
    assert answer.status_code == 422
    assert "To put it out of use, empty its weekly hours" in answer.content.decode()


def test_a_name_from_people_is_shown_as_text(manager, by):
    added(by, "<b>Harbour</b>", "harbour")
    assert "<b>Harbour</b>" not in manager.get(reverse("branches")).content.decode()


def test_the_list_takes_as_many_queries_for_more_branches(manager, by, django_assert_num_queries):
    added(by)
    with django_assert_num_queries(3):
        manager.get(reverse("branches"))
    added(by, "Cedar Flats")
    with django_assert_num_queries(3):
        manager.get(reverse("branches"))
