"""Real threads against each constraint and lock: one winner, no error, no deadlock."""

from functools import partial
from uuid import uuid4

import pytest

from helpdesk.actor import patron as by_patron
from reservations.booking import line
from reservations.booking.ahead import book, cancel
from reservations.booking.dispatch import advance
from reservations.booking.seat import check_in, finish, start_now
from reservations.booking.service import return_to_service, take_out_of_service
from reservations.models import Booking, Call, Turn
from tests import factories as make
from tests.factories import NOW, at
from tests.racing import race
from tests.reservations.lining import MINUTE, called, freed, full_branch, joined

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race, pytest.mark.db]
BY = by_patron()
ROUNDS = 3


def booking(seat, patron, start=None, end=None, key=None):
    return partial(
        book, branch_id=seat.branch_id, device_id=seat.pk, patron=patron, start=start or at(16), end=end or at(17),
        request_key=key or uuid4(), by=BY, now=NOW,
    )  # fmt: skip


def test_eight_patrons_want_one_seat_and_one_gets_it():
    branch = make.make_branch()
    for _round in range(ROUNDS):
        seat = make.make_device(branch)
        results = race(*[booking(seat, make.make_patron()) for _ in range(8)])
        assert results == {"accepted": 1, "refused:taken": 7}


def test_one_patron_at_eight_seats_of_two_branches_gets_one():
    branches = [make.make_branch(), make.make_branch()]
    for _round in range(ROUNDS):
        patron = make.make_patron()
        results = race(*[booking(make.make_device(branches[n % 2]), patron) for n in range(8)])
        assert results == {"accepted": 1, "refused:elsewhere": 7}


def test_a_double_click_books_once_and_answers_twice():
    seat, patron, key = make.make_device(make.make_branch()), make.make_patron(), uuid4()
    assert race(*[booking(seat, patron, key=key) for _ in range(6)]) == {"accepted": 6}
    assert Booking.objects.count() == 1


def test_ten_walk_ups_fill_four_seats_and_six_are_told():
    branch = make.make_branch()
    for _ in range(4):
        make.make_device(branch)
    walk_ups = [
        partial(start_now, branch_id=branch.pk, patron=make.make_patron(), request_key=uuid4(), by=BY, now=NOW)
        for _ in range(10)
    ]
    assert race(*walk_ups) == {"accepted": 4, "refused:no_seat": 6}
    assert Booking.objects.values("device").distinct().count() == 4


def test_a_fault_against_bookings_leaves_nobody_on_the_broken_seat():
    branch = make.make_branch(policy={"open_bookings": 9, "day_minutes": 600})
    for _round in range(ROUNDS):
        seat = make.make_device(branch)
        fault = partial(take_out_of_service, device_id=seat.pk, by=BY, now=NOW, note="No picture")
        results = race(fault, *[booking(seat, make.make_patron(), at(15 + n), at(15 + n, 50)) for n in range(3)])
        assert not [name for name in results if name.startswith("error")]
        assert [row.kind for row in Booking.objects.filter(device=seat, ended_at=None)] == ["repair"]
        displaced = Booking.objects.filter(device=seat, outcome="displaced").count()
        assert Call.objects.filter(booking__device=seat).count() == displaced


def test_a_fault_and_its_end_at_once_never_fail():
    seat = make.make_device(make.make_branch())
    out = partial(take_out_of_service, device_id=seat.pk, by=BY, now=NOW, note="No picture")
    back = partial(return_to_service, device_id=seat.pk, by=BY, now=NOW)
    assert race(out, back, out, back) == {"accepted": 4}
    assert Booking.objects.filter(device=seat, ended_at=None).count() <= 1


def test_cancel_against_check_in_ends_in_one_of_the_two():
    seat = make.make_device(make.make_branch(policy={"open_bookings": 9, "day_minutes": 600}))
    for _round in range(ROUNDS):
        row = booking(seat, make.make_patron())()
        results = race(
            partial(cancel, booking=row, by=BY, now=at(16, 1)), partial(check_in, booking=row, by=BY, now=at(16, 1))
        )
        assert results in ({"accepted": 1, "refused:running": 1}, {"accepted": 1, "refused:over": 1})
        row.refresh_from_db()
        if not row.ended_at:
            finish(booking=row, by=BY, now=at(16, 1))
        Booking.objects.all().delete()


