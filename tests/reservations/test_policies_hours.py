"""Opening hours on the page of a branch: a long night is asked for once more, other hours are saved as they are."""

from datetime import time

import pytest
from django.test import Client
from django.urls import reverse

from helpdesk.models import Role
from reservations.models import Branch, OpeningHours
from tests.factories import make_branch, make_policy, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager() -> Client:
    client = Client()
    client.force_login(make_user(Role.MANAGER))
    return client


def hours(opens: str, closes: str, **more: object) -> dict[str, object]:
    """Return what the page of a branch sends with one opening on Monday."""
    row = {"weekday": 0, "opens": opens, "closes": closes, **more}
    empty = {f"{prefix}-{part}_FORMS": 0 for prefix in ("areas", "closures") for part in ("TOTAL", "INITIAL")}
    return {
        "name": "Harbour",
        "slug": "harbour",
        "position": 0,
        "opening_hours-TOTAL_FORMS": 1,
        "opening_hours-INITIAL_FORMS": 0,
        **{f"opening_hours-0-{name}": value for name, value in row.items()},
        **empty,
    }


def add(manager: Client, opens: str, closes: str, **more: object) -> str:
    """Return the page that adding a branch answers, empty where it is saved."""
    values = hours(opens, closes, **more) | {"policy": make_policy().pk}
    return manager.post(reverse("admin:reservations_branch_add"), values).content.decode()


@pytest.mark.parametrize(
    ("opens", "closes", "length"),
    [("18:00", "09:00", "15 hours"), ("19:00", "09:30", "14 h 30"), ("21:00", "09:00", "12 hours")],
)
def test_a_long_night_is_asked_for_once_more_with_its_length(manager, opens, closes, length):
    page = add(manager, opens, closes)
    assert f"That is open for {length}, over midnight." in page
    assert '<input type="checkbox" name="opening_hours-0-over_midnight"' in page
    assert "Yes, this opens over midnight" in page
    assert not Branch.objects.exists()


def test_a_long_night_that_is_meant_is_saved(manager):
    assert add(manager, "18:00", "09:00", over_midnight="on") == ""
    assert OpeningHours.objects.get().closes == time(9)


@pytest.mark.parametrize(
    ("opens", "closes"), [("09:00", "18:00"), ("22:00", "06:00"), ("09:00", "00:00"), ("00:00", "00:00")]
)
def test_a_day_a_short_night_and_an_evening_until_midnight_are_saved_unasked(manager, opens, closes):
    assert add(manager, opens, closes) == ""


def test_the_question_is_not_on_the_page_while_nothing_is_unlikely(manager):
    page = manager.get(reverse("admin:reservations_branch_add")).content.decode()
    assert 'hidden">Yes, this opens over midnight' in page
    assert '<input type="checkbox" name="opening_hours-__prefix__-over_midnight"' not in page


def test_a_long_night_that_is_saved_is_not_asked_for_again(manager):
    branch = make_branch(hours=False)
    there = OpeningHours.objects.create(branch=branch, weekday=0, opens=time(18), closes=time(9))
    values = hours("18:00", "09:00", id=there.pk, branch=branch.pk) | {"policy": branch.policy_id}
    values |= {"opening_hours-INITIAL_FORMS": 1}
    url = reverse("admin:reservations_branch_change", args=[branch.pk])
    assert manager.post(url, values).status_code == 302
