"""The room's real order: one step at a time, into other areas, followed by board, map and lists."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reservations.board import board
from reservations.models import Area, Device
from reservations.plan import plan_of
from reservations.rules import Refused
from reservations.set_up.room import add_area, change_area, move_area, move_device, remove_area
from reservations.staffing import devices_of
from tests import factories as make
from tests.factories import NOW
from tests.reservations.set_up.managing import manager, order, seat, two_areas

pytestmark = pytest.mark.django_db


@pytest.fixture
def branch():
    return make.make_branch(name="Harbour")


def step(branch, label, way):
    return move_device(device_id=seat(branch, label).pk, way=way, by=manager(), now=NOW)


@pytest.mark.parametrize(
    ("label", "way", "rows"),
    [
        ("2", "up", (["2", "1", "3"], ["4", "5"])),
        ("2", "down", (["1", "3", "2"], ["4", "5"])),
        ("3", "down", (["1", "2"], ["3", "4", "5"])),
        ("4", "up", (["1", "2", "3", "4"], ["5"])),
        ("1", "after", (["2", "3"], ["1", "4", "5"])),
        ("5", "before", (["1", "2", "3", "5"], ["4"])),
    ],
)
def test_a_step_moves_one_place_or_into_the_next_area(branch, label, way, rows):
    two_areas(branch)
    assert step(branch, label, way).moved
    assert tuple(order(branch).values()) == rows


@pytest.mark.parametrize(("label", "way"), [("1", "up"), ("2", "before"), ("5", "down"), ("4", "after")])
def test_at_the_edge_of_the_room_it_stays(branch, label, way):
    two_areas(branch)
    before = order(branch)
    assert not step(branch, label, way).moved
    assert order(branch) == before


def test_it_says_where_it_stands_now(branch):
    two_areas(branch)
    assert step(branch, "1", "down").said == "Seat 1, now 2 of 3 in Window row"
    assert step(branch, "2", "up").said == "Seat 2 stays 1 of 3 in Window row"


def test_the_last_area_leads_to_no_area_where_something_stands_there(branch):
    two_areas(branch)
    make.make_device(branch, label="Printer 1")
    step(branch, "5", "after")
    assert order(branch) == {"Window row": ["1", "2", "3"], "Long table": ["4"], "no area": ["5", "Printer 1"]}


def test_board_map_and_lists_follow_the_order(branch):
    two_areas(branch)
    step(branch, "2", "up")
    move_area(area_id=Area.objects.get(name="Long table").pk, way="up", by=manager(), now=NOW)
    wanted = ["4", "5", "2", "1", "3"]
    devices = devices_of(branch)
    assert [device.label for device in devices] == wanted
    assert [each.number for zone in board(branch, now=NOW).zones for each in zone.seats] == wanted
    assert [place.label for area in plan_of(None, devices).areas for place in area.seats] == wanted


def test_positions_are_counted_through_the_whole_room(branch):
    two_areas(branch)
    step(branch, "2", "up")
    found = Device.objects.filter(branch=branch).order_by("area__position", "position")
    assert list(found.values_list("position", flat=True)) == [0, 1, 2, 3, 4]


def test_areas_with_the_same_place_do_not_mix(branch):
    areas = two_areas(branch, first=("1", "3"), second=("2", "4"))
    Area.objects.update(position=0)
    assert [device.label for device in devices_of(branch)] == ["1", "3", "2", "4"]
    assert len(board(branch, now=NOW).zones) == len(areas)


def test_a_retired_device_has_no_place(branch):
    two_areas(branch)
    Device.objects.filter(label="2").update(retired_on=NOW.date())
    assert step(branch, "3", "up").said == "Seat 3, now 1 of 2 in Window row"
    with pytest.raises(Refused, match="device_gone"):
        move_device(device_id=Device.objects.get(label="2").pk, way="up", by=manager(), now=NOW)


def test_an_area_moves_with_its_devices_and_stays_at_the_edge(branch):
    _first, second = two_areas(branch)
    assert move_area(area_id=second.pk, way="up", by=manager(), now=NOW).said == "Long table, now 1 of 2 in Harbour"
    assert list(order(branch)) == ["Long table", "Window row"]
    assert not move_area(area_id=second.pk, way="up", by=manager(), now=NOW).moved


def test_an_area_is_added_behind_the_others(branch):
    two_areas(branch)
    add_area(branch_id=branch.pk, name="Studio", hint="editing", by=manager(), now=NOW)
    assert list(order(branch)) == ["Window row", "Long table", "Studio"]


def test_a_second_area_of_one_name_is_refused(branch):
    first, _second = two_areas(branch)
    with pytest.raises(Refused, match="area_twice"):
        add_area(branch_id=branch.pk, name="Long table", hint="", by=manager(), now=NOW)
    with pytest.raises(Refused, match="area_twice"):
        change_area(area_id=first.pk, name="Long table", hint="", by=manager(), now=NOW)


def test_an_area_is_renamed(branch):
    first, _second = two_areas(branch)
    change_area(area_id=first.pk, name="Front row", hint="2 hours", by=manager(), now=NOW)
    assert (Area.objects.get(pk=first.pk).name, Area.objects.get(pk=first.pk).hint) == ("Front row", "2 hours")


def test_only_an_empty_area_is_removed(branch):
    first, second = two_areas(branch, second=())
    with pytest.raises(Refused) as refused:
        remove_area(area_id=first.pk, by=manager(), now=NOW)
    assert str(refused.value.problems[0].sentence).startswith("3 devices still stand in this area.")
    remove_area(area_id=second.pk, by=manager(), now=NOW)
    assert list(order(branch)) == ["Window row"]


def test_what_is_retired_does_not_keep_an_area_and_keeps_its_history(branch):
    _first, second = two_areas(branch, second=("4",))
    Device.objects.filter(label="4").update(retired_on=NOW.date())
    remove_area(area_id=second.pk, by=manager(), now=NOW)
    assert Device.objects.get(label="4").area is None


def test_what_is_gone_is_a_sentence():
    for verb in (change_area, remove_area):
        words = {"name": "Studio", "hint": ""} if verb is change_area else {}
        with pytest.raises(Refused, match="area_gone"):
            verb(area_id=0, by=manager(), now=NOW, **words)
    with pytest.raises(Refused, match="device_gone"):
        move_device(device_id=0, way="up", by=manager(), now=NOW)


def test_a_step_takes_as_many_queries_in_a_large_room(branch):
    two_areas(branch)
    with CaptureQueriesContext(
        connection,
    ) as few:
        step(branch, "2", "up")
    for number in range(40):
        make.make_device(branch, area=Area.objects.get(name="Long table"), label=str(100 + number))
    with CaptureQueriesContext(connection) as many:
        step(branch, "2", "down")
    assert len(many) == len(few)
