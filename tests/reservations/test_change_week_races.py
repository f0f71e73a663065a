"""Other weekly hours against people who book, sit down and leave: afterwards nothing stands beyond the closing."""

from collections import Counter
from datetime import time
from functools import partial
from uuid import uuid4

import pytest

from helpdesk.actor import patron as by_patron
from reservations.booking.ahead import book
from reservations.booking.change_week import change_week
from reservations.booking.close_early import close_early
from reservations.booking.seat import finish, start_now
from reservations.models import Booking, EarlyClosing, OpeningHours
from tests import factories as make
from tests.factories import NOW, at
from tests.racing import race
from tests.reservations.sitting import by_desk, sitting

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race, pytest.mark.db]
BY = by_patron()
ROUNDS = 6


def room(seats=4):
    branch = make.make_branch(policy={"stop_minutes": 10, "day_minutes": 900, "open_bookings": 9, "gap_minutes": 0})
    return branch, [make.make_device(branch) for _ in range(seats)]


def closing_at(hour, branch, by):
    week = {day: [(time(9), time(hour))] for day in range(7)}
    return partial(change_week, branch_id=branch.pk, week=week, by=by, now=NOW)


def errors(results):
    return {name: count for name, count in results.items() if name.startswith("error")}


def beyond(branch, stop):
    rows = Booking.objects.filter(branch=branch, ended_at=None, kind="patron", period__endswith__gt=stop)
    return rows.count() + (OpeningHours.objects.filter(branch=branch).count() != 7)


def test_shorter_hours_against_bookings_walk_ups_and_who_leaves():
    by, total, wrong = by_desk("manager"), Counter(), 0
    for _round in range(ROUNDS):
        branch, seats = room()
        later = [
            partial(book, branch_id=branch.pk, device_id=seat.pk, patron=make.make_patron(), start=at(17), end=at(18),
                    request_key=uuid4(), by=BY, now=NOW)
            for seat in seats
        ]  # fmt: skip
        walk_up = partial(start_now, branch_id=branch.pk, device_id=seats[0].pk, patron=make.make_patron(),
                          request_key=uuid4(), by=BY, now=NOW)  # fmt: skip
        leaves = partial(finish, booking=sitting(seats[1], end=at(15)), by=BY, now=NOW)
        results = race(closing_at(16, branch, by), *later, walk_up, leaves)
        total += results
        wrong += beyond(branch, at(15, 50))
        assert errors(results) == {}
    print(f"change week against book, walk up, finish: 7 threads x {ROUNDS} rounds, {wrong} broken, {dict(total)}")
    assert wrong == 0


def test_two_managers_save_two_weeks_and_one_of_them_holds():
    by = by_desk("manager")
    for _round in range(ROUNDS):
        branch, seats = room()
        rows = [make.make_booking(seat, at(17), at(18, 30)) for seat in seats]
        weeks = [closing_at(hour, branch, by) for hour in (16, 18, 16, 18)]
        assert race(*weeks) == {"accepted": 4}
        [closes] = set(OpeningHours.objects.filter(branch=branch).values_list("closes", flat=True))
        assert beyond(branch, at(closes.hour) if closes.hour == 16 else at(17, 50)) == 0
        assert Booking.objects.filter(pk__in=[row.pk for row in rows], ended_at=None).count() in {0, 4}


def test_other_hours_against_an_early_closing_leave_one_order_of_the_two():
    by = by_desk("manager")
    for _round in range(ROUNDS):
        branch, seats = room()
        rows = [sitting(seat, end=at(18)) for seat in seats]
        early = partial(close_early, branch_id=branch.pk, closes_at=time(15), reason="Storm", by=by, now=NOW)
        results = race(closing_at(16, branch, by), early)
        assert errors(results) == {}
        assert EarlyClosing.objects.standing().filter(branch=branch).count() == 1
        assert {row.end for row in Booking.objects.filter(pk__in=[row.pk for row in rows])} == {at(14, 50)}
