"""A special day that is taken off or changed gives back what it took, where the room still allows it."""

from datetime import date, time, timedelta

import pytest

from reservations.booking.ahead import cancel
from reservations.booking.change_day import PlanChanged
from reservations.booking.change_week import change_week
from reservations.booking.close_early import close_early, undo_closing
from reservations.booking.service import handle_call
from reservations.booking.special import change_days, open_everywhere, preview_days, preview_opening, seen_of
from reservations.models import Booking, Call, Closure, HoursChange
from reservations.rules.special import DayChange
from reservations.week_plan import preview_week
from tests import factories as make
from tests.factories import NOW, at
from tests.reservations.sitting import by_desk, sitting, told, waiting

pytestmark = pytest.mark.django_db
THURSDAY = date(2026, 11, 26)
TODAY = NOW.date()
USUAL = DayChange(THURSDAY, None)
CLOSED = DayChange(THURSDAY, [], "Holiday")
NINE = time(9)


@pytest.fixture
def branch():
    return make.make_branch(policy={"stop_minutes": 10, "gap_minutes": 0})


@pytest.fixture
def seat(branch):
    return make.make_device(branch)


def until(closes, on=THURSDAY):
    return DayChange(on, [(NINE, time(closes))])


def changed(branch, change, now=NOW, **words):
    [plan] = change_days(branch_ids=[branch.pk], changes=[change], by=by_desk("manager"), now=now, **words)
    return plan


def booked(seat, start=10, end=11, **fields):
    return make.make_booking(seat, at(start, day=26), at(end, day=26), **fields)


def stands(row):
    """Return the end with which a row stands, None where it does not."""
    row.refresh_from_db()
    return None if row.ended_at else row.end


def test_a_closed_day_that_is_taken_off_gives_its_bookings_back(branch, seat):
    row = booked(seat)
    changed(branch, CLOSED)
    plan = changed(branch, USUAL)
    assert [hit.row for hit in plan.back] == [row]
    assert (stands(row), told(row)) == (at(11, day=26), ["closed_day", "opens_again"])
    assert not HoursChange.objects.exists()


def test_who_has_not_been_told_of_it_need_not_be_told_and_who_has_is_listed_again(branch, seat):
    row, other = booked(seat), booked(seat, 12, 13)
    changed(branch, CLOSED)
    handle_call(call=Call.objects.get(booking=other), by=by_desk(), now=NOW)
    changed(branch, USUAL)
    assert list(Call.objects.filter(handled_at=None).values_list("booking_id", "why")) == [(other.pk, "again")]
    assert stands(row)


def test_a_booking_that_was_cut_has_its_end_again(branch, seat):
    row = booked(seat, 10, 12)
    changed(branch, until(11))
    assert stands(row) == at(10, 50, day=26)
    changed(branch, USUAL)
    assert stands(row) == at(12, day=26)


def test_other_hours_give_back_what_fits_into_them_and_keep_the_rest_in_mind(branch, seat):
    morning, evening = booked(seat), booked(seat, 17, 18)
    changed(branch, CLOSED)
    plan = changed(branch, until(13))
    assert (stands(morning), stands(evening)) == (at(11, day=26), None)
    assert [hit.row for hit in plan.back] == [morning]
    assert plan.is_harmless
    changed(branch, USUAL)
    assert stands(evening) == at(18, day=26)


def test_a_booking_is_cut_anew_from_the_end_it_had_at_first(branch, seat):
    row = booked(seat, 10, 12)
    for closes, end in ((11, at(10, 50, day=26)), (10, None), (12, at(11, 50, day=26))):
        changed(branch, until(closes))
        assert stands(row) == end
    assert told(row) == ["closes_sooner", "closed_day", "opens_again"]


def test_a_seat_that_somebody_else_has_now_stays_theirs_and_it_is_said(branch, seat):
    row = booked(seat)
    changed(branch, CLOSED)
    other = booked(seat)
    plan = changed(branch, USUAL)
    assert [(missed.row, missed.why) for missed in plan.missed] == [(row, "the seat is taken by somebody else now")]
    assert (stands(row), stands(other)) == (None, at(11, day=26))


def test_who_has_cancelled_meanwhile_has_nothing_back(branch, seat):
    row = booked(seat, 10, 12)
    changed(branch, until(11))
    cancel(booking=row, by=by_desk(), now=NOW)
    plan = changed(branch, USUAL)
    assert [missed.why for missed in plan.missed] == ["has ended meanwhile"]
    assert stands(row) is None


def test_the_preview_says_who_stands_again_and_saving_holds_it_to_that(branch, seat):
    row = booked(seat)
    changed(branch, CLOSED)
    plans = preview_days([branch], [USUAL], now=NOW)
    assert [hit.row for hit in plans[0].back] == [row]
    assert stands(row) is None
    booked(seat)
    with pytest.raises(PlanChanged) as refused:
        changed(branch, USUAL, seen=seen_of(plans))
    assert [missed.row for missed in refused.value.plans[0].missed] == [row]
    assert changed(branch, USUAL, seen=seen_of(refused.value.plans)).missed


