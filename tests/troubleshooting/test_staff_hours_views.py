"""The pages of staff hours: everybody's for managers, one's own for the others."""

from datetime import date, time

import pytest
from django.urls import reverse

from helpdesk.models import Role
from tests.factories import make_branch, make_user
from tests.troubleshooting.shifts import make_absence, make_shifts
from tests.troubleshooting.staffed import counted, freeze, signed_in, text_of
from troubleshooting.models import Absence, Shift

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_two(monkeypatch):
    freeze(monkeypatch)


@pytest.fixture
def branch():
    return make_branch(name="Harbour")


@pytest.fixture
def manager():
    return signed_in(Role.MANAGER)[0]


def save(client, user, do="save", **times):
    """Send a week: tue="09:00 12:00" is starts and ends of the first stretch."""
    names = {"mon": 0, "tue": 1, "wed": 2}
    values = {}
    for day, typed in times.items():
        values[f"starts_{names[day]}_0"], values[f"ends_{names[day]}_0"] = typed.split()
    return client.post(reverse("staff-week-save", args=[user.pk]), {"do": do, **values})


def test_managers_find_the_page_in_set_up_and_the_others_in_the_menu(manager, branch):
    assert "Staff hours" in text_of(manager.get(reverse("set-up")))
    assert "My hours" in text_of(signed_in(Role.DESK, branch)[0].get(reverse("desk")))


def test_everybody_else_is_led_to_their_own_page(branch):
    client, user = signed_in(Role.TECH, branch)
    assert client.get(reverse("staff-hours")).headers["Location"] == reverse("staff-person", args=[user.pk])


def test_a_colleagues_page_does_not_exist(branch):
    client, _user = signed_in(Role.REFERENCE, branch)
    assert client.get(reverse("staff-person", args=[make_user().pk])).status_code == 404


def test_the_list_says_who_works_when_and_who_is_away(manager, branch):
    user = make_user(Role.DESK, branch)
    make_shifts(user, branch, days=[0, 1], hours=[(9, 12), (13, 17)])
    make_absence(user, 30, 30, reason="course")
    words = text_of(manager.get(reverse("staff-hours")))
    assert "Monday 09:00 to 12:00, 13:00 to 17:00; Tuesday" in words
    assert "Mon 30 Nov, Course or meeting" in words


def test_the_list_has_a_constant_number_of_queries(manager, branch):
    for _ in range(2):
        make_shifts(make_user(Role.DESK, branch), branch)
    with counted() as few:
        manager.get(reverse("staff-hours"))
    for _ in range(5):
        make_shifts(make_user(Role.DESK, branch), branch)
    with counted() as many:
        manager.get(reverse("staff-hours"))
    assert len(few) == len(many) <= 10


def test_a_manager_saves_a_week(manager, branch):
    user = make_user(Role.DESK, branch)
    assert save(manager, user, tue="09:00 12:30").status_code == 302
    assert list(Shift.objects.values_list("user", "branch", "weekday", "starts", "ends")) == [
        (user.pk, branch.pk, 1, time(9), time(12, 30))
    ]


def test_half_a_stretch_is_refused_at_its_field_and_keeps_the_rest(manager, branch):
    answer = save(manager, make_user(Role.DESK, branch), mon="09:00 12:00", tue="09:00 -")
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["ends_1_0"]
    assert 'value="09:00"' in answer.content.decode()
    assert not Shift.objects.exists()


def test_a_stretch_without_length_is_refused_with_its_day_and_times(manager, branch):
    answer = save(manager, make_user(Role.DESK, branch), tue="09:00 09:00")
    assert answer.status_code == 422
    assert "Tuesday 09:00 to 09:00: it ends when it starts." in text_of(answer)


def test_mondays_times_are_copied_to_the_other_workdays_and_nothing_is_saved(manager, branch):
    answer = save(manager, make_user(Role.DESK, branch), do="copy", mon="09:00 17:00")
    form = answer.context["form"]
    assert [form[f"starts_{day}_0"].value() for day in range(6)] == ["09:00"] * 5 + [None]
    assert not Shift.objects.exists()


def test_who_works_at_two_branches_says_where(manager, branch):
    other = make_branch(name="Millbrook", position=9)
    user = make_user(Role.DESK, branch, other)
    sent = {"do": "save", "starts_0_0": "09:00", "ends_0_0": "12:00"}
    sent |= {f"branch_{day}_{n}": str(branch.pk) for day in range(7) for n in range(2)} | {"branch_0_0": str(other.pk)}
    assert manager.post(reverse("staff-week-save", args=[user.pk]), sent).status_code == 302
    assert Shift.objects.get().branch == other


def test_people_see_their_own_week_and_note_days_away(branch):
    client, user = signed_in(Role.DESK, branch)
    make_shifts(user, branch, days=[0])
    url = reverse("absence-add", args=[user.pk])
    answer = client.post(url, {"from_on": "2026-12-01", "until_on": "2026-12-02", "reason": "away"}, follow=True)
    assert "Tue 1 Dec to Wed 2 Dec, Away" in text_of(answer)
    assert "Monday 09:00 to 17:00" in text_of(answer)
    assert "Save the week" not in text_of(answer)


def test_days_that_are_over_are_refused_and_kept_in_the_form(branch):
    client, user = signed_in(Role.DESK, branch)
    sent = {"from_on": "2026-11-02", "until_on": "2026-11-03", "reason": "course"}
    answer = client.post(reverse("absence-add", args=[user.pk]), sent)
    assert answer.status_code == 422
    assert "These days are over." in text_of(answer)
    assert 'value="2026-11-02"' in answer.content.decode()


def test_nobody_takes_a_colleagues_days_away(branch):
    absence = make_absence(make_user(), 24, 24)
    client, _user = signed_in(Role.DESK, branch)
    assert client.post(reverse("absence-remove", args=[absence.pk])).status_code == 404
    assert Absence.objects.exists()


def test_days_away_are_taken_back(branch):
    client, user = signed_in(Role.DESK, branch)
    absence = Absence.objects.create(user=user, from_on=date(2026, 12, 1), until_on=date(2026, 12, 1))
    client.post(reverse("absence-remove", args=[absence.pk]))
    assert not Absence.objects.exists()
