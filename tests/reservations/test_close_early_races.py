"""Closing early against everything that wants more time: afterwards nothing stands beyond the stop."""

from collections import Counter
from datetime import time
from functools import partial
from uuid import uuid4

import pytest

from helpdesk.actor import patron as by_patron
from reservations.booking.ahead import book
from reservations.booking.close_early import close_early, undo_closing
from reservations.booking.seat import finish, start_now
from reservations.booking.service import take_out_of_service
from reservations.booking.time import extend
from reservations.models import Booking, EarlyClosing, SpecialHours
from tests import factories as make
from tests.factories import NOW, at
from tests.racing import race
from tests.reservations.sitting import MINUTE, by_desk, sitting

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race, pytest.mark.db]
BY = by_patron()
ROUNDS = 6
STOP = at(14, 50)


def room(seats=4):
    branch = make.make_branch(policy={"stop_minutes": 10, "day_minutes": 900, "open_bookings": 9, "gap_minutes": 0})
    return branch, [make.make_device(branch) for _ in range(seats)]


def closing(branch, by, at_time=time(15), now=NOW):
    return partial(close_early, branch_id=branch.pk, closes_at=at_time, reason="Storm", by=by, now=now)


def broken(branch, stop=STOP):
    """Return what stands beyond the stop, and days with more than one closing."""
    rows = Booking.objects.filter(branch=branch, ended_at=None, kind="patron", period__endswith__gt=stop)
    days = EarlyClosing.objects.standing().filter(branch=branch).count()
    hours = SpecialHours.objects.filter(branch=branch).count()
    return rows.count() + (days != 1) + (hours != 1)


def errors(results):
    return {name: count for name, count in results.items() if name.startswith("error")}


def test_closing_against_eight_extensions_leaves_nobody_beyond_the_stop():
    by, total, wrong = by_desk(), Counter(), 0
    for _round in range(ROUNDS):
        branch, seats = room(8)
        rows = [sitting(seat, end=at(14, 40)) for seat in seats]
        more = [partial(extend, booking=row, by=BY, now=NOW, minutes=15) for row in rows]
        results = race(closing(branch, by), *more)
        total += results
        wrong += broken(branch)
        assert errors(results) == {}
    print(f"close early against extend: 9 threads x {ROUNDS} rounds, {wrong} broken, {dict(total)}")
    assert wrong == 0


def test_closing_against_bookings_walk_ups_and_a_fault():
    by, total, wrong = by_desk(), Counter(), 0
    for _round in range(ROUNDS):
        branch, seats = room()
        later = [
            partial(book, branch_id=branch.pk, device_id=seat.pk, patron=make.make_patron(), start=at(16), end=at(17),
                    request_key=uuid4(), by=BY, now=NOW)
            for seat in seats
        ]  # fmt: skip
        walk_ups = [
            partial(start_now, branch_id=branch.pk, device_id=seat.pk, patron=make.make_patron(), request_key=uuid4(),
                    by=BY, now=NOW)
            for seat in seats[:2]
        ]  # fmt: skip
        fault = partial(take_out_of_service, device_id=seats[3].pk, by=BY, now=NOW, note="No picture")
        results = race(closing(branch, by), *later, *walk_ups, fault)
        total += results
        wrong += broken(branch)
        assert errors(results) == {}
    print(f"close early against book, walk up, fault: 8 threads x {ROUNDS} rounds, {wrong} broken, {dict(total)}")
    assert wrong == 0


def test_two_desks_close_at_two_times_and_one_of_them_holds():
    by = by_desk()
    for _round in range(ROUNDS):
        branch, seats = room()
        rows = [sitting(seat, end=at(18)) for seat in seats]
        results = race(
            closing(branch, by), closing(branch, by, time(16)), closing(branch, by), closing(branch, by, time(16))
        )
        assert results == {"accepted": 4}
        held = EarlyClosing.objects.standing().get(branch=branch)
        stop = at(held.closes_at.hour) - 10 * MINUTE
        assert {row.end for row in Booking.objects.filter(pk__in=[row.pk for row in rows])} == {stop}
        assert broken(branch, stop) == 0


def test_opening_again_against_who_leaves_and_who_books():
    by = by_desk()
    for _round in range(ROUNDS):
        branch, seats = room(2)
        row, later = sitting(seats[0], end=at(16)), make.make_booking(seats[1], at(16), at(17))
        held = closing(branch, by)()
        other = make.make_device(branch)
        results = race(
            partial(undo_closing, closing=held, by=by, now=NOW + MINUTE),
            partial(finish, booking=row, by=BY, now=NOW + MINUTE),
            partial(book, branch_id=branch.pk, device_id=other.pk, patron=later.patron, start=at(16), end=at(17),
                    request_key=uuid4(), by=BY, now=NOW + MINUTE),
        )  # fmt: skip
        assert errors(results) == {}
        row.refresh_from_db()
        later.refresh_from_db()
        elsewhere = Booking.objects.filter(patron=later.patron, device=other).count()
        assert row.outcome == "finished"
        assert (later.ended_at is None) != bool(elsewhere)
