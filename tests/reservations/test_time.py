"""A running session is made longer and shorter, told as stories on a Tuesday at 14:07 with a session until 15:00."""

from datetime import timedelta

import pytest

from helpdesk.actor import SYSTEM
from helpdesk.actor import patron as by_patron
from reservations import tasks
from reservations.booking.by_itself import due_branches, extend_due
from reservations.booking.time import extend, shorten
from reservations.models import BookingEvent
from tests import factories as make
from tests.factories import NOW, at
from tests.reservations.sitting import MINUTE, by_desk, codes, refusal, sitting, told, waiting

pytestmark = pytest.mark.django_db
BY = by_patron()
LATE = at(14, 56)  # four minutes are left


def seat_with(**policy):
    return make.make_device(make.make_branch(policy={"day_minutes": 240, **policy}))


def longer(row, by=BY, now=NOW, **fields):
    return extend(booking=row, by=by, now=now, **fields)


# on request


def test_an_extension_adds_the_policys_minutes_and_is_told():
    row = longer(sitting(seat_with()))
    assert (row.end, row.extensions) == (at(15, 15), 1)
    event = row.events.get()
    assert (event.what, event.detail) == ("extended", {"minutes": 15, "until": at(15, 15).isoformat()})


def test_what_was_asked_at_first_stays_as_it_was():
    row = longer(sitting(seat_with()))
    assert row.booked_period.upper == at(15)


def test_a_double_click_extends_once():
    row = longer(sitting(seat_with()))
    assert longer(row, now=NOW + timedelta(seconds=4)).end == at(15, 15)
    assert row.events.count() == 1


def test_a_second_ask_later_extends_again():
    row = longer(sitting(seat_with()))
    assert longer(row, now=NOW + timedelta(seconds=5)).end == at(15, 30)


@pytest.mark.parametrize(
    ("extension", "code"), [("none", ["no_extension"]), ("staff", ["extension_by_staff"]), ("asked", [])]
)
def test_who_may_ask_is_the_policys(extension, code):
    row = sitting(seat_with(extension=extension))
    assert (codes(longer, row) if code else told(longer(row))) == (code or ["extended"])


def test_a_class_that_is_not_extendable_is_not_extended():
    branch = make.make_branch(policy={"day_minutes": 240})
    express = make.make_device(branch, kind=make.make_class(extendable=False))
    assert codes(longer, sitting(express)) == ["no_extension"]


def test_the_most_extensions_are_kept():
    row = sitting(seat_with(extensions_most=1), extensions=1)
    assert codes(longer, row) == ["extensions_most"]


def test_the_days_minutes_are_kept_and_what_fits_is_offered():
    row = sitting(seat_with(day_minutes=70))
    problem = refusal(longer, row)[0]
    assert (problem.code, problem.next_minutes) == ("day_limit", 10)
    assert longer(row, minutes=10).end == at(15, 10)


def test_extensions_that_do_not_count_pass_the_days_minutes():
    row = sitting(seat_with(day_minutes=60, extension_counts=False))
    assert longer(row).end == at(15, 15)


def test_the_weeks_minutes_are_kept():
    row = sitting(seat_with(week_minutes=64, day_minutes=64))
    assert [(p.code, p.next_minutes) for p in refusal(longer, row)] == [("day_limit", None), ("week_limit", None)]


def test_the_minutes_of_a_class_are_kept():
    branch = make.make_branch(policy={"day_minutes": 240})
    seat = make.make_device(branch, kind=make.make_class(day_minutes=60))
    assert codes(longer, sitting(seat)) == ["class_day_limit"]


def test_nobody_extends_while_somebody_waits_for_such_a_seat():
    seat = seat_with()
    waiting(seat.branch)
    assert codes(longer, sitting(seat)) == ["line"]


def test_who_waits_for_another_kind_of_seat_is_no_reason():
    seat = seat_with()
    waiting(seat.branch, device_class=make.make_class())
    assert longer(sitting(seat)).end == at(15, 15)


@pytest.mark.parametrize(
    ("starts", "found"),
    [(at(15, 20), []), (at(15, 19), ["gap"]), (at(15, 15), ["gap"]), (at(15, 14), ["taken"])],
)
def test_the_next_booking_and_its_cleaning_are_kept(starts, found):
    seat = seat_with()
    row = sitting(seat)
    make.make_booking(seat, starts, starts + 60 * MINUTE)
    assert (codes(longer, row) if found else []) == found
    if not found:
        assert longer(row).end == at(15, 15)


@pytest.mark.parametrize(("starts", "offered"), [(at(15, 10), 5), (at(15, 9), None)])
def test_less_than_five_minutes_are_not_offered(starts, offered):
    seat = seat_with()
    row = sitting(seat)
    make.make_booking(seat, starts, starts + 60 * MINUTE)
    assert refusal(longer, row)[0].next_minutes == offered


def test_the_stop_before_closing_is_kept():
    row = sitting(seat_with(), start=at(17, 40), end=at(18, 35))
    problem = refusal(longer, row, now=at(18))[0]
    assert (problem.code, problem.next_minutes, problem.lift_by) == ("closing", 10, "manager")


def test_ones_own_next_booking_at_another_seat_is_kept():
    seat = seat_with()
    row = sitting(seat)
    make.make_booking(make.make_device(seat.branch), at(15, 5), at(16), patron=row.patron)
    assert [(p.code, p.next_minutes) for p in refusal(longer, row)] == [("elsewhere", 5)]


def test_a_guest_pass_ends_the_session():
    guest = make.make_patron(source="guest", valid_until=at(15, 8))
    row = sitting(seat_with(guest_day_minutes=240), patron=guest)
    assert [(p.code, p.next_minutes) for p in refusal(longer, row)] == [("pass_ended", 8)]


