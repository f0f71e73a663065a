"""Seat 12 breaks: who sits there goes on elsewhere, who comes later has another seat, the rest are told honestly."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reservations.booking.ahead import book
from reservations.booking.seat import check_in, finish
from reservations.booking.service import expect_back, take_out_of_service
from reservations.calendars import calendar_of, zone
from reservations.facts import use_of
from reservations.models import Booking, Call
from reservations.reseating import instead_of, lost_of, preview_out, preview_words
from tests import factories as make
from tests.factories import NOW, at
from tests.reservations.sitting import by_desk, codes, sitting, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def branch():
    return make.make_branch(policy={"gap_minutes": 5})


@pytest.fixture
def broken(branch):
    return make.make_device(branch, label="12")


@pytest.fixture
def other(branch, broken):
    return make.make_device(branch, label="7")


def out(device, now=NOW, **fields):
    return take_out_of_service(device_id=device.pk, by=by_desk(), now=now, **{"note": "No picture", **fields})


def fresh(row):
    return Booking.objects.get(pk=row.pk)


def later(seat, start, minutes=60, **fields):
    return make.make_booking(seat, start, start + timedelta(minutes=minutes), **{"created_at": at(9), **fields})


def why(row):
    return Call.objects.get(booking=row).why


def test_the_running_patron_goes_on_at_an_equal_seat_with_the_minutes_left(broken, other):
    row = sitting(broken, number="D12", needs=["printing"], extensions=1)
    (after,) = out(broken).moved
    row = fresh(row)
    assert (row.outcome, row.start, row.end) == ("moved", at(14), NOW)
    assert (after.device, after.start, after.end, after.continues) == (other, NOW, at(15), row)
    assert (after.number, after.needs, after.extensions, after.patron) == ("D12", ["printing"], 1, row.patron)
    assert after.is_running


def test_their_minutes_add_up_and_one_session_is_counted(branch, broken, other):
    row = sitting(broken)
    (after,) = out(broken).moved
    calendar = calendar_of(branch.pk)
    uses = [use_of(each, NOW, calendar, branch.policy) for each in (fresh(row), after)]
    assert (sum(use.minutes for use in uses), sum(use.sessions for use in uses)) == (60, 1)


def test_they_are_told_where_their_session_goes_on(broken, other):
    sitting(broken)
    (after,) = out(broken).moved
    assert why(after) == "goes_on"
    assert told(after) == told(fresh(after.continues)) == ["moved"]
    assert after.events.get().detail == {"from_seat": "12", "to_seat": "7"}
    assert after.events.get().reason == "No picture"


def test_help_that_runs_goes_on_and_what_it_took_stays_with_the_first_seat(broken, other):
    row = sitting(broken, help_at=at(14, 3), help_added=15)
    (after,) = out(broken).moved
    row = fresh(row)
    assert (row.help_at, row.help_added, row.help_minutes) == (None, 0, 4)
    assert (after.help_at, after.help_added, after.help_minutes) == (NOW, 11, 0)


def test_a_later_booking_keeps_its_row_and_changes_its_seat(broken, other):
    row = later(broken, at(15))
    removal = out(broken)
    row = fresh(row)
    assert removal.moved == [row]
    assert (row.device, row.start, row.end, row.ended_at, row.check_in_by) == (other, at(15), at(16), None, at(15, 10))
    assert (why(row), told(row), row.displaced_by) == ("moved", ["moved"], removal.repair)


def test_the_moved_booking_can_be_sat_down_to(broken, other):
    row = later(broken, at(15))
    out(broken)
    assert check_in(booking=row, by=by_desk(), now=at(15, 2)).device == other


def test_somebody_who_was_to_check_in_right_now_can_do_so_at_the_other_seat(broken, other):
    row = later(broken, at(14, 5))
    out(broken)
    assert check_in(booking=row, by=by_desk(), now=at(14, 9)).device == other


def test_who_booked_first_chooses_first(broken, other):
    make.make_booking(other, at(16, 5), at(17))
    late = later(broken, at(15), 30, created_at=at(10, 1))
    early = later(broken, at(15, 30), 30, created_at=at(10))
    removal = out(broken)
    assert (removal.moved, removal.displaced) == ([early], [late])


def test_the_one_who_sits_there_chooses_before_everybody(broken, other):
    booked_first = later(broken, at(15, 2), 30, created_at=at(8))
    session = sitting(broken, end=at(15))
    removal = out(broken)
    assert [row.continues_id for row in removal.moved] == [session.pk]
    assert removal.displaced == [booked_first]


def test_the_rest_are_told_three_other_ways(branch, broken, other):
    make.make_booking(other, at(15), at(16))
    row = later(broken, at(15))
    removal = out(broken)
    row = fresh(row)
    assert (removal.displaced, row.outcome, row.displaced_by, why(row)) == (
        [row],
        "displaced",
        removal.repair,
        "displaced",
    )
    ways = instead_of(row, NOW)
    assert [(way.device, way.without) for way in ways] == [(other, "")] * 3


def test_the_other_ways_are_those_of_the_moment_in_which_they_are_read(branch, broken, other):
    make.make_booking(other, at(15), at(16))
    row = later(broken, at(15))
    out(broken)
    first = instead_of(fresh(row), NOW)[0]
    make.make_booking(other, first.slot.start, first.slot.end)
    assert first not in instead_of(fresh(row), NOW)


def test_where_no_seat_has_what_they_asked_for_the_ways_say_what_is_missing(branch):
    broken = make.make_device(branch, features=["large-keyboard"], label="12")
    make.make_device(branch)
    row = later(broken, at(15), needs=["large-keyboard"])
    out(broken)
    assert {way.without for way in instead_of(fresh(row), NOW)} == {"without large keyboard"}


def test_what_was_lost_stands_before_its_person_until_they_know(broken):
    row = later(broken, at(15))
    out(broken)
    assert lost_of(row.patron, NOW) == [row]
    assert lost_of(row.patron, at(16)) == []


def test_a_need_is_kept_and_access_without_asking(branch):
    broken = make.make_device(branch, features=["screen-reader"], label="12")
    make.make_device(branch)
    access = make.make_device(branch, features=["screen-reader"])
    row = later(broken, at(15))
    out(broken)
    assert fresh(row).device == access


def test_the_plainest_equal_seat_is_given(branch, broken):
    make.make_device(branch, features=["scanner"])
    plain = make.make_device(branch)
    make.make_device(branch, kind=make.make_class())
    row = later(broken, at(15))
    out(broken)
    assert fresh(row).device == plain


def test_the_cleaning_between_two_people_is_kept(broken, other):
    make.make_booking(other, at(16, 4), at(17))
    row = later(broken, at(15))
    assert out(broken).displaced == [row]


def test_a_class_is_not_split_over_the_room(broken, other):
    row = make.make_booking(broken, at(15), at(17), kind="class", note="E-mail basics")
    assert out(broken).displaced == [row]
    assert why(row) == "displaced"


def test_of_a_series_of_classes_one_line_is_on_the_list(branch, broken):
    block = branch.blocks.create(title="E-mail basics", first_on=NOW, starts="15:00", ends="16:00", made_at=NOW)
    for day in (24, 25, 26):
        make.make_booking(broken, at(15, day=day), at(16, day=day), kind="class", block=block)
    assert len(out(broken).displaced) == 3
    assert Call.objects.get().booking.start == at(15)


def test_all_or_nothing(broken, other, monkeypatch):
    row = sitting(broken)
    monkeypatch.setattr("reservations.booking.reseat.put_on_list", lambda *a, **k: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        out(broken)
    assert (fresh(row).ended_at, Booking.objects.count()) == (None, 1)


# before it is done


def test_the_preview_says_what_would_happen_and_does_nothing(branch, broken, other):
    sitting(broken)
    later(broken, at(15))
    later(broken, at(16, 10))
    later(broken, at(18), 30)
    make.make_booking(other, at(16), at(17))
    told_before = preview_words(preview_out(broken, now=NOW), broken, NOW)
    assert told_before == "2 moved, 2 cannot be: Seat 12 at 15:00, 16:10"
    assert Booking.objects.filter(kind="repair").count() == 0


def test_what_the_preview_says_is_what_happens(branch, broken, other):
    sitting(broken)
    for start in (at(15), at(15, 30, day=25), at(16, 10), at(18)):
        later(broken, start, 30)
    make.make_booking(other, at(16), at(17))
    before = preview_out(broken, now=NOW)
    removal = out(broken)
    seats = sorted((row.pk, seat.pk) for row, seat in before.moves)
    assert seats == sorted((row.continues_id or row.pk, row.device_id) for row in removal.moved)
    assert [row.pk for row in before.left] == [row.pk for row in removal.displaced]


def test_where_nobody_is_concerned_there_is_nothing_to_say(broken):
    assert preview_words(preview_out(broken, now=NOW), broken, NOW) == ""


def test_a_seat_that_is_out_already_moves_nobody_once_more(broken):
    later(broken, at(16))
    out(broken, until=at(15))
    assert not preview_out(broken, now=NOW).touches


# a fault whose end is known


def test_a_fault_whose_end_is_known_blocks_until_then_only(branch, broken):
    after = later(broken, at(16))
    removal = out(broken, until=at(16))
    assert (removal.repair.end, removal.moved, removal.displaced, fresh(after).ended_at) == (at(16), [], [], None)
    assert booked(broken, at(17, 5)).device == broken
    assert codes(booked, broken, at(15)) == ["out"]


def booked(seat, start, now=NOW, **fields):
    return book(
        branch_id=seat.branch_id, device_id=seat.pk, patron=make.make_patron(), start=start,
        end=start + timedelta(minutes=30), request_key=uuid4(), by=by_desk(), now=now, **fields,
    )  # fmt: skip


def test_it_cannot_be_expected_back_before_now(broken):
    assert codes(out, broken, until=NOW) == ["back_in_past"]


def test_it_can_be_expected_back_within_two_years(broken):
    beyond = datetime(2028, 11, 25, tzinfo=zone())
    assert codes(out, broken, until=beyond) == ["back_too_far"]
    assert out(broken, until=beyond - timedelta(minutes=1)).repair.end == beyond - timedelta(minutes=1)


def test_expected_back_later_than_thought_moves_whom_that_hits(broken, other):
    row = later(broken, at(16))
    out(broken, until=at(16))
    done = expect_back(device_id=broken.pk, until=at(17), by=by_desk(), now=NOW)
    assert (done.moved, done.repair.end) == ([row], at(17))
    assert fresh(row).device == other


def test_expected_back_sooner_lets_people_book(broken):
    out(broken)
    expect_back(device_id=broken.pk, until=at(15), by=by_desk(), now=NOW)
    assert booked(broken, at(15)).device == broken


# how much it costs


def test_sixty_bookings_take_no_more_queries_than_one(branch, broken):
    seats = [make.make_device(branch) for _each in range(3)]
    assert seats
    sitting(broken)
    for day in range(25, 31):
        for hour in range(9, 19):
            later(broken, at(hour, day=day), 45)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        removal = out(broken)
    real = [q["sql"] for q in captured if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(removal.moved) == 61
    assert len(real) <= 40


def test_who_left_a_moment_ago_is_not_moved(broken, other):
    row = finish(booking=sitting(broken), by=by_desk(), now=NOW)
    assert out(broken).moved == []
    assert fresh(row).outcome == "finished"
