"""Retire against book, arrows against arrows, the same device twice: threads against each other, nothing half done."""

from collections import Counter
from functools import partial
from uuid import uuid4

import pytest

from helpdesk.actor import patron as by_patron
from reservations.booking.ahead import book
from reservations.models import Booking, Device
from reservations.set_up.classes import ClassSaid, add_class, remove_class
from reservations.set_up.devices import DeviceSaid, add_device, change_device
from reservations.set_up.retire import bring_back, retire_device
from reservations.set_up.room import move_device
from tests import factories as make
from tests.factories import NOW, at
from tests.racing import race
from tests.reservations.set_up.managing import manager, order, two_areas

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race, pytest.mark.db]
ROUNDS = 6


@pytest.fixture
def branch():
    return make.make_branch(policy={"gap_minutes": 0})


def booking(seat):
    words = {"start": at(15), "end": at(16), "request_key": uuid4(), "by": by_patron(), "now": NOW}
    return partial(book, branch_id=seat.branch_id, device_id=seat.pk, patron=make.make_patron(), **words)


def added(branch, label, kind):
    said = DeviceSaid(label, kind)
    return partial(add_device, branch_id=branch.pk, said=said, by=manager(), now=NOW)


def test_retire_against_book_leaves_nobody_on_a_device_that_is_gone(branch):
    by, seen = manager(), Counter()
    first = make.make_booking(make.make_device(branch), at(9), at(10), ended_at=at(10), outcome="finished").pk
    for turn in range(2 * ROUNDS):
        seat = make.make_device(branch)
        shown = range(first, first + 1000) if turn % 2 else ()  # whoever comes was shown, or nobody was
        leaving = partial(retire_device, device_id=seat.pk, seen=shown, by=by, now=NOW)
        came = race(*([leaving] if turn % 3 else [leaving, leaving]), booking(seat), booking(seat))
        seen += came
        seat.refresh_from_db()
        stands = Booking.objects.filter(device=seat, kind="patron", ended_at=None).count()
        assert not [what for what in came if what.startswith("error")], came
        assert stands == (0 if seat.retired_on else 1)
        assert not Booking.objects.filter(outcome="displaced", kind="patron", call=None).exists()
        Booking.objects.filter(ended_at=None, kind="patron").delete()
    print(f"\n{2 * ROUNDS} rounds of retire against two bookings: {dict(sorted(seen.items()))}, 0 broken invariants")


def test_retire_and_bring_back_at_once_end_in_one_of_the_two(branch):
    by = manager()
    for _round in range(ROUNDS):
        seat = make.make_device(branch)
        words = {"device_id": seat.pk, "by": by, "now": NOW}
        came = race(partial(retire_device, seen=(), **words), partial(bring_back, **words), booking(seat))
        seat.refresh_from_db()
        out = Booking.objects.filter(device=seat, kind="repair", ended_at=None).exists()
        assert not [what for what in came if what.startswith("error")], came
        assert out == bool(seat.retired_on)


def test_arrows_pressed_at_once_lose_no_device(branch):
    two_areas(branch)
    by = manager()
    ids = list(Device.objects.values_list("pk", flat=True))
    for way in ("up", "after", "down", "before"):
        came = race(*(partial(move_device, device_id=pk, way=way, by=by, now=NOW) for pk in ids))
        assert came["accepted"] == len(ids)
    assert sorted(label for labels in order(branch).values() for label in labels) == ["1", "2", "3", "4", "5"]
    places = Device.objects.order_by("position").values_list("position", flat=True)
    assert list(places) == [0, 1, 2, 3, 4]


def test_the_same_label_at_once_is_added_once(branch):
    kind = make.make_class()
    came = race(*(added(branch, label, kind) for label in ("Desk a", "desk a", "DESK A", "Desk A")))
    assert came == {"accepted": 1, "refused:label_twice": 3}


def test_a_class_that_is_removed_while_it_is_given_away_is_a_sentence(branch):
    by = manager()
    for number in range(ROUNDS):
        kind = add_class(said=ClassSaid(f"Class {number}", "computer", True), by=by, now=NOW)
        came = race(added(branch, str(number), kind), partial(remove_class, class_id=kind.pk, by=by, now=NOW))
        assert not [what for what in came if what.startswith("error")], came
        assert came["accepted"] == 1


def test_the_same_class_at_once_is_added_once():
    make.make_class()
    by = manager()
    said = ClassSaid("Quick stop", "computer", True)
    came = race(*(partial(add_class, said=said, by=by, now=NOW) for _each in range(4)))
    assert came == {"accepted": 1, "refused:class_twice": 3}


def test_two_devices_that_change_branches_at_once_do_not_wait_for_each_other(branch):
    other, by = make.make_branch(), manager()
    for _round in range(ROUNDS):
        here, there = make.make_device(branch), make.make_device(other)
        came = race(
            *(
                partial(
                    change_device, device_id=each.pk, branch_id=to.pk, by=by, now=NOW,
                    said=DeviceSaid(each.label, each.device_class),
                )
                for each, to in ((here, other), (there, branch))
            )
        )  # fmt: skip
        assert came == {"accepted": 2}
