"""Devices: added, changed, moved to another branch; nothing that somebody counts on changes under them."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from helpdesk import bell
from reservations.booking.service import take_out_of_service
from reservations.booking.settle import ADVANCE
from reservations.models import Device
from reservations.rules import Refused
from reservations.set_up.devices import DeviceSaid, add_device, change_device
from tests import factories as make
from tests.factories import NOW, at
from tests.reservations.set_up.managing import manager, order, two_areas
from tests.reservations.sitting import waiting

pytestmark = pytest.mark.django_db


@pytest.fixture
def branch():
    return make.make_branch()


def said(device, **changed):
    values = {name: getattr(device, name) for name in ("label", "device_class", "area", "place")}
    return DeviceSaid(**{**values, "features": frozenset(device.features), **changed})


def change(device, branch=None, **changed):
    to = branch or device.branch
    return change_device(device_id=device.pk, branch_id=to.pk, said=said(device, **changed), by=manager(), now=NOW)


def refusal(device, branch=None, **changed):
    with pytest.raises(Refused) as refused:
        change(device, branch, **changed)
    return refused.value.codes


def test_a_new_device_stands_last_in_its_area(branch):
    first, _second = two_areas(branch)
    wanted = DeviceSaid("9", make.make_class(), first, "by the door", frozenset({"scanner", "headset"}))
    device = add_device(branch_id=branch.pk, said=wanted, by=manager(), now=NOW)
    assert order(branch) == {"Window row": ["1", "2", "3", "9"], "Long table": ["4", "5"]}
    assert (device.place, device.features) == ("by the door", ["headset", "scanner"])


def test_a_new_seat_wakes_the_waiting_line(branch, monkeypatch):
    rung = []
    monkeypatch.setattr(bell, "ring", lambda *arguments: rung.append(arguments))
    waiting(branch)
    add_device(branch_id=branch.pk, said=DeviceSaid("9", make.make_class()), by=manager(), now=NOW)
    assert rung == [(ADVANCE, branch.pk)]


def test_a_seat_is_called_by_its_number_alone_and_a_machine_by_its_name(branch):
    kind = make.make_class()
    labels = ("Seat 9", "seat 10", "Seat 11a", "Printer 1", "Seat", "12")
    added = [
        add_device(branch_id=branch.pk, said=DeviceSaid(label, kind), by=manager(), now=NOW).label for label in labels
    ]
    assert added == ["9", "10", "Seat 11a", "Printer 1", "Seat", "12"]


def test_two_machines_of_one_name_in_other_letters_are_refused(branch):
    make.make_device(branch, label="Printer 1")
    assert refusal(make.make_device(branch, label="8"), label="PRINTER 1") == ["label_twice"]


def test_devices_whose_labels_differ_in_letters_alone_get_a_number_behind(branch):
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX device_label_once_per_branch")
    labels = ("Printer", "printer", "PRINTER 2", "x" * 20, "X" * 20)
    devices = [make.make_device(branch, label=label) for label in labels]
    import_module("reservations.migrations.0014_one_label_one_device").number_twins(apps)
    found = Device.objects.filter(pk__in=[each.pk for each in devices]).order_by("pk")
    assert [each.label for each in found] == ["Printer", "printer 3", "PRINTER 2", "x" * 20, "X" * 18 + " 2"]


def test_a_label_that_is_taken_is_refused_and_one_that_is_retired_is_free(branch):
    device, other = make.make_device(branch, label="7"), make.make_device(branch, label="8")
    for label in ("7", "Seat 7", "seat 7"):
        assert refusal(other, label=label) == ["label_twice"]
    Device.objects.filter(pk=device.pk).update(retired_on=NOW.date())
    assert change(other, label="7").label == "7"


def test_an_area_of_another_branch_is_refused(branch):
    device = make.make_device(branch)
    elsewhere = make.make_area(make.make_branch())
    assert refusal(device, area=elsewhere) == ["area_elsewhere"]
    wanted = DeviceSaid("99", device.device_class, elsewhere)
    with pytest.raises(Refused, match="area_elsewhere"):
        add_device(branch_id=branch.pk, said=wanted, by=manager(), now=NOW)


def test_in_another_area_it_stands_last(branch):
    _first, second = two_areas(branch)
    change(Device.objects.get(label="1"), area=second)
    assert order(branch) == {"Window row": ["2", "3"], "Long table": ["4", "5", "1"]}


def test_a_booked_device_is_not_moved_to_another_branch(branch):
    device = make.make_device(branch)
    make.make_booking(device, at(16), at(17))
    assert refusal(device, make.make_branch(), area=None) == ["device_held"]


def test_a_booked_device_keeps_its_class(branch):
    device = make.make_device(branch)
    make.make_booking(device, at(16), at(17))
    assert refusal(device, device_class=make.make_class()) == ["device_held"]


def test_a_device_that_is_out_of_service_is_not_moved(branch):
    device = make.make_device(branch)
    take_out_of_service(device_id=device.pk, by=manager(), now=NOW, note="No picture")
    assert refusal(device, make.make_branch()) == ["device_held"]


def test_a_device_that_nobody_counts_on_goes_to_another_branch(branch):
    device = make.make_device(branch, area=make.make_area(branch))
    make.make_booking(device, at(10), at(11))  # a no-show that nobody has settled yet
    other = make.make_branch()
    change(device, other, area=None)
    device.refresh_from_db()
    assert (device.branch, device.area, order(branch)["Window row"]) == (other, None, [])
    assert device.bookings.get().branch == branch  # what happened stays where it happened


def test_a_booked_device_may_get_another_label_and_place(branch):
    device = make.make_device(branch)
    make.make_booking(device, at(16), at(17))
    assert change(device, label="99", place="by the door").place == "by the door"


def test_a_feature_that_somebody_asked_for_stays_while_they_are_booked(branch):
    device = make.make_device(branch, features=["scanner", "headset"])
    row = make.make_booking(device, at(16), at(17), needs=["scanner"])
    assert refusal(device, features=frozenset({"headset"})) == ["feature_needed"]
    assert change(device, features=frozenset({"scanner"})).features == ["scanner"]
    row.ended_at, row.outcome = at(14), "cancelled"
    row.save()
    assert change(device, features=frozenset()).features == []


def test_what_the_device_does_not_have_any_more_is_not_broken_there(branch):
    device = make.make_device(branch, features=["scanner"], lacks=["printing", "scanner"])
    assert change(device, features=frozenset()).lacks == ["printing"]


def test_a_class_that_is_gone_is_a_sentence(branch):
    device, kind = make.make_device(branch), make.make_class()
    type(kind).objects.filter(pk=kind.pk).delete()
    assert refusal(device, device_class=kind) == ["class_gone"]


@pytest.mark.parametrize("retired", [True, False])
def test_a_device_that_is_not_in_the_room_is_a_sentence(branch, retired):
    device = make.make_device(branch)
    Device.objects.filter(pk=device.pk).update(retired_on=NOW.date() if retired else None)
    if not retired:
        Device.objects.filter(pk=device.pk).delete()
    assert refusal(device) == ["unknown_device"]
