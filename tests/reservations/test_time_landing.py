"""Soft landing: who comes next is moved, told on a Tuesday at 14:50 with a session until 15:00."""

from datetime import timedelta

import pytest

from helpdesk.actor import patron as by_patron
from reservations.booking.landing import land_softly
from tests import factories as make
from tests.factories import at
from tests.reservations.sitting import codes, sitting, told, waiting

pytestmark = pytest.mark.django_db
BY = by_patron()
NOW = at(14, 50)


@pytest.fixture
def branch():
    return make.make_branch()


@pytest.fixture
def seat(branch):
    return make.make_device(branch)


def land(row, now=NOW, why="form"):
    return land_softly(booking=row, why=why, by=BY, now=now)


def follower(seat, start=None, **fields):
    start = start or at(15, 5)
    return make.make_booking(seat, start, start + timedelta(hours=1), **fields)


def test_a_form_gets_fifteen_minutes(seat):
    row = land(sitting(seat))
    assert (row.end, row.extensions, row.events.get().detail["why"]) == (at(15, 15), 0, "form")


def test_personal_limits_and_the_most_extensions_do_not_hold_it(branch):
    branch.policy.day_minutes, branch.policy.extensions_most = 60, 1
    branch.policy.save()
    assert land(sitting(make.make_device(branch), extensions=1)).end == at(15, 15)


def test_who_comes_next_is_moved_to_a_seat_free_at_their_time(branch, seat):
    row, other, after = sitting(seat), make.make_device(branch), follower(seat)
    assert land(row).end == at(15, 15)
    after.refresh_from_db()
    assert (after.device, after.start, after.end) == (other, at(15, 5), at(16, 5))
    moved = after.events.get()
    assert (moved.what, moved.detail) == ("moved", {"from_seat": seat.label, "to_seat": other.label})


def test_nobody_is_moved_where_the_minutes_fit(branch, seat):
    make.make_device(branch)
    after = follower(seat, at(15, 20))
    land(sitting(seat))
    assert told(after) == []


@pytest.mark.parametrize(
    "spoilt", ["taken", "cleaned", "other class", "retired", "broken"],
)  # fmt: skip
def test_where_no_seat_fits_the_limit_holds(branch, seat, spoilt):
    other = make.make_device(branch, kind=make.make_class() if spoilt == "other class" else None)
    if spoilt == "taken":
        follower(other, at(16))
    if spoilt == "cleaned":
        follower(other, at(16, 9))
    if spoilt == "retired":
        other.retired_on = at(9).date()
        other.save()
    if spoilt == "broken":
        make.make_booking(other, at(13), None, kind="repair")
    row, after = sitting(seat), follower(seat)
    assert codes(land, row) == ["limit_holds"]
    row.refresh_from_db()
    after.refresh_from_db()
    assert (row.end, after.device, told(row), told(after)) == (at(15), seat, [], [])


def test_a_seat_free_from_the_gap_on_takes_the_follower(branch, seat):
    other = make.make_device(branch)
    make.make_booking(other, at(16, 10), at(17))
    after = follower(seat)
    land(sitting(seat))
    after.refresh_from_db()
    assert after.device == other


def test_a_follower_keeps_what_matters_for_access(branch):
    seat = make.make_device(branch, features=["screen-reader", "scanner"])
    make.make_device(branch, features=["scanner"])
    fits = make.make_device(branch, features=["screen-reader", "headset"])
    after = follower(seat)
    land(sitting(seat))
    after.refresh_from_db()
    assert after.device == fits


def test_an_offer_keeps_its_number_on_the_other_seat(branch, seat):
    other, row = make.make_device(branch), sitting(seat)
    offer = make.make_booking(seat, at(15), at(16), kind="offer", check_in_by=at(15, 5))
    turn = waiting(branch, offer=offer, called_at=NOW, first_called_at=NOW)
    land(row)
    turn.refresh_from_db()
    assert (turn.offer.device, turn.number) == (other, "D12")


def test_an_offer_keeps_what_its_person_asked_for(branch):
    seat = make.make_device(branch, features=["scanner"])
    make.make_device(branch)
    offer = make.make_booking(seat, at(15), at(16), kind="offer", check_in_by=at(15, 5), needs=["scanner"])
    waiting(branch, offer=offer, called_at=NOW, first_called_at=NOW, needs=["scanner"])
    assert codes(land, sitting(seat)) == ["limit_holds"]


@pytest.mark.parametrize("kind", ["class", "repair"])
def test_a_class_or_a_repair_is_not_moved(branch, seat, kind):
    make.make_device(branch)
    row, after = sitting(seat), follower(seat, kind=kind)
    assert codes(land, row) == ["limit_holds"] if kind == "class" else land(row).end == at(15, 5)
    assert after.device == seat


def test_less_than_five_minutes_are_not_worth_a_landing(seat):
    follower(seat, at(15, 9))
    assert codes(land, sitting(seat)) == ["limit_holds"]


def test_five_minutes_are(seat):
    follower(seat, at(15, 10))
    assert land(sitting(seat)).end == at(15, 5)


def test_the_stop_holds(seat):
    row = sitting(seat, start=at(17, 45), end=at(18, 45))
    assert codes(land, row, now=at(18, 40)) == ["limit_holds"]


def test_once_a_session(seat):
    row = land(sitting(seat))
    assert codes(land, row, now=at(15, 10)) == ["landed"]


def test_a_double_click_lands_once(seat):
    row = land(sitting(seat))
    assert land(row, now=NOW + timedelta(seconds=3)).end == at(15, 15)


def test_a_resumed_session_has_had_its_landing(branch, seat):
    first = sitting(seat, start=at(13), end=at(14))
    land(first, now=at(13, 50))
    first.refresh_from_db()
    type(first).objects.filter(pk=first.pk).update(ended_at=at(13, 55), outcome="finished")
    assert codes(land, sitting(seat, patron=first.patron, continues=first)) == ["landed"]


@pytest.mark.parametrize("policy", [{"soft_landing_minutes": 0}, {}])
def test_where_the_policy_has_none_there_is_none(policy):
    seat = make.make_device(make.make_branch(policy=policy), kind=None if policy else make.make_class(extendable=False))
    assert codes(land, sitting(seat)) == ["no_landing"]


def test_the_head_of_the_line_is_not_made_to_wait(branch, seat):
    waiting(branch)
    assert codes(land, sitting(seat)) == ["line"]


@pytest.mark.parametrize(("ends", "found"), [(at(15, 10), []), (at(15, 11), ["line"])])
def test_it_may_where_another_seat_frees_for_the_head_of_the_line_in_time(branch, seat, ends, found):
    sitting(make.make_device(branch), end=ends)
    waiting(branch)
    row = sitting(seat)
    assert (codes(land, row) if found else []) == found
    if not found:
        assert land(row).end == at(15, 15)


def test_what_is_over_does_not_land(seat):
    assert codes(land, sitting(seat), now=at(15)) == ["over"]


def test_only_a_form_or_a_video_visit_lands_softly(seat):
    with pytest.raises(ValueError, match="game"):
        land(sitting(seat), why="game")
