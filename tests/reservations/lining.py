"""Short words for tests of the waiting line, on the Tuesday at 14:07."""

from datetime import timedelta
from uuid import uuid4

import pytest

from helpdesk.actor import Actor
from helpdesk.actor import patron as by_patron
from reservations.booking import line
from reservations.booking.dispatch import advance
from reservations.rules import Refused
from tests import factories as make
from tests.factories import NOW, at

BY = by_patron()
DESK = Actor("staff", role="desk")
TECH = Actor("staff", role="tech")
MINUTE = timedelta(minutes=1)


def sitting(seat, start=None, end=None, **fields):
    """Return a running session, from 14:00 to 15:00 unless told otherwise."""
    start = start or at(14)
    return make.make_booking(seat, start, end or at(15), checked_in_at=start, **fields)


def full_branch(seats=1, **policy):
    """Return a branch whose seats are all in use until 15:00, and the seats."""
    branch = make.make_branch(policy={"gap_minutes": 0, **policy})
    rows = [sitting(make.make_device(branch)) for _ in range(seats)]
    return branch, [row.device for row in rows]


def joined(branch, patron=None, now=NOW, **fields):
    patron = patron or make.make_patron()
    return line.join(branch_id=branch.pk, patron=patron, by=BY, now=now, **{"request_key": uuid4(), **fields})


def freed(seat, now=NOW):
    """End whatever runs on `seat`, as if its person had left at `now`."""
    seat.bookings.filter(ended_at=None).update(ended_at=now, outcome="finished")


def advanced(branch, now=NOW):
    return advance(branch_id=branch.pk, now=now)


def called(branch, seat, now=NOW, **fields):
    """Return a place in line that holds `seat` since `now`."""
    turn = joined(branch, now=now, **fields)
    freed(seat, now)
    advanced(branch, now)
    turn.refresh_from_db()
    return turn


def refusal(verb, *args, **kwargs):
    with pytest.raises(Refused) as refused:
        verb(*args, **kwargs)
    return refused.value.codes
