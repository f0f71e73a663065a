"""At the kiosk: sit somewhere else, another way after a fault, the first choice back."""

from datetime import time
from uuid import uuid4

import pytest
from django.urls import reverse

from reservations.block_draft import TAKE
from reservations.booking.change_week import change_week
from reservations.booking.service import return_to_service, take_out_of_service
from reservations.models import Booking
from tests.factories import NOW, at, make_booking, make_branch, make_class, make_device
from tests.reservations.kiosked import seated_visitor
from tests.reservations.planning import TUESDAY, draft, saved
from tests.reservations.sitting import by_desk
from tests.troubleshooting.staffed import freeze, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    freeze(monkeypatch)


@pytest.fixture
def screen():
    """Return a signed-in visitor's client, a seat of the kiosk's branch, and the patron."""
    client, kiosk, patron = seated_visitor(make_branch(policy={"gap_minutes": 0}))
    return client, make_device(kiosk.branch, label="3"), patron


def mine(client):
    return text_of(client.get(reverse("kiosk-mine")))


def out(seat):
    return take_out_of_service(device_id=seat.pk, by=by_desk(), now=NOW, note="No picture")


def closes_at(branch, hour):
    week = {day: [(time(9), time(hour))] for day in range(7)}
    change_week(branch_id=branch.pk, week=week, by=by_desk("manager"), now=NOW)


def test_where_seats_are_free_and_a_rule_keeps_them_the_rule_is_named(screen):
    client, seat, patron = screen
    mac = make_device(seat.branch, kind=make_class(session_minutes=120))
    row = make_booking(mac, at(16), at(18), patron=patron)
    page = text_of(client.get(reverse("kiosk-move", args=[row.pk])))
    assert "Other seats are free at your time, but not for this booking." in page
    assert "2 hours is longer than one booking of 1 hour." in page
    assert "No other seat is free" not in page


def test_where_every_other_seat_is_taken_that_is_said(screen):
    client, seat, patron = screen
    make_booking(seat, at(16), at(17))
    row = make_booking(make_device(seat.branch), at(16), at(17), patron=patron)
    assert "No other seat is free for your whole time." in text_of(client.get(reverse("kiosk-move", args=[row.pk])))


def test_my_session_leads_to_the_other_seats(screen):
    client, seat, patron = screen
    other, taken = make_device(seat.branch, label="7"), make_device(seat.branch, label="9")
    make_booking(taken, at(14), at(15), checked_in_at=at(14))
    row = make_booking(seat, at(14), at(15), patron=patron, checked_in_at=at(14))
    address = reverse("kiosk-move", args=[row.pk])
    assert address in client.get(reverse("kiosk-mine")).content.decode()
    page = text_of(client.get(address))
    assert "You sit at seat 3. Your time stays the same, until 15:00." in page
    assert ("Seat 7" in page, "Seat 9" in page) == (True, False)
    answer = client.post(address, {"device": other.pk})
    after = Booking.objects.get(device=other)
    assert answer.headers["Location"] == reverse("kiosk-booked", args=[after.pk])
    assert after.continues == row


def test_a_later_booking_moves_too(screen):
    client, seat, patron = screen
    other = make_device(seat.branch)
    row = make_booking(seat, at(16), at(17), patron=patron)
    client.post(reverse("kiosk-move", args=[row.pk]), {"device": other.pk})
    row.refresh_from_db()
    assert row.device == other


def test_with_no_other_seat_one_keeps_the_own(screen):
    client, seat, patron = screen
    row = make_booking(seat, at(16), at(17), patron=patron)
    page = text_of(client.get(reverse("kiosk-move", args=[row.pk])))
    assert "No other seat is free for your whole time." in page
    assert "Keep seat 3" in page


def test_somebody_elses_booking_does_not_exist(screen):
    client, seat, _patron = screen
    row = make_booking(seat, at(16), at(17))
    assert client.get(reverse("kiosk-move", args=[row.pk])).status_code == 404


@pytest.mark.parametrize("device", ["", "x", "999999999999999999999999", "-1"])
def test_rubbish_is_a_sentence(screen, device):
    client, seat, patron = screen
    row = make_booking(seat, at(16), at(17), patron=patron)
    answer = client.post(reverse("kiosk-move", args=[row.pk]), {"device": device})
    assert answer.status_code in {409, 422}


