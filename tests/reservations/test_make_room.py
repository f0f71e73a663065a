"""Who does not need an accessible seat makes room when somebody does: ten minutes' notice, once, told by the desk."""

from functools import partial
from uuid import uuid4

import pytest

from helpdesk import bell
from reservations.board import board
from reservations.booking import line
from reservations.booking.by_itself import extend_due
from reservations.booking.help import begin_help, end_help
from reservations.booking.resume import resume
from reservations.booking.seat import finish
from reservations.booking.time import extend, shorten
from reservations.booking.undo import undo
from reservations.calls import open_calls
from tests import factories as make
from tests.factories import NOW, at
from tests.racing import race
from tests.reservations.lining import BY, DESK, MINUTE, advanced, joined, refusal, sitting
from tests.reservations.sitting import by_desk, told

pytestmark = pytest.mark.django_db
READER = frozenset({"screen-reader"})


def make_kind(**fields):
    return make.make_class(access="first", **fields)


@pytest.fixture
def branch():
    return make.make_branch(policy={"gap_minutes": 0, "day_minutes": 600})


@pytest.fixture
def kind():
    return make_kind()


@pytest.fixture
def seat(branch, kind):
    return make.make_device(branch, kind=kind, features=["screen-reader"])


def yielding(seat, **fields):
    return sitting(seat, yields=True, **fields)


def ends(*rows):
    for row in rows:
        row.refresh_from_db()
    return [row.end for row in rows]


def test_who_does_not_need_the_seat_leaves_it_in_ten_minutes(branch, seat):
    row = yielding(seat)
    turn = joined(branch, needs=READER)
    assert ends(row) == [NOW + 10 * MINUTE]
    done = row.events.get(what="made_room")
    assert (done.detail["number"], done.reason, done.by_kind) == (turn.number, "", "system")


def test_what_is_promised_knows_the_sooner_end(branch, seat):
    yielding(seat)
    turn = joined(branch, needs=READER)
    assert turn.promised_high_at <= NOW + 20 * MINUTE


def test_the_seat_goes_to_who_needs_it_before_those_who_wait_longer(branch, seat):
    row = yielding(seat)
    first, turn = joined(branch), joined(branch, needs=READER)
    advanced(branch, ends(row)[0])
    first.refresh_from_db()
    turn.refresh_from_db()
    assert (first.offer, turn.offer.device) == (None, seat)


def test_the_minutes_not_used_are_left_for_the_day(branch, seat):
    row = yielding(seat)
    joined(branch, needs=READER)
    advanced(branch, at(14, 20))
    row.refresh_from_db()
    assert (row.outcome, row.ended_at, row.minutes()) == ("ran_out", NOW + 10 * MINUTE, 17)


def test_who_needs_the_seat_stays(branch, seat):
    row = sitting(seat)
    joined(branch, needs=READER)
    assert ends(row) == [at(15)]


def test_who_waits_without_a_need_moves_nobody(branch, seat):
    row = yielding(seat)
    joined(branch)
    advanced(branch)
    assert ends(row) == [at(15)]


def test_a_need_that_is_not_one_of_access_moves_nobody(branch, kind):
    row = yielding(make.make_device(branch, kind=kind, features=["scanner", "screen-reader"]))
    joined(branch, needs=frozenset({"scanner"}))
    assert ends(row) == [at(15)]


def test_one_person_in_line_costs_one_session(branch, kind, seat):
    other = yielding(make.make_device(branch, kind=kind, features=["screen-reader"]), end=at(15, 30))
    row = yielding(seat)
    joined(branch, needs=READER)
    advanced(branch, NOW + MINUTE)
    assert ends(row, other) == [NOW + 10 * MINUTE, at(15, 30)]
    joined(branch, needs=READER, now=NOW + 2 * MINUTE)
    assert ends(row, other) == [NOW + 10 * MINUTE, NOW + 12 * MINUTE]


def test_a_session_that_ends_by_itself_soon_is_enough(branch, kind, seat):
    row = yielding(seat)
    sitting(make.make_device(branch, kind=kind, features=["screen-reader"]), end=at(14, 15))
    joined(branch, needs=READER)
    assert ends(row) == [at(15)]


def test_a_seat_that_is_booked_right_after_helps_nobody(branch, seat):
    row = yielding(seat, end=at(14, 40))
    make.make_booking(seat, at(14, 40), at(15, 40))
    joined(branch, needs=READER, minutes=60)
    assert ends(row) == [at(14, 40)]


def test_a_session_is_never_made_longer_or_cut_twice(branch, seat):
    row = yielding(seat)
    joined(branch, needs=READER)
    advanced(branch, NOW + 5 * MINUTE)
    assert ends(row) == [NOW + 10 * MINUTE]
    assert told(row) == ["made_room"]


