"""Guest passes: a batch, how long they last, at the kiosk itself, and what a used-up or ended one says."""

from datetime import timedelta
from uuid import uuid4

import pytest

from helpdesk.actor import patron as by_patron
from helpdesk.purging import purge
from reservations.booking.card_blocks import revoke_pass
from reservations.booking.seat import start_now
from reservations.models import GuestPass
from reservations.models.cards import LookupWhy
from reservations.patrons.door import sign_in
from reservations.patrons.lookup import look_up
from reservations.patrons.passes import issue_batch, issue_guest_pass, lengths, patron_of_pass, take_pass
from tests import factories as make
from tests.factories import NOW, at
from tests.reservations.sitting import by_desk, codes, refusal, sitting

pytestmark = pytest.mark.django_db
BY = by_patron()


@pytest.fixture
def branch():
    return make.make_branch(policy={"guest_pass_days": 3, "guest_self_service": True, "guest_self_a_day": 2})


def issued(branch, **fields):
    return issue_guest_pass(branch=branch, **{"request_key": uuid4(), "by": by_desk(), "now": NOW, **fields})


def batch(branch, many, key=None, **fields):
    return issue_batch(branch=branch, many=many, request_key=key or uuid4(), by=by_desk(), now=NOW, **fields)


def test_a_batch_has_as_many_codes_as_asked_for_and_none_twice(branch):
    codes_given = [each.code for each in batch(branch, 40)]
    assert len(set(codes_given)) == 40
    assert not any(code in str(list(GuestPass.objects.values())) for code in codes_given)


def test_a_batch_that_is_asked_for_again_shows_no_code_again(branch):
    key = uuid4()
    batch(branch, 3, key)
    assert [each.code for each in batch(branch, 3, key)] == ["", "", ""]
    assert GuestPass.objects.count() == 3


@pytest.mark.parametrize("many", [0, 41])
def test_a_batch_has_one_to_forty_passes(branch, many):
    assert codes(batch, branch, many) == ["pass_many"]


@pytest.mark.parametrize(
    ("lasts", "end"), [("h2", NOW + timedelta(hours=2)), ("d1", at(0, day=25)), ("d3", at(0, day=27))]
)
def test_a_pass_lasts_for_hours_or_branch_days(branch, lasts, end):
    assert issued(branch, lasts=lasts).guest_pass.valid_until == end


@pytest.mark.parametrize(("lasts", "last"), [("h2", at(16, 7)), ("d1", at(23, 59))])
def test_a_pass_says_until_when_it_is_good_as_people_say_it(branch, lasts, last):
    assert issued(branch, lasts=lasts).guest_pass.last_at == last


def test_no_pass_lasts_longer_than_the_policy_says(branch):
    assert lengths(branch) == ["h1", "h2", "h4", "d1", "d2", "d3"]
    for lasts in ("d4", "h9", "x", ""):
        assert codes(issued, branch, lasts=lasts) == ["pass_length"]


def test_an_ended_pass_says_so_at_the_kiosk_and_is_no_wrong_try(branch):
    kiosk, code = make.make_kiosk(branch), issued(branch).code
    for _try in range(7):
        problem = refusal(sign_in, number=code, pin="", kiosk=kiosk, now=at(9, day=25))[0]
        assert problem.code == "pass_over"
    assert str(problem.sentence) == "This guest number ended on Tue 24 Nov at 23:59. Ask at the desk for a new one."


def test_a_pass_that_was_taken_back_says_so_at_kiosk_and_desk(branch):
    given = issued(branch)
    revoke_pass(guest_pass=given.guest_pass, by=by_desk(), now=at(15))
    told = refusal(sign_in, number=given.code, pin="", kiosk=make.make_kiosk(branch), now=at(16))[0]
    assert str(told.sentence) == "This guest number was taken back at 15:00. Ask at the desk for a new one."
    why = {"why": LookupWhy.SIGN_IN, "branch_id": branch.pk, "by": by_desk(), "now": at(16)}
    assert codes(look_up, number=given.code, **why) == ["pass_over"]


def test_after_two_days_an_ended_pass_is_as_unknown_as_any_number(branch):
    code = issued(branch).code
    purge(now=at(1, day=27), dry_run=False)
    assert codes(sign_in, number=code, pin="", kiosk=make.make_kiosk(branch), now=at(1, day=27)) == ["wrong"]


def test_a_used_up_pass_says_so_with_the_next_step():
    seat = make.make_device(make.make_branch(policy={"guest_day_minutes": 60, "gap_minutes": 0}))
    guest = patron_of_pass(issued(seat.branch).guest_pass, NOW)
    sitting(seat, start=at(12), end=at(13), patron=guest, ended_at=at(13), outcome="ran_out")
    problem = refusal(
        start_now, branch_id=seat.branch_id, patron=guest, device_id=seat.pk, request_key=uuid4(), by=BY, now=NOW
    )[0]
    assert problem.code == "day_limit"
    assert (
        str(problem.sentence) == "This guest number has had its 1 hour for today. Ask at the desk for a library card."
    )


def test_a_kiosk_gives_out_passes_only_where_the_policy_says_so(branch):
    plain = make.make_kiosk(make.make_branch(), token="other")
    assert codes(take_pass, kiosk=plain, request_key=uuid4(), by=BY, now=NOW) == ["no_self_service"]
    taken = take_pass(kiosk=make.make_kiosk(branch), request_key=uuid4(), by=BY, now=NOW)
    assert (len(taken.code), taken.guest_pass.valid_until) == (10, at(0, day=25))


def test_a_kiosk_gives_out_only_so_many_passes_a_day(branch):
    kiosk, key = make.make_kiosk(branch), uuid4()
    take_pass(kiosk=kiosk, request_key=key, by=BY, now=NOW)
    take_pass(kiosk=kiosk, request_key=uuid4(), by=BY, now=NOW)
    assert codes(take_pass, kiosk=kiosk, request_key=uuid4(), by=BY, now=NOW) == ["passes_gone"]
    assert take_pass(kiosk=kiosk, request_key=key, by=BY, now=NOW).code == ""
    assert take_pass(kiosk=kiosk, request_key=uuid4(), by=BY, now=at(9, day=25)).code
