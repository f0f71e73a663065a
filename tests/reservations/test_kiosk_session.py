"""A running session at the kiosk: how long it still is, more minutes or why not, a soft landing, back to the seat."""

import pytest
from django.urls import reverse

from reservations.models import Booking
from tests.factories import NOW, at, make_booking, make_branch, make_device
from tests.reservations.kiosked import seated_visitor
from tests.reservations.lining import MINUTE, joined, sitting
from tests.troubleshooting.staffed import HTMX, counted, element, freeze, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    freeze(monkeypatch)


def visitor(end=None, **policy):
    """Return a client whose patron sits until `end`, the session, and its seat."""
    branch = make_branch(policy={"gap_minutes": 0, **policy})
    client, _kiosk, patron = seated_visitor(branch)
    seat = make_device(branch, label="3")
    return client, sitting(seat, end=end, patron=patron), seat


def mine(client, **query):
    return client.get(reverse("kiosk-mine"), query)


def act(client, name, booking, **fields):
    return client.post(reverse(name, args=[booking.pk]), fields)


def test_fifteen_more_minutes_are_one_tap():
    client, booking, _seat = visitor()
    assert "15 more minutes" in text_of(mine(client))
    answer = act(client, "kiosk-extend", booking, minutes=15)
    booking.refresh_from_db()
    assert (answer.status_code, booking.end) == (303, at(15, 15))
    assert "You have more time now." in text_of(client.get(answer.headers["Location"]))


def test_fewer_minutes_are_offered_where_only_those_fit():
    client, booking, seat = visitor()
    make_booking(seat, at(15, 10), at(16))
    assert "10 more minutes" in text_of(mine(client))
    act(client, "kiosk-extend", booking, minutes=10)
    booking.refresh_from_db()
    assert booking.end == at(15, 10)


def test_no_more_minutes_are_explained_instead_of_offered():
    client, _booking, seat = visitor()
    make_booking(seat, at(15), at(16))
    page = text_of(mine(client))
    assert "more minutes </span>" not in page
    assert "No more minutes: Seat 3 is booked by someone else from 15:00." in page


def test_who_waits_is_the_reason_for_no_more_minutes():
    client, _booking, seat = visitor()
    joined(seat.branch)
    assert "No more minutes: 1 person waits for a seat like this." in text_of(mine(client))


def test_an_extension_that_does_not_work_any_more_is_refused_with_what_does():
    client, booking, seat = visitor()
    make_booking(seat, at(15), at(16))
    make_device(seat.branch, label="4")
    answer = act(client, "kiosk-extend", booking, minutes=15)
    assert answer.status_code == 409
    assert answer.context["best"].title == "15:00 to 16:00"
    assert "Ask a librarian" in text_of(answer)


def test_an_extension_of_which_less_fits_by_now_is_refused_with_what_is_left_of_it():
    client, booking, seat = visitor()
    make_booking(seat, at(15, 10), at(16))
    best = act(client, "kiosk-extend", booking, minutes=15).context["best"]
    assert (best.title, best.detail) == ("10 more minutes", "Seat 3, until 15:10")
    assert client.post(best.url, best.fields).status_code == 303
    booking.refresh_from_db()
    assert booking.end == at(15, 10)


def test_an_extension_beyond_the_day_draws_its_sum():
    client, booking, _seat = visitor(day_minutes=60)
    answer = act(client, "kiosk-extend", booking, minutes=15)
    assert answer.status_code == 422
    assert 'class="over"' in answer.content.decode()
    assert "They can add minutes" in text_of(answer)


@pytest.mark.parametrize("minutes", ["x", "-5", "0", "9" * 30])
def test_minutes_that_cannot_be_read_get_a_sentence(minutes):
    client, booking, _seat = visitor()
    assert "This choice cannot be read." in text_of(act(client, "kiosk-extend", booking, minutes=minutes))


@pytest.mark.parametrize(("left", "said"), [(11, None), (10, 10), (6, 10), (5, 5), (1, 1)])
def test_warnings_come_at_the_minutes_of_the_policy(left, said):
    client, _booking, _seat = visitor(end=NOW + left * MINUTE)
    page = mine(client)
    assert page.context["session"].said == said
    assert ("Save your work." in page.content.decode()) == (said is not None)


