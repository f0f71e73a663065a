"""Kiosks in set-up: seen, named, placed, taken back, and paired again under the name they had."""

from datetime import timedelta
from importlib import import_module
from random import randrange

import pytest
from django.apps import apps
from django.db import connection
from django.urls import reverse
from redis import RedisError

from helpdesk import live
from helpdesk.models import Role
from reservations.kiosk_seen import last_seen, note_kiosk
from reservations.kiosks import change_kiosk, kiosk_with, pair_kiosk, revoke_kiosk
from reservations.models import Area, Kiosk
from tests import factories as make
from tests.factories import NOW
from tests.reservations.kiosked import paired
from tests.reservations.sitting import by_desk, codes

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _at_two(monkeypatch):
    monkeypatch.setattr("helpdesk.clock.now", lambda: NOW)


@pytest.fixture
def manager(client):
    client.force_login(make.make_user(Role.MANAGER))
    return client


def unseen(branch, token="a", **fields):
    """Return a kiosk of which no other test has noted anything."""
    return make.make_kiosk(branch, token, pk=randrange(10**9, 10**12), **fields)


def imported(branch, name="Kiosk 1"):
    return unseen(branch, "nobody knows it", name=name, revoked_at=NOW)


class Away:
    def __getattr__(self, _name):
        raise RedisError


def rows(manager):
    return [(kiosk.name, seen) for kiosk, seen in manager.get(reverse("kiosks")).context["rows"]]


def test_a_screen_that_showed_its_first_page_was_seen(manager):
    client, kiosk = paired()
    client.get(reverse("kiosk"))
    assert last_seen([kiosk]) == {kiosk.pk: NOW}
    assert rows(manager) == [("Kiosk 1", "just now")]


@pytest.mark.parametrize(("ago", "said"), [(2, "just now"), (3, "14:04"), (24 * 60, "Mon 23 Nov 14:07")])
def test_the_list_says_when_a_screen_was_last_there(manager, ago, said):
    note_kiosk(unseen(make.make_branch()), NOW - ago * MINUTE)
    assert rows(manager) == [("Kiosk 1", said)]


def test_a_screen_of_which_nothing_is_known_says_so(manager):
    unseen(make.make_branch())
    assert rows(manager) == [("Kiosk 1", "not known")]


def test_without_redis_the_kiosk_and_the_list_work_on(manager, monkeypatch):
    client, kiosk = paired()
    monkeypatch.setattr(live, "_client", Away())
    note_kiosk(kiosk, NOW)
    assert client.get(reverse("kiosk")).status_code == 200
    assert last_seen([kiosk]) == {}


def test_an_imported_kiosk_asks_to_be_paired_again_and_one_taken_back_does_not(manager):
    branch = make.make_branch()
    imported(branch)
    revoke_kiosk(kiosk=unseen(branch, name="Kiosk 2"), by=by_desk("manager"), now=NOW + MINUTE)
    page = manager.get(reverse("kiosks")).content.decode()
    assert page.count("Pair again") == 1
    assert page.count("Taken back") == 1


def test_pairing_under_the_name_of_an_imported_kiosk_makes_it_that_screen():
    branch = make.make_branch()
    row = imported(branch)
    kiosk, token = pair_kiosk(branch=branch, name="Kiosk 1", by=by_desk(), now=NOW + MINUTE)
    assert (kiosk.pk, Kiosk.objects.count(), kiosk_with(token)) == (row.pk, 1, kiosk)
    assert not kiosk.never_paired


@pytest.mark.parametrize("name", ["Kiosk 2", "kiosk 1"])
def test_another_name_is_another_kiosk(name):
    branch = make.make_branch()
    imported(branch)
    pair_kiosk(branch=branch, name=name, by=by_desk(), now=NOW)
    assert Kiosk.objects.count() == 2


def test_a_second_screen_under_the_name_of_a_paired_kiosk_is_refused(manager):
    branch = make.make_branch()
    first, token = pair_kiosk(branch=branch, name="Kiosk 1", by=by_desk(), now=NOW)
    assert codes(pair_kiosk, branch=branch, name="Kiosk 1", by=by_desk(), now=NOW) == ["kiosk_name_paired"]
    answer = manager.post(reverse("kiosk-pair"), {"name": "Kiosk 1", "branch": branch.pk})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["name"])
    assert "take its pairing back first" in answer.content.decode()
    assert (kiosk_with(token), Kiosk.objects.count()) == (first, 1)


def test_a_screen_that_is_refused_another_name_stays_what_it_was(manager):
    client, kiosk = paired()
    unseen(kiosk.branch, "other", name="Kiosk 2")
    client.force_login(make.make_user(Role.MANAGER))
    sent = {"name": "Kiosk 2", "branch": kiosk.branch_id}
    assert client.post(reverse("kiosk-pair"), sent).status_code == 422
    kiosk.refresh_from_db()
    assert kiosk.is_paired


def test_the_pairing_page_speaks_as_the_others_do():
    client, kiosk = paired()
    client.force_login(make.make_user(Role.MANAGER))
    page = client.get(reverse("kiosk-pair")).content.decode()
    assert ("---------" in page, "not known" in page) == (False, True)
    refused = client.post(reverse("kiosk-pair"), {"name": "", "branch": "999999", "beside": "999999"})
    errors = refused.context["form"].errors
    assert {name: list(said) for name, said in errors.items()} == {
        "name": ["Type a name, such as: Kiosk 1."],
        "branch": ["Choose one of the list."],
        "beside": ["Choose one of the list."],
    }
    long = client.post(reverse("kiosk-pair"), {"name": "x" * 41, "branch": kiosk.branch_id})
    assert long.context["form"].errors["name"] == ["This has 41 characters. 40 fit: make it shorter."]


