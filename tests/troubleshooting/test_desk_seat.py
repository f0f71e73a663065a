"""The page of one seat or machine."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from helpdesk.actor import staff
from helpdesk.models import Role
from reservations.booking.overdue import grow_overdue
from reservations.models import Booking
from tests.factories import NOW, at, make_booking, make_branch, make_class, make_device, make_user
from troubleshooting.lifecycle import log, resolve
from troubleshooting.models import Ticket

pytestmark = pytest.mark.django_db


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


def page(client, device):
    return client.get(reverse("desk-seat", args=[device.pk]))


def report(client, device, **fields):
    data = {"text": "no light", "category": "pc_power", "request_key": str(uuid4()), **fields}
    return client.post(reverse("desk-report", args=[device.pk]), data)


def test_a_seat_shows_who_sits_there_and_who_comes(client, branch):
    seat = make_device(branch, label="7")
    here = make_booking(seat, at(14), at(15), checked_in_at=at(14))
    coming = make_booking(seat, at(16), at(17))
    html = page(client, seat).content.decode()
    assert f"…{here.patron.alias}" in html
    assert "today 16:00 to 17:00" in html
    assert reverse("booking-finish", args=[here.pk]) in html
    assert reverse("booking-cancel", args=[coming.pk]) in html


def test_a_seat_that_was_not_back_in_time_is_not_said_to_be_back_at_midnight(client, branch, monkeypatch):
    seat = make_device(branch)
    make_booking(seat, at(14), at(15), kind="repair")
    monkeypatch.setattr("helpdesk.clock.now", lambda: at(14, 30))
    assert "expected back today 15:00" in page(client, seat).content.decode()
    grow_overdue(device_id=seat.pk, now=at(15, 1))
    monkeypatch.setattr("helpdesk.clock.now", lambda: at(15, 2))
    assert "expected back" not in page(client, seat).content.decode()


def test_before_a_fault_is_reported_the_page_says_whom_it_would_hit(client, branch):
    seat, other = make_device(branch, label="12"), make_device(branch)
    make_booking(seat, at(15), at(16))
    make_booking(seat, at(16, 10), at(17))
    make_booking(other, at(16, 10), at(17))
    assert "1 moved, 1 cannot be: Seat 12 at 16:10" in page(client, seat).content.decode()
    assert not Booking.objects.filter(kind="repair").exists()


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"until": "2026-11-24T16:00"}, "1 moved."),
        ({"until": ""}, "1 moved, 1 cannot be: Seat 12 at 16:10."),
        ({"lacks": "sound"}, "Nobody has to be moved."),
        ({"until": "nonsense", "lacks": "nonsense"}, "1 moved, 1 cannot be"),
    ],
)
def test_the_preview_follows_what_is_chosen(client, branch, asked, said):
    seat, other = make_device(branch, label="12"), make_device(branch)
    make_booking(seat, at(15), at(16))
    make_booking(seat, at(16, 10), at(17))
    make_booking(other, at(16, 10), at(17))
    assert said in client.get(reverse("desk-report-preview", args=[seat.pk]), asked).content.decode()


def test_the_preview_names_each_person_with_their_time_and_new_seat(client, branch):
    seat, other = make_device(branch, label="12"), make_device(branch, label="13")
    moved = make_booking(seat, at(15), at(16))
    stuck = make_booking(seat, at(16, 10), at(17))
    make_booking(other, at(16, 10), at(17))
    said = client.get(reverse("desk-report-preview", args=[seat.pk])).content.decode()
    assert f"<li>{moved.who}, 15:00: Seat 13</li><li>{stuck.who}, 16:10: no other seat</li>" in said


def test_more_than_six_people_of_a_preview_unfold(client, branch):
    seat, _other = make_device(branch), make_device(branch)
    for day in range(25, 31):
        make_booking(seat, at(15, day=day), at(16, day=day))
        make_booking(seat, at(17, day=day), at(18, day=day))
    said = client.get(reverse("desk-report-preview", args=[seat.pk])).content.decode()
    assert (said.count("<li>"), said[: said.index("<details")].count("<li>")) == (12, 6)
    assert "and 6 more" in said


def test_a_fault_whose_end_is_known_is_over_then(client, branch):
    seat = make_device(branch)
    report(client, seat, until="2026-11-24T16:00")
    assert Booking.objects.get(kind="repair").end == at(16)


def test_it_cannot_be_expected_back_before_now(client, branch):
    answer = report(client, make_device(branch), until="2026-11-24T13:00")
    assert (answer.status_code, "It cannot be back before now." in answer.content.decode()) == (422, True)


@pytest.mark.parametrize("until", ["9999-12-31T23:59", "9999-01-01T00:00", "2029-01-01T10:00"])
def test_a_year_out_of_reach_is_refused_with_the_last_day(client, branch, until):
    seat = make_device(branch)
    make_booking(seat, at(16), at(17))
    answer = report(client, seat, until=until)
    assert answer.status_code == 422
    assert "Choose a time until Fri 24 Nov 2028, or none." in answer.content.decode()


@pytest.mark.parametrize(
    ("lacks", "said"),
    [("", "A broken machine leaves booking until IT returns it."), ("printing", "The seat stays bookable for people")],
)
def test_what_becomes_of_the_seat_is_said_of_what_is_broken(client, branch, lacks, said):
    seat = make_device(branch)
    shown = client.get(reverse("desk-report-preview", args=[seat.pk]), {"lacks": lacks})
    assert said in shown.content.decode()
    refused = report(client, seat, text="", lacks=lacks)
    assert (refused.status_code, said in refused.content.decode()) == (422, True)


def test_only_a_part_broken_leaves_the_seat_in_use_until_it_is_mended(client, branch, user):
    seat = make_device(branch)
    report(client, seat, lacks="printing")
    seat.refresh_from_db()
    assert (seat.lacks, Booking.objects.filter(kind="repair").exists()) == (["printing"], False)
    resolve(ticket_id=Ticket.objects.get().pk, outcome="fixed", by=staff(user.pk, Role.MANAGER), now=NOW)
    seat.refresh_from_db()
    assert seat.lacks == []


def test_a_window_is_nothing_that_can_break(client, branch):
    seat = make_device(branch, features=["headset", "window"])
    html = page(client, seat).content.decode()
    assert 'name="lacks" value="headset"' in html
    assert 'value="window"' not in html


def test_on_a_seats_page_every_action_is_one_press_away(client, branch):
    seat = make_device(branch, label="7")
    here = make_booking(seat, at(14), at(15), checked_in_at=at(14))
    coming = make_booking(seat, at(16), at(17))
    html = page(client, seat).content.decode()
    main = html[html.index('<main id="main"') : html.index("</main>")]
    assert "<details" not in main  # nothing has to be unfolded first
    for name, booking in (("booking-extend", here), ("booking-finish", here), ("booking-cancel", coming)):
        form = main[main.index(reverse(name, args=[booking.pk])) :]
        assert "<button" in form[: form.index("</form>")]


def test_an_open_fault_shows_its_number_and_how_the_seat_comes_back(client, branch, user):
    seat = make_device(branch)
    by = staff(user.pk, Role.DESK)
    fault = log(
        branch_id=branch.pk,
        text="no light",
        category="pc_power",
        tier=3,
        device_id=seat.pk,
        request_key=uuid4(),
        by=by,
        now=NOW,
    )
    html = page(client, seat).content.decode()
    assert f"Fault {fault.pk}" in html
    assert "Back in service when IT resolves it." in html


def test_an_expected_end_is_said_with_the_fault_until_it_has_gone_by(client, branch, monkeypatch):
    seat = make_device(branch)
    sent = report(client, seat, until="2026-11-24T14:40")
    assert sent.status_code == 302
    assert (
        "Expected back at 14:40, and not by itself: IT puts it back in service." in page(client, seat).content.decode()
    )
    monkeypatch.setattr("helpdesk.clock.now", lambda: at(14, 41))
    grow_overdue(device_id=seat.pk, now=at(14, 41))
    after = page(client, seat).content.decode()
    assert "Back in service when IT resolves it." in after
    assert "since today 14:07" in after
    assert "00:00" not in after


def test_a_reported_fault_goes_to_it_and_takes_the_seat_out(client, branch):
    seat = make_device(branch)
    assert report(client, seat).status_code == 302
    fault = Ticket.objects.get()
    assert (fault.tier, fault.holds_device) == (3, True)
    assert Booking.objects.get(kind="repair").device == seat


def test_a_fault_reported_twice_by_a_double_click_is_one_fault(client, branch):
    seat, key = make_device(branch), str(uuid4())
    report(client, seat, request_key=key)
    report(client, seat, request_key=key)
    assert Ticket.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"text": ""}, "Say in a few words what it is."),
        ({"text": "x" * 10_000}, "The text has 10000 characters."),
        ({"category": ""}, "Choose what is broken."),
        ({"category": "directional"}, "There is no such kind of question."),
    ],
)
def test_an_unfit_report_is_refused_with_a_sentence(client, branch, fields, sentence):
    answer = report(client, make_device(branch), **fields)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Ticket.objects.exists()


def test_a_machine_without_minutes_has_a_page_too(client, branch):
    printer = make_device(branch, kind=make_class(kind="printer", bookable=False), label="Printer 1")
    assert "Printer 1" in page(client, printer).content.decode()


def test_a_seat_of_another_branch_does_not_exist(client):
    seat = make_device(make_branch())
    assert page(client, seat).status_code == 404
    assert report(client, seat).status_code == 404


@pytest.mark.parametrize("pk", [0, 999_999, 10**25])
def test_an_unknown_seat_does_not_exist(client, pk):
    assert client.get(reverse("desk-seat", args=[pk])).status_code == 404


@pytest.mark.parametrize("many", [1, 10])
def test_a_seat_page_takes_as_many_queries_however_full_its_days(client, branch, django_assert_max_num_queries, many):
    seat = make_device(branch)
    for day in range(many):
        make_booking(seat, at(16) + timedelta(days=day), at(17) + timedelta(days=day))
    with django_assert_max_num_queries(12):
        page(client, seat)


def test_the_tech_does_not_see_seat_pages(client, branch):
    client.force_login(make_user(Role.TECH))
    assert page(client, make_device(branch)).status_code == 403


def test_a_seat_that_has_left_the_room_is_shown_and_every_press_there_is_answered(client, branch):
    seat = make_device(branch, label="7", retired_on=NOW.date())
    assert page(client, seat).status_code == 200
    preview = client.get(reverse("desk-report-preview", args=[seat.pk]), {"category": "pc_power"})
    lacks = client.post(reverse("seat-lacks", args=[seat.pk]), {"lacks": ["printing"]})
    expected = client.post(reverse("seat-expected", args=[seat.pk]), {"until": ""})
    answers = [answer.status_code for answer in (preview, lacks, expected, report(client, seat))]
    assert {status for status in answers if status >= 500} == set()
    assert not Booking.objects.exists()


def preview(client, seat, *lacks, of=""):
    headers = {"HX-Request": "true", "HX-Target": of} if of else {}
    answer = client.get(reverse("desk-report-preview", args=[seat.pk]), {"lacks": lacks}, headers=headers)
    return answer.content.decode()


def test_who_would_be_moved_is_said_before_it_is_saved_that_something_does_not_work(client, branch):
    seat, _other = make_device(branch, label="12"), make_device(branch, label="7")
    row = make_booking(seat, at(16), at(17), needs=["printing"])
    said = preview(client, seat, "printing", of="lacks-preview")
    assert "If this does not work: 1 moved" in said
    assert f"…{row.patron.alias}, 16:00: Seat 7" in said
    assert 'id="lacks-preview"' in said
    assert 'id="lacks-preview"' in page(client, seat).content.decode()


def test_ticking_nothing_moves_nobody_although_a_seat_out_of_service_would(client, branch):
    seat = make_device(branch)
    make_booking(seat, at(16), at(17))
    assert "Nobody has to be moved." in preview(client, seat, of="lacks-preview")


def test_what_is_broken_already_moves_nobody_anew(client, branch):
    seat, _other = make_device(branch, lacks=["printing"]), make_device(branch)
    make_booking(seat, at(16), at(17), needs=["printing"])
    assert "Nobody has to be moved." in preview(client, seat, "printing", of="lacks-preview")


def test_a_fault_of_a_part_does_not_say_that_the_seat_leaves_booking(client, branch):
    seat = make_device(branch)
    part, whole = preview(client, seat, "printing"), preview(client, seat)
    assert ("leaves booking" in part, "leaves booking" in whole) == (False, True)
    assert "leaves booking" in page(client, seat).content.decode()
