"""The line at the kiosk: when it is offered, what a place says, and how it ends."""

import uuid

import pytest
from django.urls import reverse

from reservations.models import Booking, Turn
from tests.factories import NOW, make_branch, make_class, make_device, make_patron
from tests.reservations.kiosked import paired, seated_visitor, take_now
from tests.reservations.lining import MINUTE, advanced, called, freed, full_branch, joined, sitting
from tests.troubleshooting.staffed import HTMX, element, freeze, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    freeze(monkeypatch)


@pytest.fixture
def full():
    """Return a signed-in visitor's client at a full branch, its one seat, and the patron."""
    branch, seats = full_branch()
    client, _kiosk, patron = seated_visitor(branch)
    return client, seats[0], patron


def take_a_number(client, **fields):
    return client.post(reverse("kiosk-line"), {"request_key": uuid.uuid4(), **fields})


def place(client, turn):
    return client.get(reverse("kiosk-turn", args=[turn.pk]))


def act(client, name, turn):
    return client.post(reverse(name, args=[turn.pk]))


def test_a_full_room_offers_a_number_with_the_wait(full):
    client, _seat, _patron = full
    page = client.get(reverse("kiosk-now"))
    assert "No seat is free right now." in text_of(page)
    assert "Take a number" in text_of(page)
    assert page.context["choice"].line.wait.startswith("about ")


def test_a_free_seat_offers_no_number():
    client, kiosk, _patron = seated_visitor()
    make_device(kiosk.branch)
    assert "Take a number" not in text_of(client.get(reverse("kiosk-now")))


def test_a_free_seat_that_somebody_waits_for_is_not_offered(full):
    client, seat, _patron = full
    joined(seat.branch)
    free = make_device(seat.branch)
    page = client.get(reverse("kiosk-now"))
    assert "Other people wait for such a seat. They are next." in text_of(page)
    assert "1 waiting" in text_of(page)
    assert f'id="now-{free.pk}"' not in page.content.decode()


def test_a_seat_that_nobody_in_line_could_use_is_still_offered(full):
    client, seat, _patron = full
    joined(seat.branch)
    express = make_device(seat.branch, kind=make_class(walk_up_only=True, session_minutes=15), label="11")
    page = client.get(reverse("kiosk-now"))
    assert [option.device for option in page.context["choice"].now.options] == [express]


def test_a_walk_up_past_the_line_is_refused_with_the_line_as_the_way(full):
    client, seat, _patron = full
    joined(seat.branch)
    answer = take_now(client, make_device(seat.branch))
    assert answer.status_code == 422
    assert "1 person waits for a seat like this." in text_of(answer)
    assert answer.context["best"].verb == "Take a number"


def test_taking_a_number_leads_to_ones_place(full):
    client, _seat, patron = full
    answer = take_a_number(client)
    turn = Turn.objects.get()
    assert (turn.patron, answer.status_code) == (patron, 303)
    page = text_of(client.get(answer.headers["Location"]))
    assert f"Your number is {turn.number}." in page
    assert "You are next in the line." in page


def test_a_double_click_is_one_number(full):
    client, _seat, _patron = full
    key = uuid.uuid4()
    answers = [take_a_number(client, request_key=key) for _click in range(2)]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert Turn.objects.count() == 1


def test_needs_travel_with_the_number(full):
    client, seat, _patron = full
    seat.features = ["headset"]
    seat.save()
    take_a_number(client, needs="headset,gold")
    assert Turn.objects.get().needs == ["headset"]


def test_a_number_that_cannot_be_read_gets_a_sentence(full):
    client, _seat, _patron = full
    assert "This choice cannot be read." in text_of(take_a_number(client, request_key="x"))


def test_the_slip_of_a_number_says_place_and_wait_and_no_name(full):
    client, _seat, patron = full
    page = element(client.get(take_a_number(client).headers["Location"]), "turn")
    assert Turn.objects.get().number in page
    assert "This slip has no name on it." in page
    assert f">{patron.alias}<" not in page


def test_a_number_for_a_free_seat_is_refused_with_the_seat(full):
    client, seat, _patron = full
    free = make_device(seat.branch, label="77")
    answer = take_a_number(client)
    assert answer.status_code == 422
    assert answer.context["best"].fields["device"] == free.pk


def test_my_place_is_live_and_the_fragment_is_that_of_the_page(full):
    client, seat, patron = full
    turn = joined(seat.branch, patron)
    page = place(client, turn)
    url = page.content.decode().split('hx-get="')[1].split('"')[0].replace("&amp;", "&")
    freed(make_device(seat.branch))
    fragment = client.get(url + "x", headers={"HX-Request": "true"})
    assert "<html" not in fragment.content.decode()
    assert element(fragment, "turn") == element(page, "turn")


def test_a_called_number_shows_its_seat_and_until_when(full):
    client, seat, patron = full
    turn = called(seat.branch, seat, patron=patron)
    page = place(client, turn)
    assert f"Seat {seat.label} is kept for you until 14:12." in text_of(page)
    assert f'data-announce="Seat {seat.label} is kept for you until 14:12."' in page.content.decode()


def test_sitting_down_makes_the_held_seat_ones_own(full):
    client, seat, patron = full
    turn = called(seat.branch, seat, patron=patron)
    answer = act(client, "kiosk-turn-claim", turn)
    booking = Booking.objects.get(patron=patron)
    assert (answer.status_code, booking.device, booking.is_running) == (303, seat, True)
    page = text_of(client.get(answer.headers["Location"]))
    assert f"Seat {seat.label} is yours." in page
    assert turn.number in page


