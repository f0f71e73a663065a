"""A class of several seats over weeks: nobody loses a seat unseen, and what was shown is what is saved."""

from datetime import date, time, timedelta
from functools import partial
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from helpdesk.actor import patron as by_patron
from helpdesk.models import Role
from reservations.block_draft import KEEP, TAKE
from reservations.booking.ahead import book
from reservations.booking.back import take_back
from reservations.booking.blocks import BlockChanged, bring_back, call_off, change_block, leave_out, save_block
from reservations.booking.seat import check_in
from reservations.booking.service import expect_back, handle_call, return_to_service, take_out_of_service
from reservations.calendars import calendar_of
from reservations.facts import use_of
from reservations.linefacts import seat_line
from reservations.models import Block, Booking, Call, Closure, SpecialHours
from reservations.overview import branches_with_free
from reservations.room import load_room
from tests import factories as make
from tests.factories import NOW, at
from tests.reservations.planning import TUESDAY, draft, planned, room, saved
from tests.reservations.sitting import by_desk, codes, refusal, sitting, told

pytestmark = pytest.mark.django_db
WEEKLY = "FREQ=WEEKLY;COUNT=3"
NEXT, THIRD = date(2026, 12, 1), date(2026, 12, 8)


def seats_of(block):
    rows = block.bookings.filter(ended_at=None).order_by("period", "device")
    return [(row.start.day, row.device.label) for row in rows.select_related("device")]


def test_a_class_takes_every_seat_on_every_day():
    branch, seats = room(2)
    block = saved(branch, draft(seats, WEEKLY)).block
    labels = [seat.label for seat in seats]
    assert seats_of(block) == [(day, label) for day in (24, 1, 8) for label in labels]
    row = block.bookings.earliest("period")
    assert (row.kind, row.note, row.start, row.end, told(row)) == ("class", "Spreadsheets", at(16), at(18), ["planned"])


def test_a_maintenance_is_a_row_of_its_own_kind():
    branch, seats = room(1)
    block = saved(branch, draft(seats, kind="upkeep", title="New hard disk")).block
    assert block.bookings.get().kind == "upkeep"


def test_nobody_can_book_over_a_class():
    branch, seats = room(1)
    saved(branch, draft(seats))
    refused = codes(
        book, branch_id=branch.pk, device_id=seats[0].pk, patron=make.make_patron(), start=at(17), end=at(17, 30),
        request_key=uuid4(), by=by_patron(), now=NOW,
    )  # fmt: skip
    assert refused == ["taken"]


def test_who_has_booked_is_moved_to_an_equal_seat_and_told():
    branch, seats = room(2)
    row = make.make_booking(seats[0], at(16, 30), at(17))
    plan = planned(branch, draft(seats[:1]))
    assert [(moved.pk, seat.pk) for moved, seat in plan.days[0].moves] == [(row.pk, seats[1].pk)]
    result = saved(branch, draft(seats[:1]), seen=plan.seen)
    row.refresh_from_db()
    assert (result.moved, row.device_id, row.period.lower) == (1, seats[1].pk, at(16, 30))
    assert Call.objects.get().why == "moved"


def test_who_cannot_be_moved_keeps_the_seat_and_the_class_does_without_it():
    branch, seats = room(2)
    row = make.make_booking(seats[0], at(16, 30), at(17))
    plan = planned(branch, draft(seats, WEEKLY))
    assert ([stuck.pk for stuck in plan.days[0].stuck], plan.seats_left_out) == ([row.pk], 1)
    block = saved(branch, draft(seats, WEEKLY)).block
    row.refresh_from_db()
    assert (row.ended_at, row.device_id) == (None, seats[0].pk)
    assert seats_of(block)[0] == (24, seats[1].label)
    assert len(seats_of(block)) == 5
    assert not Call.objects.exists()


def test_a_seat_is_taken_from_who_cannot_be_moved_only_where_staff_say_so():
    branch, seats = room(1)
    row = make.make_booking(seats[0], at(16, 30), at(17))
    result = saved(branch, draft(seats, choices={TUESDAY: TAKE}))
    row.refresh_from_db()
    assert (result.displaced, row.outcome, row.displaced_by.block_id) == (1, "displaced", result.block.pk)
    assert Call.objects.get().why == "displaced"


def test_people_may_be_left_where_they_sit():
    branch, seats = room(3)
    row = make.make_booking(seats[0], at(16, 30), at(17))
    block = saved(branch, draft(seats[:2], choices={TUESDAY: KEEP})).block
    row.refresh_from_db()
    assert row.device_id == seats[0].pk
    assert seats_of(block) == [(24, seats[1].label)]


