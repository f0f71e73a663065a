"""Move against book, fault against book, moving who has just left: threads against each other, nobody doubled."""

from collections import Counter
from functools import partial
from uuid import uuid4

import pytest
from django.db import connection

from helpdesk.actor import patron as by_patron
from reservations.booking.ahead import book, cancel
from reservations.booking.back import take_back
from reservations.booking.move import move
from reservations.booking.overdue import grow_overdue
from reservations.booking.seat import check_in, finish
from reservations.booking.service import return_to_service, take_out_of_service
from reservations.models import Booking, Call
from tests import factories as make
from tests.factories import NOW, at
from tests.racing import race
from tests.reservations.sitting import sitting

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race, pytest.mark.db]
BY = by_patron()
ROUNDS = 6
DOUBLES = """
SELECT count(*) FROM reservations_booking a JOIN reservations_booking b
  ON a.id < b.id AND a.ended_at IS NULL AND b.ended_at IS NULL AND a.period && b.period
 AND (a.device_id = b.device_id OR a.patron_id = b.patron_id)
"""


@pytest.fixture
def branch():
    return make.make_branch(policy={"gap_minutes": 0})


def booking(seat, start=None, end=None):
    return partial(
        book, branch_id=seat.branch_id, device_id=seat.pk, patron=make.make_patron(), start=start or at(15),
        end=end or at(16), request_key=uuid4(), by=BY, now=NOW,
    )  # fmt: skip


def moving(row, seat):
    return partial(move, booking=row, device_id=seat.pk, by=BY, now=NOW)


def out(seat):
    return partial(take_out_of_service, device_id=seat.pk, by=BY, now=NOW, note="No picture")


def broken_invariants():
    """Return how many pairs of open rows hold one seat, or one person, at the same time; and torn sessions."""
    with connection.cursor() as cursor:
        cursor.execute(DOUBLES)
        doubled = cursor.fetchone()[0]
    torn = Booking.objects.filter(outcome="moved", checked_in_at__isnull=False, continued_by=None).count()
    untold = Booking.objects.filter(outcome="displaced", kind="patron", call=None).count()
    return doubled + torn + untold


def fought(rounds):
    """Run every round of threads, show what came of all of them, and return it; errors and doubles are none."""
    seen = Counter()
    for runners in rounds:
        seen += race(*runners)
    print(f"\n{sum(seen.values())} attempts: {dict(sorted(seen.items()))}, broken invariants: {broken_invariants()}")
    assert not [what for what in seen if what.startswith("error")]
    assert broken_invariants() == 0
    return seen


def test_a_move_against_bookings_of_the_same_seat(branch):
    def rounds():
        for _round in range(ROUNDS):
            old, new = make.make_device(branch), make.make_device(branch)
            row = booking(old)()
            yield [moving(row, new), *[booking(new) for _ in range(4)]]
            assert Booking.objects.filter(device=new, ended_at=None).count() == 1

    seen = fought(rounds())
    assert (seen["accepted"], seen["refused:taken"]) == (ROUNDS, ROUNDS * 4)


def test_two_people_move_to_one_seat(branch):
    def rounds():
        for _round in range(ROUNDS):
            new = make.make_device(branch)
            rows = [sitting(make.make_device(branch)) for _ in range(4)]
            yield [moving(row, new) for row in rows]

    seen = fought(rounds())
    assert (seen["accepted"], seen["refused:taken"]) == (ROUNDS, ROUNDS * 3)


def test_a_double_tap_on_move_is_one_move(branch):
    def rounds():
        for _round in range(ROUNDS):
            row, new = sitting(make.make_device(branch)), make.make_device(branch)
            yield [moving(row, new) for _ in range(4)]

    assert fought(rounds()) == {"accepted": ROUNDS * 4}
    assert Booking.objects.filter(ended_at=None).count() == ROUNDS


def test_moving_somebody_who_leaves_at_the_same_moment(branch):
    def rounds():
        for _round in range(ROUNDS):
            row, new = sitting(make.make_device(branch)), make.make_device(branch)
            yield [moving(row, new), partial(finish, booking=row, by=BY, now=NOW)]

    seen = fought(rounds())
    assert seen["accepted"] + seen["refused:over"] == ROUNDS * 2


def test_a_move_against_a_check_in_and_a_cancel(branch):
    def rounds():
        for _round in range(ROUNDS):
            old, new = make.make_device(branch), make.make_device(branch)
            row = booking(old, at(14, 10), at(15))()
            verbs = [partial(verb, booking=row, by=BY, now=NOW) for verb in (check_in, cancel)]
            yield [moving(row, new), *verbs]

    assert set(fought(rounds())) <= {"accepted", "refused:over", "refused:running"}


def test_a_fault_against_bookings_and_moves_at_both_seats(branch):
    def rounds():
        for _round in range(ROUNDS):
            Booking.objects.filter(ended_at=None).update(ended_at=NOW, outcome="cancelled")
            broken, other = make.make_device(branch), make.make_device(branch)
            row = booking(broken)()
            coming = [booking(broken, at(16), at(17)), booking(other, at(16), at(17)), booking(broken, at(17), at(18))]
            yield [out(broken), moving(row, other), *coming]
            assert [each.kind for each in Booking.objects.filter(device=broken, ended_at=None)] == ["repair"]

    assert set(fought(rounds())) <= {"accepted", "refused:taken", "refused:out"}


def test_two_faults_at_two_seats_fight_for_the_free_ones(branch):
    def rounds():
        for _round in range(ROUNDS):
            Booking.objects.filter(ended_at=None).update(ended_at=NOW, outcome="cancelled")
            seats = [make.make_device(branch) for _ in range(2)]
            make.make_device(branch)
            rows = [booking(seat)() for seat in seats]
            yield [out(seat) for seat in seats]
            assert {Booking.objects.get(pk=row.pk).outcome for row in rows} <= {"", "displaced"}

    assert fought(rounds()) == {"accepted": ROUNDS * 2}


def test_a_fault_against_its_return_and_the_first_choice_back(branch):
    def rounds():
        for _round in range(ROUNDS):
            seat = make.make_device(branch)
            row = booking(seat)()
            out(seat)()
            back = partial(return_to_service, device_id=seat.pk, by=BY, now=NOW)
            yield [back, partial(take_back, booking=row, by=BY, now=NOW), booking(seat), out(seat)]

    assert set(fought(rounds())) <= {"accepted", "refused:out", "refused:taken"}


def test_an_overdue_repair_against_bookings_and_check_ins(branch):
    def rounds():
        for _round in range(ROUNDS):
            seat = make.make_device(branch)
            take_out_of_service(device_id=seat.pk, by=BY, now=NOW, note="No picture", until=at(15))
            row = booking(seat)()
            late = at(15, 1)
            grow = partial(grow_overdue, device_id=seat.pk, now=late)
            yield [grow, grow, partial(check_in, booking=row, by=BY, now=late), booking(seat, at(16), at(17))]
            assert not Booking.objects.filter(device=seat, ended_at=None, checked_in_at__isnull=False).exists()

    assert set(fought(rounds())) <= {"accepted", "refused:out", "refused:over"}
    assert Call.objects.exists()
