"""At the desk: move somebody, other ways and the first choice back from the list, what does not work at a seat."""

import re
from datetime import time, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from helpdesk.models import Role
from reservations.booking.card_blocks import block_card
from reservations.booking.close_early import close_early
from reservations.booking.degrade import degrade
from reservations.booking.service import return_to_service, take_out_of_service
from reservations.models import Booking, Call
from tests.factories import NOW, at, make_booking, make_branch, make_class, make_device, make_patron, make_user
from tests.reservations.sitting import by_desk
from tests.troubleshooting.staffed import text_of

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    monkeypatch.setattr("helpdesk.clock.now", lambda: NOW)


@pytest.fixture
def branch():
    return make_branch(policy={"gap_minutes": 0})


@pytest.fixture(autouse=True)
def user(client, branch):
    member = make_user(Role.DESK, branch)
    client.force_login(member)
    return member


@pytest.fixture
def seat(branch):
    return make_device(branch, label="12")


def post(client, name, pk, headers=None, **data):
    return client.post(reverse(name, args=[pk]), {"next": "/desk/", **data}, headers=headers or {}, follow=True)


def fresh(row):
    return Booking.objects.get(pk=row.pk)


def test_the_seat_page_offers_the_seats_that_are_free_then(client, branch, seat):
    free, taken = make_device(branch, label="7"), make_device(branch, label="9")
    make_booking(taken, at(16), at(17))
    make_booking(seat, at(16), at(17))
    page = client.get(reverse("desk-seat", args=[seat.pk])).content.decode()
    assert (f'<option value="{free.pk}"' in page, f'<option value="{taken.pk}"' in page) == (True, False)


def test_somebody_is_moved_and_it_can_be_taken_back(client, branch, seat):
    other = make_device(branch, label="7")
    row = make_booking(seat, at(14), at(15), checked_in_at=at(14))
    page = post(client, "booking-move", row.pk, device=other.pk).content.decode()
    after = Booking.objects.get(continues=row)
    assert f"…{row.patron.alias} is at Seat 7 now, until 15:00." in page
    client.post(re.search(r"/bookings/undo/\d+/", page).group())
    assert (fresh(row).ended_at, fresh(after).outcome) == (None, "cancelled")


def test_a_refused_move_says_why_and_can_be_lifted_with_a_reason(client, branch, seat):
    young = make_device(branch, kind=make_class(greatest_age=12), label="7")
    row = make_booking(seat, at(16), at(17))
    refused = post(client, "booking-move", row.pk, device=young.pk)
    assert (refused.status_code, "another age group" in text_of(refused)) == (422, True)
    post(client, "booking-move", row.pk, device=young.pk, override="The only free one")
    assert fresh(row).device == young


@pytest.mark.parametrize("device", ["", "x", "99999999999999999999"])
def test_rubbish_is_a_sentence(client, seat, device):
    assert post(client, "booking-move", make_booking(seat, at(16), at(17)).pk, device=device).status_code == 422


@pytest.fixture
def lost(seat):
    row = make_booking(seat, at(15), at(16))
    take_out_of_service(device_id=seat.pk, by=by_desk(), now=NOW, note="No picture")
    return fresh(row)


def test_the_list_leads_to_three_other_ways(client, branch, lost):
    other = make_device(branch, label="7")
    make_booking(other, at(15), at(16))
    page = client.get(reverse("call", args=[lost.call.pk])).content.decode()
    assert f"…{lost.patron.alias} lost Seat 12, today 15:00" in page
    assert page.count(reverse("call-instead", args=[lost.call.pk])) == 3
    assert reverse("call", args=[lost.call.pk]) in client.get(reverse("desk")).content.decode()


def test_one_of_them_is_booked_with_one_tap(client, branch, lost):
    other = make_device(branch, label="7")
    sent = {"device": other.pk, "start": at(15).isoformat(), "minutes": 60, "request_key": uuid4()}
    page = post(client, "call-instead", lost.call.pk, **sent)
    assert "Seat 7 is booked for" in text_of(page)
    assert Booking.objects.get(device=other).patron == lost.patron
    assert Call.objects.get().handled_at == NOW


def test_a_seat_that_is_back_is_given_back_with_one_tap(client, seat, lost):
    return_to_service(device_id=seat.pk, by=by_desk(), now=NOW)
    assert "Seat 12 is back, today 15:00 is free again" in text_of(client.get(reverse("desk")))
    assert "has Seat 12 again." in text_of(post(client, "call-back", lost.call.pk))
    assert fresh(lost).ended_at is None


def test_what_somebody_has_taken_meanwhile_is_refused_honestly(client, seat, lost):
    return_to_service(device_id=seat.pk, by=by_desk(), now=NOW)
    make_booking(seat, at(15), at(16))
    refused = post(client, "call-back", lost.call.pk)
    assert (refused.status_code, "Seat 12 is taken" in text_of(refused)) == (422, True)


