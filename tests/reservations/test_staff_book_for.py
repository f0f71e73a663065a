"""The desk books for somebody at the counter or on the phone."""

import re
from uuid import uuid4

import pytest
from django.urls import reverse

from helpdesk.actor import SYSTEM
from helpdesk.models import Role
from reservations.booking.dispatch import advance
from reservations.booking.seat import finish
from reservations.models import Booking, GuestPass, Patron, Turn
from reservations.patrons.keys import card_key, guest_key
from tests.factories import (
    NOW,
    at,
    make_booking,
    make_branch,
    make_card,
    make_class,
    make_device,
    make_patron,
    make_user,
)

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
NUMBER = "29990000000017"


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    monkeypatch.setattr("helpdesk.clock.now", lambda: NOW)


@pytest.fixture
def branch():
    make_card(NUMBER)
    return make_branch(policy={"gap_minutes": 0})


@pytest.fixture(autouse=True)
def user(client, branch):
    member = make_user(Role.DESK, branch)
    client.force_login(member)
    return member


def book(client, branch, *, headers=None, **fields):
    """Send the form as a person fills it: at the counter, now, any seat, unless `fields` say otherwise."""
    data = {"present": "counter", "when": "now", "number": NUMBER, "do": "book", "request_key": str(uuid4()), **fields}
    return client.post(reverse("book-for-somebody", args=[branch.slug]), data, headers=headers or {})


def text(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def codes(answer):
    found = re.search(r'data-code="([^"]*)"', answer.content.decode())
    return found.group(1).split() if found else []


def undo_address(answer, client):
    """Return the address of the undo that the next page offers."""
    return re.search(r'action="(/bookings/undo/\d+/)"', client.get("/notices/").content.decode()).group(1)


def test_somebody_with_a_card_sits_down_now_without_a_pin(client, branch):
    seat = make_device(branch)
    answer = book(client, branch, next="/desk/")
    booking = Booking.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, "/desk/")
    assert (booking.device, booking.patron.key, booking.is_running) == (seat, card_key(NUMBER), True)


def test_what_a_scanner_types_around_the_number_is_taken_off(client, branch):
    make_device(branch)
    book(client, branch, number=f"\x02{NUMBER}\r")
    assert Patron.objects.get().key == card_key(NUMBER)


def test_in_a_dialog_the_answer_wakes_the_board_and_closes_the_dialog(client, branch):
    make_device(branch)
    answer = book(client, branch, headers=HTMX)
    assert (answer.status_code, answer["HX-Trigger"]) == (204, '{"board-changed": {}, "dialog-done": {}}')


def test_what_was_booked_can_be_taken_back(client, branch):
    make_device(branch)
    answer = book(client, branch)
    client.post(undo_address(answer, client))
    assert Booking.objects.get().outcome == "cancelled"


def test_a_time_is_booked_on_the_seat_that_was_chosen(client, branch):
    make_device(branch)
    seat = make_device(branch)
    book(client, branch, when="later", start=at(16).isoformat(), place=f"seat:{seat.pk}", minutes="30")
    booking = Booking.objects.get()
    assert (booking.device, booking.start, booking.end) == (seat, at(16), at(16, 30))


def test_a_time_of_a_kind_of_seat_is_given_the_seat_that_stays_free(client, branch):
    kind = make_class(code="studio")
    make_device(branch)
    busy, free = make_device(branch, kind=kind), make_device(branch, kind=kind)
    make_booking(busy, at(16, 30), at(17, 30))
    book(client, branch, when="later", start=at(16).isoformat(), place="class:studio")
    assert Booking.objects.latest("pk").device == free


def test_a_need_chooses_a_seat_that_has_it(client, branch):
    make_device(branch)
    seat = make_device(branch, features=["scanner"])
    book(client, branch, needs=["scanner"])
    assert Booking.objects.get().device == seat


def test_somebody_on_the_phone_never_sits_down_now(client, branch):
    make_device(branch)
    answer = book(client, branch, present="phone")
    assert answer.status_code == 422
    assert "Choose a time from the list." in text(answer)
    assert not Booking.objects.exists()


def test_somebody_on_the_phone_books_a_time(client, branch):
    make_device(branch)
    book(client, branch, present="phone", start=at(16).isoformat())
    assert Booking.objects.get().start == at(16)


def test_without_a_card_a_pass_is_issued_with_the_seat_and_its_code_shown_once(client, branch):
    make_device(branch)
    answer = book(client, branch, number="", new_pass="on")
    code = re.search(r"(\d{3}) (\d{3}) (\d{4})", text(answer))
    assert GuestPass.objects.get().key == guest_key("".join(code.groups()))
    assert Booking.objects.get().patron.is_guest


