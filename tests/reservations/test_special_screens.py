"""Every screen tells of days that are not as usual, and the board of classes to come."""

from datetime import date, time

import pytest
from django.urls import reverse

from reservations.board import board
from reservations.booking.close_early import close_early
from reservations.models import Closure
from reservations.wall import branch_on_wall, wall_of
from tests import factories as make
from tests.factories import NOW, at
from tests.reservations.kiosked import paired
from tests.reservations.planning import draft, room, saved
from tests.reservations.sitting import by_desk

pytestmark = pytest.mark.django_db
STORM = "We close today at 15:00: Storm."


@pytest.fixture(autouse=True)
def _at_two(monkeypatch):
    monkeypatch.setattr("helpdesk.clock.now", lambda: NOW)


@pytest.fixture
def stormy():
    branch = make.make_branch(policy={"stop_minutes": 10})
    make.make_device(branch)
    close_early(branch_id=branch.pk, closes_at=time(15), reason="Storm", by=by_desk(), now=NOW)
    return branch


def test_board_and_wall_tell_that_the_branch_closes_early(stormy):
    assert board(stormy, now=NOW).notice == STORM
    assert wall_of(branch_on_wall(stormy.slug), now=NOW).foot == f"{STORM} The last sessions end at 14:50."


def test_the_wall_names_no_stop_that_is_over(stormy):
    assert wall_of(branch_on_wall(stormy.slug), now=at(14, 51)).foot == f"{STORM} The computers have stopped for today."


def test_the_kiosk_tells_it_on_its_first_page_and_with_its_next_poll(stormy):
    client, _kiosk = paired(stormy)
    assert STORM in client.get(reverse("kiosk")).content.decode()
    polled = client.get(reverse("kiosk"), {"live": "x"}, headers={"HX-Request": "true"}).content.decode()
    assert STORM in polled
    assert 'hx-swap-oob="true"' in polled


def test_a_closed_day_is_told_from_a_week_before():
    branch = make.make_branch()
    Closure.objects.create(on=date(2026, 11, 25), reason="Holiday")
    assert wall_of(branch_on_wall(branch.slug), now=NOW).foot == "Open until 19:00. Closed tomorrow: Holiday."


def test_a_free_seat_says_which_class_comes_next():
    branch, seats = room(1)
    saved(branch, draft(seats))
    seat = board(branch, now=NOW).zones[0].seats[0]
    assert (seat.state, seat.detail, seat.extra) == ("free", "until 16:00", "Class at 16:00")
    later = board(branch, now=at(16, 30)).zones[0].seats[0]
    assert (later.state, later.extra) == ("class", "Spreadsheets")
