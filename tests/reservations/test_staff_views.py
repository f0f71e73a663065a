"""What the desk does to a booking, to the call list, and guest passes."""

import re
from uuid import uuid4

import pytest
from django.urls import reverse

from helpdesk.models import Role
from reservations.models import Call, GuestPass
from reservations.patrons.keys import guest_key
from tests.factories import NOW, at, make_booking, make_branch, make_device, make_user

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    monkeypatch.setattr("helpdesk.clock.now", lambda: NOW)


@pytest.fixture
def branch():
    return make_branch()


@pytest.fixture(autouse=True)
def user(client, branch):
    member = make_user(Role.DESK, branch)
    client.force_login(member)
    return member


def post(client, name, booking, **data):
    return client.post(reverse(name, args=[booking.pk]), data)


def a_call(branch):
    gone = make_booking(make_device(branch), at(16), at(17), ended_at=at(14), outcome="displaced")
    return Call.objects.create(booking=gone, made_at=at(14))


def test_staff_check_in_whoever_came(client, branch):
    booking = make_booking(make_device(branch), at(14), at(15))
    answer = post(client, "booking-check-in", booking, next="/desk/")
    booking.refresh_from_db()
    assert (answer["Location"], booking.checked_in_at) == ("/desk/", NOW)


def test_staff_finish_the_session_of_someone_who_left(client, branch):
    booking = make_booking(make_device(branch), at(14), at(15), checked_in_at=at(14))
    post(client, "booking-finish", booking)
    booking.refresh_from_db()
    assert (booking.outcome, booking.ended_at) == ("finished", NOW)


def test_staff_cancel_a_booking_with_a_reason(client, branch):
    booking = make_booking(make_device(branch), at(16), at(17))
    post(client, "booking-cancel", booking, reason="rang to say so")
    booking.refresh_from_db()
    assert booking.outcome == "cancelled"
    assert booking.events.get().reason == "rang to say so"


def test_a_refused_action_says_why_and_leads_back(client, branch):
    booking = make_booking(make_device(branch), at(14), at(15), checked_in_at=at(14))
    answer = post(client, "booking-cancel", booking, next="/desk/")
    assert answer.status_code == 422
    assert "This seat is in use. Finish it instead." in answer.content.decode()
    assert 'href="/desk/"' in answer.content.decode()


def test_a_reason_that_does_not_fit_is_refused_and_nothing_is_cancelled(client, branch):
    booking = make_booking(make_device(branch), at(16), at(17))
    answer = post(client, "booking-cancel", booking, reason="x" * 10_000)
    booking.refresh_from_db()
    assert (answer.status_code, booking.outcome) == (422, "")
    assert "200 fit" in answer.content.decode()


def test_the_way_back_never_leaves_the_site(client, branch):
    booking = make_booking(make_device(branch), at(14), at(15))
    answer = post(client, "booking-check-in", booking, next="https://example.org/")
    assert answer["Location"] == reverse("home")


def test_a_told_call_is_ticked_off_by_whoever_told_it(client, branch, user):
    call = a_call(branch)
    answer = client.post(reverse("call-done", args=[call.pk]), headers=HTMX)
    call.refresh_from_db()
    assert (answer.status_code, answer["HX-Trigger"]) == (204, '{"board-changed": {}, "dialog-done": {}}')
    assert (call.handled_at, call.handled_by) == (NOW, user)


def test_without_scripts_a_told_call_leads_back(client, branch):
    assert post(client, "call-done", a_call(branch), next="/desk/")["Location"] == "/desk/"


@pytest.mark.parametrize("name", ["booking-check-in", "booking-finish", "booking-cancel"])
def test_a_booking_of_another_branch_does_not_exist(client, name):
    booking = make_booking(make_device(make_branch()), at(14), at(15))
    assert post(client, name, booking).status_code == 404


def test_a_call_of_another_branch_does_not_exist(client):
    assert post(client, "call-done", a_call(make_branch())).status_code == 404


@pytest.mark.parametrize("pk", [0, 999_999, 10**25])
@pytest.mark.parametrize("name", ["booking-check-in", "booking-finish", "booking-cancel", "call-done"])
def test_unknown_numbers_do_not_exist(client, name, pk):
    assert client.post(reverse(name, args=[pk])).status_code == 404


@pytest.mark.parametrize("name", ["booking-check-in", "booking-finish", "booking-cancel", "call-done"])
def test_nothing_is_done_by_get(client, name):
    assert client.get(reverse(name, args=[1])).status_code == 405


def test_a_repair_is_no_booking_to_cancel(client, branch):
    repair = make_booking(make_device(branch), at(14), None, kind="repair", patron=None)
    assert post(client, "booking-cancel", repair).status_code == 404


def issue(client, branch, key=None, **headers):
    data = {"request_key": str(key or uuid4())}
    return client.post(reverse("guest-pass", args=[branch.slug]), data, headers=headers)


def test_a_guest_pass_shows_its_code_once_and_is_never_stored(client, branch):
    answer = issue(client, branch)
    code = re.search(r"(\d{3}) (\d{3}) (\d{4})", answer.content.decode())
    assert GuestPass.objects.get().key == guest_key("".join(code.groups()))
    assert "no-store" in answer["Cache-Control"]


def test_a_double_click_issues_one_pass_and_shows_no_code_again(client, branch):
    key = uuid4()
    issue(client, branch, key)
    html = issue(client, branch, key).content.decode()
    assert GuestPass.objects.count() == 1
    assert "shown only once" in html


def test_a_pass_in_a_dialog_brings_a_fresh_key_for_the_next_one(client, branch):
    key = uuid4()
    html = issue(client, branch, key, **HTMX).content.decode()
    assert html.lstrip().startswith("<dialog")
    assert 'id="pass-form"' in html
    assert str(key) not in html


@pytest.mark.parametrize("key", ["", "1", "x" * 5000])
def test_a_pass_without_a_proper_key_is_refused(client, branch, key):
    answer = client.post(reverse("guest-pass", args=[branch.slug]), {"request_key": key})
    assert answer.status_code == 422
    assert not GuestPass.objects.exists()


def test_a_pass_is_issued_only_where_one_works(client):
    assert issue(client, make_branch()).status_code == 404


def test_the_tech_issues_no_passes(client, branch):
    client.force_login(make_user(Role.TECH))
    assert issue(client, branch).status_code == 403