def test_a_refused_seat_issues_no_pass(client, branch):
    answer = book(client, branch, number="", new_pass="on")
    assert answer.status_code == 422
    assert not GuestPass.objects.exists()


def test_a_double_click_books_once(client, branch):
    make_device(branch)
    make_device(branch)
    key = str(uuid4())
    book(client, branch, number="", new_pass="on", request_key=key)
    book(client, branch, number="", new_pass="on", request_key=key)
    assert (Booking.objects.count(), GuestPass.objects.count()) == (1, 1)


def test_an_unknown_number_says_the_next_step(client, branch):
    make_device(branch)
    answer = book(client, branch, number="123456")
    assert (answer.status_code, codes(answer)) == (422, ["unknown_number"])
    assert "Type it again, or issue a guest pass." in text(answer)


def test_neither_card_nor_pass_says_what_to_do(client, branch):
    answer = book(client, branch, number="")
    assert (answer.status_code, "tick guest pass" in text(answer)) == (422, True)


def test_a_refusal_keeps_what_was_typed_and_offers_the_nearest_moment(client, branch):
    seat = make_device(branch)
    make_booking(seat, at(14), at(15), checked_in_at=at(14))
    answer = book(client, branch, minutes="30", place=f"seat:{seat.pk}")
    html = answer.content.decode()
    assert f'value="{NUMBER}"' in html
    assert "15:00 to 15:30" in text(answer)


def test_a_nearest_moment_is_one_tap(client, branch):
    seat = make_device(branch)
    make_booking(seat, at(14), at(15), checked_in_at=at(14))
    offer = re.search(r'value="(offer\|[^"]*)"', book(client, branch, minutes="30").content.decode()).group(1)
    assert book(client, branch, minutes="30", do=offer).status_code == 302
    assert Booking.objects.latest("pk").start == at(15)


@pytest.mark.parametrize(
    "do", ["offer|", "offer|x||30", "offer|1|yesterday|30", "offer|1||0", "offer|99999999999||5", "?"]
)
def test_an_offer_made_by_hand_is_read_as_the_form(client, branch, do):
    make_device(branch)
    assert book(client, branch, do=do).status_code == 302


def test_a_full_room_offers_the_line_and_one_tap_joins_it(client, branch):
    seat = make_device(branch)
    make_booking(seat, at(14), at(15), checked_in_at=at(14))
    assert 'value="line"' in book(client, branch).content.decode()
    book(client, branch, do="line")
    assert Turn.objects.get().number == "D01"


def blocked_in_a_full_room(client, branch):
    """Return the seat that everybody waits for, and the refusal of a card that staff have blocked."""
    seat = make_device(branch)
    sits = make_booking(seat, at(14), at(15), checked_in_at=at(14))
    make_patron(key=card_key(NUMBER), blocked_until=at(20))
    client.force_login(make_user(Role.MANAGER, branch))  # who may lift a block
    return sits, book(client, branch, do="line")


def test_a_reason_puts_a_card_with_a_block_in_line_and_is_kept(client, branch):
    _sits, answer = blocked_in_a_full_room(client, branch)
    assert (answer.status_code, codes(answer)) == (422, ["blocked"])
    assert book(client, branch, do="anyway", when="line", override="Paid at the desk").status_code == 302
    told = Turn.objects.get().events.get(what="overridden")
    assert (told.reason, told.detail["codes"]) == ("Paid at the desk", ["blocked"])


def test_the_way_into_the_line_stays_chosen_while_its_reason_is_given(client, branch):
    _sits, answer = blocked_in_a_full_room(client, branch)
    assert re.search(r'name="when" value="line"[^>]* checked', answer.content.decode())


def test_what_was_lifted_for_the_line_is_lifted_for_the_seat(client, branch):
    sits, _answer = blocked_in_a_full_room(client, branch)
    book(client, branch, do="line", override="Paid at the desk")
    finish(booking=sits, by=SYSTEM, now=NOW)
    advance(branch_id=branch.pk, now=NOW)
    answer = client.post(reverse("turn-seat", args=[Turn.objects.get().pk]))
    assert answer.status_code == 302
    assert Turn.objects.get().outcome == "seated"


def test_a_reason_that_lifted_something_is_not_asked_for_again_on_the_way_into_the_line(client, branch):
    blocked_in_a_full_room(client, branch)
    answer = book(client, branch, do="anyway", override="Paid at the desk")
    assert "no_seat" in codes(answer)
    assert '<input type="hidden" name="override" value="Paid at the desk">' in answer.content.decode()
    book(client, branch, do="line", override="Paid at the desk")
    assert Turn.objects.exists()