def test_sixteen_mixed_verbs_at_two_branches_never_deadlock():
    branches = [make.make_branch(policy={"open_bookings": 9, "day_minutes": 600, "gap_minutes": 0}) for _ in range(2)]
    seats = [make.make_device(branch) for branch in branches for _ in range(3)]
    patrons = [make.make_patron() for _ in range(4)]
    verbs = [
        booking(seats[n % 6], patrons[n % 4], at(15 + n % 3), at(15 + n % 3, 50)) if n % 4 else
        partial(take_out_of_service, device_id=seats[n % 6].pk, by=BY, now=NOW, note="x")
        for n in range(16)
    ]  # fmt: skip
    results = race(*verbs)
    assert sum(results.values()) == 16
    assert not [name for name in results if name.startswith("error")]


def test_two_kiosks_claim_one_held_seat_and_it_is_one_session():
    branch, seats = full_branch()
    turn = called(branch, seats[0])
    assert race(*[partial(line.claim, turn=turn, by=BY, now=NOW) for _ in range(2)]) == {"accepted": 2}
    assert Booking.objects.filter(patron=turn.patron, checked_in_at=NOW).count() == 1


def test_two_numbers_claim_and_each_has_its_own_seat():
    branch, seats = full_branch(seats=2)
    turns = [called(branch, seat) for seat in seats]
    assert race(*[partial(line.claim, turn=turn, by=BY, now=NOW) for turn in turns]) == {"accepted": 2}


def test_who_joins_at_two_branches_at_once_has_one_place():
    patron = make.make_patron()
    branches = [full_branch()[0] for _ in range(2)]
    results = race(*[partial(joined, branch, patron) for branch in branches])
    assert results == {"accepted": 1, "refused:in_line": 1}
    assert Turn.objects.count() == 1


def test_a_double_tap_on_join_is_one_place():
    branch, patron, key = full_branch()[0], make.make_patron(), uuid4()
    assert race(*[partial(joined, branch, patron, request_key=key) for _ in range(4)]) == {"accepted": 4}
    assert Turn.objects.count() == 1


def test_ten_people_join_at_once_and_have_ten_numbers():
    branch = full_branch()[0]
    assert race(*[partial(joined, branch, make.make_patron()) for _ in range(10)]) == {"accepted": 10}
    assert Turn.objects.values("number").distinct().count() == 10


def test_a_claim_against_its_expiry_ends_in_one_of_the_two():
    for _round in range(ROUNDS):
        branch, seats = full_branch()
        turn, waiting = called(branch, seats[0]), joined(branch)
        over = NOW + 5 * MINUTE
        results = race(
            partial(line.claim, turn=turn, by=BY, now=over - MINUTE), partial(advance, branch_id=branch.pk, now=over)
        )
        turn.refresh_from_db()
        waiting.refresh_from_db()
        assert results == ({"accepted": 2} if turn.outcome == "seated" else {"accepted": 1, "refused:offer_over": 1})
        assert (waiting.offer is None) == (turn.outcome == "seated")


def test_a_walk_up_against_the_line_never_gets_its_seat():
    for _round in range(ROUNDS):
        branch, seats = full_branch()
        turn = joined(branch)
        freed(seats[0])
        walk_up = partial(
            start_now, branch_id=branch.pk, device_id=seats[0].pk, patron=make.make_patron(), request_key=uuid4(),
            by=BY, now=NOW,
        )  # fmt: skip
        results = race(walk_up, partial(advance, branch_id=branch.pk, now=NOW))
        assert results in ({"accepted": 1, "refused:line": 1}, {"accepted": 1, "refused:taken": 1})
        turn.refresh_from_db()
        assert turn.offer.device == seats[0]


def test_leaving_claiming_and_skipping_at_once_leave_one_end():
    for _round in range(ROUNDS):
        branch, seats = full_branch()
        turn = called(branch, seats[0])
        joined(branch)
        results = race(
            partial(line.leave, turn=turn, by=BY, now=NOW),
            partial(line.claim, turn=turn, by=BY, now=NOW),
            partial(line.skip, turn=turn, by=BY, now=NOW),
        )
        assert not [name for name in results if name.startswith("error")]
        assert Booking.objects.filter(device=seats[0], ended_at=None).count() == 1
