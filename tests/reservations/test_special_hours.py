"""Special hours and closed days: planned ahead, for one branch or all, with everybody told whom they hit."""

from datetime import date, time, timedelta

import pytest

from reservations.booking.change_day import PlanChanged
from reservations.booking.close_early import close_early
from reservations.booking.special import change_days, open_everywhere, preview_days, seen_of
from reservations.calendars import calendar_of
from reservations.models import Booking, Call, Closure, SpecialHours
from reservations.rules.special import DayChange
from tests import factories as make
from tests.factories import NOW, at
from tests.reservations.sitting import by_desk, codes, refusal, sitting, told

pytestmark = pytest.mark.django_db
THURSDAY = date(2026, 11, 26)


@pytest.fixture
def branch():
    return make.make_branch(policy={"stop_minutes": 10})


def changed(branches, *changes, **words):
    return change_days(
        branch_ids=[branch.pk for branch in branches], changes=changes, by=by_desk("manager"), now=NOW, **words
    )


def closed(on=THURSDAY, reason="Holiday"):
    return DayChange(on, [], reason)


def opens(opens, closes, on=THURSDAY, reason=""):
    return DayChange(on, [(time(opens), time(closes))], reason)


def test_a_closed_day_takes_its_bookings_away_and_lists_them(branch):
    row = make.make_booking(make.make_device(branch), at(10, day=26), at(11, day=26))
    plans = changed([branch], closed())
    row.refresh_from_db()
    assert [hit.row.pk for hit in plans[0].lost] == [row.pk]
    assert (row.outcome, told(row), Call.objects.get().why) == ("displaced", ["closed_day"], "displaced")
    assert calendar_of(branch.pk).closed == {THURSDAY: "Holiday"}


def test_a_late_opening_takes_the_morning_away_and_leaves_the_rest(branch):
    seat = make.make_device(branch)
    morning = make.make_booking(seat, at(9, 30, day=26), at(10, 30, day=26))
    noon = make.make_booking(seat, at(12, day=26), at(13, day=26))
    changed([branch], opens(11, 19, reason="Staff meeting"))
    assert set(Booking.objects.open()) == {noon}
    morning.refresh_from_db()
    assert morning.outcome == "displaced"


def test_an_extra_opening_hurts_nobody_and_can_be_taken_off(branch):
    row = make.make_booking(make.make_device(branch), at(10, day=26), at(11, day=26))
    assert changed([branch], opens(8, 21))[0].is_harmless
    late = make.make_booking(make.make_device(branch), at(20, day=26), at(20, 30, day=26))
    plans = changed([branch], DayChange(THURSDAY, None))
    assert [hit.row.pk for hit in plans[0].lost] == [late.pk]
    assert not SpecialHours.objects.exists()
    row.refresh_from_db()
    assert row.ended_at is None


def test_all_branches_close_for_a_holiday_in_one_row(branch):
    other = make.make_branch()
    rows = [make.make_booking(make.make_device(each), at(10, day=26), at(11, day=26)) for each in (branch, other)]
    changed([branch, other], closed(), everywhere=True)
    assert Closure.objects.get().branch is None
    assert not Booking.objects.open().filter(pk__in=[row.pk for row in rows]).exists()
    plans = open_everywhere(on=THURSDAY, by=by_desk("manager"), now=NOW)
    assert {hit.row.pk for plan in plans for hit in plan.back} == {row.pk for row in rows}
    assert set(Booking.objects.open()) == set(rows)
    assert calendar_of(other.pk).closed == {}


def test_the_preview_is_what_is_saved_or_nothing_is(branch):
    plans = preview_days([branch], [closed()], now=NOW)
    make.make_booking(make.make_device(branch), at(10, day=26), at(11, day=26))
    with pytest.raises(PlanChanged) as refused:
        changed([branch], closed(), seen=seen_of(plans))
    assert not Closure.objects.exists()
    changed([branch], closed(), seen=seen_of(refused.value.plans))
    assert Closure.objects.get().on == THURSDAY


def test_closing_today_lets_everybody_save_their_work(branch):
    row = sitting(make.make_device(branch))
    changed([branch], closed(at(12).date(), "Flood"))
    row.refresh_from_db()
    assert row.end == NOW + timedelta(minutes=1)


def test_the_same_closed_day_twice_is_one(branch):
    changed([branch], closed())
    changed([branch], closed(reason="Thanksgiving"))
    assert Closure.objects.get().reason == "Thanksgiving"


def test_an_early_closing_is_taken_back_before_the_day_is_changed(branch):
    close_early(branch_id=branch.pk, closes_at=time(15), reason="Storm", by=by_desk(), now=NOW)
    assert codes(changed, [branch], opens(9, 21, on=at(12).date())) == ["closes_early"]


def test_one_branch_cannot_open_while_all_are_closed(branch):
    Closure.objects.create(on=THURSDAY, reason="Holiday")
    assert codes(changed, [branch], opens(9, 12)) == ["closed_everywhere"]


def test_hours_that_meet_the_day_beside_say_which(branch):
    (early,) = refusal(changed, [branch], DayChange(THURSDAY, [(time(12), time(10))]))
    assert early.sentence.startswith("That is open over midnight, until after the next day opens.")
    changed([branch], DayChange(THURSDAY, [(time(12), time(9))]))
    (late,) = refusal(changed, [branch], opens(8, 19, on=date(2026, 11, 27)))
    assert late.sentence.startswith("The day before is still open then, over midnight.")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (closed(date(2026, 11, 23)), "past"),
        (closed(date(2029, 1, 1)), "too_far"),
        (opens(9, 9), "empty_hours"),
        (DayChange(THURSDAY, [(time(9), time(13)), (time(12), time(18))]), "overlapping"),
        (DayChange(THURSDAY, [(time(22), time(10))]), "overlapping"),
    ],
)
def test_hours_that_cannot_be_are_refused_with_the_next_step(branch, change, code):
    assert codes(changed, [branch], change) == [code]