def test_a_day_with_conflicts_can_be_left_out():
    branch, seats = room(1)
    make.make_booking(seats[0], at(16, 30), at(17))
    block = saved(branch, draft(seats, WEEKLY, left_out=[TUESDAY])).block
    assert [day for day, _label in seats_of(block)] == [1, 8]
    assert block.left_out == [TUESDAY]


def test_who_sits_there_keeps_the_seat_until_the_class_begins_and_then_goes_on_at_another():
    branch, seats = room(2)
    row = sitting(seats[0], end=at(15))
    saved(branch, draft(seats[:1], starts=time(14, 30)))
    row.refresh_from_db()
    after = Booking.objects.get(continues=row)
    assert (row.ended_at, row.end) == (None, at(14, 30))
    assert (after.device_id, after.start, after.end, after.checked_in_at) == (seats[1].pk, at(14, 30), at(15), None)
    assert Call.objects.get(booking=after).why == "goes_on"
    assert (told(row), told(after)) == (["made_room"], ["moved"])


def test_the_seat_is_cleaned_before_the_class_and_who_sits_there_has_a_minute_at_least():
    branch, seats = room(2, gap_minutes=10)
    early, late = sitting(seats[0], end=at(15)), sitting(seats[1], start=at(13), end=at(15))
    others = [make.make_device(branch) for _ in range(2)]
    saved(branch, draft(seats[:1], starts=time(14, 30)))
    saved(branch, draft(seats[1:], starts=time(14, 12)))
    assert Booking.objects.get(pk=early.pk).end == at(14, 20)
    assert Booking.objects.get(pk=late.pk).end == NOW + timedelta(minutes=1)
    assert {row.device_id for row in Booking.objects.filter(continues__in=[early, late])} == {s.pk for s in others}


def test_a_class_that_has_begun_moves_who_sits_there_at_once():
    branch, seats = room(2)
    row = sitting(seats[0], end=at(15))
    saved(branch, draft(seats[:1], starts=time(14)))
    row.refresh_from_db()
    after = Booking.objects.get(continues=row)
    assert (row.outcome, after.device_id, after.start, after.end) == ("moved", seats[1].pk, NOW, at(15))


def test_who_sits_on_a_seat_that_is_taken_ends_when_the_class_begins_and_is_told():
    branch, seats = room(1)
    row = sitting(seats[0], end=at(15))
    result = saved(branch, draft(seats, starts=time(14, 30), choices={TUESDAY: TAKE}))
    row.refresh_from_db()
    assert (result.displaced, row.ended_at, row.end, told(row)) == (1, None, at(14, 30), ["made_room"])
    assert Call.objects.get().why == "room"


def test_the_rest_of_a_session_is_sat_down_to_as_the_same_session():
    branch, seats = room(2, sessions_a_day=1)
    patron = make.make_patron()
    sitting(seats[0], end=at(15), patron=patron)
    saved(branch, draft(seats[:1], starts=time(14, 30)))
    after = Booking.objects.get(continues__isnull=False)
    check_in(booking=after, by=by_patron(), now=at(14, 30))
    after.refresh_from_db()
    assert (after.checked_in_at, after.end) == (at(14, 30), at(15))


def test_who_does_not_come_for_the_rest_has_missed_nothing():
    branch, seats = room(2, missed_count=True)
    row = sitting(seats[0], end=at(15))
    saved(branch, draft(seats[:1], starts=time(14, 30)))
    after = Booking.objects.get(continues=row)
    use = use_of(after, at(16), calendar_of(branch.pk), branch.policy)
    assert (use.minutes, use.sessions, use.no_shows) == (0, 0, 0)


def test_other_classes_repairs_and_held_seats_are_never_moved():
    branch, seats = room(4)
    make.make_booking(seats[0], at(17), at(19), kind="class")
    make.make_booking(seats[1], at(14), None, kind="repair")
    make.make_booking(seats[2], at(14), at(16, 30), kind="offer", patron=None, check_in_by=at(14, 10))
    plan = planned(branch, draft(seats, choices={TUESDAY: TAKE}))
    assert sorted(row.kind for row in plan.days[0].clashes) == ["class", "offer", "repair"]
    assert seats_of(saved(branch, draft(seats, choices={TUESDAY: TAKE})).block) == [(24, seats[3].label)]


