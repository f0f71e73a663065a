"""At the kiosk: a guest number without the desk, a seat for somebody with me, and what a blocked card is told."""

import re
from uuid import uuid4

import pytest
from django.urls import reverse

from reservations.models import Booking, GuestPass, Patron
from reservations.period import period
from tests import factories as make
from tests.factories import NOW, at
from tests.reservations.kiosked import book_later, paired, seated_visitor, take_now
from tests.reservations.sitting import sitting

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    monkeypatch.setattr("helpdesk.clock.now", lambda: NOW)


def text(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_a_guest_number_is_shown_once_and_its_holder_is_signed_in():
    branch = make.make_branch(policy={"guest_self_service": True})
    seat = make.make_device(branch)
    client, kiosk = paired(branch)
    assert "Give me a guest number" in text(client.get(reverse("kiosk-sign-in")))
    key = uuid4()
    first = client.post(reverse("kiosk-guest"), {"request_key": key})
    assert re.search(r"\d{3} \d{3} \d{4}", text(first))
    assert GuestPass.objects.get().issued_kiosk == kiosk
    assert take_now(client, seat).status_code == 303
    assert Booking.objects.get().patron.is_guest
    assert "This number is shown only once" in text(client.post(reverse("kiosk-guest"), {"request_key": key}))


def test_where_the_policy_gives_none_the_screen_offers_none():
    client, _kiosk = paired()
    assert "Give me a guest number" not in text(client.get(reverse("kiosk-sign-in")))
    answer = client.post(reverse("kiosk-guest"), {"request_key": uuid4()})
    assert answer.status_code == 422
    assert "Ask at the desk for one." in text(answer)


def test_an_adult_takes_a_second_seat_sees_both_and_ends_both():
    branch = make.make_branch(policy={"gap_minutes": 0})
    seat = make.make_device(branch)
    make.make_device(branch)
    client, _kiosk, patron = seated_visitor(branch)
    row = sitting(seat, patron=patron)
    assert "A seat for somebody with me" in text(client.get(reverse("kiosk-booked", args=[row.pk])))
    assert "child from 8" in text(client.get(reverse("kiosk-with", args=[row.pk]))).lower()
    sent = {"band": "school_child", "request_key": uuid4()}
    made = client.post(reverse("kiosk-with", args=[row.pk]), sent)
    assert made.status_code == 303
    beside = Booking.objects.get(responsible=patron)
    said = text(client.get(reverse("kiosk-booked", args=[beside.pk])))
    assert f"Seat {beside.device.label} is for the person with you." in said
    assert said.count("or the person with you") == 2  # the screen and its slip
    assert "is yours" not in said
    page = text(client.get(reverse("kiosk-mine")))
    assert "With me" in page
    assert "We are both done" in page
    client.post(reverse("kiosk-finish", args=[row.pk]), {"both": "1"})
    assert not Booking.objects.open().exists()


def test_a_small_child_never_stays_without_its_adult():
    branch = make.make_branch(policy={"gap_minutes": 0})
    kids = make.make_class(code="kids", greatest_age=12, supervised_below=8)
    grown = make.make_class(code="grown", least_age=13)
    seat = make.make_device(branch, kind=grown)
    make.make_device(branch, kind=kids)
    client, _kiosk, patron = seated_visitor(branch)
    row = sitting(seat, patron=patron)
    client.post(reverse("kiosk-with", args=[row.pk]), {"band": "small_child", "request_key": uuid4()})
    assert Booking.objects.open().count() == 2
    client.post(reverse("kiosk-finish", args=[row.pk]))
    assert not Booking.objects.open().exists()


def test_a_second_seat_is_cancelled_alone_and_the_own_one_stays():
    branch = make.make_branch(policy={"gap_minutes": 0})
    seat = make.make_device(branch)
    make.make_device(branch)
    client, _kiosk, patron = seated_visitor(branch)
    row = make.make_booking(seat, at(16), at(17), patron=patron)
    client.post(reverse("kiosk-with", args=[row.pk]), {"band": "young_teen", "request_key": uuid4()})
    made = Booking.objects.get(responsible=patron)
    assert "Cancel both seats" in text(client.get(reverse("kiosk-cancel", args=[row.pk])))
    client.post(reverse("kiosk-cancel", args=[made.pk]))
    assert list(Booking.objects.open()) == [row]


def test_a_strange_age_is_refused_and_leads_on():
    seat = make.make_device(make.make_branch())
    client, _kiosk, patron = seated_visitor(seat.branch)
    row = sitting(seat, patron=patron)
    answer = client.post(reverse("kiosk-with", args=[row.pk]), {"band": "giant", "request_key": uuid4()})
    assert answer.status_code == 422


def test_who_was_signed_in_when_the_card_was_blocked_reads_a_neutral_sentence_everywhere():
    seat = make.make_device(make.make_branch())
    client, _kiosk, patron = seated_visitor(seat.branch)
    Patron.objects.filter(pk=patron.pk).update(blocked_until=at(12, day=26))
    said = "Booking with this card needs a word with our staff first."
    for name in ("kiosk-mine", "kiosk-now", "kiosk-times"):
        assert said in text(client.get(reverse(name))), name
    for answer in (take_now(client, seat), book_later(client, seat, at(16))):
        assert said in text(answer)
        assert answer.status_code == 422


def adult_with_child(band="small_child"):
    """Return the client of an adult, their booking at 14:10, and that of who comes with them."""
    branch = make.make_branch(policy={"gap_minutes": 0})
    seat, other = make.make_device(branch), make.make_device(branch)
    client, _kiosk, patron = seated_visitor(branch)
    row = make.make_booking(seat, at(14, 10), at(15), patron=patron)
    child = make.make_patron(source="family", age_band=band)
    return client, row, make.make_booking(other, at(14, 10), at(15), patron=child, responsible=patron)


def test_a_small_child_is_not_left_behind_by_a_cancelled_booking():
    client, row, _child = adult_with_child()
    assert "Cancel only my booking" not in text(client.get(reverse("kiosk-cancel", args=[row.pk])))
    client.post(reverse("kiosk-cancel", args=[row.pk]))
    assert not Booking.objects.open().exists()


def test_who_comes_at_the_same_time_sits_down_together():
    client, _row, _child = adult_with_child()
    assert "We both sit down" in text(client.get(reverse("kiosk-mine")))


def test_who_comes_at_another_time_does_not_sit_down_together():
    client, _row, child = adult_with_child()
    Booking.objects.filter(pk=child.pk).update(period=period(at(18), at(19)), check_in_by=at(18, 10))
    assert "We both sit down" not in text(client.get(reverse("kiosk-mine")))


def guest_at(branch):
    """Return the client of somebody with a guest number, and a seat of the branch."""
    client, _kiosk, _patron = seated_visitor(branch, make.make_patron(source="guest", valid_until=at(0, day=25)))
    return client, make.make_device(branch)


def test_where_no_seat_takes_guests_one_sentence_and_a_person_stand_instead_of_seats():
    client, seat = guest_at(make.make_branch(policy={"guests_allowed": False}))
    for name in ("kiosk-now", "kiosk-times"):
        page = text(client.get(reverse(name)))
        assert "The computers here are for people with a library card. Ask at the desk for one." in page
        assert seat.said not in page
        assert "Full" not in page
    mine = text(client.get(reverse("kiosk-mine")))
    assert "Take a seat now" not in mine
    assert "Use a computer now" not in mine


def test_where_one_class_takes_guests_they_see_its_seats():
    branch = make.make_branch(policy={"guests_allowed": False})
    make.make_device(branch, kind=make.make_class(guests_allowed=True), label="77")
    client, _seat = guest_at(branch)
    assert "Seat 77" in text(client.get(reverse("kiosk-now")))


def test_a_page_of_seats_that_asks_by_itself_gives_way_once_its_person_is_kept_out():
    client, _kiosk, patron = seated_visitor(make.make_branch())
    Patron.objects.filter(pk=patron.pk).update(blocked_until=at(12, day=26))
    answer = client.get(reverse("kiosk-now"), {"live": "x"}, headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, reverse("kiosk-now"))


@pytest.mark.parametrize(
    ("policy", "said"),
    [
        ({}, "You get a guest number at the desk."),
        ({"guest_self_service": True}, "This screen gives you a guest number."),
        ({"guests_allowed": False}, "Ask at the desk for one."),
        ({"guests_allowed": False, "guest_self_service": True}, "Ask at the desk for one."),
    ],
)
def test_the_first_page_says_what_there_is_without_a_card(policy, said):
    client, _kiosk = paired(make.make_branch(policy=policy))
    assert f"No card? {said}" in text(client.get(reverse("kiosk")))


def test_a_screen_that_has_given_out_all_its_numbers_offers_none():
    client, _kiosk = paired(make.make_branch(policy={"guest_self_service": True, "guest_self_a_day": 1}))
    client.post(reverse("kiosk-guest"), {"request_key": uuid4()})
    client.post(reverse("kiosk-leave"))
    assert "Give me a guest number" not in text(client.get(reverse("kiosk-sign-in")))
    assert "You get a guest number at the desk." in text(client.get(reverse("kiosk")))


def test_a_screen_gives_out_no_number_that_no_seat_here_takes():
    client, _kiosk = paired(make.make_branch(policy={"guest_self_service": True, "guests_allowed": False}))
    assert "Give me a guest number" not in text(client.get(reverse("kiosk-sign-in")))
    assert client.post(reverse("kiosk-guest"), {"request_key": uuid4()}).status_code == 422


def test_a_blocked_card_sees_no_seats_and_not_when_the_block_ends():
    seat = make.make_device(make.make_branch())
    client, _kiosk, patron = seated_visitor(seat.branch)
    make.make_booking(seat, at(14, 10), at(15), patron=patron)
    Patron.objects.filter(pk=patron.pk).update(blocked_until=at(0, day=26))
    assert seat.said not in text(client.get(reverse("kiosk-now")))
    mine = text(client.get(reverse("kiosk-mine")))
    assert "Ask at the desk before you sit down." in mine
    for gone in ("Sit down and sign in before", "Sit down now", "Use a computer now", "Book a time"):
        assert gone not in mine
    booked = text(client.get(reverse("kiosk-booked", args=[Booking.objects.get().pk])))
    assert "before 14:20" not in booked
    refused = text(take_now(client, seat))
    assert "This works" not in refused
    assert "Thu 26" not in refused


def test_a_booking_after_the_block_says_when_to_sit_down():
    seat = make.make_device(make.make_branch())
    client, _kiosk, patron = seated_visitor(seat.branch)
    make.make_booking(seat, at(16), at(17), patron=patron, check_in_by=at(16, 10))
    Patron.objects.filter(pk=patron.pk).update(blocked_until=at(15))
    assert "Sit down and sign in before 16:10" in text(client.get(reverse("kiosk-mine")))
