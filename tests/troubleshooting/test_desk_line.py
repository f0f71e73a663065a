"""The waiting line on the desk page: its rows, its next number, the measured promise, and what it costs to read."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from helpdesk.actor import staff
from helpdesk.models import Role
from reservations.models import Turn
from tests.factories import NOW, at, make_booking, make_device, make_user
from tests.reservations.lining import MINUTE, called, full_branch, joined
from tests.troubleshooting.staffed import counted, freeze, text_of
from troubleshooting.lifecycle import log

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    freeze(monkeypatch)


@pytest.fixture
def room(client):
    branch, seats = full_branch()
    client.force_login(make_user(Role.DESK, branch))
    return branch, seats[0]


def page(client, branch, **headers):
    return client.get(reverse("desk-branch", args=[branch.slug]), headers=headers)


def ask_for_help(branch, now):
    by = staff(make_user(Role.DESK).pk, Role.DESK)
    return log(branch_id=branch.pk, text="it froze", channel="seat", tier=1, request_key=uuid4(), by=by, now=now)


def test_a_row_says_number_wish_wait_seat_and_when(client, room):
    branch, seat = room
    turn = joined(branch, now=NOW - 9 * MINUTE)
    said = text_of(page(client, branch))
    assert f"Number {turn.number} 1 hour, any 9 min {seat.said}" in said
    assert "1 waiting, longest 9 min" in said


def test_an_empty_line_says_what_will_appear(client, room):
    assert "Nobody waits for a seat." in text_of(page(client, room[0]))


def test_the_measured_promise_stands_beside_the_line(client, room):
    branch, _seat = room
    for minutes in (5, 5, 5, 30):
        Turn.objects.create(
            branch=branch,
            on=at(9, day=20).date(),
            number=f"A{Turn.objects.count()}",
            minutes=60,
            joined_at=at(9, day=20),
            place_at=at(9, day=20),
            promised_low_at=at(9, day=20),
            promised_high_at=at(9, 10, day=20),
            first_called_at=at(9, minutes, day=20),
            ended_at=at(10, day=20),
            outcome="left",
        )
    assert "Kept 75 of 100 promises this month" in text_of(page(client, branch))
    joined(branch)
    assert "Kept 75 of 100 promises this month" in text_of(page(client, branch))


def test_without_history_no_promise_is_claimed(client, room):
    assert "No promises measured yet" in text_of(page(client, room[0]))


def test_a_held_seat_is_the_next_thing_with_its_ways(client, room):
    branch, seat = room
    turn = called(branch, seat)
    html = page(client, branch).content.decode()
    bar = html[html.index('id="next"') : html.index('id="board"')]
    assert f"<b>{turn.number}</b>" in bar
    assert "Held until 14:12." in bar
    assert all(words in bar for words in ("Call again", "Sits down", "Skip"))


def test_the_board_names_the_number_that_a_seat_is_held_for(client, room):
    branch, seat = room
    turn = called(branch, seat)
    html = page(client, branch).content.decode()
    card = html[html.index(f'id="seat-{seat.label}"') :]
    card = card[: card.index("</li>")]
    assert f"held for {turn.number} until 14:12" in card
    assert card.count(turn.number) == 1  # said once: the seat's few lines hold it in every language


def test_the_lamp_marks_the_number_and_the_seat_of_the_next_thing(client, room):
    branch, seat = room
    called(branch, seat)
    html = page(client, branch).content.decode()
    assert html.count("turn turn--call") == 1
    assert f' is-next" id="seat-{seat.label}"' in html


def test_help_that_is_late_comes_before_the_line(client, room):
    branch, seat = room
    called(branch, seat)
    ask_for_help(branch, NOW - timedelta(minutes=30))
    html = page(client, branch).content.decode()
    assert "Take it" in html[html.index('id="next"') : html.index('id="board"')]
    assert "turn--call" not in html


def test_the_line_comes_before_help_that_is_in_time(client, room):
    branch, seat = room
    called(branch, seat)
    ask_for_help(branch, NOW)
    html = page(client, branch).content.decode()
    assert "Call again" in html[html.index('id="next"') : html.index('id="board"')]


def test_somebody_who_missed_a_call_can_be_put_back(client, room):
    branch, seat = room
    turn = called(branch, seat, now=NOW - 8 * MINUTE)
    joined(branch, now=NOW - 7 * MINUTE)
    assert reverse("turn-rejoin", args=[turn.pk]) in page(client, branch).content.decode()


def test_a_seat_with_little_time_left_carries_a_warning(client, room):
    branch, _seat = room
    make_booking(make_device(branch, label="77"), at(14), at(14, 11), checked_in_at=at(14))
    html = page(client, branch).content.decode()
    seat = html[html.index('id="seat-77"') :]
    assert "is-short" in seat[: seat.index("</li>")]


def test_a_seat_that_waits_for_help_says_so(client, room):
    branch, seat = room
    seat.bookings.update(help_at=NOW)
    assert "waiting for help" in text_of(page(client, branch))


def full_desk(branch, many):
    for number in range(many):
        joined(branch, now=NOW - number * MINUTE)
        ask_for_help(branch, NOW)


@pytest.mark.parametrize("many", [1, 8])
def test_the_whole_desk_page_takes_ten_queries_however_many_wait(client, room, many):
    full_desk(room[0], many)
    with counted() as queries:
        page(client, room[0])
    assert len(queries) == 10


@pytest.mark.parametrize("many", [1, 8])
def test_a_poll_takes_nine(client, room, many):
    full_desk(room[0], many)
    with counted() as queries:
        page(client, room[0], **HTMX)
    assert len(queries) == 9
