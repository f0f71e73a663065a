"""An adult takes a second seat for somebody with them: where it is, what both do together, what is forgotten."""

from functools import partial
from uuid import uuid4

import pytest

from helpdesk.actor import patron as by_patron
from helpdesk.purging import purge
from reservations.booking.ahead import book, cancel
from reservations.booking.by_itself import extend_due
from reservations.booking.card_blocks import block_card
from reservations.booking.family import beside, book_beside, chosen, needs_the_adult, together
from reservations.booking.seat import check_in, finish
from reservations.booking.time import extend
from reservations.booking.undo import undo
from reservations.mine import booking_of, family_bookings
from reservations.models import Booking, Patron
from reservations.period import period
from tests import factories as make
from tests.factories import NOW, at
from tests.reservations.sitting import MINUTE, by_desk, codes, sitting

pytestmark = pytest.mark.django_db
BY = by_patron()


@pytest.fixture
def room():
    """A branch with three seats: the adult's, one in the same area, one for children who need an adult there."""
    branch = make.make_branch(policy={"gap_minutes": 0})
    row, corner = make.make_area(branch), make.make_area(branch, "Children's corner")
    kids = make.make_class(code="kids", name="Kids", greatest_age=12, supervised_below=8, session_minutes=30)
    grown = make.make_class(code="grown", name="Grown", least_age=8)
    own = make.make_device(branch, kind=grown, area=row)
    near = make.make_device(branch, kind=grown, area=row)
    return own, near, make.make_device(branch, kind=kids, area=corner)


def brought(row, band="school_child", **fields):
    return book_beside(booking=row, band=band, **{"request_key": uuid4(), "by": BY, "now": NOW, **fields})


def test_somebody_with_an_adult_gets_the_nearest_seat_at_the_same_times(room):
    own, near, _kids = room
    row = make.make_booking(own, at(16), at(17))
    made = brought(row, "young_teen")
    assert (made.device, made.start, made.end) == (near, at(16), at(17))
    assert (made.responsible, made.patron.source, made.patron.age_band) == (row.patron, "family", "young_teen")


def test_beside_a_running_session_they_sit_down_at_once_until_its_end(room):
    made = brought(sitting(room[0]))
    assert made.is_running
    assert (made.start, made.end, made.who) == (NOW, at(15), made.number)


def test_a_small_child_sits_where_its_age_fits_because_the_adult_is_there(room):
    row = make.make_booking(room[0], at(16), at(17))
    made = brought(row, "small_child")
    assert (made.device, made.start, made.end) == (room[2], at(16), at(16, 30))
    assert needs_the_adult(made)


def test_without_the_adult_the_same_child_is_refused_there(room):
    child = make.make_patron(age_band="small_child")
    assert codes(_alone, room[2], child) == ["supervised"]


def _alone(seat, child):
    return book(
        branch_id=seat.branch_id, device_id=seat.pk, patron=child, start=at(16), end=at(16, 30),
        request_key=uuid4(), by=BY, now=NOW,
    )  # fmt: skip


def test_the_policy_says_how_many_and_staff_may_give_more(room):
    row = make.make_booking(room[0], at(16), at(17))
    brought(row)
    assert codes(brought, row) == ["family_seats"]
    assert brought(row, by=by_desk(), override="Two children").responsible == row.patron


def test_where_the_policy_gives_none_the_desk_is_the_next_step():
    branch = make.make_branch(policy={"family_seats": 0})
    row = make.make_booking(make.make_device(branch), at(16), at(17))
    make.make_device(branch)
    assert codes(brought, row) == ["family_seats"]


def test_only_an_adult_brings_somebody(room):
    row = make.make_booking(room[0], at(16), at(17), patron=make.make_patron(age_band="older_teen"))
    assert codes(brought, row) == ["not_adult"]


def test_where_guests_may_not_book_who_comes_with_one_has_a_seat_only_by_staff(room):
    type(room[0].branch.policy).objects.update(guests_allowed=False)
    row = make.make_booking(room[0], at(16), at(17), patron=make.make_patron(source="guest"))
    assert codes(brought, row) == ["no_guests"]
    made = brought(row, by=by_desk(), override="Card is being made")
    assert made.events.get(what="overridden").detail["codes"] == ["no_guests"]


def test_who_comes_with_a_guest_sits_where_guests_may(room):
    own, _near, kids = room
    type(own.branch.policy).objects.update(guests_allowed=False)
    own.branch.policy.class_rules.filter(device_class=kids.device_class).update(guests_allowed=True)
    row = make.make_booking(own, at(16), at(17), patron=make.make_patron(source="guest"))
    assert brought(row).device == kids


@pytest.mark.parametrize(("source", "alias", "who"), [("guest", "G174", "G174+"), ("local", "017", "…017+")])
def test_who_comes_with_somebody_is_said_as_they_are_with_a_mark(room, source, alias, who):
    adult = make.make_patron(source=source, alias=alias)
    assert brought(make.make_booking(room[0], at(16), at(17), patron=adult)).who == who


def test_a_full_room_has_no_seat_beside(room):
    own, near, kids = room
    row = make.make_booking(own, at(16), at(17))
    for seat in (near, kids):
        make.make_booking(seat, at(16), at(17))
    assert codes(brought, row) == ["taken"]
    assert Patron.objects.filter(source="family").count() == 0


def test_a_double_tap_brings_one(room):
    row, key = make.make_booking(room[0], at(16), at(17)), uuid4()
    assert brought(row, request_key=key) == brought(row, request_key=key)
    assert Patron.objects.filter(source="family").count() == 1