def test_nobody_is_sent_away_while_they_wait_for_help(branch, seat):
    row = yielding(seat)
    begin_help(device_id=seat.pk, by=BY, now=NOW - MINUTE)
    joined(branch, needs=READER)
    assert ends(row) == [at(15, 15)]
    end_help(device_id=seat.pk, by=DESK, now=NOW + MINUTE)
    advanced(branch, NOW + MINUTE)
    assert ends(row) == [NOW + 11 * MINUTE]


def test_it_is_not_made_longer_while_somebody_needs_it(branch, seat):
    row = yielding(seat)
    joined(branch, needs=READER)
    assert refusal(extend, booking=row, by=BY, now=NOW + MINUTE) == ["line"]
    assert extend_due(branch_id=branch.pk, now=NOW + 8 * MINUTE) == 0
    assert ends(row) == [NOW + 10 * MINUTE]


def test_what_staff_give_on_purpose_is_not_taken_back(branch, seat):
    row = yielding(seat)
    joined(branch, needs=READER)
    extend(booking=row, by=by_desk(), now=NOW, minutes=20, reason="Exam")
    advanced(branch, NOW + MINUTE)
    assert ends(row) == [NOW + 30 * MINUTE]


def test_a_seat_that_somebody_left_first_is_nobodys_loss(branch, seat):
    row = yielding(seat)
    turn = joined(branch, needs=READER)
    finish(booking=row, by=BY, now=NOW + MINUTE)
    advanced(branch, NOW + MINUTE)
    turn.refresh_from_db()
    assert turn.offer.device == seat


# told by the desk


def test_the_desk_is_asked_to_tell_who_sits_there(branch, seat):
    row = yielding(seat)
    joined(branch, needs=READER)
    call = open_calls(branch).get()
    assert (call.booking, call.why) == (row, "room")
    assert [c.booking.pk for c in board(branch, now=NOW).to_tell] == [row.pk]


def test_who_has_left_need_not_be_told(branch, seat):
    row = yielding(seat)
    joined(branch, needs=READER)
    assert board(branch, now=NOW + 10 * MINUTE).to_tell == []
    finish(booking=row, by=BY, now=NOW + MINUTE)
    assert not open_calls(branch).exists()


# two at once


@pytest.mark.race
@pytest.mark.db
@pytest.mark.django_db(transaction=True)
def test_a_need_against_an_extension_ends_in_ten_minutes():
    kind = make_kind()
    for _round in range(6):
        branch = make.make_branch(policy={"gap_minutes": 0, "day_minutes": 600})
        seat = make.make_device(branch, kind=kind, features=["screen-reader"])
        row = yielding(seat)
        needs = partial(
            line.join, branch_id=branch.pk, patron=make.make_patron(), request_key=uuid4(), by=BY, now=NOW, needs=READER
        )
        results = race(needs, partial(extend, booking=row, by=BY, now=NOW))
        assert results in ({"accepted": 2}, {"accepted": 1, "refused:line": 1})
        assert ends(row) == [NOW + 10 * MINUTE]


@pytest.mark.race
@pytest.mark.db
@pytest.mark.django_db(transaction=True)
def test_two_needs_at_once_cut_each_session_once():
    branch, kind = make.make_branch(policy={"gap_minutes": 0, "day_minutes": 600}), make_kind()
    rows = [yielding(make.make_device(branch, kind=kind, features=["screen-reader"])) for _ in range(3)]
    needs = [
        partial(
            line.join, branch_id=branch.pk, patron=make.make_patron(), request_key=uuid4(), by=BY, now=NOW, needs=READER
        )
        for _ in range(2)
    ]
    assert race(*needs) == {"accepted": 2}
    assert sorted(ends(*rows)) == [NOW + 10 * MINUTE, NOW + 10 * MINUTE, at(15)]


# what rings


@pytest.fixture
def rings(monkeypatch):
    heard = []
    monkeypatch.setattr(bell, "ring", lambda name, pk: heard.append((name, pk)))
    return heard


def test_a_session_made_shorter_wakes_the_line(branch, seat, rings):
    row = sitting(seat)
    joined(branch)
    shorten(booking=row, end=at(14, 20), by=DESK, now=NOW)
    assert rings == [("reservations.advance", branch.pk)]


def test_help_that_ends_wakes_the_line(branch, seat, rings):
    sitting(seat)
    begin_help(device_id=seat.pk, by=BY, now=NOW)
    joined(branch)
    end_help(device_id=seat.pk, by=DESK, now=NOW)
    assert rings == [("reservations.advance", branch.pk)]


def test_an_extension_taken_back_wakes_the_line(branch, seat, rings):
    desk = by_desk()
    row = extend(booking=sitting(seat), by=desk, now=NOW)
    joined(branch)
    undo(event_id=row.events.get().pk, by=desk, now=NOW + MINUTE / 6)
    assert rings == [("reservations.advance", branch.pk)]


def test_who_comes_back_to_their_seat_changes_what_the_line_is_told(branch, seat, rings):
    row = sitting(seat)
    joined(branch)
    finish(booking=row, by=BY, now=NOW)
    resume(booking=row, by=BY, now=NOW + MINUTE)
    assert rings == [("reservations.advance", branch.pk)] * 2