@pytest.mark.parametrize(
    ("minutes", "found"), [(0, "too_short"), (-5, "too_short"), (4, "too_short"), (16, "too_long")]
)
def test_a_patron_asks_for_no_other_lengths(minutes, found):
    assert codes(longer, sitting(seat_with()), minutes=minutes) == [found]


def test_what_is_over_is_not_extended():
    assert codes(longer, sitting(seat_with()), now=at(15)) == ["over"]


def test_a_booking_nobody_sits_at_is_not_extended():
    row = make.make_booking(seat_with(), NOW, at(15))
    assert codes(longer, row) == ["over"]


# by staff


def test_staff_give_any_length_with_a_reason():
    row = longer(sitting(seat_with()), by=by_desk(), minutes=50, reason="Tax return")
    assert (row.end, row.events.get().reason) == (at(15, 50), "Tax return")


@pytest.mark.parametrize("reason", ["", "   "])
def test_a_length_of_their_own_needs_a_reason(reason):
    assert codes(longer, sitting(seat_with()), by=by_desk(), minutes=50, reason=reason) == ["reason_needed"]


def test_the_reason_lifts_a_limit_and_that_is_recorded():
    seat = seat_with(day_minutes=60)
    waiting(seat.branch)
    row = longer(sitting(seat), by=by_desk(), minutes=20, reason="Tax return")
    lifted = row.events.get(what="overridden")
    assert (row.end, lifted.reason, lifted.detail) == (at(15, 20), "Tax return", {"codes": ["line", "day_limit"]})


def test_nobody_lifts_the_next_booking():
    seat = seat_with()
    row = sitting(seat)
    make.make_booking(seat, at(15, 10), at(16))
    assert codes(longer, row, by=by_desk("manager"), minutes=20, reason="Tax return") == ["taken"]


@pytest.mark.parametrize(("role", "lifted"), [("desk", False), ("manager", True)])
def test_only_a_manager_lifts_the_stop(role, lifted):
    row = sitting(seat_with(), start=at(18), end=at(18, 45))
    ask = {"by": by_desk(role), "now": at(18, 10), "override": "A visitor's flight"}
    assert (longer(row, **ask).end if lifted else codes(longer, row, **ask)) == (at(19) if lifted else ["closing"])


def test_it_staff_lift_nothing():
    row = sitting(seat_with(day_minutes=60))
    assert codes(longer, row, by=by_desk("tech"), minutes=20, reason="Tax return") == ["day_limit"]


# by itself


def test_a_session_about_to_end_is_made_longer_by_itself():
    seat = seat_with()
    row = sitting(seat)
    assert extend_due(branch_id=seat.branch_id, now=LATE) == 1
    row.refresh_from_db()
    assert (row.end, told(row)) == (at(15, 15), ["extended_itself"])


def test_doing_it_twice_changes_nothing():
    seat = seat_with(extension_minutes=1)
    row = sitting(seat)
    assert [extend_due(branch_id=seat.branch_id, now=LATE) for _ in range(2)] == [1, 0]
    row.refresh_from_db()
    assert row.end == at(15, 1)


@pytest.mark.parametrize(("now", "due"), [(at(14, 54), 0), (at(14, 55), 1), (at(14, 59), 1), (at(15), 0)])
def test_it_happens_within_five_minutes_of_the_end(now, due):
    seat = seat_with()
    sitting(seat)
    assert extend_due(branch_id=seat.branch_id, now=now) == due


def test_nothing_is_made_longer_while_somebody_waits():
    seat = seat_with()
    sitting(seat)
    waiting(seat.branch)
    assert extend_due(branch_id=seat.branch_id, now=LATE) == 0


def test_only_as_much_as_fits_is_added_by_itself():
    seat = seat_with()
    row = sitting(seat)
    make.make_booking(seat, at(15, 12), at(16))
    extend_due(branch_id=seat.branch_id, now=LATE)
    row.refresh_from_db()
    assert row.end == at(15, 7)


def test_a_policy_of_asking_extends_nothing_by_itself():
    seat = seat_with(extension="asked")
    sitting(seat)
    assert due_branches(LATE) == []
    assert extend_due(branch_id=seat.branch_id, now=LATE) == 0


def test_the_job_looks_for_branches_in_one_query(django_assert_num_queries):
    seat = seat_with()
    sitting(seat)
    with django_assert_num_queries(1):
        assert due_branches(LATE) == [seat.branch_id]


def test_the_job_extends_what_is_due(monkeypatch):
    monkeypatch.setattr("helpdesk.clock.now", lambda: LATE)
    sitting(seat_with())
    assert tasks.extend() == 1
    assert BookingEvent.objects.get().by_kind == "system"


# shorter


def test_a_session_is_made_shorter():
    row = shorten(booking=sitting(seat_with()), end=at(14, 30), by=SYSTEM, now=NOW, reason="Somebody needs the seat")
    assert (row.end, told(row)) == (at(14, 30), ["shortened"])


@pytest.mark.parametrize("end", [at(14), NOW, NOW + timedelta(seconds=59)])
def test_a_minute_to_save_is_always_left(end):
    assert shorten(booking=sitting(seat_with()), end=end, by=SYSTEM, now=NOW).end == NOW + MINUTE


def test_shortening_never_makes_it_longer():
    row = sitting(seat_with())
    assert shorten(booking=row, end=at(16), by=SYSTEM, now=NOW).end == at(15)
    soon = at(15) - timedelta(seconds=20)
    assert shorten(booking=row, end=NOW, by=SYSTEM, now=soon).end == at(15)
    assert told(row) == []
