"""What the desk does to the waiting line."""

import re

import pytest
from django.urls import reverse

from helpdesk.models import Role
from reservations.models import Booking, Turn
from tests.factories import NOW, make_branch, make_device, make_patron, make_user
from tests.reservations.lining import MINUTE, called, freed, full_branch, joined

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    monkeypatch.setattr("helpdesk.clock.now", lambda: NOW)


@pytest.fixture
def room(client):
    branch, seats = full_branch()
    client.force_login(make_user(Role.DESK, branch))
    return branch, seats[0]


def post(client, name, turn, headers=None, **data):
    return client.post(reverse(name, args=[turn.pk]), {"next": "/desk/", **data}, headers=headers or {})


def codes(answer):
    return re.search(r'data-code="([^"]*)"', answer.content.decode()).group(1).split()


def test_calling_a_number_holds_the_free_seat_for_it(client, room):
    branch, seat = room
    turn = joined(branch)
    freed(seat, NOW - 10 * MINUTE)
    assert post(client, "turn-call", turn).status_code == 302
    turn.refresh_from_db()
    assert (turn.offer.device, turn.offer.kind) == (seat, "offer")
    assert "is called to" in client.get("/notices/").content.decode()


def test_calling_while_every_seat_is_taken_says_so(client, room):
    answer = post(client, "turn-call", joined(room[0]))
    assert (answer.status_code, codes(answer)) == (422, ["no_seat"])


def test_a_called_number_sits_down(client, room):
    turn = called(*room)
    post(client, "turn-seat", turn)
    booking = Booking.objects.get(number=turn.number)
    assert (booking.kind, booking.patron, booking.is_running) == ("patron", turn.patron, True)


def test_skipping_gives_the_held_seat_to_the_next(client, room):
    turn = called(*room)
    after = joined(room[0])
    post(client, "turn-skip", turn)
    after.refresh_from_db()
    turn.refresh_from_db()
    assert (after.offer.device, turn.offer) == (room[1], None)


def test_skipping_the_only_one_says_that_nobody_else_waits(client, room):
    assert codes(post(client, "turn-skip", called(*room))) == ["nobody_else"]


def test_a_place_is_changed_and_kept(client, room):
    turn = joined(room[0])
    post(client, "turn-change", turn, class_code="internet", minutes="30")
    turn.refresh_from_db()
    assert (turn.minutes, turn.device_class.code, turn.place_at) == (30, "internet", NOW)


@pytest.mark.parametrize("minutes", ["", "0", "x", "100000"])
def test_an_unfit_change_comes_back_with_its_form(client, room, minutes):
    turn = joined(room[0])
    answer = post(client, "turn-change", turn, minutes=minutes)
    assert answer.status_code == 422
    assert "Type the minutes as a number" in answer.content.decode()


def test_a_number_is_taken_out_of_the_line_for_a_reason(client, room):
    turn = joined(room[0])
    post(client, "turn-remove", turn, reason="went home")
    turn.refresh_from_db()
    assert turn.outcome == "removed"


def test_a_number_is_not_taken_out_without_a_reason(client, room):
    turn = joined(room[0])
    answer = post(client, "turn-remove", turn, reason="")
    turn.refresh_from_db()
    assert (answer.status_code, turn.ended_at) == (422, None)


def test_somebody_who_came_late_gets_the_place_back(client, room):
    turn = called(*room, now=NOW - 10 * MINUTE)
    post(client, "turn-rejoin", turn)
    turn.refresh_from_db()
    assert turn.ended_at is None


def test_the_dialog_of_a_place_shows_what_it_asks_for(client, room):
    turn = joined(room[0], minutes=45)
    html = client.get(reverse("turn", args=[turn.pk]), headers=HTMX).content.decode()
    assert html.lstrip().startswith("<dialog")
    assert 'value="45"' in html


def test_the_dialog_of_a_place_that_is_over_holds_no_seat(client, room):
    turn = called(*room)
    assert "held until" in client.get(reverse("turn", args=[turn.pk])).content.decode()
    post(client, "turn-seat", turn)
    assert "held until" not in client.get(reverse("turn", args=[turn.pk])).content.decode()


def test_a_refusal_in_htmx_opens_a_dialog_and_changes_nothing_else(client, room):
    answer = post(client, "turn-call", joined(room[0]), headers=HTMX)
    assert (answer["HX-Retarget"], answer["HX-Reswap"]) == ("body", "beforeend")
    assert answer.content.decode().lstrip().startswith("<dialog")


def test_a_place_at_another_branch_does_not_exist(client, room):
    other = make_branch()
    make_device(other)
    turn = Turn.objects.create(
        branch=other, on=NOW.date(), number="D41", patron=make_patron(), minutes=60, joined_at=NOW, place_at=NOW
    )
    assert post(client, "turn-call", turn).status_code == 404
