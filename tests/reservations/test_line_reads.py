"""What screens are told of the line: its rows, the next call, the wall."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reservations.availability import free_now, room_for_days
from reservations.booking import line
from reservations.desk_line import desk_line
from reservations.lineup import called_now
from reservations.models import Turn
from reservations.my_turn import open_turn
from reservations.pace import kept_promises
from reservations.room import load_room
from reservations.wait_words import wait_words
from reservations.waits import classes_in
from reservations.way_in import now_for
from tests import factories as make
from tests.factories import NOW, at
from tests.reservations.lining import BY, MINUTE, called, freed, full_branch, joined, sitting

pytestmark = pytest.mark.django_db


def rows(branch, now=NOW):
    return [shown.row for shown in desk_line(branch, now).rows]


def wait_classes(branch, now):
    return classes_in(load_room(branch, now=now, end=now + timedelta(days=1)))


def states(branch, now=NOW):
    return [(row.turn.number, row.state, row.place) for row in rows(branch, now)]


def waits(branch, now=NOW):
    return {wait.device_class.code: wait for wait in wait_classes(branch, now)}


# the line


def test_a_row_says_who_waits_how_long_and_when_a_seat_comes():
    branch, seats = full_branch()
    joined(branch)
    (row,) = rows(branch, NOW + 9 * MINUTE)
    assert (row.place, row.state, row.waited, row.seat) == (1, "waiting", 9, seats[0])
    assert 0 <= row.low <= row.high


def test_a_called_number_has_its_seat_and_no_place_among_those_who_wait():
    branch, seats = full_branch()
    called(branch, seats[0])
    joined(branch)
    assert states(branch) == [("D01", "called", 0), ("D02", "waiting", 1)]


def test_a_missed_call_is_out_of_the_line_before_anybody_settles_it():
    branch, seats = full_branch()
    called(branch, seats[0])
    assert states(branch, NOW + 5 * MINUTE) == []


@pytest.mark.parametrize("later", [-60, 0, 300])
def test_a_range_is_ordered_whatever_the_clock_says(later):
    branch, _seats = full_branch()
    joined(branch)
    (row,) = rows(branch, NOW + later * MINUTE)
    assert (row.low <= row.high, row.waited >= 0) == (True, True)


def test_the_desk_is_told_which_number_goes_to_which_seat():
    branch, seats = full_branch()
    assert desk_line(branch, NOW).next is None
    called(branch, seats[0])
    call = desk_line(branch, NOW + MINUTE).next
    assert (call.turn.number, call.row.seat, call.row.until) == ("D01", seats[0], NOW + 60 * MINUTE)


@pytest.mark.parametrize("people", [1, 5])
def test_a_line_takes_the_same_few_queries_however_long(people):
    branch, _seats = full_branch()
    for _ in range(people):
        joined(branch)
    with CaptureQueriesContext(connection) as queries:
        desk_line(branch, NOW)
    assert len(queries) == 1


def test_kept_promises_are_counted_of_those_who_were_called():
    branch, seats = full_branch()
    kept = called(branch, seats[0])
    line.claim(turn=kept, by=BY, now=NOW)
    late = joined(branch)
    late.first_called_at = late.promised_high_at + MINUTE
    late.save()
    found = desk_line(branch, late.first_called_at + MINUTE).kept
    assert (found.share, found.samples) == (0.5, 2)


def test_a_promise_that_ran_out_without_a_call_was_not_kept():
    branch, seats = full_branch(seats=2)
    line.claim(turn=called(branch, seats[0]), by=BY, now=NOW)
    gave_up, waits, left_in_time = joined(branch), joined(branch), joined(branch)
    line.leave(turn=left_in_time, by=BY, now=NOW + MINUTE)
    late = max(gave_up.promised_high_at, waits.promised_high_at) + MINUTE
    Turn.objects.filter(pk=gave_up.pk).update(ended_at=late, outcome="left")
    found = kept_promises(branch.pk, late + MINUTE)
    assert (found.samples, found.share) == (3, 1 / 3)
    assert desk_line(branch, late + MINUTE).kept == found


def test_without_calls_there_is_no_share_of_kept_promises():
    assert desk_line(full_branch()[0], NOW).kept is None


# the wall


def test_the_wall_shows_the_last_calls_and_nobody_who_missed_one():
    branch, seats = full_branch(seats=2)
    line.claim(turn=called(branch, seats[0]), by=BY, now=NOW)
    called(branch, seats[1], now=NOW + MINUTE)
    shown = [(call.number, call.seat, call.is_held) for call in called_now(branch, NOW + 2 * MINUTE)]
    assert shown == [("D02", seats[1], True), ("D01", seats[0], False)]
    assert [call.number for call in called_now(branch, NOW + 6 * MINUTE)] == ["D01"]


def test_the_wall_says_how_many_wait_and_what_a_newcomer_can_expect():
    branch, _seats = full_branch()
    joined(branch)
    wait = waits(branch)["internet"]
    assert (wait.state, wait.free, wait.waiting) == ("line", 0, 1)
    assert 0 < wait.low <= wait.high


def test_the_wall_says_what_is_free():
    branch, seats = full_branch(seats=2)
    freed(seats[0])
    wait = waits(branch)["internet"]
    assert (wait.state, wait.free, wait.reason) == ("free", 1, "sit down now")


def test_a_free_seat_that_people_wait_for_is_not_called_free():
    branch, seats = full_branch()
    joined(branch)
    freed(seats[0])
    assert waits(branch)["internet"].state == "line"


def test_a_person_who_takes_any_seat_counts_once_on_the_wall():
    branch, _seats = full_branch()
    sitting(make.make_device(branch, kind=make.make_class(code="drawing")), end=at(16))
    joined(branch)
    assert {code: wait.waiting for code, wait in waits(branch).items()} == {"internet": 1, "drawing": 0}


def test_wall_and_kiosk_say_the_same_before_the_tap_and_after_it():
    branch, _seats = full_branch(seats=3)
    for _person in range(2):
        joined(branch)
    patron = make.make_patron()
    line = now_for(room_for_days(branch, now=NOW, patron=patron), patron).line
    wait = waits(branch)["internet"]
    joined(branch, patron)
    mine = open_turn(patron, NOW)
    assert (line.wait, line.waiting + 1) == (mine.wait, mine.place)
    assert (wait_words((wait.low, wait.high)), wait.waiting) == (mine.wait, line.waiting)


def test_the_kiosk_says_how_long_the_seat_would_be_theirs_after_what_they_used_today():
    branch, seats = full_branch(day_minutes=60, session_minutes=60)
    patron, until = make.make_patron(), at(12, 40)
    make.make_booking(seats[0], at(12), until, patron=patron, checked_in_at=at(12), ended_at=until, outcome="finished")
    assert now_for(room_for_days(branch, now=NOW, patron=patron), patron).line.minutes == 20
    assert now_for(room_for_days(branch, now=NOW, patron=make.make_patron()), make.make_patron()).line.minutes == 60


def test_a_free_seat_for_people_who_need_it_is_free_on_the_wall_and_at_the_kiosk():
    branch, _seats = full_branch()
    kind = make.make_class(code="eased", access="only")
    make.make_device(branch, kind=kind, features=["screen-reader"])
    joined(branch)
    wait = waits(branch)["eased"]
    assert (wait.state, wait.free, wait.waiting, free_now(branch, now=NOW).free) == ("free", 1, 0, 1)


def test_the_wall_says_until_when_a_class_runs():
    branch = make.make_branch()
    make.make_booking(make.make_device(branch), at(14), at(15), kind="class")
    wait = waits(branch)["internet"]
    assert (wait.state, wait.reason) == ("class", "class until 15:00")


def test_the_wall_says_when_a_closed_branch_opens():
    branch, _seats = full_branch()
    assert waits(branch, at(20))["internet"].reason == "closed, opens tomorrow 09:00"


def test_the_wall_says_that_every_seat_of_a_kind_is_broken():
    branch = make.make_branch()
    make.make_booking(make.make_device(branch), at(14), None, kind="repair")
    assert waits(branch)["internet"].state == "out"


def test_near_closing_no_seat_is_in_sight():
    branch, seats = full_branch()
    freed(seats[0])
    sitting(seats[0], at(18), at(18, 45))
    wait = waits(branch, at(18, 30))["internet"]
    assert (wait.state, wait.low, wait.high) == ("later", None, None)


def test_the_wall_takes_the_same_few_queries_however_many_seats():
    branch, _seats = full_branch(seats=4)
    joined(branch)
    with CaptureQueriesContext(connection) as queries:
        wait_classes(branch, NOW)
    assert len(queries) <= 6
