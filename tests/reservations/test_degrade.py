"""No printing, no sound: the seat stays bookable for who does not need it; who does is moved, and nobody loses one."""

from datetime import timedelta
from uuid import uuid4

import pytest

from reservations.booking.ahead import book
from reservations.booking.degrade import degrade, mend
from reservations.models import Booking, Call, Turn
from reservations.reseating import preview_lacks, preview_words
from tests import factories as make
from tests.factories import NOW, at
from tests.reservations.sitting import by_desk, codes, sitting, waiting

pytestmark = pytest.mark.django_db


@pytest.fixture
def branch():
    return make.make_branch()


@pytest.fixture
def seat(branch):
    return make.make_device(branch, label="12", features=["headset"])


def broke(seat, *lacks):
    return degrade(device_id=seat.pk, lacks=lacks or ["printing"], by=by_desk(), now=NOW, note="Toner")


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def booked(seat, needs=(), **fields):
    return book(
        branch_id=seat.branch_id, device_id=seat.pk, patron=make.make_patron(), start=at(16), end=at(17),
        request_key=uuid4(), by=by_desk(), now=NOW, needs=frozenset(needs), **fields,
    )  # fmt: skip


def printing(seat, start=None):
    start = start or at(15)
    return make.make_booking(seat, start, start + timedelta(hours=1), needs=["printing"])


def test_who_prints_is_moved_and_who_does_not_stays(branch, seat):
    other = make.make_device(branch, features=["headset"])
    prints, reads = printing(seat), make.make_booking(seat, at(16, 10), at(17))
    broke(seat)
    assert (fresh(prints).device, fresh(reads).device) == (other, seat)
    assert Call.objects.get().why == "moved"


def test_who_sits_there_and_prints_goes_on_at_a_seat_that_prints(branch, seat):
    other = make.make_device(branch)
    row = sitting(seat, needs=["printing"])
    (after,) = broke(seat).moved
    assert (after.device, after.continues, after.end) == (other, row, at(15))


def test_with_no_other_seat_they_keep_this_one_and_are_told(seat):
    row = printing(seat)
    assert broke(seat).displaced == []
    assert (fresh(row).device, fresh(row).ended_at, Call.objects.get().why) == (seat, None, "lacks")


def test_it_can_still_be_booked_by_who_does_not_need_it(seat):
    broke(seat)
    assert codes(booked, seat, ["printing"]) == ["lacks"]
    assert booked(seat).device == seat


def test_staff_may_book_it_all_the_same(seat):
    broke(seat)
    assert booked(seat, ["printing"], override="They print elsewhere").needs == ["printing"]


def test_a_number_that_was_called_to_it_and_needs_it_waits_again(branch, seat):
    offer = make.make_booking(seat, NOW, at(15), kind="offer", check_in_by=at(14, 12), needs=["sound"])
    turn = waiting(branch, offer=offer, called_at=NOW, first_called_at=NOW, needs=["sound"])
    broke(seat, "sound")
    assert Turn.objects.get(pk=turn.pk).offer is None
    assert Booking.objects.get(pk=offer.pk).outcome == "cancelled"


def test_twice_is_once(seat):
    broke(seat)
    broke(seat)
    assert fresh(seat).lacks == ["printing"]


def test_only_what_a_seat_has_can_be_broken(seat):
    assert codes(broke, seat, "screen-reader") == ["unknown_lack"]


def test_mended_it_serves_everybody_and_nobody_has_to_be_told(seat):
    printing(seat)
    broke(seat, "printing", "headset")
    mend(device_id=seat.pk, lacks=["printing"], by=by_desk(), now=NOW)
    assert (fresh(seat).lacks, Call.objects.count()) == (["headset"], 0)
    mend(device_id=seat.pk, by=by_desk(), now=NOW)
    assert fresh(seat).lacks == []


def test_the_preview_says_who_stays_without_it(branch, seat):
    other = make.make_device(branch)
    printing(seat, at(14, 45))
    printing(seat, at(16, 10))
    make.make_booking(other, at(16), at(17))
    preview = preview_lacks(seat, frozenset({"printing"}), now=NOW)
    assert preview_words(preview, seat, NOW) == "1 moved, 1 stay without it: Seat 12 at 16:10"
    assert fresh(seat).lacks == []
