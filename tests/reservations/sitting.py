"""What the tests of time share: somebody who sits at a seat until 15:00, people in line, the words of a row's story."""

from datetime import timedelta
from uuid import uuid4

import pytest

from helpdesk.actor import staff
from reservations.models import Turn
from reservations.rules import Refused
from tests import factories as make
from tests.factories import NOW, at


def sitting(seat, *, start=None, end=None, patron=None, **fields):
    """Return a session that runs from 14:00 to 15:00 unless told otherwise."""
    start = start or at(14)
    return make.make_booking(seat, start, end or at(15), patron=patron, checked_in_at=start, **fields)


def waiting(branch, number="D12", **fields):
    """Return a person's open place in line."""
    defaults = {"patron": make.make_patron(), "minutes": 60, "joined_at": NOW, "place_at": NOW, "on": at(12).date()}
    return Turn.objects.create(**{"branch": branch, "number": number, "request_key": uuid4(), **defaults, **fields})


def by_desk(role="desk"):
    return staff(make.make_user(role).pk, role)


def told(row):
    """Return what has happened to the row, in order."""
    return [event.what for event in row.events.order_by("pk")]


def refusal(verb, *args, **kwargs):
    """Return the problems by which the verb refuses."""
    with pytest.raises(Refused) as refused:
        verb(*args, **kwargs)
    return refused.value.problems


def codes(verb, *args, **kwargs):
    return [problem.code for problem in refusal(verb, *args, **kwargs)]


MINUTE = timedelta(minutes=1)
