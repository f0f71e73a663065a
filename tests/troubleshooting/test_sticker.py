"""The sticker of a seat: its help address to print and to renew, for those who work there."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import NOW, make_branch, make_device
from tests.troubleshooting.staffed import freeze, signed_in, text_of
from troubleshooting.help_address import address_of, code_of, version_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    freeze(monkeypatch)


@pytest.fixture
def seat():
    return make_device(make_branch())


def renew(client, seat, **fields):
    return client.post(reverse("desk-seat-help-renew", args=[seat.pk]), {"version": "0", **fields}, follow=True)


def test_the_page_of_a_seat_leads_to_its_sticker(seat):
    client, _user = signed_in("desk", seat.branch)
    page = client.get(reverse("desk-seat", args=[seat.pk])).content.decode()
    assert reverse("desk-seat-help", args=[seat.pk]) in page


def test_the_sticker_shows_the_address_and_the_seat(seat):
    client, _user = signed_in("desk", seat.branch)
    page = client.get(reverse("desk-seat-help", args=[seat.pk]))
    assert code_of(seat.pk, 0) in text_of(page)
    assert address_of(seat.pk, 0) in page.content.decode()
    assert f"{seat.branch.name} {seat.label}" in text_of(page)


def test_a_library_without_encryption_prints_what_must_be_typed(seat, settings):
    client, _user = signed_in("desk", seat.branch)
    settings.BASE_URL = "http://10.0.0.5:8000"
    plain = text_of(client.get(reverse("desk-seat-help", args=[seat.pk])))
    settings.BASE_URL = "https://help.example.org"
    secure = text_of(client.get(reverse("desk-seat-help", args=[seat.pk])))
    assert ("http://10.0.0.5:8000/help/" in plain, "https://" in secure) == (True, False)


def test_a_new_address_ends_the_old_one(seat):
    client, user = signed_in("desk", seat.branch)
    page = renew(client, seat)
    assert "The old address leads nowhere now." in text_of(page)
    assert code_of(seat.pk, 1) in text_of(page)
    assert Client().get(reverse("seat-help", args=[code_of(seat.pk, 0)])).status_code == 404
    assert user.pk


def test_a_second_click_makes_no_third_address(seat):
    client, _user = signed_in("desk", seat.branch)
    renew(client, seat)
    renew(client, seat)
    assert version_of(seat.pk) == 1


@pytest.mark.parametrize("bad", ["", "x", "-1", "9" * 30])
def test_a_form_that_says_nothing_changes_nothing(seat, bad):
    client, _user = signed_in("desk", seat.branch)
    assert "Nothing was changed." in text_of(renew(client, seat, version=bad))
    assert version_of(seat.pk) == 0


def test_a_retired_seat_gets_no_new_address(seat):
    client, _user = signed_in("desk", seat.branch)
    seat.retired_on = NOW.date()
    seat.save()
    renew(client, seat)
    assert version_of(seat.pk) == 0
