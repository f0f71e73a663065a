"""Being called: who gets the freed seat, claiming it, missing it, and what staff do."""

from datetime import timedelta
from uuid import uuid4

import pytest

from helpdesk import bell
from reservations.booking import line
from reservations.booking.ahead import book, cancel
from reservations.booking.seat import check_in, finish, start_now
from reservations.booking.service import return_to_service, take_out_of_service
from reservations.models import Booking
from tests import factories as make
from tests.factories import NOW, at
from tests.reservations.lining import (
    BY,
    DESK,
    MINUTE,
    TECH,
    advanced,
    called,
    freed,
    full_branch,
    joined,
    refusal,
    sitting,
)

pytestmark = pytest.mark.django_db


def claimed(turn, now=NOW, **fields):
    return line.claim(turn=turn, by=BY, now=now, **fields)


def walked_up(seat, patron=None, now=NOW, **fields):
    values = {"branch_id": seat.branch_id, "device_id": seat.pk, "request_key": uuid4(), "by": BY, **fields}
    return start_now(patron=patron or make.make_patron(), now=now, **values)


def fresh(turn):
    turn.refresh_from_db()
    return turn


# who is called


def test_a_freed_seat_is_held_for_the_first_in_line():
    branch, seats = full_branch()
    first, second = joined(branch), joined(branch)
    freed(seats[0])
    assert advanced(branch) == 1
    offer = fresh(first).offer
    assert (offer.device, offer.kind, offer.patron, offer.start) == (seats[0], "offer", None, NOW)
    assert (offer.end, offer.check_in_by) == (NOW + 60 * MINUTE, NOW + 5 * MINUTE)
    assert fresh(second).offer is None
    assert [e.what for e in offer.events.all()] == ["offered"]


def test_advancing_twice_changes_nothing():
    branch, seats = full_branch()
    called(branch, seats[0])
    assert advanced(branch) == 0
    assert Booking.objects.filter(kind="offer").count() == 1


def test_the_promise_stays_while_what_is_expected_is_renewed():
    branch, seats = full_branch()
    first, second = joined(branch), joined(branch)
    promised = second.promised_high_at
    freed(seats[0])
    advanced(branch, NOW + 10 * MINUTE)
    assert fresh(second).promised_high_at == promised
    assert second.expected_high_at > promised - 60 * MINUTE
    assert fresh(first).first_called_at == NOW + 10 * MINUTE


def test_a_range_that_would_be_said_the_same_is_not_written():
    branch, _seats = full_branch()
    turn = joined(branch)
    before = turn.expected_low_at
    advanced(branch, NOW + timedelta(seconds=1))
    assert fresh(turn).expected_low_at == before


def test_a_seat_that_is_cleaned_is_held_when_it_is_clean():
    branch, seats = full_branch(gap_minutes=5)
    turn = called(branch, seats[0])
    assert turn.offer is None
    advanced(branch, NOW + 5 * MINUTE)
    assert fresh(turn).offer.start == NOW + 5 * MINUTE


def test_a_seat_is_passed_by_where_less_than_half_the_wish_is_left():
    branch, seats = full_branch()
    long, short = joined(branch, minutes=60), joined(branch, minutes=30)
    freed(seats[0])
    make.make_booking(seats[0], at(14, 27), at(15, 27))
    advanced(branch)
    assert (fresh(long).offer, fresh(short).offer.end) == (None, at(14, 27))


def test_only_seats_of_the_class_that_was_asked_for_are_held():
    branch, seats = full_branch()
    studio = make.make_class(code="studio")
    other = sitting(make.make_device(branch, kind=studio)).device
    turn = joined(branch, class_code="studio")
    freed(seats[0])
    advanced(branch)
    assert fresh(turn).offer is None
    freed(other)
    advanced(branch)
    assert fresh(turn).offer.device == other


def test_who_needs_a_feature_gets_the_seat_before_those_who_do_not():
    branch, _seats = full_branch()
    access = sitting(make.make_device(branch, features=["screen-reader"])).device
    anyone, needing = joined(branch), joined(branch, needs=frozenset({"screen-reader"}))
    freed(access)
    advanced(branch)
    assert (fresh(anyone).offer, fresh(needing).offer.device) == (None, access)


def test_an_accessible_seat_that_nobody_in_line_needs_goes_to_the_first():
    branch, _seats = full_branch()
    access = sitting(make.make_device(branch, features=["screen-reader"])).device
    turn = joined(branch)
    freed(access)
    advanced(branch)
    assert fresh(turn).offer.device == access


