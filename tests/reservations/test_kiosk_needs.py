"""Needs at the kiosk: a row of things a seat can have, in the address, kept on every way."""

import pytest
from django.urls import reverse

from reservations.kiosk_needs import read_needs, said_needs, toggles
from reservations.models import Booking
from tests.factories import at, make_branch, make_class, make_device
from tests.reservations.kiosked import book_later, paired, seated_visitor, take_now
from tests.troubleshooting.staffed import freeze, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    freeze(monkeypatch)


def choose(client, **query):
    return client.get(reverse("kiosk-now"), query)


def test_only_what_a_seat_of_the_branch_has_is_asked():
    client, kiosk, _patron = seated_visitor()
    make_device(kiosk.branch, features=["scanner", "daylight"])
    row = choose(client).context["choice"].toggles
    assert [(toggle.word, toggle.is_on) for toggle in row] == [("Any seat", True), ("Scanner", False)]


def test_a_branch_of_plain_seats_asks_nothing():
    client, kiosk, _patron = seated_visitor()
    make_device(kiosk.branch, features=["daylight"])
    assert "kneeds" not in choose(client).content.decode()


def test_a_need_leaves_only_the_seats_that_serve_it():
    client, kiosk, _patron = seated_visitor()
    make_device(kiosk.branch, label="1")
    make_device(kiosk.branch, label="2", features=["headset"])
    choice = choose(client, needs="headset").context["choice"]
    assert [option.device.label for option in choice.now.options] == ["2"]
    assert {slot.device.label for slot in choice.slots if slot.device} == {"2"}


def test_a_need_that_nobody_knows_is_not_asked():
    client, kiosk, _patron = seated_visitor()
    make_device(kiosk.branch)
    assert choose(client, needs="gold,<b>\x00").context["choice"].now.options


def test_a_need_is_kept_on_the_days_of_the_grid():
    client, kiosk, _patron = seated_visitor()
    make_device(kiosk.branch, features=["headset"])
    assert "day=2026-11-25&amp;needs=headset" in choose(client, needs="headset").content.decode()


def test_a_need_is_kept_through_the_sign_in():
    client, _kiosk = paired()
    answer = choose(client, needs="headset,screen-reader,large-keyboard,large-screen")
    assert "needs=headset%2Cscreen-reader%2Clarge-keyboard%2Clarge-screen" in answer.headers["Location"]


def test_a_seat_kept_for_a_need_is_given_to_who_names_it():
    client, kiosk, patron = seated_visitor()
    seat = make_device(kiosk.branch, kind=make_class(access="only"), features=["screen-reader"])
    assert "kept for people who need it" in text_of(take_now(client, seat))
    assert take_now(client, seat, needs="screen-reader").status_code == 303
    assert Booking.objects.get().patron == patron


def test_a_seat_kept_for_a_need_is_booked_with_it():
    client, kiosk, _patron = seated_visitor()
    seat = make_device(kiosk.branch, kind=make_class(access="first"), features=["raised-desk"])
    assert book_later(client, seat, at(16)).status_code == 422
    assert book_later(client, seat, at(16), needs="raised-desk").status_code == 303


def test_no_word_of_the_row_is_about_a_person():
    branch = make_branch()
    everything = ["screen-reader", "large-screen", "large-keyboard", "raised-desk", "scanner", "headset"]
    words = " ".join(str(toggle.word) for toggle in toggles([make_device(branch, features=everything)], frozenset()))
    assert words == "Any seat Screen reader Big monitor Large keyboard Raised desk Scanner Headset"


def test_a_tap_adds_a_need_and_a_second_one_takes_it_away():
    seat = make_device(make_branch(), features=["scanner", "headset"])
    row = {toggle.code: toggle.sent for toggle in toggles([seat], frozenset({"headset"}))}
    assert row == {"any": "", "scanner": "scanner,headset", "headset": ""}


def test_needs_are_read_as_they_are_said():
    needs = frozenset({"headset", "scanner"})
    assert read_needs(said_needs(needs)) == needs


def test_the_choice_is_live():
    client, kiosk, _patron = seated_visitor()
    make_device(kiosk.branch, features=["headset"])
    page = choose(client, needs="headset").content.decode()
    assert 'hx-get="/kiosk/now/?needs=headset&amp;live=' in page
    fragment = client.get(reverse("kiosk-now"), {"needs": "headset", "live": "old"}, headers={"HX-Request": "true"})
    assert fragment.content.decode().lstrip().startswith('<div class="kchoose" id="choose">')