def test_two_people_of_whom_one_is_stuck_both_keep_their_seat():
    branch, seats = room(2)
    make.make_booking(seats[1], at(17), at(19))
    first, second = make.make_booking(seats[0], at(16), at(16, 30)), make.make_booking(seats[0], at(17), at(17, 30))
    other = make.make_device(branch)
    result = saved(branch, draft([seats[0], other]))
    assert {row.device_id for row in Booking.objects.filter(pk__in=[first.pk, second.pk])} == {seats[0].pk}
    assert (result.moved, seats_of(result.block)) == (0, [(24, other.label)])


def test_whose_seat_is_left_out_for_somebody_else_is_not_shown_as_moving():
    branch, seats = room(2)
    make.make_booking(seats[1], at(18), at(19))
    first, second = make.make_booking(seats[0], at(17), at(18)), make.make_booking(seats[0], at(18), at(19))
    other = make.make_device(branch)
    make.make_booking(other, at(9), at(10))
    plan = planned(branch, draft([seats[0], other], starts=time(17, 30), ends=time(18, 45)))
    [day] = plan.days
    assert ([row.pk for row in day.stays], [row.pk for row in day.stuck]) == ([first.pk], [second.pk])
    assert (list(day.moves), plan.moves) == ([], 0)


def test_who_is_left_where_they_sit_is_not_shown_as_moving():
    branch, seats = room(3)
    row = make.make_booking(seats[0], at(16, 30), at(17))
    [day] = planned(branch, draft(seats[:2], choices={TUESDAY: KEEP})).days
    assert ([each.pk for each in day.stays], list(day.moves)) == ([row.pk], [])


def test_closed_days_are_told_and_not_booked():
    branch, seats = room(1)
    Closure.objects.create(on=NEXT, reason="Holiday")
    SpecialHours.objects.create(branch=branch, on=THIRD, opens=time(9), closes=time(17))
    plan = planned(branch, draft(seats, WEEKLY))
    assert [(each.occurrence.on, each.closed, each.why) for each in plan.closed] == [
        (NEXT, True, "Holiday"), (THIRD, False, ""),
    ]  # fmt: skip
    assert [day for day, _label in seats_of(saved(branch, draft(seats, WEEKLY)).block)] == [24]


def test_a_maintenance_may_take_place_on_closed_days():
    branch, seats = room(1)
    Closure.objects.create(on=NEXT, reason="Holiday")
    block = saved(branch, draft(seats, WEEKLY, kind="upkeep", also_closed=True)).block
    assert [day for day, _label in seats_of(block)] == [24, 1, 8]


def test_what_was_shown_and_no_longer_holds_is_not_saved():
    branch, seats = room(1)
    plan = planned(branch, draft(seats))
    row = make.make_booking(seats[0], at(16, 30), at(17))
    with pytest.raises(BlockChanged) as changed:
        saved(branch, draft(seats), seen=plan.seen)
    assert [stuck.pk for stuck in changed.value.plan.days[0].stuck] == [row.pk]
    assert not Block.objects.exists()
    saved(branch, draft(seats, choices={TUESDAY: TAKE}), seen=changed.value.plan.seen)


def test_saving_twice_with_one_key_is_saving_once():
    branch, seats = room(1)
    words = {"branch_id": branch.pk, "draft": draft(seats), "by": by_desk(), "now": NOW, "request_key": uuid4()}
    assert save_block(**words).block == save_block(**words).block
    assert Booking.objects.count() == 1


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ({"seats": []}, "no_seats"),
        ({"title": "Course of 29990000000017"}, "reason_personal"),
        ({"rule": "FREQ=WEEKLY"}, "rule_endless"),
        ({"first_on": date(2026, 11, 23)}, "past"),
    ],
)
def test_a_class_that_cannot_be_is_refused_with_the_next_step(wanted, code):
    branch, seats = room(1)
    words = {"seats": seats, "rule": "", **wanted}
    assert codes(saved, branch, draft(words.pop("seats"), words.pop("rule"), **words)) == [code]


def test_a_class_of_today_whose_time_has_passed_is_told_so():
    branch, seats = room(1)
    [problem] = refusal(saved, branch, draft(seats, starts=time(13)))
    assert (problem.code, problem.sentence) == (
        "past", "13:00 has passed: it is 14:07. Choose a later time, or start on a later day.",
    )  # fmt: skip