def test_a_seat_kept_for_people_who_need_it_is_never_held_for_others():
    branch, _seats = full_branch()
    kind = make.make_class(access="only")
    access = sitting(make.make_device(branch, kind=kind, features=["screen-reader"])).device
    turn = joined(branch)
    freed(access)
    advanced(branch)
    assert fresh(turn).offer is None


def test_a_fault_on_a_held_seat_puts_the_number_back_in_its_place():
    branch, seats = full_branch(seats=2)
    turn = called(branch, seats[0])
    take_out_of_service(device_id=seats[0].pk, by=DESK, now=NOW, note="No picture")
    freed(seats[1])
    advanced(branch)
    assert fresh(turn).offer.device == seats[1]


def test_a_class_whose_last_seat_broke_has_no_range_until_it_is_back():
    branch, seats = full_branch()
    turn = joined(branch)
    take_out_of_service(device_id=seats[0].pk, by=DESK, now=NOW, note="No picture")
    advanced(branch)
    assert (fresh(turn).expected_low_at, turn.expected_device, turn.ended_at) == (None, None, None)
    return_to_service(device_id=seats[0].pk, by=DESK, now=NOW + MINUTE)
    advanced(branch, NOW + MINUTE)
    assert fresh(turn).offer


def test_the_line_ends_with_the_day():
    branch, _seats = full_branch()
    turn = joined(branch)
    advanced(branch, at(18, 45))
    assert (fresh(turn).outcome, turn.ended_at) == ("closed", at(18, 45))


def test_a_line_that_nobody_ended_yesterday_ends_at_yesterdays_stop():
    branch, _seats = full_branch()
    turn = joined(branch)
    advanced(branch, at(9, day=25))
    assert fresh(turn).ended_at == at(18, 45)


# claiming


def test_a_claim_makes_the_held_seat_the_patrons_session():
    branch, seats = full_branch()
    turn = called(branch, seats[0])
    row = claimed(turn, NOW + 2 * MINUTE)
    assert (row.pk, row.kind, row.patron, row.number) == (turn.offer_id, "patron", turn.patron, turn.number)
    assert (row.start, row.end, row.walk_up) == (NOW + 2 * MINUTE, NOW + 60 * MINUTE, True)
    assert (fresh(turn).outcome, turn.ended_at) == ("seated", NOW + 2 * MINUTE)
    assert [e.what for e in row.events.all()] == ["offered", "claimed"]


def test_claiming_twice_is_claiming_once():
    branch, seats = full_branch()
    turn = called(branch, seats[0])
    assert claimed(turn).pk == claimed(turn, NOW + MINUTE).pk


def test_a_number_that_was_not_called_cannot_be_claimed():
    branch, _seats = full_branch()
    assert refusal(claimed, joined(branch)) == ["not_called"]


def test_the_last_second_of_a_claim_counts_and_the_next_does_not():
    branch, seats = full_branch()
    turn = called(branch, seats[0])
    assert refusal(claimed, turn, NOW + 5 * MINUTE) == ["offer_over"]
    assert claimed(turn, NOW + 5 * MINUTE - timedelta(seconds=1)).is_running


def test_a_missed_call_goes_to_the_next_and_ends_the_place():
    branch, seats = full_branch()
    first = called(branch, seats[0])
    second = joined(branch)
    advanced(branch, NOW + 5 * MINUTE)
    assert (fresh(first).outcome, first.ended_at) == ("missed", NOW + 5 * MINUTE)
    assert [e.what for e in first.offer.events.all()] == ["offered", "offer_missed"]
    assert fresh(second).offer.device == seats[0]


def test_who_sits_elsewhere_meanwhile_cannot_claim():
    branch, seats = full_branch()
    turn = called(branch, seats[0])
    sitting(make.make_device(make.make_branch()), patron=turn.patron)
    assert refusal(claimed, turn) == ["elsewhere"]


def test_the_minutes_left_of_the_day_shorten_a_claim():
    branch, seats = full_branch(day_minutes=90)
    patron = make.make_patron()
    sitting(seats[0], at(9), at(10), patron=patron, ended_at=at(10), outcome="finished")
    row = claimed(called(branch, seats[0], patron=patron))
    assert row.minutes() == 30


def test_a_claim_before_the_offer_by_a_clock_set_back_starts_with_the_offer():
    branch, seats = full_branch()
    turn = called(branch, seats[0], NOW + 10 * MINUTE)
    assert claimed(turn, NOW).start == NOW + 10 * MINUTE


