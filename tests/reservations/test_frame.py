"""What a verb locks: the rows that can matter to it and no others."""

from datetime import timedelta

import pytest
from django.db import transaction

from reservations.booking.dispatch import advance, open_line
from reservations.models import Booking
from tests import factories as make
from tests.factories import NOW, at
from tests.reservations.sitting import sitting, waiting

pytestmark = pytest.mark.django_db


@pytest.fixture
def seat():
    return make.make_device(make.make_branch())


def in_line(seat):
    """Return the rows that the line's verbs lock."""
    with transaction.atomic():
        return {row.pk for row in open_line(branch_id=seat.branch_id, now=NOW).rows}


def test_the_line_leaves_classes_of_weeks_to_come_alone(seat):
    near = make.make_booking(seat, at(16), at(18), kind="class")
    make.make_booking(seat, at(16) + timedelta(weeks=3), at(18) + timedelta(weeks=3), kind="class")
    assert in_line(seat) == {near.pk}


def test_the_line_sees_what_began_long_ago_and_still_stands(seat):
    repair = make.make_booking(seat, NOW - timedelta(days=30), None, kind="repair")
    assert in_line(seat) == {repair.pk}


def test_a_stale_row_is_settled_however_old_it_is(seat):
    row = sitting(seat, start=NOW - timedelta(days=9), end=NOW - timedelta(days=8))
    waiting(seat.branch)
    advance(branch_id=seat.branch_id, now=NOW)
    assert Booking.objects.get(pk=row.pk).outcome == "ran_out"
