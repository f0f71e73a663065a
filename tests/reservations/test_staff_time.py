"""Time that bends at the desk: more minutes, help, a soft landing, back to a seat, and the last thing taken back."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from helpdesk.models import Role
from reservations.models import Call
from tests.factories import NOW, at, make_booking, make_branch, make_device, make_user

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
def session(branch):
    return make_booking(make_device(branch), at(14), at(15), checked_in_at=at(14))


def post(client, name, booking, headers=None, **data):
    return client.post(reverse(name, args=[booking.pk]), {"next": "/desk/", **data}, headers=headers or {})


def ends(booking):
    booking.refresh_from_db()
    return booking.end


def codes(answer):
    return re.search(r'data-code="([^"]*)"', answer.content.decode()).group(1).split()


def undo_address(client):
    return re.search(r'action="(/(?:bookings/undo|calls)/[^"]+)"', client.get("/notices/").content.decode()).group(1)


def test_one_tap_gives_one_extension(client, session):
    post(client, "booking-extend", session)
    assert ends(session) == at(15, 15)


def test_another_length_needs_a_reason_and_records_it(client, session):
    assert post(client, "booking-extend", session, minutes="30").status_code == 422
    post(client, "booking-extend", session, minutes="30", reason="exam")
    assert ends(session) == at(15, 30)
    assert session.events.get(what="extended").reason == "exam"


@pytest.mark.parametrize("minutes", ["0", "-5", "x", "1441", "9" * 30])
def test_minutes_that_are_none_are_refused_in_words(client, session, minutes):
    answer = post(client, "booking-extend", session, minutes=minutes, reason="exam")
    assert (answer.status_code, ends(session)) == (422, at(15))
    assert "Type the minutes as a number" in answer.content.decode()


@pytest.mark.parametrize("why", ["form", "video"])
def test_a_soft_landing_names_what_is_finished(client, session, why):
    post(client, "booking-land", session, why=why)
    assert ends(session) == at(15, 15)


def test_a_landing_for_something_else_is_refused(client, session):
    assert post(client, "booking-land", session, why="lunch").status_code == 422


def test_help_begins_and_ends(client, session):
    post(client, "booking-help-begin", session)
    session.refresh_from_db()
    assert session.help_at == NOW
    post(client, "booking-help-end", session)
    session.refresh_from_db()
    assert session.help_at is None


def test_a_seat_left_by_mistake_is_given_back(client, branch):
    left = make_booking(
        make_device(branch),
        at(14),
        at(14, 5),
        checked_in_at=at(14),
        ended_at=at(14, 5),
        outcome="finished",
        due_end_at=at(15),
    )
    html = client.get(reverse("desk-seat", args=[left.device_id])).content.decode()
    assert reverse("booking-resume", args=[left.pk]) in html
    post(client, "booking-resume", left)
    assert left.continued_by.get().end == at(15)


def test_a_finish_is_taken_back_by_who_did_it(client, session):
    post(client, "booking-finish", session)
    client.post(undo_address(client))
    session.refresh_from_db()
    assert session.is_running


def test_another_member_of_staff_cannot_take_it_back(client, branch, session):
    post(client, "booking-finish", session)
    address = undo_address(client)
    client.force_login(make_user(Role.DESK, branch))
    assert codes(client.post(address)) == ["undo_not_yours"]


def test_too_late_to_take_it_back_says_so(client, session, monkeypatch):
    post(client, "booking-finish", session)
    address = undo_address(client)
    monkeypatch.setattr("helpdesk.clock.now", lambda: NOW + timedelta(seconds=16))
    assert codes(client.post(address)) == ["undo_too_late"]


def test_a_refused_undo_never_replaces_the_board(client, session, monkeypatch):
    post(client, "booking-finish", session)
    address = undo_address(client)
    monkeypatch.setattr("helpdesk.clock.now", lambda: NOW + timedelta(seconds=16))
    answer = client.post(address, headers={**HTMX, "HX-Target": "board"})
    assert (answer.status_code, answer["HX-Retarget"]) == (422, "body")


def test_an_event_of_another_branch_is_not_taken_back(client):
    booking = make_booking(make_device(make_branch()), at(16), at(17))
    event = booking.events.create(at=NOW, what="booked", by_kind="staff")
    assert client.post(reverse("booking-undo", args=[event.pk])).status_code == 404


@pytest.mark.parametrize("pk", [0, 999_999, 10**25])
def test_an_unknown_event_does_not_exist(client, pk):
    assert client.post(reverse("booking-undo", args=[pk])).status_code == 404


def test_a_person_who_was_told_by_mistake_is_back_on_the_list(client, branch):
    gone = make_booking(make_device(branch), at(16), at(17), ended_at=at(14), outcome="displaced")
    call = Call.objects.create(booking=gone, made_at=at(14))
    client.post(reverse("call-done", args=[call.pk]))
    client.post(undo_address(client))
    call.refresh_from_db()
    assert call.handled_at is None


def test_a_refusal_that_the_desk_may_lift_brings_the_form_again_with_a_reason(client, branch):
    booking = make_booking(make_device(branch), at(16), at(17))
    answer = post(client, "booking-check-in", booking)
    assert codes(answer) == ["too_early"]
    assert ("Do it anyway" in answer.content.decode()) is ("The desk may lift it." in answer.content.decode())


@pytest.mark.parametrize(
    ("reason", "said"), [("ok", "three letters at the least"), ("call 555-123-4567", "Leave out names and numbers")]
)
def test_a_reason_that_does_not_do_leaves_the_rule_and_a_field_for_another(client, branch, reason, said):
    booking = make_booking(make_device(branch), at(16), at(17))
    answer = post(client, "booking-check-in", booking, override=reason)
    page = answer.content.decode()
    assert (answer.status_code, codes(answer)) == (422, ["too_early"])
    assert said in page
    assert "Do it anyway" in page
