"""Classes of devices: added with a code of their own, changed while nobody counts on them, removed when unused."""

import pytest

from reservations.models import DeviceClass
from reservations.models.devices import DeviceKind
from reservations.rules import Refused
from reservations.set_up.classes import ClassSaid, add_class, change_class, classes_listed, depends_on, remove_class
from tests import factories as make
from tests.factories import NOW, at
from tests.reservations.set_up.managing import manager

pytestmark = pytest.mark.django_db


def said(name="Quick stop", kind=DeviceKind.COMPUTER, bookable=True):
    return ClassSaid(name, kind, bookable)


def added(**fields):
    return add_class(said=said(**fields), by=manager(), now=NOW)


def changed(kind, **fields):
    return change_class(class_id=kind.pk, said=said(**fields), by=manager(), now=NOW)


def test_a_new_class_gets_a_code_of_its_name():
    assert added().code == "quick-stop"


@pytest.mark.parametrize(("name", "code"), [("Quick, stop", "quick-stop-2"), ("図書", "class"), ("x" * 60, "x" * 25)])
def test_a_code_is_never_taken_twice_and_always_there(name, code):
    added()
    assert added(name=name).code == code


def test_a_second_class_of_one_name_is_refused():
    added()
    with pytest.raises(Refused, match="class_twice"):
        added(name="QUICK STOP")


def test_only_computers_are_booked():
    with pytest.raises(Refused, match="class_not_bookable"):
        added(kind=DeviceKind.PRINTER)


def test_the_code_stays_when_the_name_changes():
    kind = changed(added(), name="Express")
    assert (kind.name, kind.code) == ("Express", "quick-stop")


def test_a_class_that_is_booked_keeps_its_kind_and_may_be_renamed():
    kind = added()
    make.make_booking(make.make_device(make.make_branch(), kind=kind), at(16), at(17))
    with pytest.raises(Refused, match="class_held"):
        changed(kind, bookable=False)
    assert changed(kind, name="Express").name == "Express"


def test_what_is_over_does_not_hold_a_class():
    kind = added()
    make.make_booking(make.make_device(make.make_branch(), kind=kind), at(10), at(11))  # a no-show nobody has settled
    assert not changed(kind, bookable=False).bookable


def test_what_depends_on_a_class_is_named():
    kind = added()
    branch = make.make_branch()
    make.make_device(branch, kind=kind)
    make.make_device(branch, kind=kind, retired_on=NOW.date())
    with pytest.raises(Refused) as refused:
        remove_class(class_id=kind.pk, by=manager(), now=NOW)
    assert "1 device, 1 retired device" in str(refused.value.problems[0].sentence)
    assert DeviceClass.objects.filter(pk=kind.pk).exists()


def test_an_unused_class_goes_with_what_policies_say_of_it():
    kind = added()
    branch = make.make_branch()
    branch.policy.class_rules.create(device_class=kind, session_minutes=15)
    listed = classes_listed().get(pk=kind.pk)
    assert (depends_on(listed), listed.rules_of) == ("", 1)
    remove_class(class_id=kind.pk, by=manager(), now=NOW)
    assert not branch.policy.class_rules.exists()


def test_a_class_that_is_gone_is_a_sentence():
    kind = added()
    remove_class(class_id=kind.pk, by=manager(), now=NOW)
    with pytest.raises(Refused, match="class_gone"):
        changed(kind)
    with pytest.raises(Refused, match="class_gone"):
        remove_class(class_id=kind.pk, by=manager(), now=NOW)
