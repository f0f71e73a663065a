"""A series being saved while a seat breaks, people book, and another class wants the same seats."""

from collections import Counter
from datetime import time
from functools import partial
from itertools import combinations
from uuid import uuid4

import pytest

from helpdesk.actor import patron as by_patron
from reservations.booking.ahead import book
from reservations.booking.blocks import call_off, change_block
from reservations.booking.close_early import close_early
from reservations.booking.service import return_to_service, take_out_of_service
from reservations.models import Booking
from tests import factories as make
from tests.factories import NOW, at
from tests.racing import race
from tests.reservations.planning import TUESDAY, draft, planned, room, saving
from tests.reservations.sitting import by_desk

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race, pytest.mark.db]
BY = by_patron()
ROUNDS = 6
WEEKLY = "FREQ=WEEKLY;COUNT=8"


def broken(branch):
    """Return pairs of standing rows that overlap on a device or for a person, and rows of blocks called off."""
    rows = list(Booking.objects.filter(branch=branch, ended_at=None).select_related("block"))
    wrong = 0
    for one, two in combinations(rows, 2):
        same = one.device_id == two.device_id or (one.patron_id and one.patron_id == two.patron_id)
        wrong += bool(same and (two.end is None or one.start < two.end) and (one.end is None or two.start < one.end))
    return wrong + sum(1 for row in rows if row.block and row.block.ended_at)


def errors(results):
    return {name: count for name, count in results.items() if name.startswith("error")}


def booking(seat):
    return partial(
        book, branch_id=seat.branch_id, device_id=seat.pk, patron=make.make_patron(), start=at(16, 30), end=at(17),
        request_key=uuid4(), by=BY, now=NOW,
    )  # fmt: skip


def test_a_fault_while_the_series_is_saved_leaves_no_class_on_the_broken_seat():
    by, total, wrong = by_desk(), Counter(), 0
    for round_ in range(2 * ROUNDS):
        branch, seats = room(4)
        wanted = draft(seats, WEEKLY)
        series = saving(branch, wanted, by, seen=planned(branch, wanted).seen)
        fault = partial(take_out_of_service, device_id=seats[0].pk, by=BY, now=NOW, note="No picture")
        results = race(fault, series) if round_ % 2 else race(series, fault)
        total += results
        wrong += broken(branch)
        assert errors(results) == {}
        assert [row.kind for row in Booking.objects.filter(device=seats[0], ended_at=None)] == ["repair"]
        rows = Booking.objects.filter(branch=branch, kind="class")
        assert Counter(rows.values_list("outcome", flat=True)) in (Counter(), Counter({"": 24, "displaced": 8}))
        assert rows.exists() != bool(results["refused:plan_changed"])
    print(f"fault against a series: 2 threads x {2 * ROUNDS} rounds, {wrong} broken, {dict(total)}")
    assert wrong == 0


def test_a_fault_and_its_end_while_a_series_is_saved_without_a_preview():
    by, wrong = by_desk(), 0
    for _round in range(ROUNDS):
        branch, seats = room(3)
        fault = partial(take_out_of_service, device_id=seats[0].pk, by=BY, now=NOW, note="No picture")
        back = partial(return_to_service, device_id=seats[0].pk, by=BY, now=NOW)
        results = race(fault, saving(branch, draft(seats, WEEKLY), by), back)
        assert errors(results) == {}
        wrong += broken(branch)
    assert wrong == 0


def test_two_classes_want_the_same_seats_and_nobody_sits_on_two_chairs():
    by, total, wrong = by_desk(), Counter(), 0
    for _round in range(ROUNDS):
        branch, seats = room(4)
        results = race(
            saving(branch, draft(seats, WEEKLY), by), saving(branch, draft(seats[1:], WEEKLY, title="Other"), by),
            *[booking(seat) for seat in seats],
        )  # fmt: skip
        total += results
        wrong += broken(branch)
        assert errors(results) == {}
    print(f"two series and bookings: 6 threads x {ROUNDS} rounds, {wrong} broken, {dict(total)}")
    assert wrong == 0


def test_a_change_against_calling_off_and_closing_early():
    by, total, wrong = by_desk(), Counter(), 0
    for _round in range(ROUNDS):
        branch, seats = room(3)
        block = saving(branch, draft(seats, WEEKLY), by)().block
        later = draft(seats, WEEKLY, starts=time(15), ends=time(18))
        results = race(
            partial(change_block, block=block, draft=later, since=TUESDAY, request_key=uuid4(), by=by, now=NOW),
            partial(call_off, block=block, by=by, now=NOW),
            partial(close_early, branch_id=branch.pk, closes_at=time(17), reason="Storm", by=by,
                    now=NOW),
        )  # fmt: skip
        total += results
        wrong += broken(branch)
        assert errors(results) == {}
    print(f"change, call off, close early: 3 threads x {ROUNDS} rounds, {wrong} broken, {dict(total)}")
    assert wrong == 0
