"""Two tabs with the same form of set-up: the older one overwrites nothing unseen."""

from html import unescape

import pytest
from django.urls import reverse

from tests import factories as make
from tests.reservations.set_up.managing import manager_client, two_areas

pytestmark = pytest.mark.django_db


def device():
    found = make.make_device(make.make_branch(), label="7", place="by the door", features=["scanner"])
    sent = {"label": "7", "device_class": found.device_class_id, "area": "", "equipment": ["scanner"], "others": ""}
    return found, "device", sent, ("place", "Where it stands", "by the window", "by the wall")


def branch():
    found = make.make_branch()
    sent = {"name": "Harbour", "policy": found.policy_id}
    return found, "branch", sent, ("slug", "Short name", "harbour", "harbor")


def device_class():
    found = make.make_class(name="Internet")
    return found, "class", {"kind": "computer", "bookable": "on"}, ("name", "Name", "Internet PC", "Computer")


def kiosk():
    found = make.make_kiosk(make.make_branch())
    return found, "screen", {"beside": ""}, ("name", "Name of this screen", "Door", "Entrance")


def area():
    found = two_areas(make.make_branch())[0]
    return found, "area", {"name": found.name}, ("hint", "Hint", "1 hour", "15 minutes")


FORMS = [device, branch, device_class, kiosk, area]
SAVE = {"area": "area-change"}


@pytest.fixture(params=FORMS, ids=lambda form: form.__name__)
def tab(request):
    """Return a function that saves a value from the form as it was first shown, and the row and the field."""
    row, name, sent, field = request.param()
    manager = manager_client()
    url = reverse("room", args=[row.branch.slug]) if name == "area" else reverse(name, args=[row.pk])
    page = manager.get(url)
    form = next(form for part, form in page.context["parts"] if part.area == row) if name == "area" else None
    seen = (form or page.context["form"])["seen"].value()
    assert f'name="seen" value="{seen}"' in page.content.decode()

    def save(value, seen=seen):
        at = reverse(SAVE.get(name, f"{name}-save"), args=[row.pk])
        return manager.post(at, {**sent, field[0]: value, "seen": seen})

    return save, row, field


def saved(row, field):
    row.refresh_from_db()
    return getattr(row, field[0])


def test_the_older_tab_is_refused_with_its_words_beside_what_is_saved(tab):
    save, row, field = tab
    assert save(field[2]).status_code == 302
    answer = save(field[3])
    assert answer.status_code == 422
    assert saved(row, field) == field[2]
    page = unescape(answer.content.decode())
    assert f"<tr><td>{field[1]}</td><td>{field[2]}</td><td><b>{field[3]}</b></td></tr>" in page
    assert f'value="{field[3]}"' in page


def test_once_it_has_been_shown_it_is_saved_over_it(tab):
    save, row, field = tab
    save(field[2])
    answer = save(field[3])
    forms = [form for _part, form in answer.context.get("parts", ()) if form] or [answer.context["form"]]
    seen = next(form for form in forms if form.is_stale)["seen"].value()
    assert save(field[3], seen=seen).status_code == 302
    assert saved(row, field) == field[3]


def test_a_second_click_gets_the_first_result(tab):
    save, row, field = tab
    assert [save(field[2]).status_code for _click in range(2)] == [302, 302]
    assert saved(row, field) == field[2]
