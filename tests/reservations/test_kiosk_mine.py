"""My bookings at the kiosk: what one sees, sits down to, gives back and cancels."""

from datetime import time

import pytest
from django.urls import reverse

from reservations.booking.settle import settle_branch
from reservations.models import Booking
from tests.factories import at, make_booking, make_branch, make_device, make_patron
from tests.reservations.kiosked import seated_visitor
from tests.reservations.planning import draft, saved
from tests.troubleshooting.staffed import counted, freeze, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    freeze(monkeypatch)


@pytest.fixture
def desk():
    """Return a signed-in visitor's client, and a seat of the kiosk's branch."""
    client, kiosk, patron = seated_visitor(make_branch(policy={"gap_minutes": 0}))
    return client, make_device(kiosk.branch, label="3"), patron


def mine(client):
    return client.get(reverse("kiosk-mine"))


def act(client, name, booking, method="post"):
    return getattr(client, method)(reverse(name, args=[booking.pk]))


def test_nothing_booked_says_so_and_leads_on(desk):
    client, _seat, _patron = desk
    page = mine(client)
    assert "You have no booking." in text_of(page)
    assert reverse("kiosk-now") in page.content.decode()


def test_a_running_session_says_its_minutes_and_can_be_given_back(desk):
    client, seat, patron = desk
    booking = make_booking(seat, at(14), at(15), patron=patron, checked_in_at=at(14))
    page = mine(client)
    assert "53 min left" in text_of(page)
    assert reverse("kiosk-finish", args=[booking.pk]) in page.content.decode()
    assert reverse("kiosk-cancel", args=[booking.pk]) not in page.content.decode()


def test_i_am_done_frees_the_seat(desk):
    client, seat, patron = desk
    booking = make_booking(seat, at(14), at(15), patron=patron, checked_in_at=at(14))
    answer = act(client, "kiosk-finish", booking)
    booking.refresh_from_db()
    assert (answer.status_code, booking.outcome) == (303, "finished")
    assert "Your seat is free again." in text_of(client.get(answer.headers["Location"]))


def test_a_booking_whose_time_has_come_can_be_sat_down_to(desk):
    client, seat, patron = desk
    booking = make_booking(seat, at(14), at(15), patron=patron)
    answer = act(client, "kiosk-check-in", booking)
    booking.refresh_from_db()
    assert (answer.status_code, booking.is_running) == (303, True)
    assert "Seat 3 is yours." in text_of(client.get(answer.headers["Location"]))


def test_a_missed_booking_can_be_sat_down_to_while_the_seat_is_free(desk):
    client, seat, patron = desk
    booking = make_booking(seat, at(13, 30), at(14, 30), patron=patron)
    assert "The seat is yours if nobody has taken it." in text_of(mine(client))
    assert act(client, "kiosk-check-in", booking).status_code == 303


def test_a_missed_booking_stays_on_the_page_after_housekeeping(desk):
    client, seat, patron = desk
    make_booking(seat, at(13, 30), at(14, 30), patron=patron)
    settle_branch(branch_id=seat.branch_id, now=at(14, 7))
    assert "The seat is yours if nobody has taken it." in text_of(mine(client))


def test_a_missed_seat_that_somebody_took_is_refused_with_others(desk):
    client, seat, patron = desk
    booking = make_booking(seat, at(13, 30), at(14, 30), patron=patron)
    settle_branch(branch_id=seat.branch_id, now=at(14))
    make_booking(seat, at(14), at(14, 20), checked_in_at=at(14))
    answer = act(client, "kiosk-check-in", booking)
    assert answer.status_code == 409
    assert "Someone else has just taken this seat." in text_of(answer)


def test_an_early_visitor_is_told_when_to_come_back(desk):
    client, seat, patron = desk
    booking = make_booking(seat, at(16), at(17), patron=patron)
    answer = act(client, "kiosk-check-in", booking)
    assert answer.status_code == 422
    assert "Come back at its time." in text_of(answer)


def test_cancelling_asks_once_more(desk):
    client, seat, patron = desk
    booking = make_booking(seat, at(16), at(17), patron=patron)
    page = act(client, "kiosk-cancel", booking, "get")
    booking.refresh_from_db()
    assert "Cancel seat 3, today at 16:00?" in text_of(page)
    assert booking.ended_at is None