@pytest.mark.parametrize(("left", "offered"), [(16, False), (15, True)])
def test_a_soft_landing_is_offered_in_the_last_quarter_of_an_hour_only(left, offered):
    client, booking, _seat = visitor(end=NOW + left * MINUTE)
    assert (reverse("kiosk-land", args=[booking.pk]) in mine(client).content.decode()) == offered


def test_a_soft_landing_gives_time_once():
    client, booking, _seat = visitor(end=NOW + 5 * MINUTE)
    answer = act(client, "kiosk-land", booking, why="form")
    booking.refresh_from_db()
    assert booking.end == NOW + 20 * MINUTE
    assert "You have time to finish." in text_of(client.get(answer.headers["Location"]))


def test_a_session_that_was_gone_back_to_is_not_offered_a_second_one():
    client, booking, _seat = visitor(end=NOW + 5 * MINUTE)
    act(client, "kiosk-land", booking, why="form")
    act(client, "kiosk-finish", booking)
    act(client, "kiosk-resume", booking)
    again = Booking.objects.get(continues=booking)
    Booking.objects.filter(pk=again.pk).update(period=(NOW - MINUTE, NOW + 5 * MINUTE))
    page = mine(client)
    assert page.context["session"].booking == again
    assert not page.context["session"].may_land


def test_a_soft_landing_for_another_reason_is_not_read():
    client, booking, _seat = visitor(end=NOW + 5 * MINUTE)
    assert "This choice cannot be read." in text_of(act(client, "kiosk-land", booking, why="<b>"))


@pytest.mark.parametrize(("added", "said"), [(15, True), (0, False)])
def test_the_minutes_of_waiting_for_help_are_told_where_there_are_any(added, said):
    client, booking, _seat = visitor()
    Booking.objects.filter(pk=booking.pk).update(help_at=NOW, help_added=added)
    assert (f"You have {added} minutes more while you wait for a librarian." in text_of(mine(client))) == said


def test_back_to_the_seat_after_finishing_by_mistake():
    client, booking, _seat = visitor()
    answer = act(client, "kiosk-finish", booking)
    assert "Back to seat 3" in text_of(client.get(answer.headers["Location"]))
    back = act(client, "kiosk-resume", booking)
    assert back.status_code == 303
    assert "Seat 3 is yours." in text_of(client.get(back.headers["Location"]))


def test_back_to_the_seat_is_offered_no_longer_than_the_policy_says(monkeypatch):
    client, booking, _seat = visitor()
    act(client, "kiosk-finish", booking)
    freeze(monkeypatch, NOW + 11 * MINUTE)
    assert "Back to seat 3" not in text_of(mine(client))
    assert "A seat is kept for 10 min after signing out." in text_of(act(client, "kiosk-resume", booking))


def test_back_to_a_seat_that_somebody_took_is_refused_with_others():
    client, booking, seat = visitor()
    act(client, "kiosk-finish", booking)
    sitting(seat, start=NOW)
    free = make_device(seat.branch)
    answer = act(client, "kiosk-resume", booking)
    assert answer.status_code == 409
    assert answer.context["best"].fields["device"] == free.pk


def test_my_session_is_live_and_the_fragment_is_that_of_the_page():
    client, _booking, _seat = visitor()
    fragment = mine(client, live="old")
    asked = client.get(reverse("kiosk-mine"), {"live": "old"}, **HTMX)
    assert "<html" not in asked.content.decode()
    assert element(asked, "mine") == element(fragment, "mine")


def test_a_page_that_asks_by_itself_finds_nobody_and_leads_to_the_start():
    client, _booking, _seat = visitor()
    client.post(reverse("kiosk-leave"))
    answer = client.get(reverse("kiosk-mine"), {"live": "old"}, **HTMX)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, reverse("kiosk"))


def test_a_session_takes_the_same_queries_for_any_number_of_seats():
    client, _booking, seat = visitor()
    with counted() as few:
        mine(client)
    for _number in range(5):
        sitting(make_device(seat.branch))
    with counted() as many:
        mine(client)
    assert len(many) == len(few)
