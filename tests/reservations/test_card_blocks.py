"""A block on a card is seen at once everywhere; a pass that is taken back signs nobody in any more."""

from datetime import timedelta
from uuid import uuid4

import pytest

from helpdesk.actor import patron as by_patron
from helpdesk.purging import purge
from reservations.booking.ahead import book
from reservations.booking.by_itself import extend_due
from reservations.booking.card_blocks import block_card, lift_block, revoke_pass
from reservations.booking.line import leave, rejoin
from reservations.booking.resume import resume
from reservations.booking.seat import check_in, finish, start_now
from reservations.booking.time import extend
from reservations.models import Booking, Call, CardBlock, Patron
from reservations.models.cards import LookupWhy
from reservations.patrons.lookup import look_up
from reservations.patrons.passes import issue_guest_pass, patron_of_pass
from tests import factories as make
from tests.factories import NOW, at
from tests.reservations.lining import full_branch, joined
from tests.reservations.sitting import by_desk, codes, refusal, sitting, told

pytestmark = pytest.mark.django_db
BY = by_patron()
FRIDAY = at(19, day=27)


def blocked(patron, branch, *, until=FRIDAY, by=None, **fields):
    defaults = {"reason": "lost", "cancels": False, "request_key": uuid4(), "now": NOW}
    return block_card(patron=patron, branch_id=branch.pk, until=until, by=by or by_desk(), **{**defaults, **fields})


def booked(seat, patron, start, end, now=NOW):
    return book(
        branch_id=seat.branch_id, device_id=seat.pk, patron=patron, start=start, end=end,
        request_key=uuid4(), by=BY, now=now,
    )  # fmt: skip


@pytest.fixture
def seat():
    return make.make_device(make.make_branch(policy={"resume_minutes": 10}))


def test_a_blocked_card_books_nothing_until_the_block_ends(seat):
    patron = make.make_patron()
    blocked(patron, seat.branch)
    assert codes(booked, seat, patron, at(16), at(17)) == ["blocked"]
    assert booked(seat, patron, at(10, day=28), at(11, day=28)).patron == patron


def test_whoever_was_signed_in_before_the_block_sits_down_nowhere(seat):
    stale = make.make_patron()
    blocked(Patron.objects.get(pk=stale.pk), seat.branch)
    assert codes(
        start_now, branch_id=seat.branch_id, patron=stale, device_id=seat.pk, request_key=uuid4(), by=BY, now=NOW
    ) == ["blocked"]


def test_a_blocked_card_takes_no_place_in_line_and_gets_none_back():
    branch, _seats = full_branch()
    turn = joined(branch)
    patron = turn.patron
    leave(turn=turn, by=BY, now=NOW)
    blocked(patron, branch)
    assert codes(rejoin, turn=turn, by=BY, now=NOW) == ["blocked"]
    assert codes(joined, branch, patron) == ["blocked"]


def test_a_booking_that_was_kept_is_not_sat_down_to(seat):
    row = make.make_booking(seat, at(14), at(15))
    blocked(row.patron, seat.branch)
    assert codes(check_in, booking=row, by=BY, now=NOW) == ["blocked"]
    early = make.make_booking(make.make_device(seat.branch), at(14, 15), at(15))
    blocked(early.patron, seat.branch)
    assert codes(check_in, booking=early, by=BY, now=NOW) == ["blocked"]


def test_only_a_manager_seats_a_blocked_card(seat):
    row = make.make_booking(seat, at(14), at(15))
    blocked(row.patron, seat.branch)
    assert codes(check_in, booking=row, by=by_desk(), now=NOW, override="Spoke with them") == ["blocked"]
    assert check_in(booking=row, by=by_desk("manager"), now=NOW, override="Spoke with them").is_running


def test_a_running_session_ends_as_planned_and_is_not_made_longer(seat):
    row = sitting(seat, end=at(14, 10))
    blocked(row.patron, seat.branch, cancels=True)
    assert codes(extend, booking=row, by=BY, now=NOW) == ["blocked"]
    assert extend_due(branch_id=seat.branch_id, now=NOW) == 0
    row.refresh_from_db()
    assert row.is_running


def test_a_seat_left_by_mistake_is_not_gone_back_to(seat):
    row = finish(booking=sitting(seat), by=BY, now=NOW)
    blocked(row.patron, seat.branch)
    assert codes(resume, booking=row, by=BY, now=NOW) == ["blocked"]


def test_bookings_to_come_are_kept_unless_staff_cancel_them(seat):
    row = make.make_booking(seat, at(16), at(17))
    blocked(row.patron, seat.branch)
    row.refresh_from_db()
    assert row.ended_at is None