def test_who_goes_on_elsewhere_is_on_the_list(client, branch, seat):
    make_device(branch, label="7")
    row = make_booking(seat, at(14), at(15), checked_in_at=at(14))
    take_out_of_service(device_id=seat.pk, by=by_desk(), now=NOW, note="No picture")
    assert (
        f"Tell …{row.patron.alias}: they go on at Seat 7, until 15:00." in client.get(reverse("desk")).content.decode()
    )


def test_what_does_not_work_is_said_on_the_board(client, seat):
    page = text_of(post(client, "seat-lacks", seat.pk, lacks=["printing"]))
    assert "Seat 12: No printing." in page
    assert "No printing" in text_of(client.get(reverse("desk")))
    assert "Everything works at Seat 12." in text_of(post(client, "seat-lacks", seat.pk))
    seat.refresh_from_db()
    assert seat.lacks == []


def test_what_a_seat_does_not_have_cannot_be_broken(client, seat):
    post(client, "seat-lacks", seat.pk, lacks=["screen-reader", "<b>"])
    seat.refresh_from_db()
    assert seat.lacks == []


@pytest.mark.parametrize(
    ("until", "status"),
    [("2026-11-24T16:00", 200), ("", 200), ("2026-11-24T13:00", 422), ("x", 422),
     ("9999-12-31T23:59", 422), ("9999-01-01T00:00", 422), ("2028-11-25T00:00", 422)],
)  # fmt: skip
def test_when_it_is_expected_back_can_be_said(client, seat, lost, until, status):
    answer = post(client, "seat-expected", seat.pk, until=until)
    assert answer.status_code == status
    expected = at(16) if until.endswith("16:00") else None
    assert Booking.objects.get(kind="repair").end == expected


@pytest.fixture
def cancelled(branch, seat):
    """A booking that the block of its card has cancelled."""
    row = make_booking(seat, at(15), at(16))
    block_card(
        patron=row.patron, branch_id=branch.pk, until=NOW + timedelta(days=200), reason="lost", cancels=True,
        request_key=uuid4(), by=by_desk(), now=NOW,
    )  # fmt: skip
    return fresh(row)


def test_what_a_blocked_card_lost_is_not_laid_on_the_hours(client, cancelled):
    desk = text_of(client.get(reverse("desk")))
    other = text_of(client.get(reverse("call", args=[cancelled.call.pk])))
    assert "Seat 12 at 15:00 is cancelled: The card is blocked." in desk
    assert "The card is blocked." in other
    assert "closed then" not in desk + other


def test_where_a_rule_forbids_every_other_time_the_rule_is_said(client, cancelled):
    page = text_of(client.get(reverse("call", args=[cancelled.call.pk])))
    assert "Nothing else can be booked for them now. Against it: Card blocked until:" in page
    assert "Nothing else is free" not in page


def test_a_branch_that_takes_no_guests_says_so_of_a_guest_who_lost_a_booking(client, branch, seat):
    row = make_booking(seat, at(15), at(16), patron=make_patron(source="guest", alias="G102"))
    take_out_of_service(device_id=seat.pk, by=by_desk(), now=NOW, note="No picture")
    make_device(branch, label="7")
    branch.policy.guests_allowed = False
    branch.policy.save()
    page = text_of(client.get(reverse("call", args=[row.call.pk])))
    assert "Against it: Guest passes may book: no" in page


def test_the_reason_of_a_lost_booking_ends_with_one_full_stop(client, seat):
    row = make_booking(seat, at(15), at(16), needs=["headset"])
    close_early(branch_id=seat.branch_id, closes_at=time(15), reason="Storm", by=by_desk(), now=NOW)
    page = text_of(client.get(reverse("call", args=[row.call.pk])))
    assert "The library is closed then. Asked for: headset" in page


def test_who_is_moved_from_a_seat_that_lacks_something_reads_what_it_lacks(client, branch, seat):
    make_device(branch, label="7")
    make_booking(seat, at(15), at(16), needs=["printing"])
    degrade(device_id=seat.pk, lacks=["printing"], by=by_desk(), now=NOW)
    page = text_of(client.get(reverse("desk")))
    assert "now Seat 7, today 15:00 No printing" in page
    assert "finishes a form" not in page


def test_what_a_seat_lacks_is_said_without_a_double_negative(seat):
    seat.lacks = ["headset", "printing"]
    assert seat.lacking == "No headset, No printing"


def test_a_year_that_is_not_this_one_is_said(client, seat, lost):
    page = text_of(post(client, "seat-expected", seat.pk, until="2027-11-24T16:00"))
    assert "Seat 12 is expected back: Wed 24 Nov 2027 16:00." in page
