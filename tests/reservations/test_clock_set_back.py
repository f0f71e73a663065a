"""The clock is set back a minute just after somebody has left: the moment of leaving is then still to come."""

from datetime import timedelta

from reservations.rules.facts import Busy
from reservations.rules.fit import gaps
from tests.factories import NOW, at

LEFT = Busy(at(14), NOW, over=True)
BACK = NOW - timedelta(minutes=1)


def test_where_nothing_is_cleaned_the_seat_is_free_without_a_break():
    assert gaps([(BACK, at(18))], [LEFT], 0) == [(BACK, at(18))]


def test_where_seats_are_cleaned_the_cleaning_comes_at_its_time():
    assert gaps([(BACK, at(18))], [LEFT], 5) == [(BACK, NOW), (NOW + timedelta(minutes=5), at(18))]
