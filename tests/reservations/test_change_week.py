"""Other weekly hours: planned, shown, and carried out for everybody who sits, has booked or waits."""

from datetime import time, timedelta

import pytest

from reservations.booking.change_day import PlanChanged
from reservations.booking.change_week import change_week
from reservations.booking.close_early import close_early
from reservations.booking.special import change_days
from reservations.calendars import calendar_of
from reservations.models import Booking, Branch, Call, OpeningHours, Turn
from reservations.rules.special import DayChange
from reservations.rules.week import WeekRefused, week_of
from reservations.week_plan import preview_week
from tests import factories as make
from tests.factories import NOW, at
from tests.reservations.planning import TUESDAY, draft, saved
from tests.reservations.sitting import by_desk, codes, sitting, told, waiting

pytestmark = pytest.mark.django_db


@pytest.fixture
def branch():
    """A branch that is open from 9 to 19 every day; computers stop ten minutes before."""
    return make.make_branch(policy={"stop_minutes": 10})


def week(opens=9, closes=19, **days):
    """Return a week of one opening a day, with other hours on the days that are named by number: d3=[]."""
    usual = {day: [(time(opens), time(closes))] for day in range(7)}
    return usual | {int(name[1:]): spans for name, spans in days.items()}


def changed(branch, wanted, now=NOW, **words):
    return change_week(branch_id=branch.pk, week=wanted, by=by_desk("manager"), now=now, **words)


def test_a_booking_beyond_the_new_closing_is_taken_away_and_listed(branch):
    lost = make.make_booking(make.make_device(branch), at(17, 30, day=30), at(18, 30, day=30))
    kept = make.make_booking(make.make_device(branch), at(15, day=30), at(16, day=30))
    plan = changed(branch, week(closes=17))
    lost.refresh_from_db()
    assert [hit.row.pk for hit in plan.lost] == [lost.pk]
    assert (lost.outcome, told(lost), Call.objects.get().why) == ("displaced", ["closed_day"], "displaced")
    assert set(Booking.objects.open()) == {kept}


def test_a_booking_that_reaches_over_the_new_closing_ends_sooner(branch):
    row = make.make_booking(make.make_device(branch), at(16, day=25), at(17, 30, day=25))
    plan = changed(branch, week(closes=17))
    row.refresh_from_db()
    assert [hit.row.pk for hit in plan.cut] == [row.pk]
    assert (row.end, told(row), Call.objects.get().why) == (at(16, 50, day=25), ["closes_sooner"], "sooner")


def test_whoever_sits_ends_at_the_new_stop_of_today(branch):
    row = sitting(make.make_device(branch), end=at(17))
    plan = changed(branch, week(closes=15))
    row.refresh_from_db()
    assert ([hit.row.pk for hit in plan.shortened], row.end) == ([row.pk], at(14, 50))


def test_closing_a_weekday_that_is_today_leaves_a_minute_to_save_the_work(branch):
    row = sitting(make.make_device(branch))
    changed(branch, week(d1=[]))
    row.refresh_from_db()
    assert row.end == NOW + timedelta(minutes=1)


def test_places_in_line_end_where_today_is_over(branch):
    make.make_device(branch)
    turn = waiting(branch)
    plan = changed(branch, week(d1=[(time(9), time(14))]))
    turn.refresh_from_db()
    assert ([each.pk for each in plan.turns_over], turn.outcome) == ([turn.pk], "closed")


def test_what_somebody_else_saved_since_the_preview_is_not_undone_unseen(branch):
    shown = preview_week(branch, week(d1=[(time(11), time(19))]), now=NOW)
    changed(branch, week(d0=[(time(10), time(19))]))
    with pytest.raises(PlanChanged) as refused:
        changed(branch, week(d1=[(time(11), time(19))]), seen=shown.seen)
    assert [day.name for day in refused.value.plans[0].weekdays] == ["Monday", "Tuesday"]
    assert week_of(calendar_of(branch.pk))[0] == [(time(10), time(19))]


def test_saving_twice_is_saving_once(branch):
    shown = preview_week(branch, week(d1=[(time(11), time(19))]), now=NOW)
    for _press in range(2):
        changed(branch, week(d1=[(time(11), time(19))]), seen=shown.seen)
    assert week_of(calendar_of(branch.pk))[1] == [(time(11), time(19))]


def test_only_the_weekday_that_changes_is_looked_at(branch):
    seat = make.make_device(branch)
    thursday, friday = (make.make_booking(seat, at(18, day=day), at(18, 40, day=day)) for day in (26, 27))
    plan = changed(branch, week(d3=[(time(9), time(13))]))
    assert [hit.row.pk for hit in plan.hits] == [thursday.pk]
    assert set(Booking.objects.open()) == {friday}
    assert [day.name for day in plan.weekdays] == ["Thursday"]


