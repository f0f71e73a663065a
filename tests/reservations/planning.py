"""What the tests of classes share: a room of seats, a class on Tuesdays from 16:00 to 18:00."""

from datetime import date, time
from functools import partial
from uuid import uuid4

from reservations.block_draft import Draft
from reservations.block_plan import plan_block, scene_of
from reservations.booking.blocks import save_block
from reservations.rules.series import Series
from tests import factories as make
from tests.factories import NOW
from tests.reservations.sitting import by_desk

TUESDAY = date(2026, 11, 24)


def room(seats=4, **policy):
    branch = make.make_branch(policy={"day_minutes": 600, "open_bookings": 9, "gap_minutes": 0, **policy})
    return branch, [make.make_device(branch) for _ in range(seats)]


def draft(
    seats, rule="", *, title="Spreadsheets", first_on=TUESDAY, starts=time(16), ends=time(18), left_out=(), **more
):
    series = Series(first_on, starts, ends, rule, frozenset(left_out))
    return Draft(title, tuple(seat.pk for seat in seats), series, **more)


def planned(branch, wanted, now=NOW):
    return plan_block(wanted, scene_of(branch, wanted, now=now))


def saving(branch, wanted, by=None, now=NOW, **words):
    return partial(
        save_block, branch_id=branch.pk, draft=wanted, by=by or by_desk(), now=now, request_key=uuid4(), **words
    )


def saved(branch, wanted, **words):
    return saving(branch, wanted, **words)()