def test_cancelling_frees_the_seat_and_twice_is_once(desk):
    client, seat, patron = desk
    booking = make_booking(seat, at(16), at(17), patron=patron)
    answers = [act(client, "kiosk-cancel", booking) for _click in range(2)]
    booking.refresh_from_db()
    assert ([answer.status_code for answer in answers], booking.outcome) == ([303, 303], "cancelled")
    assert "Your booking is cancelled." in text_of(client.get(answers[0].headers["Location"]))


def test_a_running_session_is_not_cancelled_but_finished(desk):
    client, seat, patron = desk
    booking = make_booking(seat, at(14), at(15), patron=patron, checked_in_at=at(14))
    answer = act(client, "kiosk-cancel", booking)
    assert answer.status_code == 422
    assert "This seat is in use." in text_of(answer)


def test_what_is_over_leads_from_its_confirmation_to_my_bookings(desk):
    client, seat, patron = desk
    booking = make_booking(
        seat, at(12), at(13), patron=patron, checked_in_at=at(12), ended_at=at(13), outcome="ran_out"
    )
    answer = act(client, "kiosk-booked", booking, "get")
    assert (answer.status_code, answer.headers["Location"]) == (303, reverse("kiosk-mine"))


@pytest.mark.parametrize("name", ["kiosk-check-in", "kiosk-finish", "kiosk-cancel"])
def test_nobody_changes_the_booking_of_another(desk, name):
    client, seat, _patron = desk
    theirs = make_booking(seat, at(14), at(15), patron=make_patron())
    assert act(client, name, theirs).status_code == 404
    assert Booking.objects.get() == theirs
    assert Booking.objects.get().ended_at is None


def test_a_seat_at_another_branch_is_named_but_sat_down_to_there(desk):
    client, _seat, patron = desk
    branch = make_branch(name="Millbrook")
    booking = make_booking(make_device(branch), at(14), at(15), patron=patron)
    page = mine(client)
    assert "Millbrook" in text_of(page)
    assert reverse("kiosk-check-in", args=[booking.pk]) not in page.content.decode()
    assert "This seat is at Millbrook." in text_of(act(client, "kiosk-check-in", booking))


def test_the_list_takes_the_same_queries_for_any_number_of_bookings(desk):
    client, seat, patron = desk
    make_booking(seat, at(16), at(17), patron=patron)
    with counted() as few:
        mine(client)
    make_booking(make_device(seat.branch), at(17), at(18), patron=patron)
    make_booking(make_device(make_branch()), at(18), at(19), patron=patron)
    with counted() as many:
        mine(client)
    assert len(many) == len(few)


def test_an_unknown_end_of_a_story_is_not_told(desk):
    client, _seat, _patron = desk
    page = client.get(reverse("kiosk-mine"), {"done": "<b>paid</b>"})
    assert "paid" not in text_of(page)


def test_an_early_visitor_sees_from_when_the_seat_may_be_taken_and_no_other_seat(desk):
    client, seat, patron = desk
    make_device(seat.branch)
    answer = act(client, "kiosk-check-in", make_booking(seat, at(16), at(17), patron=patron))
    page = text_of(answer)
    assert f"Sit down from: 15:45 Today, seat 3, {seat.branch.name}" in page
    assert "My bookings" in page
    assert reverse("kiosk-book") not in answer.content.decode()


def test_a_check_in_elsewhere_names_the_branch_and_no_other_seat(desk):
    client, seat, patron = desk
    make_device(seat.branch)
    there = make_device(make_branch(name="Millbrook"), label="8")
    answer = act(client, "kiosk-check-in", make_booking(there, at(16), at(17), patron=patron))
    assert "Today, seat 8, Millbrook" in text_of(answer)
    assert reverse("kiosk-book") not in answer.content.decode()


@pytest.mark.parametrize("name", ["kiosk-finish", "kiosk-cancel"])
def test_what_cannot_be_done_with_a_booking_offers_no_new_one(desk, name):
    client, seat, patron = desk
    seated = at(14) if name == "kiosk-cancel" else None
    answer = act(client, name, make_booking(seat, at(14), at(15), patron=patron, checked_in_at=seated))
    assert answer.status_code == 422
    assert "This works:" not in text_of(answer)
    assert "My bookings" in text_of(answer)


def test_who_makes_room_for_a_class_reads_where_their_session_goes_on_and_why(desk):
    client, seat, patron = desk
    make_booking(seat, at(14), at(15), patron=patron, checked_in_at=at(14))
    make_device(seat.branch, label="4")
    saved(seat.branch, draft([seat], starts=time(14, 30)))
    page = text_of(mine(client))
    assert "Your time runs until 14:30" in page
    assert "Your session goes on here: the seat you sit at is needed for Spreadsheets." in page