def test_a_seat_that_somebody_took_meanwhile_is_refused(screen):
    client, seat, patron = screen
    other = make_device(seat.branch)
    row = make_booking(seat, at(16), at(17), patron=patron)
    make_booking(other, at(16), at(17))
    answer = client.post(reverse("kiosk-move", args=[row.pk]), {"device": other.pk})
    assert (answer.status_code, "is taken" in text_of(answer)) == (409, True)


def test_what_was_taken_away_stands_there_with_three_other_ways(screen):
    client, seat, patron = screen
    row = make_booking(seat, at(15), at(16), patron=patron)
    out(seat)
    other = make_device(seat.branch, label="7")
    make_booking(other, at(15), at(16))
    page = client.get(reverse("kiosk-mine"))
    assert "Seat 3, today at 15:00, was taken away: it is broken." in text_of(page)
    assert page.content.decode().count(reverse("kiosk-instead", args=[row.pk])) == 3


def test_what_the_hours_took_from_a_booking_that_a_fault_had_moved_is_not_called_broken(screen):
    client, seat, patron = screen
    make_device(seat.branch, label="7")
    make_booking(seat, at(17), at(18), patron=patron)
    out(seat)
    closes_at(seat.branch, 16)
    return_to_service(device_id=seat.pk, by=by_desk(), now=NOW)
    page = mine(client)
    assert "Seat 7, today at 17:00, was taken away: the library is closed then." in page
    assert "Have it back" not in page


def test_a_seat_is_not_offered_back_at_a_time_at_which_the_library_is_closed_by_now(screen):
    client, seat, patron = screen
    make_booking(seat, at(17), at(18), patron=patron)
    out(seat)
    closes_at(seat.branch, 16)
    return_to_service(device_id=seat.pk, by=by_desk(), now=NOW)
    assert "Have it back" not in mine(client)


def test_what_a_class_took_says_for_what(screen):
    client, seat, patron = screen
    make_booking(seat, at(16), at(17), patron=patron)
    saved(seat.branch, draft([seat], choices={TUESDAY: TAKE}))
    assert "Seat 3, today at 16:00, was taken away: it is needed for Spreadsheets." in mine(client)


def test_one_of_them_is_taken_with_one_tap(screen):
    client, seat, patron = screen
    row = make_booking(seat, at(15), at(16), patron=patron)
    out(seat)
    other = make_device(seat.branch, label="7")
    sent = {"device": other.pk, "start": at(15).isoformat(), "minutes": 60, "request_key": uuid4()}
    client.post(reverse("kiosk-instead", args=[row.pk]), sent)
    assert Booking.objects.get(device=other).patron == patron
    assert "was taken away" not in mine(client)


def test_the_first_choice_is_had_back_with_one_tap(screen):
    client, seat, patron = screen
    row = make_booking(seat, at(15), at(16), patron=patron)
    out(seat)
    return_to_service(device_id=seat.pk, by=by_desk(), now=NOW)
    assert "Seat 3 works again, and your time is free." in mine(client)
    client.post(reverse("kiosk-back", args=[row.pk]))
    row.refresh_from_db()
    assert row.ended_at is None
    assert "was taken away" not in mine(client)


def test_a_check_in_at_a_seat_that_is_not_back_in_time_shows_other_ways(screen, monkeypatch):
    client, seat, patron = screen
    take_out_of_service(device_id=seat.pk, by=by_desk(), now=NOW, note="No picture", until=at(15))
    row = make_booking(seat, at(15), at(16), patron=patron)
    make_device(seat.branch, label="7")
    freeze(monkeypatch, at(15, 1))
    answer = client.post(reverse("kiosk-check-in", args=[row.pk]))
    assert (answer.status_code, "Seat 3 is out of service." in text_of(answer)) == (409, True)
    assert "Take Seat 7 instead" in text_of(answer)
    assert reverse("kiosk-move", args=[row.pk]) in answer.content.decode()


def test_printing_can_be_asked_for_only_where_some_seat_does_not_print(screen):
    client, seat, _patron = screen
    make_device(seat.branch, label="7")
    assert "Printing" not in text_of(client.get(reverse("kiosk-now")))
    seat.lacks = ["printing"]
    seat.save()
    assert "Printing" in text_of(client.get(reverse("kiosk-now")))
    page = client.get(reverse("kiosk-now") + "?needs=printing").content.decode()
    assert f'id="now-{seat.pk}"' not in page