def test_a_screen_is_paired_anew_under_its_own_name():
    client, kiosk = paired()
    client.force_login(make.make_user(Role.MANAGER))
    sent = {"name": kiosk.name, "branch": kiosk.branch_id}
    assert client.post(reverse("kiosk-pair"), sent).status_code == 303
    assert Kiosk.objects.get().is_paired


def test_a_screen_is_not_renamed_to_a_paired_one(manager):
    kiosk = unseen(make.make_branch())
    unseen(kiosk.branch, "other", name="Kiosk 2")
    answer = manager.post(reverse("screen-save", args=[kiosk.pk]), {"name": "Kiosk 2"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["name"])


def test_pairing_again_stands_beside_the_same_area_unless_another_is_chosen():
    branch = make.make_branch()
    window, table = make.make_area(branch), make.make_area(branch, "Long table")
    again = {"branch": branch, "name": "Kiosk 1", "by": by_desk("manager"), "now": NOW}
    kiosk, _token = pair_kiosk(**again, beside=window)
    for chosen, stands in ((None, window), (table, table)):
        revoke_kiosk(kiosk=kiosk, by=by_desk("manager"), now=NOW)
        kiosk, _token = pair_kiosk(**again, beside=chosen)
        assert kiosk.beside == stands


def test_paired_screens_and_areas_that_have_one_name_get_a_number_behind():
    branch = make.make_branch()
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX area_once_per_branch, kiosk_paired_once_per_name")
    areas = [make.make_area(branch, name) for name in ("Front", "front", "FRONT 2", "x" * 60, "x" * 60)]
    for token in "abc":
        unseen(branch, token, name="Kiosk 1")
    import_module("reservations.migrations.0013_one_name_one_place").number_twins(apps)
    found = Area.objects.filter(pk__in=[area.pk for area in areas]).order_by("pk")
    assert [area.name for area in found] == ["Front", "front 3", "FRONT 2", "x" * 60, "x" * 58 + " 2"]
    assert sorted(Kiosk.objects.values_list("name", flat=True)) == ["Kiosk 1", "Kiosk 1 2", "Kiosk 1 3"]


def test_the_pairing_page_is_filled_with_the_kiosk_that_is_paired_again(manager):
    row = imported(make.make_branch())
    form = manager.get(reverse("kiosk-pair"), {"kiosk": row.pk}).context["form"]
    assert (form["name"].value(), form["branch"].value()) == ("Kiosk 1", row.branch_id)


@pytest.mark.parametrize("asked", ["", "x", "9" * 40, "0"])
def test_the_pairing_page_is_empty_for_a_kiosk_that_is_none(manager, asked):
    make.make_branch()
    assert manager.get(reverse("kiosk-pair"), {"kiosk": asked}).context["form"]["name"].value() is None


def test_a_screen_is_named_anew_and_placed_beside_an_area(manager):
    branch = make.make_branch()
    area, kiosk = make.make_area(branch), unseen(branch)
    sent = {"name": "Door kiosk", "beside": area.pk}
    assert manager.post(reverse("screen-save", args=[kiosk.pk]), sent).status_code == 302
    kiosk.refresh_from_db()
    assert (kiosk.name, kiosk.beside) == ("Door kiosk", area)


def test_an_area_of_another_branch_is_refused_by_form_and_verb(manager):
    kiosk, area = unseen(make.make_branch()), make.make_area(make.make_branch())
    answer = manager.post(reverse("screen-save", args=[kiosk.pk]), {"name": "Kiosk 1", "beside": area.pk})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["beside"])
    changing = {"kiosk": kiosk, "name": "Kiosk 1", "beside": area, "by": by_desk(), "now": NOW}
    assert codes(change_kiosk, **changing) == ["area_elsewhere"]


@pytest.mark.parametrize("name", ["", "x" * 41, "a\x00b"])
def test_a_name_that_does_not_fit_is_said_at_its_field(manager, name):
    answer = manager.post(reverse("screen-save", args=[unseen(make.make_branch()).pk]), {"name": name})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["name"])


def test_the_form_offers_the_areas_of_its_branch_alone(manager):
    branch = make.make_branch()
    make.make_area(branch, "Window row")
    make.make_area(make.make_branch(), "Long table")
    page = manager.get(reverse("screen", args=[unseen(branch).pk])).content.decode()
    assert ("Window row" in page, "Long table" in page) == (True, False)


def test_a_pairing_is_taken_back_and_the_screen_is_a_kiosk_no_more(manager):
    client, kiosk = paired()
    manager.post(reverse("screen-revoke", args=[kiosk.pk]))
    assert client.get(reverse("kiosk")).status_code == 403
    page = manager.get(reverse("screen", args=[kiosk.pk])).content.decode()
    assert "Take the pairing back" not in page


def test_an_empty_list_tells_how_a_screen_is_paired(manager):
    page = manager.get(reverse("kiosks")).content.decode()
    assert "No kiosk yet" in page
    assert "http://testserver/kiosk/pair/" in page


def test_the_list_takes_as_many_queries_for_more_kiosks(manager, django_assert_num_queries):
    for number in range(3):
        branch = make.make_branch()
        unseen(branch, str(number), beside=make.make_area(branch), paired_by=make.make_user())
        with django_assert_num_queries(3):
            manager.get(reverse("kiosks"))