def test_seats_of_another_branch_and_retired_ones_are_refused():
    branch, seats = room(1)
    assert codes(saved, branch, draft([make.make_device(make.make_branch())])) == ["unknown_device"]
    seats[0].retired_on = date(2026, 1, 1)
    seats[0].save()
    assert codes(saved, branch, draft(seats)) == ["unknown_device"]


def test_where_no_seat_can_be_had_nothing_is_saved():
    branch, seats = room(1)
    make.make_booking(seats[0], at(16, 30), at(17))
    assert codes(saved, branch, draft(seats)) == ["nothing_left"]


def test_one_day_can_be_left_out_later():
    branch, seats = room(1)
    block = saved(branch, draft(seats, WEEKLY)).block
    block = leave_out(block=block, on=NEXT, by=by_desk(), now=NOW)
    leave_out(block=block, on=NEXT, by=by_desk(), now=NOW)
    assert [day for day, _label in seats_of(block)] == [24, 8]
    assert block.left_out == [NEXT]
    assert told(block.bookings.get(ended_at__isnull=False)) == ["planned", "left_out"]


def test_a_day_that_was_left_out_is_brought_back_with_all_seats():
    branch, seats = room(2)
    block = leave_out(block=saved(branch, draft(seats, WEEKLY)).block, on=NEXT, by=by_desk(), now=NOW)
    for _press in range(2):
        block = bring_back(block=block, on=NEXT, by=by_desk(), now=NOW)
    assert [day for day, _label in seats_of(block)] == [24, 24, 1, 1, 8, 8]
    assert block.left_out == []


def test_a_day_that_no_longer_fits_is_not_brought_back():
    branch, seats = room(2)
    block = leave_out(block=saved(branch, draft(seats[:1], WEEKLY)).block, on=NEXT, by=by_desk(), now=NOW)
    row = make.make_booking(seats[0], at(16) + timedelta(days=7), at(17) + timedelta(days=7))
    assert codes(bring_back, block=block, on=NEXT, by=by_desk(), now=NOW) == ["in_the_way"]
    row.refresh_from_db()
    block.refresh_from_db()
    assert (row.device, block.left_out) == (seats[0], [NEXT])


def test_no_day_of_a_series_that_was_called_off_is_brought_back():
    branch, seats = room(1)
    block = leave_out(block=saved(branch, draft(seats, WEEKLY)).block, on=NEXT, by=by_desk(), now=NOW)
    block = call_off(block=block, by=by_desk(), now=NOW)
    assert codes(bring_back, block=block, on=NEXT, by=by_desk(), now=NOW) == ["called_off"]


def test_the_days_left_out_go_with_the_rest_of_the_series_that_is_changed():
    branch, seats = room(1)
    block = saved(branch, draft(seats, WEEKLY, left_out=[TUESDAY, THIRD])).block
    wanted = draft(seats, "FREQ=WEEKLY;COUNT=2", first_on=NEXT, left_out=[THIRD, THIRD + timedelta(days=1)])
    new = change_block(block=block, draft=wanted, since=NEXT, request_key=uuid4(), by=by_desk(), now=NOW).block
    block.refresh_from_db()
    assert (block.left_out, new.left_out) == ([TUESDAY], [THIRD])


@pytest.mark.parametrize("gone", [partial(leave_out, on=TUESDAY), call_off])
def test_a_class_that_had_not_begun_leaves_nothing_to_clean(gone):
    branch, seats = room(1, gap_minutes=5)
    gone(block=saved(branch, draft(seats)).block, by=by_desk(), now=NOW)
    soon = NOW + timedelta(minutes=1)
    here = load_room(branch, now=soon, end=soon + timedelta(hours=4))
    line = seat_line(seats[0], here.rows[seats[0].pk], now=soon, policy=branch.policy)
    free = branches_with_free(make.make_user(Role.MANAGER), now=soon)[0].free
    assert (here.free_from(seats[0]), line.ends_at, free) == (soon, None, 1)


def test_a_class_that_had_begun_is_cleaned_after():
    branch, seats = room(1, gap_minutes=5)
    block = saved(branch, draft(seats)).block
    call_off(block=block, by=by_desk(), now=at(16, 30))
    soon = at(16, 31)
    here = load_room(branch, now=soon, end=soon + timedelta(hours=4))
    line = seat_line(seats[0], here.rows[seats[0].pk], now=soon, policy=branch.policy)
    free = branches_with_free(make.make_user(Role.MANAGER), now=soon)[0].free
    assert (here.free_from(seats[0]), line.ends_at, free) == (at(16, 35), at(16, 35), 0)


