"""A device leaves the room for good: its people go elsewhere or are told, its history stays, and it can come back."""

import pytest

from reservations.board import board
from reservations.booking.service import expect_back, return_to_service, take_out_of_service
from reservations.models import Booking, Call, Device
from reservations.reseating import preview_gone, preview_out
from reservations.rules import Refused
from reservations.set_up.order import parts_of
from reservations.set_up.retire import bring_back, retire_device, told_of
from reservations.staffing import devices_of
from tests import factories as make
from tests.factories import NOW, at
from tests.reservations.set_up.managing import manager
from tests.reservations.sitting import sitting

pytestmark = pytest.mark.django_db


@pytest.fixture
def branch():
    return make.make_branch(policy={"gap_minutes": 5})


@pytest.fixture
def device(branch):
    return make.make_device(branch, label="12")


@pytest.fixture
def other(branch, device):
    return make.make_device(branch, label="7")


def retire(device, seen=None, now=NOW):
    preview = preview_gone(device, now=now)
    rows = [*(row for row, _seat in preview.moves), *preview.left]
    ids = told_of(rows) if seen is None else seen
    return retire_device(device_id=device.pk, seen=ids, by=manager(), now=now)


def back(device, now=NOW):
    return bring_back(device_id=device.pk, by=manager(), now=now)


def test_who_sits_there_and_who_comes_later_go_to_another_seat(device, other):
    row, later = sitting(device), make.make_booking(device, at(17), at(18))
    preview = preview_gone(device, now=NOW)
    assert {moved.pk: seat for moved, seat in preview.moves} == {row.pk: other, later.pk: other}
    done = retire(device)
    assert {moved.device for moved in done.moved} == {other}
    assert Booking.objects.get(pk=later.pk).device == other


def test_who_fits_nowhere_is_put_on_the_list(device):
    row = make.make_booking(device, at(16), at(17))
    assert [lost.pk for lost in retire(device).displaced] == [row.pk]
    assert Call.objects.get(booking=row).why == "displaced"


def test_a_retired_device_is_in_no_list_and_its_history_stays(branch, device, other):
    past = make.make_booking(device, at(10), at(11), ended_at=at(11), outcome="finished")
    retire(device)
    device.refresh_from_db()
    assert device.retired_on == NOW.date()
    assert devices_of(branch) == [other]
    assert [each for part in parts_of(branch.pk) for each in part.devices] == [other]
    assert [seat.number for zone in board(branch, now=NOW).zones for seat in zone.seats] == ["7"]
    assert past in device.bookings.all()


def test_nobody_is_moved_who_was_not_shown(device, other):
    shown = told_of([make.make_booking(device, at(16), at(17))])
    row = make.make_booking(device, at(17), at(18))
    with pytest.raises(Refused, match="plan_changed"):
        retire(device, seen=shown)
    assert Booking.objects.get(pk=row.pk).device == device
    assert Device.objects.get(pk=device.pk).retired_on is None


def test_who_has_left_meanwhile_is_no_hindrance(device):
    row = make.make_booking(device, at(16), at(17))
    Booking.objects.filter(pk=row.pk).update(ended_at=NOW, outcome="cancelled")
    assert retire(device, seen=[row.pk]).displaced == []


def test_retiring_twice_is_retiring_once(device):
    retire(device)
    assert retire(device) is None


def test_a_fault_at_a_retired_device_concerns_nobody(device):
    retire(device)
    assert not preview_out(device, now=NOW).touches


def test_a_device_that_is_expected_back_loses_what_is_booked_after(device, other):
    take_out_of_service(device_id=device.pk, by=manager(), now=NOW, note="No picture", until=at(16))
    row = make.make_booking(device, at(17), at(18))
    assert [moved.pk for moved in retire(device).moved] == [row.pk]


def test_a_device_comes_back_last_in_its_area_and_can_be_booked(branch, device, other):
    retire(device)
    back(device)
    assert devices_of(branch) == [other, device]
    assert not device.bookings.filter(ended_at=None).exists()


def test_who_lost_a_booking_is_offered_it_back(device):
    row = make.make_booking(device, at(16), at(17))
    retire(device)
    back(device)
    assert Call.objects.get(booking=row).why == "back"


def test_what_was_broken_before_is_broken_still(device):
    take_out_of_service(device_id=device.pk, by=manager(), now=NOW, note="No picture")
    retire(device)
    back(device)
    assert device.bookings.get(ended_at=None).note == "No picture"


def test_a_label_that_was_given_away_keeps_it_from_coming_back(branch, device):
    retire(device)
    make.make_device(branch, label="12")
    with pytest.raises(Refused, match="label_twice"):
        back(device)


def test_bringing_back_twice_is_once(device):
    retire(device)
    back(device)
    assert back(device).retired_on is None


def test_a_repaired_fault_does_not_bring_a_retired_device_back(device):
    take_out_of_service(device_id=device.pk, by=manager(), now=NOW, note="No picture")
    retire(device)
    return_to_service(device_id=device.pk, by=manager(), now=NOW)
    assert device.bookings.filter(ended_at=None).exists()
    with pytest.raises(Refused, match="unknown_device"):
        expect_back(device_id=device.pk, until=at(17), by=manager(), now=NOW)


def test_what_was_repaired_while_it_was_away_is_not_broken_any_more(device):
    take_out_of_service(device_id=device.pk, by=manager(), now=NOW, note="No picture")
    retire(device)
    return_to_service(device_id=device.pk, by=manager(), now=NOW)
    back(device)
    assert not device.bookings.filter(ended_at=None).exists()


@pytest.mark.parametrize("verb", [retire, back])
def test_a_device_that_never_was_is_a_sentence(verb, device):
    Device.objects.filter(pk=device.pk).delete()
    with pytest.raises(Refused, match="unknown_device"):
        verb(device, **({"seen": ()} if verb is retire else {}))
