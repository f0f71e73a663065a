"""The map of the room: where the seat is, and the way to it from the screen."""

import pytest

from helpdesk.models import Role
from reservations.forms import PairForm
from reservations.models import Device
from reservations.plan import AISLE, BOLD, LANE, SEAT_HEIGHT, plan_of
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def branch():
    return make.make_branch()


def row_of(branch, name, labels):
    """Make an area with a row of seats; return it and its seats."""
    area = make.make_area(branch, name)
    return area, [make.make_device(branch, label=label, area=area) for label in labels]


def room(branch):
    return list(Device.objects.filter(branch=branch).select_related("area", "device_class").order_by("pk"))


def pair_form(branch, beside):
    form = PairForm({"name": "By the door", "branch": branch.pk, "beside": beside}, user=make.make_user(Role.MANAGER))
    form.is_valid()
    return form


def corners(way):
    return [tuple(map(int, corner.split(","))) for corner in way.corners.split()]


def test_where_nobody_said_where_the_screen_stands_no_way_is_drawn(branch):
    _area, (seat, _other) = row_of(branch, "Window row", "12")
    assert plan_of(seat, room(branch)).way is None


def test_a_screen_in_another_branch_shows_no_way(branch):
    _area, (seat, _other) = row_of(branch, "Window row", "12")
    elsewhere = make.make_area(make.make_branch())
    assert plan_of(seat, room(branch), elsewhere.pk).way is None


def test_in_the_screens_own_row_the_way_follows_the_aisle_to_the_seat(branch):
    area, (seat, _other) = row_of(branch, "Window row", "12")
    plan = plan_of(seat, room(branch), area.pk)
    mine = plan.areas[0].seats[0]
    aisle = mine.y + SEAT_HEIGHT + AISLE
    assert corners(plan.way)[1:] == [(plan.way.x, aisle), (mine.middle, aisle), (mine.middle, mine.y + SEAT_HEIGHT)]
    assert plan.way.x > plan.areas[0].seats[-1].x


def test_from_one_line_of_areas_to_another_the_way_goes_round_the_seats(branch):
    row_of(branch, "Reading hall", "12345678")
    area, _seats = row_of(branch, "Quick stop beside the door", "9")
    seat = room(branch)[2]
    plan = plan_of(seat, room(branch), area.pk)
    assert [x for x, _y in corners(plan.way)].count(LANE) == 2
    drawn = [place for each in plan.areas for place in each.seats]
    assert not any(
        place.y < y < place.y + SEAT_HEIGHT for place in drawn for x, y in corners(plan.way) if x != plan.way.x
    )


def test_pairing_refuses_a_part_of_another_branchs_room(branch):
    other = make.make_area(make.make_branch(), "Elsewhere")
    form = pair_form(branch, beside=other.pk)
    assert "another branch" in form.errors["beside"][0]


def test_pairing_keeps_beside_what_the_screen_stands(branch):
    area = make.make_area(branch)
    assert pair_form(branch, beside=area.pk).cleaned_data["beside"] == area


def test_seats_are_drawn_wide_enough_for_their_labels_and_stay_in_the_drawing(branch):
    row_of(branch, "Reading hall", [f"Computer at desk {number:02}" for number in range(10, 22)])
    seats = plan_of(None, room(branch)).areas[0].seats
    assert all(seat.width >= len(seat.short) * BOLD for seat in seats)
    assert max(seat.x + seat.width for seat in seats) < LANE
    assert len({(seat.x, seat.y) for seat in seats}) == 12


def test_a_long_label_is_drawn_with_its_beginning_and_its_end(branch):
    row_of(branch, "Reading hall", ["Computer at desk 12", "Laptop 1"])
    assert [seat.short for seat in plan_of(None, room(branch)).areas[0].seats] == ["Comp…k 12", "Laptop 1"]


def test_where_long_labels_wrap_nothing_is_said_of_the_left(branch):
    _area, seats = row_of(branch, "Reading hall", [f"Computer at desk {number:02}" for number in range(5)])
    assert plan_of(seats[0], room(branch)).words == "Reading hall"
