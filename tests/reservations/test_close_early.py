"""A storm: the branch closes at three, fairly for everybody, and opens again when it has passed."""

from datetime import time, timedelta
from uuid import uuid4

import pytest

from helpdesk.actor import patron as by_patron
from reservations.booking.ahead import book
from reservations.booking.change_day import PlanChanged
from reservations.booking.close_early import close_early, preview_closing, undo_closing
from reservations.booking.dispatch import advance
from reservations.booking.line import join
from reservations.booking.seat import finish
from reservations.booking.service import handle_call
from reservations.booking.time import extend
from reservations.calendars import calendar_of
from reservations.models import Booking, Call, EarlyClosing, SpecialHours
from tests import factories as make
from tests.factories import NOW, at
from tests.reservations.sitting import by_desk, codes, sitting, told, waiting

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
THREE = time(15)


@pytest.fixture
def branch():
    return make.make_branch(policy={"stop_minutes": 10, "day_minutes": 600, "open_bookings": 9, "gap_minutes": 0})


@pytest.fixture
def seat(branch):
    return make.make_device(branch)


def closes(branch, closes_at=THREE, now=NOW, reason="Storm", by=None, **words):
    return close_early(branch_id=branch.pk, closes_at=closes_at, reason=reason, by=by or by_desk(), now=now, **words)


def undone(closing, now=NOW + 5 * MINUTE):
    return undo_closing(closing=closing, by=by_desk(), now=now).restored


def ends(*rows):
    return [Booking.objects.get(pk=row.pk).end for row in rows]


def test_everybody_who_sits_is_told_the_same_stop(branch):
    rows = [sitting(make.make_device(branch), end=end) for end in (at(15), at(16), at(17, 30))]
    closes(branch)
    assert ends(*rows) == [at(14, 50)] * 3
    assert told(rows[0]) == ["closes_sooner"]
    assert not Call.objects.exists()


def test_who_would_have_left_earlier_keeps_every_minute(branch, seat):
    row = sitting(seat, end=at(14, 30))
    closes(branch)
    assert (ends(row), told(row)) == ([at(14, 30)], [])


def test_closing_at_once_leaves_a_minute_to_save_ones_work(branch, seat):
    row = sitting(seat)
    closes(branch, time(14, 7))
    assert ends(row) == [NOW + MINUTE]


def test_later_bookings_are_taken_away_and_put_on_the_list(branch, seat):
    row = make.make_booking(seat, at(16), at(17))
    closes(branch)
    row.refresh_from_db()
    assert (row.outcome, row.end, told(row)) == ("displaced", at(17), ["closed_day"])
    assert Call.objects.get().why == "displaced"


def test_a_booking_that_begins_before_the_stop_is_cut_and_its_person_told(branch, seat):
    row = make.make_booking(seat, at(14, 30), at(15, 30))
    closes(branch)
    assert ends(row) == [at(14, 50)]
    assert (Call.objects.get().booking_id, Call.objects.get().why) == (row.pk, "sooner")


def test_a_class_is_cut_at_closing_and_a_later_one_falls_away(branch, seat):
    running = make.make_booking(seat, at(14), at(16), kind="class")
    later = make.make_booking(seat, at(17), at(18), kind="class")
    closes(branch)
    assert ends(running) == [at(15)]
    later.refresh_from_db()
    assert later.outcome == "displaced"


def test_a_maintenance_goes_on_in_the_closed_building(branch, seat):
    row = make.make_booking(seat, at(16), at(17), kind="upkeep")
    closes(branch)
    row.refresh_from_db()
    assert row.ended_at is None


def test_other_days_and_other_branches_are_not_touched(branch, seat):
    tomorrow = make.make_booking(seat, at(16, day=25), at(17, day=25))
    elsewhere = sitting(make.make_device(make.make_branch()), end=at(18))
    closes(branch)
    assert ends(tomorrow, elsewhere) == [at(17, day=25), at(18)]


