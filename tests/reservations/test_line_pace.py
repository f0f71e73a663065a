"""What history says, what is forgotten, and the tasks that ask for it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from helpdesk import clock
from helpdesk.purging import purge
from reservations import tasks
from reservations.linefacts import paces_of
from reservations.models import BranchPace
from reservations.pace import learn
from reservations.rules.promise import UNKNOWN
from tests import factories as make
from tests.factories import NOW, at
from tests.reservations.lining import MINUTE, advanced, called, freed, full_branch, joined

pytestmark = pytest.mark.django_db


def past(seat, day, used, planned=60, **fields):
    """Return an ended session of `day` at 10:00 that lasted `used` of `planned` minutes."""
    start, ended = at(10, day=day), at(10, day=day) + used * MINUTE
    row = make.make_booking(seat, start, start + planned * MINUTE, checked_in_at=start)
    row.ended_at, row.outcome = ended, "finished"
    row.save()
    return row


def learned(branch):
    learn(branch_id=branch.pk, now=NOW)
    return paces_of(branch.pk)


def test_the_pace_of_a_class_is_the_share_of_their_time_that_people_use():
    seat = make.make_device(make.make_branch())
    for day in range(1, 21):
        past(seat, day, used=30)
    pace = learned(seat.branch)[seat.device_class_id]
    assert pace.shares == (0.5,) * 11
    assert (pace.samples, pace.missed) == (20, UNKNOWN.missed)


def test_few_sessions_are_mixed_with_what_is_known_of_others():
    seat = make.make_device(make.make_branch())
    past(seat, 20, used=60)
    pace = learned(seat.branch)[seat.device_class_id]
    assert UNKNOWN.shares[0] < pace.shares[0] < 1


def test_sessions_of_more_than_four_weeks_ago_say_nothing():
    seat = make.make_device(make.make_branch())
    row = past(seat, 1, used=30)
    row.ended_at -= 30 * 24 * 60 * MINUTE
    row.save()
    assert learned(seat.branch) == {}


def test_a_missed_booking_says_nothing_of_how_long_people_stay():
    seat = make.make_device(make.make_branch())
    make.make_booking(seat, at(10), at(11), ended_at=at(10, 10), outcome="no_show")
    assert learned(seat.branch) == {}


def test_missed_calls_are_learned():
    branch, seats = full_branch()
    called(branch, seats[0])
    advanced(branch, NOW + 5 * MINUTE)
    learn(branch_id=branch.pk, now=NOW + 6 * MINUTE)
    assert paces_of(branch.pk)[seats[0].device_class_id].missed > UNKNOWN.missed


def test_learning_again_replaces_what_was_learned():
    seat = make.make_device(make.make_branch())
    past(seat, 20, used=60)
    learned(seat.branch)
    learned(seat.branch)
    assert BranchPace.objects.count() == 1


@pytest.mark.parametrize("sessions", [1, 12])
def test_learning_takes_the_same_few_queries_whatever_the_history(sessions):
    seat = make.make_device(make.make_branch())
    for day in range(1, sessions + 1):
        past(seat, day, used=30)
    with CaptureQueriesContext(connection) as queries:
        learn(branch_id=seat.branch_id, now=NOW)
    assert len([q for q in queries if "SAVEPOINT" not in q["sql"]]) == 3


def test_who_stood_in_line_is_forgotten_after_the_branch_day():
    branch, _seats = full_branch()
    turn = joined(branch)
    assert purge(now=NOW, dry_run=False)["turn-link"] == 0
    assert purge(now=at(9, day=25), dry_run=True)["turn-link"] == 1
    assert purge(now=at(9, day=25), dry_run=False)["turn-link"] == 1
    turn.refresh_from_db()
    assert (turn.patron, turn.outcome, turn.number) == (None, "closed", "D01")


def test_the_beat_finds_what_a_lost_bell_did_not_say(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    branch, seats = full_branch()
    joined(branch)
    freed(seats[0])
    assert (tasks.lines(), tasks.lines()) == (1, 0)


def test_the_bell_advances_its_branch(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    branch, seats = full_branch()
    joined(branch)
    freed(seats[0])
    assert tasks.advance(branch.pk) == 1


def test_the_daily_job_learns_every_branch(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    for _branch in range(2):
        past(make.make_device(make.make_branch()), 20, used=30)
    assert tasks.learn() == 2