def test_the_adults_own_minutes_and_bookings_are_not_touched(room):
    row = make.make_booking(room[0], at(16), at(17))
    brought(row)
    assert Booking.objects.filter(patron=row.patron).count() == 1


def test_both_are_cancelled_together_or_singly(room):
    row = make.make_booking(room[0], at(16), at(17))
    cancel(booking=brought(row), by=BY, now=NOW)
    assert beside(row) == []
    brought(row)
    together(verb=cancel, booking=row, by=BY, now=NOW)
    assert not Booking.objects.open().exists()


def test_both_sit_down_get_more_time_and_finish_together(room):
    row = make.make_booking(room[0], at(14), at(15))
    made = brought(row)
    together(verb=check_in, booking=row, by=BY, now=NOW)
    together(verb=extend, booking=row, by=BY, now=NOW)
    made.refresh_from_db()
    row.refresh_from_db()
    assert (made.is_running, made.end, row.end) == (True, at(15, 15), at(15, 15))
    together(verb=finish, booking=row, by=BY, now=NOW)
    assert not Booking.objects.open().exists()


def test_together_is_both_or_none(room):
    row = sitting(room[0])
    made = brought(row)
    make.make_booking(made.device, at(15), at(16))
    assert codes(partial(together, verb=extend), booking=row, by=BY, now=NOW) == ["taken"]
    row.refresh_from_db()
    assert row.end == at(15)


def test_the_adult_sees_and_reaches_the_second_seat_and_nobody_else_does(room):
    row = make.make_booking(room[0], at(16), at(17))
    made = brought(row)
    assert [mine.booking for mine in family_bookings(row.patron, NOW)] == [made]
    assert booking_of(row.patron, made.pk) == made
    assert family_bookings(make.make_patron(), NOW) == []


def test_a_block_on_the_adult_takes_the_second_seat_too(room):
    row = make.make_booking(room[0], at(16), at(17))
    made = brought(row)
    block_card(
        patron=row.patron, branch_id=row.branch_id, until=at(19, day=27), reason="talk", cancels=True,
        request_key=uuid4(), by=by_desk(), now=NOW,
    )  # fmt: skip
    made.refresh_from_db()
    assert made.outcome == "cancelled"


def test_when_the_day_ends_nobody_is_tied_to_anybody_and_the_one_off_patron_is_gone(room):
    row = make.make_booking(room[0], at(16), at(17))
    made = brought(row)
    purge(now=at(2, day=25), dry_run=False)
    made.refresh_from_db()
    assert (made.patron, made.responsible) == (None, None)
    assert not Patron.objects.filter(source="family").exists()


LATE = at(14, 56)


def going_on(room, **policy):
    """Return an adult who sits until 15:00 and somebody beside them, where sessions go on by themselves."""
    branch = room[0].branch
    rules = {"extension": "automatic", "extension_minutes": 15, "day_minutes": 600, **policy}
    type(branch.policy).objects.filter(pk=branch.policy_id).update(**rules)
    row = sitting(room[0])
    return row, brought(row, "young_teen")


def ends_after(rows, now=LATE):
    made = extend_due(branch_id=rows[0].branch_id, now=now)
    return made, [Booking.objects.get(pk=row.pk).end for row in rows]


def test_a_family_goes_on_together_by_itself(room):
    assert ends_after(going_on(room)) == (2, [at(15, 15), at(15, 15)])


def test_a_family_goes_on_by_what_all_of_them_may_have(room):
    rows = going_on(room)
    make.make_booking(rows[1].device, at(15, 10), at(16))
    assert ends_after(rows) == (2, [at(15, 10), at(15, 10)])


def test_where_one_of_a_family_cannot_go_on_none_does(room):
    rows = going_on(room)
    make.make_booking(rows[1].device, at(15), at(16))
    assert ends_after(rows) == (0, [at(15), at(15)])


def test_who_is_with_an_adult_goes_on_no_longer_than_the_adult(room):
    rows = going_on(room)
    Booking.objects.filter(pk=rows[1].pk).update(period=period(NOW, at(14, 50)))
    assert ends_after(rows, at(14, 46)) == (1, [at(15), at(15)])


def test_a_small_child_never_stays_alone_whatever_the_class_says():
    branch = make.make_branch(policy={"gap_minutes": 0})
    own, _near = make.make_device(branch), make.make_device(branch)
    row = make.make_booking(own, at(16), at(17))
    assert needs_the_adult(brought(row, "small_child"))


def test_what_was_cancelled_for_a_child_too_comes_back_with_one_undo(room):
    row, clerk = make.make_booking(room[0], at(16), at(17)), by_desk()
    child = brought(row, "small_child")
    chosen(cancel, row, both=False)(booking=row, by=clerk, now=NOW)
    assert not Booking.objects.open().exists()
    undo(event_id=row.events.latest("pk").pk, by=clerk, now=NOW)
    assert set(Booking.objects.open()) == {row, child}


def test_what_was_ended_apart_is_not_taken_back_together(room):
    row, clerk = make.make_booking(room[0], at(16), at(17)), by_desk()
    cancel(booking=brought(row), by=clerk, now=NOW)
    cancel(booking=row, by=clerk, now=NOW + MINUTE / 30)
    undo(event_id=row.events.latest("pk").pk, by=clerk, now=NOW + MINUTE / 30)
    assert list(Booking.objects.open()) == [row]