def test_calling_off_frees_what_is_to_come_and_keeps_what_was():
    branch, seats = room(1)
    block = saved(branch, draft(seats, WEEKLY)).block
    during = at(16, 30)
    block = call_off(block=block, by=by_desk(), now=during, reason="Teacher is ill")
    again = call_off(block=block, by=by_desk(), now=during + timedelta(minutes=1))
    first = block.bookings.earliest("period")
    assert (again.ended_at, first.end, seats_of(block)) == (during, during, [])
    assert first.events.latest("pk").reason == "Teacher is ill"


def test_this_and_all_following_move_to_another_hour():
    branch, seats = room(2)
    block = saved(branch, draft(seats, WEEKLY)).block
    wanted = draft(seats, "FREQ=WEEKLY;COUNT=2", first_on=NEXT, starts=time(10), ends=time(12), title="Tables")
    new = change_block(block=block, draft=wanted, since=NEXT, request_key=uuid4(), by=by_desk(), now=NOW).block
    block.refresh_from_db()
    assert (len(seats_of(block)), block.ended_at) == (2, None)
    assert {row.start for row in new.bookings.all()} == {at(10, day=24) + timedelta(days=7 * n) for n in (1, 2)}


def test_rows_that_stay_as_they_are_are_kept_when_only_a_seat_is_added():
    branch, seats = room(2)
    block = saved(branch, draft(seats[:1], WEEKLY)).block
    before = set(block.bookings.values_list("pk", flat=True))
    new = change_block(
        block=block, draft=draft(seats, WEEKLY, title="More"), since=TUESDAY, request_key=uuid4(), by=by_desk(), now=NOW
    )
    block.refresh_from_db()
    assert before <= set(new.block.bookings.values_list("pk", flat=True))
    assert (new.rows, block.ended_at) == (6, NOW)
    assert set(new.block.bookings.values_list("note", flat=True)) == {"More"}


def test_a_change_is_not_in_its_own_way():
    branch, seats = room(1)
    block = saved(branch, draft(seats, WEEKLY)).block
    wanted = draft(seats, WEEKLY, starts=time(15), ends=time(17))
    change_block(block=block, draft=wanted, since=TUESDAY, request_key=uuid4(), by=by_desk(), now=NOW)
    assert {row.start.astimezone().hour for row in Booking.objects.open()} == {at(15).astimezone().hour}


def queries(branch, wanted):
    by = by_desk()
    with CaptureQueriesContext(connection, ) as caught:  # fmt: skip
        saved(branch, wanted, by=by)
    return len(caught)


def test_a_longer_series_asks_the_database_no_more_questions():
    branch, seats = room(12)
    other, more = room(12)
    short = queries(branch, draft(seats, "FREQ=WEEKLY;COUNT=2"))
    assert queries(other, draft(more, "FREQ=WEEKLY;COUNT=20")) == short <= 25


def out_since_noon(seat):
    return take_out_of_service(device_id=seat.pk, by=by_desk(), now=at(12), note="No picture").repair


def test_a_seat_that_is_out_without_a_known_end_joins_the_class_as_soon_as_it_is_back():
    branch, seats = room(2)
    out_since_noon(seats[1])
    plan = planned(branch, draft(seats, WEEKLY))
    assert (len(plan.rows), len(plan.later), plan.seats_left_out) == (3, 3, 0)
    block = saved(branch, draft(seats, WEEKLY)).block
    assert seats_of(block) == [(day, seats[0].label) for day in (24, 1, 8)]
    return_to_service(device_id=seats[1].pk, by=by_desk(), now=at(17, day=25))
    labels = [seat.label for seat in seats]
    assert seats_of(block)[1:] == [(day, label) for day in (1, 8) for label in labels]


def test_once_a_repair_has_an_expected_end_the_classes_after_it_have_the_seat():
    branch, seats = room(1)
    other = make.make_device(branch)
    out_since_noon(seats[0])
    block = saved(branch, draft([seats[0], other], WEEKLY)).block
    expect_back(device_id=seats[0].pk, until=at(9, day=30), by=by_desk(), now=NOW)
    assert [day for day, label in seats_of(block) if label == seats[0].label] == [1, 8]