def test_sitting_down_too_early_is_refused_with_ways(full):
    client, seat, patron = full
    answer = act(client, "kiosk-turn-claim", joined(seat.branch, patron))
    assert answer.status_code == 422
    assert "has not been called yet" in text_of(answer)


def test_a_missed_call_says_so_and_gives_the_place_back(full, monkeypatch):
    client, seat, patron = full
    turn = called(seat.branch, seat, patron=patron)
    freeze(monkeypatch, NOW + 7 * MINUTE)
    page = place(client, turn)
    assert f"{turn.number} was called, and the seat has gone to the next person." in text_of(page)
    answer = act(client, "kiosk-turn-rejoin", turn)
    turn.refresh_from_db()
    assert (answer.status_code, turn.ended_at) == (303, None)


def test_who_missed_a_call_is_offered_seats_and_numbers_again(full, monkeypatch):
    client, seat, patron = full
    called(seat.branch, seat, patron=patron)
    freeze(monkeypatch, NOW + 7 * MINUTE)
    page = client.get(reverse("kiosk-now"))
    assert [option.device for option in page.context["choice"].now.options] == [seat]
    assert "Take your place again" in text_of(client.get(reverse("kiosk-mine")))


def test_a_claim_after_its_time_offers_the_place_again(full, monkeypatch):
    client, seat, patron = full
    turn = called(seat.branch, seat, patron=patron)
    freeze(monkeypatch, NOW + 7 * MINUTE)
    answer = act(client, "kiosk-turn-claim", turn)
    assert answer.status_code == 422
    assert answer.context["best"].verb == "Take your place again"
    assert client.post(answer.context["best"].url, answer.context["best"].fields).status_code == 303


def test_a_place_given_back_too_late_is_refused_with_ways(full, monkeypatch):
    client, seat, patron = full
    turn = called(seat.branch, seat, patron=patron)
    freeze(monkeypatch, NOW + 40 * MINUTE)
    advanced(seat.branch, NOW + 40 * MINUTE)
    answer = act(client, "kiosk-turn-rejoin", turn)
    assert answer.status_code == 422
    assert "Ask a librarian" in text_of(answer)


def test_leaving_the_line_is_one_tap_and_said(full):
    client, seat, patron = full
    turn = joined(seat.branch, patron)
    answer = act(client, "kiosk-turn-leave", turn)
    turn.refresh_from_db()
    assert turn.outcome == "left"
    assert "You have left the line." in text_of(client.get(answer.headers["Location"]))


def test_my_bookings_show_my_number(full):
    client, seat, patron = full
    turn = joined(seat.branch, patron)
    page = client.get(reverse("kiosk-mine"))
    assert turn.number in text_of(page)
    assert reverse("kiosk-turn", args=[turn.pk]) in page.content.decode()


def test_somebody_in_line_sees_their_number_instead_of_seats_and_may_book_for_later(full):
    client, seat, patron = full
    joined(seat.branch, patron)
    page = client.get(reverse("kiosk-now"))
    assert "You have a place in the line." in text_of(page)
    assert "Take a number" not in text_of(page)
    assert page.context["choice"].slots


def test_leaving_at_a_second_screen_after_sitting_down_says_what_is_true(full):
    client, seat, patron = full
    turn = called(seat.branch, seat, patron=patron)
    act(client, "kiosk-turn-claim", turn)
    answer = client.post(reverse("kiosk-turn-leave", args=[turn.pk]), follow=True)
    turn.refresh_from_db()
    assert answer.redirect_chain[-1][0] == reverse("kiosk-booked", args=[turn.offer_id])


def test_a_place_that_is_over_leads_on(full):
    client, seat, patron = full
    turn = called(seat.branch, seat, patron=patron)
    act(client, "kiosk-turn-claim", turn)
    turn.refresh_from_db()
    assert place(client, turn).headers["Location"] == reverse("kiosk-booked", args=[turn.offer_id])


def test_a_page_that_asks_by_itself_is_led_on_as_a_whole(full):
    client, seat, patron = full
    turn = joined(seat.branch, patron)
    act(client, "kiosk-turn-leave", turn)
    answer = client.get(reverse("kiosk-turn", args=[turn.pk]), {"live": "old"}, **HTMX)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, reverse("kiosk-mine") + "?done=left")


@pytest.mark.parametrize("name", ["kiosk-turn-claim", "kiosk-turn-leave", "kiosk-turn-rejoin"])
def test_nobody_touches_the_place_of_another(full, name):
    client, seat, _patron = full
    theirs = joined(seat.branch, make_patron())
    assert act(client, name, theirs).status_code == 404
    assert place(client, theirs).status_code == 404


def test_nobody_takes_a_number_without_signing_in():
    branch, _seats = full_branch()
    client, _kiosk = paired(branch)
    answer = take_a_number(client, needs="headset")
    assert answer.headers["Location"] == reverse("kiosk-sign-in") + "?then=now&needs=headset"


def test_who_sits_already_takes_no_number():
    branch, _seats = full_branch()
    client, _kiosk, patron = seated_visitor(branch)
    sitting(make_device(branch), patron=patron)
    answer = take_a_number(client)
    assert answer.status_code == 422
    assert "You already have a seat" in text_of(answer)


def test_a_closed_library_offers_no_number(monkeypatch):
    branch = make_branch()
    make_device(branch)
    client, _kiosk, _patron = seated_visitor(branch)
    freeze(monkeypatch, NOW.replace(hour=2))
    assert "Take a number" not in text_of(client.get(reverse("kiosk-now")))