def test_the_new_hours_hold_for_bookings_and_extensions_by_themselves(branch, seat):
    row = sitting(seat, end=at(14, 40))
    closes(branch)
    other = make.make_device(branch)
    refused = codes(
        book, branch_id=branch.pk, device_id=other.pk, patron=make.make_patron(), start=at(15, 30), end=at(16),
        request_key=uuid4(), by=by_patron(), now=NOW,
    )  # fmt: skip
    assert "closed" in refused
    assert codes(extend, booking=row, by=by_patron(), now=at(14, 38), minutes=15) == ["closing"]
    assert calendar_of(branch.pk).said[at(12).date()] == "Storm"


def test_the_line_is_promised_nothing_after_the_stop(branch, seat):
    sitting(seat, end=at(15))
    turn = join(
        branch_id=branch.pk, patron=make.make_patron(), class_code="", needs=frozenset(), minutes=60,
        request_key=uuid4(), by=by_patron(), now=NOW,
    )  # fmt: skip
    assert turn.expected_low_at
    plan = preview_closing(branch, THREE, "Storm", now=NOW)
    closes(branch)
    advance(branch_id=branch.pk, now=NOW)
    turn.refresh_from_db()
    assert plan.turns_unlikely == [turn]
    assert (turn.expected_low_at, turn.ended_at) == (None, None)


def test_closing_at_once_ends_the_line(branch, seat):
    sitting(seat)
    turn = waiting(branch)
    plan = preview_closing(branch, time(14, 15), "Storm", now=NOW)
    closes(branch, time(14, 15))
    turn.refresh_from_db()
    assert plan.turns_over == [turn]
    assert turn.outcome == "closed"


def test_a_seat_that_is_held_for_a_number_goes_back(branch, seat):
    offer = make.make_booking(seat, at(14, 5), at(15, 5), kind="offer", patron=None, check_in_by=at(14, 10))
    turn = waiting(branch, offer=offer, called_at=at(14, 5), first_called_at=at(14, 5))
    closes(branch, time(14, 20))
    turn.refresh_from_db()
    offer.refresh_from_db()
    assert (offer.outcome, turn.offer) == ("cancelled", None)


def test_a_called_number_whose_line_ends_is_told_of_once(branch, seat):
    offer = make.make_booking(seat, at(14, 5), at(15, 5), kind="offer", patron=None, check_in_by=at(14, 10))
    turn = waiting(branch, offer=offer, called_at=at(14, 5), first_called_at=at(14, 5))
    plan = preview_closing(branch, time(14, 15), "Storm", now=NOW)
    assert (plan.turns_over, plan.lost) == ([turn], [])
    closes(branch, time(14, 15))
    offer.refresh_from_db()
    assert offer.outcome == "cancelled"


def test_the_preview_says_who_is_hit_and_changes_nothing(branch, seat):
    sits, later = sitting(seat, end=at(15)), make.make_booking(seat, at(16), at(17))
    plan = preview_closing(branch, THREE, "Storm", now=NOW)
    assert [(hit.row.pk, hit.end) for hit in plan.shortened] == [(sits.pk, at(14, 50))]
    assert [hit.row.pk for hit in plan.lost] == [later.pk]
    assert not SpecialHours.objects.exists()


def test_what_was_shown_and_no_longer_holds_is_not_saved(branch, seat):
    plan = preview_closing(branch, THREE, "Storm", now=NOW)
    late = make.make_booking(seat, at(16), at(17))
    with pytest.raises(PlanChanged) as changed:
        closes(branch, seen=plan.seen)
    assert [hit.row.pk for hit in changed.value.plans[0].lost] == [late.pk]
    assert not EarlyClosing.objects.exists()
    closes(branch, seen=changed.value.plans[0].seen)


def test_a_session_that_began_since_the_preview_does_not_stop_it(branch, seat):
    plan = preview_closing(branch, THREE, "Storm", now=NOW)
    row = sitting(seat)
    closes(branch, seen=plan.seen)
    assert ends(row) == [at(14, 50)]


def test_closing_twice_at_the_same_time_is_closing_once(branch, seat):
    row = sitting(seat)
    first, again = closes(branch), closes(branch, now=NOW + MINUTE, reason="Storm again")
    assert first.pk == again.pk
    assert told(row) == ["closes_sooner"]