def test_what_has_left_the_series_does_not_stand_again_when_the_seat_is_back():
    branch, seats = room(2)
    out_since_noon(seats[1])
    block = saved(branch, draft(seats, WEEKLY)).block
    leave_out(block=block, on=NEXT, by=by_desk(), now=NOW)
    changed = change_block(
        block=block, draft=draft(seats[:1], first_on=THIRD), since=THIRD, request_key=uuid4(), by=by_desk(), now=NOW
    ).block
    return_to_service(device_id=seats[1].pk, by=by_desk(), now=at(15))
    assert seats_of(block) == [(24, seats[0].label), (24, seats[1].label)]
    assert seats_of(changed) == [(8, seats[0].label)]


@pytest.mark.parametrize("end", [call_off, partial(leave_out, on=TUESDAY)])
def test_whose_seat_a_class_had_taken_is_offered_it_back_when_the_class_is_not_held(end):
    branch, seats = room(1)
    row = make.make_booking(seats[0], at(16, 30), at(17))
    block = saved(branch, draft(seats, choices={TUESDAY: TAKE})).block
    end(block=block, by=by_desk(), now=NOW)
    assert Call.objects.get().why == "back"
    assert take_back(booking=row, by=by_patron(), now=NOW).ended_at is None


NOT_HELD = pytest.mark.parametrize("end", [call_off, partial(leave_out, on=TUESDAY)])


@NOT_HELD
def test_who_sits_there_stays_when_the_class_is_not_held(end):
    branch, seats = room(2)
    row = sitting(seats[0], end=at(15))
    block = saved(branch, draft(seats[:1], starts=time(14, 30))).block
    end(block=block, by=by_desk(), now=NOW)
    row.refresh_from_db()
    rest = Booking.objects.get(continues=row)
    assert (row.end, row.ended_at, told(row)) == (at(15), None, ["made_room", "stays_on"])
    assert (rest.outcome, told(rest)) == ("cancelled", ["moved", "stays_on"])
    assert not Call.objects.exists()


@NOT_HELD
def test_who_was_to_end_for_a_class_has_all_of_their_time_again(end):
    branch, seats = room(1)
    row = sitting(seats[0], end=at(15))
    block = saved(branch, draft(seats, starts=time(14, 30), choices={TUESDAY: TAKE})).block
    end(block=block, by=by_desk(), now=NOW)
    row.refresh_from_db()
    assert (row.end, row.due_end_at) == (at(15), None)
    assert not Call.objects.exists()


def test_who_has_booked_another_seat_meanwhile_stays_until_then():
    branch, seats = room(1)
    row = sitting(seats[0], end=at(15))
    block = saved(branch, draft(seats, starts=time(14, 30), choices={TUESDAY: TAKE})).block
    make.make_booking(make.make_device(branch), at(14, 45), at(15, 30), patron=row.patron)
    call_off(block=block, by=by_desk(), now=NOW)
    row.refresh_from_db()
    assert row.end == at(14, 45)


def test_who_had_been_told_to_leave_is_told_that_they_stay():
    branch, seats = room(2)
    row = sitting(seats[0], end=at(15))
    block = saved(branch, draft(seats[:1], starts=time(14, 30))).block
    handle_call(call=Call.objects.get(), by=by_desk(), now=NOW)
    later = NOW + timedelta(minutes=1)
    call_off(block=block, by=by_desk(), now=later)
    call = Call.objects.open().get()
    assert (call.booking_id, call.why, call.is_open(later)) == (row.pk, "again", True)


def test_whose_seat_somebody_else_has_booked_meanwhile_goes_on_as_planned():
    branch, seats = room(2)
    row = sitting(seats[0], end=at(15))
    block = saved(branch, draft(seats[:1], starts=time(14, 30), ends=time(14, 40))).block
    make.make_booking(seats[0], at(14, 50), at(15, 30))
    call_off(block=block, by=by_desk(), now=NOW)
    row.refresh_from_db()
    assert (row.end, Booking.objects.get(continues=row).ended_at) == (at(14, 30), None)


@pytest.mark.parametrize(("starts", "end"), [(time(16), at(15)), (time(14, 45), at(14, 30))])
def test_who_sits_there_stays_when_the_class_moves_to_an_hour_after_theirs(starts, end):
    branch, seats = room(2)
    row = sitting(seats[0], end=at(15))
    block = saved(branch, draft(seats[:1], starts=time(14, 30))).block
    wanted = draft(seats[:1], starts=starts)
    change_block(block=block, draft=wanted, since=TUESDAY, request_key=uuid4(), by=by_desk(), now=NOW)
    row.refresh_from_db()
    assert row.end == end