def test_somebody_is_put_in_line_for_what_they_need(client, branch):
    seat = make_device(branch, features=["scanner"])
    make_booking(seat, at(14), at(15), checked_in_at=at(14))
    book(client, branch, when="line", needs=["scanner"], minutes="30")
    turn = Turn.objects.get()
    assert (turn.needs, turn.minutes) == (["scanner"], 30)


def test_a_full_room_names_another_branch_with_free_seats(client, branch, user):
    other = make_branch(name="Millbrook")
    make_device(other)
    user.posts.create(branch=other)
    make_booking(make_device(branch), at(14), at(15), checked_in_at=at(14))
    assert "Millbrook: 1 free" in text(book(client, branch))


def blocked_now(branch):
    """Give the room one seat and its card's patron no minutes left today."""
    patron = make_patron(key=card_key(NUMBER))
    seat = make_device(branch)
    make_booking(seat, at(10), at(12), patron=patron, checked_in_at=at(10), ended_at=at(12), outcome="finished")
    return seat


def test_staff_see_the_rule_the_value_and_who_may_lift_it(client, branch):
    blocked_now(branch)
    answer = book(client, branch)
    assert codes(answer) == ["day_limit"]
    assert "The desk may lift it." in text(answer)
    assert "Do it anyway" in text(answer)


def test_staff_do_it_anyway_with_a_recorded_reason(client, branch):
    blocked_now(branch)
    book(client, branch, do="anyway", override="job interview tomorrow")
    event = Booking.objects.latest("pk").events.get(what="overridden")
    assert (event.reason, event.detail["codes"]) == ("job interview tomorrow", ["day_limit"])


@pytest.mark.parametrize("reason", ["", "   "])
def test_without_a_reason_nothing_is_lifted(client, branch, reason):
    blocked_now(branch)
    answer = book(client, branch, do="anyway", override=reason)
    assert answer.status_code == 422
    assert Booking.objects.count() == 1


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("", "three letters at the least"),
        ("ok", "three letters at the least"),
        ("a" * 201, "make it shorter"),
        (f"card {NUMBER}", "Leave out names and numbers"),
    ],
)
def test_a_reason_that_does_not_do_leaves_the_refusal_and_a_field_for_another(client, branch, reason, said):
    blocked_now(branch)
    answer = book(client, branch, do="anyway", override=reason)
    assert (answer.status_code, codes(answer)) == (422, ["day_limit"])
    assert said in text(answer)
    assert "Do it anyway" in text(answer)
    assert Booking.objects.count() == 1


def test_a_reason_that_does_not_do_holds_up_nothing_that_needs_none(client, branch):
    make_device(branch)
    book(client, branch, override=f"card {NUMBER}")
    assert Booking.objects.get().is_running


def test_a_taken_seat_cannot_be_lifted(client, branch):
    seat = make_device(branch)
    make_booking(seat, at(14), at(15), checked_in_at=at(14))
    answer = book(client, branch, place=f"seat:{seat.pk}")
    assert "Do it anyway" not in text(answer)
    assert "Nobody can lift it." in text(answer)


def test_as_a_page_of_its_own_the_form_leads_back_when_it_is_done_and_in_a_dialog_it_closes(client, branch):
    make_device(branch)
    address = reverse("book-for", args=[branch.slug])
    sent = f'hx-post="{reverse("book-for-somebody", args=[branch.slug])}" hx-target="#book-for"'
    assert sent not in client.get(address).content.decode()
    assert sent in client.get(address, headers=HTMX).content.decode()


def test_another_day_shows_its_times_and_calls_nothing_wrong(client, branch):
    make_device(branch)
    headers = {**HTMX, "HX-Target": "for-times"}
    answer = book(client, branch, headers=headers, do="look", day="2026-11-25", number="")
    assert answer.status_code == 200
    assert answer.content.decode().lstrip().startswith('<div class="bookfor__times"')
    assert "09:00" in text(answer)
    assert "tick guest pass" not in text(answer)


def test_the_form_opens_with_the_seat_of_its_page(client, branch):
    seat = make_device(branch)
    html = client.get(reverse("book-for", args=[branch.slug]), {"seat": seat.pk}).content.decode()
    assert f'<option value="seat:{seat.pk}" selected>' in html


@pytest.mark.parametrize(
    "fields",
    [
        {"place": "seat:x"},
        {"place": "seat:99999999999999999999"},
        {"minutes": "7"},
        {"needs": ["gold"]},
        {"when": "never"},
    ],
)
def test_what_no_form_sends_is_refused(client, branch, fields):
    make_device(branch)
    assert book(client, branch, **fields).status_code == 422
    assert not Booking.objects.exists()


@pytest.mark.parametrize("day", ["", "never", "2026-02-31", "9999-12-31", "x\x00"])
def test_an_odd_day_shows_the_first_one(client, branch, day):
    make_device(branch)
    assert book(client, branch, do="look", day=day).status_code == 200