def test_another_time_is_planned_from_the_days_own_hours(branch, seat):
    row, later = sitting(seat, end=at(15, 30)), make.make_booking(seat, at(16), at(17))
    closes(branch)
    closes(branch, time(17), now=NOW + MINUTE)
    assert ends(row, later) == [at(15, 30), at(16, 50)]
    assert told(later) == ["closed_day", "opens_again"]
    closes(branch, time(16, 30), now=NOW + 2 * MINUTE)
    assert ends(row, later) == [at(15, 30), at(16, 20)]
    assert EarlyClosing.objects.standing().count() == 1


def test_who_stays_taken_away_is_not_told_twice(branch, seat):
    later = make.make_booking(seat, at(16), at(17))
    closes(branch)
    handle_call(call=Call.objects.get(), by=by_desk(), now=NOW)
    closes(branch, time(15, 30), now=NOW + MINUTE)
    assert told(later) == ["closed_day"]
    assert not Call.objects.open().exists()


def test_undo_gives_everything_back_that_nobody_has_used_meanwhile(branch, seat):
    row, later = sitting(seat, end=at(15, 30)), make.make_booking(seat, at(16), at(17))
    closing = closes(branch)
    done = undone(closing)
    assert ends(row, later) == [at(15, 30), at(17)]
    assert (len(done.rows), done.missed) == (2, [])
    assert not Call.objects.exists()
    assert calendar_of(branch.pk).open_spans(at(12).date())[0][1] == at(19)


def test_undo_says_who_cannot_have_it_back(branch, seat):
    other = make.make_device(branch)
    left, later = sitting(seat, end=at(15, 30)), make.make_booking(other, at(14, 12), at(14, 55))
    closing = closes(branch, time(14, 20))
    finish(booking=left, by=by_desk(), now=NOW + 30 * timedelta(seconds=1))
    late = NOW + 30 * MINUTE
    done = undone(closing, late)
    assert {missed.row.pk: missed.why for missed in done.missed} == {
        left.pk: "has ended meanwhile",
        later.pk: "its time is over",
    }


def test_who_was_told_and_has_it_back_is_told_again(branch, seat):
    make.make_booking(seat, at(16), at(17))
    closing = closes(branch)
    handle_call(call=Call.objects.get(), by=by_desk(), now=NOW)
    undone(closing)
    assert [(call.why, call.handled_at) for call in Call.objects.open()] == [("again", None)]


def test_who_has_booked_elsewhere_meanwhile_keeps_that(branch, seat):
    row = make.make_booking(seat, at(16), at(17))
    closing = closes(branch)
    make.make_booking(make.make_device(make.make_branch()), at(16), at(17), patron=row.patron)
    assert [missed.why for missed in undone(closing).missed] == ["this person has another seat then"]


def test_undo_puts_the_line_back(branch, seat):
    sitting(seat)
    turn = waiting(branch)
    closing = closes(branch, time(14, 15))
    done = undone(closing)
    turn.refresh_from_db()
    assert (done.turns, turn.ended_at) == ([turn], None)
    assert [event.what for event in turn.events.order_by("pk")][:2] == ["closed", "rejoined"]


def test_undoing_twice_is_undoing_once(branch, seat):
    row = sitting(seat, end=at(15, 30))
    closing = closes(branch)
    undone(closing)
    assert undone(closing).rows == []
    assert told(row) == ["closes_sooner", "opens_again"]


def test_special_hours_that_the_day_had_come_back(branch):
    SpecialHours.objects.create(branch=branch, on=at(12).date(), opens=time(9), closes=time(21), reason="Late evening")
    closing = closes(branch)
    assert SpecialHours.objects.get().closes == THREE
    undone(closing)
    assert (SpecialHours.objects.get().closes, SpecialHours.objects.get().reason) == (time(21), "Late evening")


def test_a_reason_is_needed(branch):
    assert codes(closes, branch, reason=" ") == ["reason_needed"]


def test_closing_a_full_branch_asks_the_database_a_constant_number_of_questions(branch, django_assert_max_num_queries):
    for _ in range(30):
        seat = make.make_device(branch)
        sitting(seat)
        make.make_booking(seat, at(16), at(17))
    by = by_desk()
    with django_assert_max_num_queries(45):
        closes(branch, by=by)
