"""Random afternoons at a small branch: whatever people do in whatever order, the line stays true."""

import random
from contextlib import suppress
from uuid import uuid4

import pytest

from reservations.booking import line
from reservations.booking.dispatch import advance, free_seats, head_for, open_line
from reservations.booking.seat import finish, start_now
from reservations.booking.service import return_to_service, take_out_of_service
from reservations.models import Booking, Turn
from reservations.rules import Refused
from tests import factories as make
from tests.factories import NOW
from tests.reservations.lining import BY, DESK, MINUTE

pytestmark = pytest.mark.django_db
STEPS = 15


class Afternoon:
    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.branch = make.make_branch(policy={"gap_minutes": 2, "day_minutes": 600})
        studio = make.make_class(code=f"studio-{seed}")
        self.seats = [make.make_device(self.branch, features=["screen-reader"] * (n == 0)) for n in range(3)]
        self.seats.append(make.make_device(self.branch, kind=studio))
        self.classes = ["", "internet", studio.code]
        self.patrons = [make.make_patron() for _ in range(10)]
        self.now = NOW

    def step(self) -> None:
        self.now += self.dice.choice([0, 1, 2, 5, -1]) * MINUTE
        verb = self.dice.choice([self.joins, self.joins, self.sits, self.ends, self.moves, self.breaks])
        with suppress(Refused):
            verb()
        advance(branch_id=self.branch.pk, now=self.now)
        self.is_true()

    def joins(self) -> None:
        needs = frozenset({"screen-reader"} if self.dice.random() < 0.2 else ())
        line.join(
            branch_id=self.branch.pk, patron=self.dice.choice(self.patrons), request_key=uuid4(), by=BY, now=self.now,
            class_code="" if needs else self.dice.choice(self.classes), needs=needs,
            minutes=self.dice.choice([None, 15, 30, 60]),
        )  # fmt: skip

    def sits(self) -> None:
        seat, patron = self.dice.choice(self.seats), self.dice.choice(self.patrons)
        start_now(branch_id=self.branch.pk, device_id=seat.pk, patron=patron, request_key=uuid4(), by=BY, now=self.now)

    def ends(self) -> None:
        rows = Booking.objects.filter(kind="patron", ended_at=None).order_by("pk")
        if rows:
            finish(booking=self.dice.choice(rows), by=BY, now=self.now)

    def moves(self) -> None:
        turns = Turn.objects.filter(branch=self.branch).order_by("pk")
        if turns:
            verb = self.dice.choice([line.claim, line.claim, line.leave, line.skip, line.rejoin])
            verb(turn=self.dice.choice(turns), by=DESK, now=self.now)

    def breaks(self) -> None:
        verb = self.dice.choice([take_out_of_service, return_to_service, return_to_service])
        note = {"note": "x"} if verb is take_out_of_service else {}
        verb(device_id=self.dice.choice(self.seats).pk, by=DESK, now=self.now, **note)

    def is_true(self) -> None:
        frame = open_line(branch_id=self.branch.pk, now=self.now)
        assert [head_for(frame, free) for free in free_seats(frame) if head_for(frame, free)] == []
        for turn in frame.turns:
            assert turn.offer is None or (turn.offer.kind, turn.offer.ended_at) == ("offer", None)
            if turn.expected_high_at:
                assert turn.expected_low_at <= turn.expected_high_at
        held = Booking.objects.filter(branch=self.branch, kind="offer", ended_at=None)
        assert held.count() == sum(1 for turn in frame.turns if turn.offer)


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_whatever_happens_no_seat_stays_empty_while_somebody_waits_for_it(seed):
    afternoon = Afternoon(seed)
    for _step in range(STEPS):
        afternoon.step()


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 112))
def test_longer_afternoons_stay_true(seed):
    afternoon = Afternoon(seed)
    for _step in range(4 * STEPS):
        afternoon.step()