def test_what_was_shown_of_a_removal_is_saved(branch, seat):
    row = booked(seat)
    changed(branch, CLOSED)
    changed(branch, USUAL, seen=seen_of(preview_days([branch], [USUAL], now=NOW)))
    assert stands(row)


def test_today_gives_sessions_their_end_and_numbers_their_place_again(branch, seat):
    row, turn = sitting(seat), waiting(branch)
    changed(branch, DayChange(TODAY, [], "Flood"))
    turn.refresh_from_db()
    assert (stands(row), turn.outcome) == (NOW + timedelta(minutes=1), "closed")
    changed(branch, DayChange(TODAY, None), now=NOW + timedelta(seconds=30))
    turn.refresh_from_db()
    assert (stands(row), turn.ended_at) == (at(15), None)


def test_a_closed_day_of_all_branches_is_shown_before_it_is_taken_off(branch, seat):
    row = booked(seat)
    changed(branch, CLOSED, everywhere=True)
    plans = preview_opening(THURSDAY, now=NOW)
    assert [hit.row for plan in plans for hit in plan.back] == [row]
    open_everywhere(on=THURSDAY, by=by_desk("manager"), now=NOW, seen=seen_of(plans))
    assert stands(row)


def test_a_branch_that_stays_closed_gives_nothing_back(branch, seat):
    row = booked(seat)
    changed(branch, CLOSED)
    changed(branch, CLOSED, everywhere=True)
    plan = changed(branch, USUAL)
    assert (plan.back, stands(row)) == ([], None)
    assert Closure.objects.get().branch is None
    open_everywhere(on=THURSDAY, by=by_desk("manager"), now=NOW)
    assert set(Booking.objects.open()) == {row}


def test_closing_early_on_a_special_day_and_back_leaves_what_the_day_took_for_later(branch, seat):
    afternoon = make.make_booking(seat, at(16), at(16, 30))
    evening = make.make_booking(seat, at(17, 30), at(18))
    changed(branch, until(17, on=TODAY))
    closing = close_early(branch_id=branch.pk, closes_at=time(15), reason="Storm", by=by_desk(), now=NOW)
    assert (stands(afternoon), stands(evening)) == (None, None)
    undo_closing(closing=closing, by=by_desk(), now=NOW)
    assert (stands(afternoon), stands(evening)) == (at(16, 30), None)
    changed(branch, DayChange(TODAY, None))
    assert stands(evening) == at(18)


def week(closes=19):
    return {day: [(NINE, time(closes))] for day in range(7)}


def change_hours(branch, closes, now=NOW, **words):
    return change_week(branch_id=branch.pk, week=week(closes), by=by_desk("manager"), now=now, **words)


def test_wider_weekly_hours_give_back_what_shorter_ones_took(branch, seat):
    lost, cut = booked(seat, 17, 18), booked(seat, 15, 17)
    change_hours(branch, 16)
    assert (stands(lost), stands(cut)) == (None, at(15, 50, day=26))
    shown = preview_week(branch, week(19), now=NOW)
    assert [hit.row for hit in shown.back] == [cut, lost]
    change_hours(branch, 19, seen=shown.seen)
    assert (stands(lost), stands(cut)) == (at(18, day=26), at(17, day=26))
    assert not HoursChange.objects.exists()


def test_weekly_hours_that_are_a_little_wider_give_back_what_fits(branch, seat):
    lost, later = booked(seat, 15, 16), booked(seat, 17, 18)
    change_hours(branch, 14)
    change_hours(branch, 16)
    assert (stands(lost), stands(later)) == (at(15, 50, day=26), None)
    change_hours(branch, 19)
    assert (stands(lost), stands(later)) == (at(16, day=26), at(18, day=26))


def test_wider_weekly_hours_give_nothing_back_on_a_day_that_stays_closed(branch, seat):
    row = booked(seat, 10, 11)
    changed(branch, CLOSED)
    change_hours(branch, 21)
    assert stands(row) is None
    changed(branch, USUAL)
    assert stands(row) == at(11, day=26)


def test_what_somebody_else_has_by_now_stays_theirs_when_the_weekly_hours_widen(branch, seat):
    row = booked(seat, 17, 18)
    change_hours(branch, 16)
    taken = booked(seat, 17, 18)
    plan = change_hours(branch, 19)
    assert [(each.row, str(each.why)) for each in plan.missed] == [(row, "the seat is taken by somebody else now")]
    assert (stands(row), stands(taken)) == (None, at(18, day=26))


def test_other_hours_of_a_day_give_back_what_the_weekly_hours_took(branch, seat):
    row = booked(seat, 17, 18)
    change_hours(branch, 16)
    changed(branch, until(19))
    assert stands(row) == at(18, day=26)


def test_places_in_line_that_ended_with_the_weekly_hours_are_back(branch, seat):
    turn = waiting(branch)
    change_hours(branch, 14)
    change_hours(branch, 19)
    turn.refresh_from_db()
    assert turn.ended_at is None