def test_a_missed_place_can_be_taken_back_within_a_quarter_of_an_hour():
    branch, seats = full_branch()
    turn, late = called(branch, seats[0]), NOW + 20 * MINUTE
    advanced(branch, NOW + 5 * MINUTE)
    assert refusal(line.rejoin, turn=turn, by=BY, now=late) == ["offer_over"]
    back = line.rejoin(turn=turn, by=BY, now=late - timedelta(seconds=1))
    assert (back.place_at, back.offer.device) == (turn.place_at, seats[0])
    assert line.rejoin(turn=turn, by=BY, now=late).pk == turn.pk


def test_a_patron_who_joined_anew_has_no_second_place_to_take_back():
    branch, seats = full_branch()
    turn = called(branch, seats[0])
    advanced(branch, NOW + 5 * MINUTE)
    sitting(seats[0], NOW + 5 * MINUTE)
    joined(branch, turn.patron, now=NOW + 6 * MINUTE)
    assert refusal(line.rejoin, turn=turn, by=BY, now=NOW + 6 * MINUTE) == ["in_line"]


# leaving


def test_leaving_gives_a_held_seat_to_the_next_at_once():
    branch, seats = full_branch()
    first = called(branch, seats[0])
    second = joined(branch)
    offer = first.offer
    left = [line.leave(turn=first, by=BY, now=NOW + MINUTE) for _tap in range(2)]
    assert [turn.outcome for turn in left] == ["left", "left"]
    offer.refresh_from_db()
    assert (offer.outcome, [e.what for e in offer.events.all()]) == ("cancelled", ["offered", "offer_withdrawn"])
    assert fresh(second).offer.device == seats[0]


# walking past the line


def test_a_walk_up_cannot_take_the_seat_that_the_line_waits_for():
    branch, seats = full_branch()
    joined(branch)
    freed(seats[0])
    assert refusal(walked_up, seats[0]) == ["line"]
    assert refusal(start_now, branch_id=branch.pk, patron=make.make_patron(), request_key=uuid4(), by=BY, now=NOW) == [
        "line"
    ]


def test_the_first_in_line_may_sit_down_before_being_called_and_keeps_the_number():
    branch, seats = full_branch()
    turn = joined(branch)
    joined(branch)
    freed(seats[0])
    row = walked_up(seats[0], turn.patron)
    assert (row.number, fresh(turn).outcome, turn.offer) == (turn.number, "seated", row)


def test_who_is_called_may_walk_up_to_the_held_seat():
    branch, seats = full_branch()
    turn = called(branch, seats[0])
    row = walked_up(seats[0], turn.patron)
    assert (row.device, fresh(turn).outcome) == (seats[0], "seated")


def test_checking_in_to_a_booking_ends_the_place_in_line():
    branch, seats = full_branch(seats=2)
    turn = joined(branch)
    freed(seats[1])
    row = make.make_booking(seats[1], at(14, 15), at(15), patron=turn.patron)
    check_in(booking=row, by=BY, now=at(14, 15))
    assert fresh(turn).outcome == "seated"


def test_nobody_books_a_seat_away_from_the_line_for_the_next_session():
    branch, seats = full_branch()
    joined(branch)
    wish = {"branch_id": branch.pk, "device_id": seats[0].pk, "by": BY, "now": NOW}
    soon, later = make.make_patron(), make.make_patron()
    assert refusal(book, **wish, patron=soon, start=at(15), end=at(15, 45), request_key=uuid4()) == ["line"]
    assert book(**wish, patron=later, start=at(17), end=at(18), request_key=uuid4()).ended_at is None


def test_seats_that_are_booked_only_while_the_room_is_full():
    branch, seats = full_branch(seats=2, ahead="when_full")
    wish = {"branch_id": branch.pk, "device_id": seats[0].pk, "by": BY, "now": NOW, "start": at(17), "end": at(18)}
    assert book(**wish, patron=make.make_patron(), request_key=uuid4())
    freed(seats[1])
    wish |= {"start": at(16), "end": at(16, 30)}
    assert refusal(book, **wish, patron=make.make_patron(), request_key=uuid4()) == ["seats_free"]


@pytest.mark.parametrize(("needs", "yields"), [((), True), (("screen-reader",), False)])
def test_who_does_not_need_an_accessible_seat_sits_there_until_somebody_does(needs, yields):
    kind = make.make_class(access="first")
    seat = make.make_device(make.make_branch(), kind=kind, features=["screen-reader"])
    assert walked_up(seat, needs=frozenset(needs)).yields is yields


def test_staff_seat_somebody_past_the_line_with_a_reason_that_is_kept():
    branch, seats = full_branch()
    joined(branch)
    freed(seats[0])
    row = walked_up(seats[0], by=DESK, override="Emergency form")
    said = row.events.get(what="overridden")
    assert (said.reason, said.detail) == ("Emergency form", {"codes": ["line"]})