def test_every_week_of_a_class_is_hit(branch):
    seats = [make.make_device(branch)]
    saved(branch, draft(seats, "FREQ=WEEKLY;COUNT=3", first_on=TUESDAY + timedelta(days=7)))
    plan = changed(branch, week(closes=16))
    assert [hit.row.start.day for hit in plan.classes_lost] == [1, 8, 15]


def test_special_hours_and_closed_days_stay_as_they_are(branch):
    by = by_desk("manager")
    row = make.make_booking(make.make_device(branch), at(18, day=26), at(18, 40, day=26))
    kept = DayChange(at(12, day=26).date(), [(time(9), time(19))], "Late evening")
    change_days(branch_ids=[branch.pk], changes=[kept], by=by, now=NOW)
    assert changed(branch, week(closes=13)).is_harmless
    row.refresh_from_db()
    assert row.ended_at is None


def test_longer_hours_hurt_nobody_and_are_written_once(branch):
    make.make_booking(make.make_device(branch), at(18, day=25), at(18, 40, day=25))
    wanted = week(8, 21, d6=[])
    assert changed(branch, wanted).is_harmless
    changed(branch, wanted)
    assert week_of(calendar_of(branch.pk)) == wanted
    assert OpeningHours.objects.filter(branch=branch).count() == 6


def test_hours_over_midnight_and_a_lunch_closure_are_kept(branch):
    wanted = week(d4=[(time(9), time(12)), (time(13), time(2))])
    changed(branch, wanted)
    assert week_of(calendar_of(branch.pk))[4] == [(time(9), time(12)), (time(13), time(2))]


def test_openings_that_change_places_are_no_crash(branch):
    changed(branch, week(d0=[(time(9), time(12)), (time(13), time(17))]))
    changed(branch, week(d0=[(time(13), time(17)), (time(9), time(12))]))
    assert OpeningHours.objects.filter(branch=branch, weekday=0).count() == 2


def test_the_preview_is_what_is_saved_or_nothing_is(branch):
    seen = preview_week(branch, week(closes=17), now=NOW).seen
    make.make_booking(make.make_device(branch), at(17, 30, day=25), at(18, day=25))
    with pytest.raises(PlanChanged) as refused:
        changed(branch, week(closes=17), seen=seen)
    assert OpeningHours.objects.filter(branch=branch, closes=time(17)).count() == 0
    changed(branch, week(closes=17), seen=refused.value.plans[0].seen)
    assert OpeningHours.objects.filter(branch=branch, closes=time(17)).count() == 7


def test_other_hours_than_those_that_were_shown_are_not_saved(branch):
    seen = preview_week(branch, week(closes=17), now=NOW).seen
    assert codes(changed, branch, week(closes=18), seen=seen) == ["plan_changed"]


def test_overlapping_hours_are_refused_and_nothing_is_written(branch):
    with pytest.raises(WeekRefused) as refused:
        changed(branch, week(d0=[(time(9), time(13)), (time(12), time(19))]))
    assert [(clash.weekday, clash.number) for clash in refused.value.clashes] == [(0, 1)]
    assert OpeningHours.objects.filter(branch=branch).count() == 7


def test_an_early_closing_of_today_is_taken_back_before_its_weekday_changes(branch):
    close_early(branch_id=branch.pk, closes_at=time(15), reason="Storm", by=by_desk(), now=NOW)
    assert codes(changed, branch, week(closes=17)) == ["closes_early"]
    assert changed(branch, week(d3=[])).weekdays[0].name == "Thursday"


def test_what_slips_past_the_rule_is_refused_by_the_database(branch, monkeypatch):
    monkeypatch.setattr("reservations.booking.change_week.check_week", lambda *_facts: None)
    assert codes(changed, branch, week(d0=[(time(9), time(13)), (time(12), time(19))])) == ["overlapping"]
    assert OpeningHours.objects.filter(branch=branch).count() == 7


def test_the_hours_of_another_branch_are_left_alone(branch):
    other = make.make_branch()
    row = make.make_booking(make.make_device(other), at(17, 30, day=25), at(18, day=25))
    changed(branch, week(closes=13))
    row.refresh_from_db()
    assert (row.ended_at, OpeningHours.objects.filter(branch=other, closes=time(19)).count()) == (None, 7)
    assert not Turn.objects.exists()


def test_a_preview_asks_as_often_for_many_bookings_as_for_one(branch, django_assert_num_queries):
    for booked in (1, 4):
        for _row in range(booked):
            make.make_booking(make.make_device(branch), at(17, day=25), at(18, day=25))
        fresh = Branch.objects.select_related("policy").get(pk=branch.pk)
        with django_assert_num_queries(6):
            preview_week(fresh, week(closes=13), now=NOW)
