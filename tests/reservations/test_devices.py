"""What set-up may do to a device: nothing that somebody counts on changes under them."""

import pytest
from django.core.exceptions import ValidationError

from tests import factories as make
from tests.factories import NOW, at

pytestmark = pytest.mark.django_db


def test_an_area_of_another_branch_is_refused():
    device = make.make_device(make.make_branch())
    device.area = make.make_area(make.make_branch())
    with pytest.raises(ValidationError, match="another branch"):
        device.full_clean()


@pytest.mark.parametrize("change", ["branch", "device_class", "retired_on"])
def test_a_booked_device_is_not_moved_changed_or_retired(change):
    device = make.make_device(make.make_branch())
    make.make_booking(device, at(16), at(17))
    values = {"branch": make.make_branch(), "device_class": make.make_class(), "retired_on": NOW.date()}
    setattr(device, change, values[change])
    with pytest.raises(ValidationError, match="Free it first"):
        device.full_clean()


def test_a_device_that_nobody_counts_on_may_move():
    device = make.make_device(make.make_branch())
    make.make_booking(device, at(10), at(11), ended_at=at(11), outcome="finished")
    device.branch = make.make_branch()
    device.full_clean()


def test_a_booked_device_may_get_another_place():
    device = make.make_device(make.make_branch())
    make.make_booking(device, at(16), at(17))
    device.place = "by the door"
    device.full_clean()


def test_a_label_that_is_taken_is_a_sentence():
    device = make.make_device(make.make_branch())
    other = make.make_device(device.branch)
    other.label = device.label
    with pytest.raises(ValidationError, match="Choose another one"):
        other.full_clean()