@pytest.mark.parametrize(
    ("by", "reason", "codes"),
    [
        (BY, "please", ["line"]),
        (DESK, "   ", ["line", "reason_needed"]),
        (DESK, "", ["line"]),
        (TECH, "x", ["line"]),
    ],
)
def test_nobody_else_lifts_the_line_and_nobody_without_a_reason(by, reason, codes):
    branch, seats = full_branch()
    joined(branch)
    freed(seats[0])
    assert refusal(walked_up, seats[0], by=by, override=reason) == codes


# staff


def test_staff_call_the_first_of_the_line():
    branch, seats = full_branch()
    turn = joined(branch)
    freed(seats[0])
    assert line.call(branch_id=branch.pk, by=DESK, now=NOW).pk == turn.pk
    assert fresh(turn).offer.device == seats[0]


def test_calling_again_announces_again_and_keeps_the_claim_time():
    branch, seats = full_branch()
    turn = called(branch, seats[0])
    line.call(branch_id=branch.pk, turn=turn, by=DESK, now=NOW + MINUTE)
    assert (fresh(turn).called_at, turn.first_called_at) == (NOW + MINUTE, NOW)
    assert turn.offer.check_in_by == NOW + 5 * MINUTE


def test_calling_without_a_seat_or_a_line_is_a_sentence():
    branch, _seats = full_branch()
    assert refusal(line.call, branch_id=branch.pk, by=DESK, now=NOW) == ["nobody_waits"]
    joined(branch)
    assert refusal(line.call, branch_id=branch.pk, by=DESK, now=NOW) == ["no_seat"]


def test_a_skipped_number_lets_the_next_go_first():
    branch, seats = full_branch()
    first = called(branch, seats[0])
    second, third = joined(branch), joined(branch)
    line.skip(turn=first, by=DESK, now=NOW + MINUTE)
    assert (fresh(first).offer, fresh(second).offer.device) == (None, seats[0])
    assert second.place_at < first.place_at < third.place_at


def test_a_second_click_on_skip_changes_nothing():
    branch, _seats = full_branch()
    first, second, third = joined(branch), joined(branch), joined(branch)
    for _click in range(2):
        line.skip(turn=first, by=DESK, now=NOW, place_at=first.place_at)
    assert second.place_at < fresh(first).place_at < third.place_at


def test_the_only_one_in_line_cannot_be_skipped_and_keeps_the_seat():
    branch, seats = full_branch()
    turn = called(branch, seats[0])
    assert refusal(line.skip, turn=turn, by=DESK, now=NOW) == ["nobody_else"]
    assert fresh(turn).offer.ended_at is None


def test_a_changed_wish_gives_a_seat_that_no_longer_serves_to_the_next():
    branch, seats = full_branch()
    sitting(make.make_device(branch, kind=make.make_class(code="studio")))
    first = called(branch, seats[0])
    second = joined(branch)
    line.change(turn=first, class_code="studio", by=DESK, now=NOW)
    assert (fresh(first).offer, first.device_class.code) == (None, "studio")
    assert fresh(second).offer.device == seats[0]


def test_a_change_keeps_what_it_does_not_name():
    branch, _seats = full_branch()
    turn = joined(branch, class_code="internet", minutes=30)
    line.change(turn=turn, minutes=45, by=DESK, now=NOW)
    assert (fresh(turn).device_class.code, turn.minutes) == ("internet", 45)


def test_staff_take_somebody_out_of_the_line_only_with_a_reason():
    branch, seats = full_branch()
    turn = called(branch, seats[0])
    assert refusal(line.remove, turn=turn, reason=" ", by=DESK, now=NOW) == ["reason_needed"]
    assert line.remove(turn=turn, reason="Went home", by=DESK, now=NOW).outcome == "removed"
    assert Booking.objects.get(number=turn.number).events.get(what="offer_withdrawn").reason == "Went home"


# the bell


@pytest.fixture
def rings(monkeypatch):
    heard = []
    monkeypatch.setattr(bell, "ring", lambda name, pk: heard.append((name, pk)))
    return heard


@pytest.mark.parametrize("waits", [True, False])
def test_a_freed_seat_rings_for_the_line_and_only_where_people_wait(rings, waits):
    branch, seats = full_branch()
    if waits:
        joined(branch)
    finish(booking=seats[0].bookings.get(), by=BY, now=NOW)
    assert rings == [("reservations.advance", branch.pk)] * waits


def test_a_cancelled_booking_rings_for_the_line(rings):
    branch, seats = full_branch()
    joined(branch)
    cancel(booking=make.make_booking(seats[0], at(16), at(17)), by=BY, now=NOW)
    assert rings == [("reservations.advance", branch.pk)]