def test_cancelled_bookings_of_all_branches_are_on_their_call_lists(seat):
    patron = make.make_patron()
    rows = [
        make.make_booking(each, at(16 + 2 * n), at(17 + 2 * n), patron=patron)
        for n, each in enumerate([seat, make.make_device(make.make_branch())])
    ]
    blocked(patron, seat.branch, cancels=True)
    assert set(Booking.objects.values_list("outcome", flat=True)) == {"cancelled"}
    assert set(Call.objects.open().values_list("booking", flat=True)) == {row.pk for row in rows}
    assert told(rows[0]) == ["cancelled"]


def test_who_waits_in_line_is_taken_out_with_the_bookings():
    branch, _seats = full_branch()
    turn = joined(branch)
    blocked(turn.patron, branch, cancels=True)
    turn.refresh_from_db()
    assert turn.outcome == "removed"


def test_a_card_that_has_never_been_here_can_be_blocked(seat):
    make.make_card("29990000000017")
    patron = look_up(
        number="29990000000017", why=LookupWhy.BLOCK, branch_id=seat.branch_id, by=by_desk(), now=NOW
    ).patron
    blocked(patron, seat.branch)
    assert codes(booked, seat, patron, at(16), at(17)) == ["blocked"]


def test_the_kiosk_is_told_a_neutral_sentence_without_the_reason(seat):
    patron = make.make_patron()
    blocked(patron, seat.branch, reason="conduct", note="Loud twice")
    sentence = str(refusal(booked, seat, patron, at(16), at(17))[0].sentence)
    assert sentence == "Booking with this card needs a word with our staff first."


def test_a_block_keeps_its_story_when_another_replaces_it_and_when_it_is_lifted(seat):
    patron, manager = make.make_patron(), by_desk("manager")
    first = blocked(patron, seat.branch)
    second = blocked(patron, seat.branch, until=at(12, day=25), reason="talk")
    first.refresh_from_db()
    patron.refresh_from_db()
    assert (first.lifted_at, patron.blocked_until) == (NOW, at(12, day=25))
    lift_block(block=second, by=manager, now=at(15))
    patron.refresh_from_db()
    second.refresh_from_db()
    assert (patron.blocked_until, second.lifted_at, second.lifted_by_id) == (None, at(15), manager.user_id)
    assert lift_block(block=second, by=manager, now=at(16)).lifted_at == at(15)


def test_a_block_is_lifted_by_who_set_it_or_a_manager_and_nobody_else(seat):
    mine = by_desk()
    block = blocked(make.make_patron(), seat.branch, by=mine)
    assert codes(lift_block, block=block, by=by_desk(), now=NOW) == ["lift_by_manager"]
    assert lift_block(block=block, by=mine, now=NOW).lifted_at == NOW


@pytest.mark.parametrize("until", [NOW, at(9, day=20), NOW + timedelta(days=400)])
def test_a_block_ends_on_a_day_to_come_within_a_year(seat, until):
    assert codes(blocked, make.make_patron(), seat.branch, until=until) == ["block_until"]


def test_a_note_names_nobody(seat):
    assert codes(blocked, make.make_patron(), seat.branch, note="Card 2999 0000 0000 17") == ["reason_personal"]


def test_a_double_click_blocks_once(seat):
    patron, key = make.make_patron(), uuid4()
    assert blocked(patron, seat.branch, request_key=key) == blocked(patron, seat.branch, request_key=key)
    assert CardBlock.objects.count() == 1


def test_a_block_and_its_patron_are_forgotten_some_time_after_it_ended(seat):
    patron = make.make_patron()
    blocked(patron, seat.branch)
    purge(now=at(12, day=27), dry_run=False)
    assert CardBlock.objects.exists()
    purge(now=FRIDAY + timedelta(days=91), dry_run=False)
    assert not CardBlock.objects.exists()
    assert not Patron.objects.filter(pk=patron.pk).exists()


def test_a_pass_that_is_taken_back_books_nothing_and_loses_what_it_has_booked(seat):
    guest_pass = issue_guest_pass(branch=seat.branch, request_key=uuid4(), by=by_desk(), now=NOW).guest_pass
    patron = patron_of_pass(guest_pass, NOW)
    row = booked(seat, patron, at(16), at(17))
    revoke_pass(guest_pass=guest_pass, by=by_desk(), now=at(15))
    row.refresh_from_db()
    assert row.outcome == "cancelled"
    assert codes(booked, seat, patron, at(17), at(18), now=at(15)) == ["pass_ended"]
