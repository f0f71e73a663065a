"""Choosing and booking at the kiosk: what is shown, what is taken, what is refused and what works instead."""

import re
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from reservations.models import Booking
from tests.factories import (
    NOW,
    at,
    make_area,
    make_booking,
    make_branch,
    make_class,
    make_device,
    make_patron,
)
from tests.reservations.kiosked import book_later, paired, seated_visitor, take_now
from tests.troubleshooting.staffed import counted, freeze, text_of

pytestmark = pytest.mark.django_db
MOST_QUERIES = 12  # for one booking (issue limit); transaction frames left out


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    freeze(monkeypatch)


def words_of(answer, status):
    assert answer.status_code == status, text_of(answer)
    return text_of(answer)


def test_a_walk_up_sits_down_and_is_led_to_the_confirmation():
    client, kiosk, patron = seated_visitor()
    seat = make_device(kiosk.branch, label="3")
    answer = take_now(client, seat)
    booking = Booking.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (303, reverse("kiosk-booked", args=[booking.pk]))
    assert (booking.device, booking.patron, booking.checked_in_at) == (seat, patron, NOW)
    page = words_of(client.get(answer.headers["Location"]), 200)
    assert "Seat 3 is yours." in page
    assert "Your time runs until 15:07" in page


def test_a_booking_for_later_says_when_to_sign_in():
    client, kiosk, _patron = seated_visitor()
    seat = make_device(kiosk.branch, label="3")
    answer = book_later(client, seat, at(16))
    page = words_of(client.get(answer.headers["Location"]), 200)
    assert "16:00 to 17:00" in page
    assert "Sit down and sign in before 16:10" in page


def test_a_time_without_an_offset_is_read_by_the_branchs_clock():
    client, kiosk, _patron = seated_visitor()
    book_later(client, make_device(kiosk.branch), "2026-11-24T16:00")
    assert Booking.objects.get().start == at(16)


@pytest.mark.parametrize("kind", ["now", "later"])
def test_a_booking_takes_few_queries(kind):
    client, kiosk, patron = seated_visitor()
    seat = make_device(kiosk.branch)
    make_booking(make_device(kiosk.branch), at(9), at(10), patron=patron, checked_in_at=at(9))
    with counted() as queries:
        answer = take_now(client, seat) if kind == "now" else book_later(client, seat, at(16))
    assert answer.status_code == 303
    assert len(queries) <= MOST_QUERIES, "\n".join(queries)


def test_a_double_click_is_one_booking_with_one_confirmation():
    client, kiosk, _patron = seated_visitor()
    seat = make_device(kiosk.branch)
    key = uuid.uuid4()
    answers = [take_now(client, seat, request_key=key) for _click in range(2)]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert Booking.objects.count() == 1


def test_another_patrons_request_key_gives_nothing_away():
    client, kiosk, _patron = seated_visitor()
    theirs = make_booking(make_device(kiosk.branch, label="77"), at(15), at(16))
    answer = take_now(client, make_device(kiosk.branch, label="78"), request_key=theirs.request_key)
    page = client.get(answer.headers["Location"])
    assert page.status_code == 200
    assert "Seat 78 is yours." in text_of(page)


def test_a_slot_that_is_gone_is_refused_with_the_three_nearest():
    client, kiosk, _patron = seated_visitor(make_branch(policy={"session_minutes": 60, "gap_minutes": 0}))
    seat = make_device(kiosk.branch)
    make_booking(seat, at(16), at(17))
    answer = book_later(client, seat, at(16))
    page = words_of(answer, 409)
    assert "is taken at 16:00" in page
    assert "This works:" in page
    assert len([answer.context["best"], *answer.context["others"]]) == 3


def test_an_offer_of_the_refusal_is_accepted():
    client, kiosk, _patron = seated_visitor()
    seat = make_device(kiosk.branch)
    make_booking(seat, at(16), at(17))
    best = book_later(client, seat, at(16)).context["best"]
    answer = client.post(best.url, best.fields)
    assert answer.status_code == 303


def test_a_limit_is_explained_with_its_sum_and_a_shorter_offer():
    client, kiosk, patron = seated_visitor(make_branch(policy={"gap_minutes": 0}))
    seat = make_device(kiosk.branch)
    make_booking(seat, at(9), at(10, 30), patron=patron, checked_in_at=at(9), ended_at=at(10, 30), outcome="finished")
    answer = book_later(client, seat, at(16, 30))
    page = words_of(answer, 422)
    assert "1 hour at 16:30 does not fit in today&#x27;s 2 hours." in page
    assert answer.context["best"].title == "16:30 to 17:00"


def test_too_many_bookings_offer_only_a_seat_now():
    client, kiosk, patron = seated_visitor(make_branch(policy={"open_bookings": 1, "gap_minutes": 0}))
    seat = make_device(kiosk.branch)
    make_booking(seat, at(18), at(18, 30), patron=patron)
    answer = book_later(client, seat, at(16))
    assert answer.status_code == 422
    ways = [answer.context["best"], *answer.context["others"]]
    assert [way.fields["kind"] for way in ways if way.fields] == ["now"]


def test_a_full_time_is_refused_with_other_times():
    client, kiosk, _patron = seated_visitor()
    make_booking(make_device(kiosk.branch), at(16), at(17))
    answer = book_later(client, "", at(16))
    assert "No seat is free at 16:00 for 1 hour." in words_of(answer, 409)


UNREADABLE_TIMES = [
    ("", "Choose a time from the list."),
    ("half past four", "This time cannot be read."),
    ("2026-13-45T10:00", "This time cannot be read."),
    ("9999-12-31T23:59", "This time is out of reach."),
    ("9999-12-31T23:59:59-23:59", "This time is out of reach."),
    ("0001-01-01T00:00+23:59", "This time is out of reach."),
    ("2199-12-31T23:59:59-23:59", "booked 7 days ahead"),
    ("2026-11-24T14:06", "14:06 is over."),
    ("2026-11-23T16:00", "is over."),
    ("2026-11-25T02:30", "The library is closed"),
    ("1" * 10_000, "This time cannot be read."),
    ("2026-11-24T16:00\x00", "This time cannot be read."),
]


@pytest.mark.parametrize(("start", "sentence"), UNREADABLE_TIMES)
def test_a_time_that_does_not_work_gets_a_sentence(start, sentence):
    client, kiosk, _patron = seated_visitor()
    answer = book_later(client, make_device(kiosk.branch), start)
    assert sentence in words_of(answer, 422)
    assert not Booking.objects.exists()


def test_a_time_that_the_clocks_jump_over_gets_a_sentence(monkeypatch):
    freeze(monkeypatch, NOW.replace(year=2027, month=3, day=13))
    client, kiosk, _patron = seated_visitor()
    answer = book_later(client, make_device(kiosk.branch), "2027-03-14T02:30")
    assert "the clocks jump over 02:30" in words_of(answer, 422)


@pytest.mark.parametrize("minutes", ["-5", "0", "abc", "100000", "9" * 30, "", "1.5"])
def test_a_length_that_does_not_work_gets_a_sentence(minutes):
    client, kiosk, _patron = seated_visitor()
    answer = book_later(client, make_device(kiosk.branch), at(16), minutes)
    page = words_of(answer, 422)
    assert "This length does not fit." in page
    assert not Booking.objects.exists()


@pytest.mark.parametrize("minutes", ["61", "1440"])
def test_a_length_beyond_the_policy_gets_its_number(minutes):
    client, kiosk, _patron = seated_visitor()
    assert answer_codes(book_later(client, make_device(kiosk.branch), at(16), minutes)).count("too_long") == 1


def answer_codes(answer):
    assert answer.status_code == 422
    return [problem.code for problem in answer.context["problems"]]


@pytest.mark.parametrize("device", ["999999", "0", "-1", "abc", "9" * 40, str(2**63), str(2**63 - 1), "\x00"])
@pytest.mark.parametrize("kind", ["now", "later"])
def test_a_seat_that_does_not_exist_gets_a_sentence(device, kind):
    client, _kiosk, _patron = seated_visitor()
    sent = {"kind": kind, "device": device, "start": at(16).isoformat(), "minutes": 60, "request_key": uuid.uuid4()}
    assert "This seat is not here any more." in words_of(client.post(reverse("kiosk-book"), sent), 422)


def test_a_seat_of_another_branch_gets_a_sentence():
    client, _kiosk, _patron = seated_visitor()
    other = make_device(make_branch())
    assert "This seat is not here any more." in words_of(take_now(client, other), 422)
    assert "This seat is not here any more." in words_of(book_later(client, other, at(16)), 422)


def test_a_printer_is_not_booked():
    client, kiosk, _patron = seated_visitor()
    printer = make_device(kiosk.branch, kind=make_class(kind="printer", bookable=False), label="Printer 1")
    assert "Printer 1 is not booked by the minute." in words_of(take_now(client, printer), 422)


@pytest.mark.parametrize("fields", [{"kind": "teleport"}, {"kind": ""}, {"request_key": "x"}, {"request_key": ""}])
def test_a_form_that_cannot_be_read_gets_a_sentence(fields):
    client, kiosk, _patron = seated_visitor()
    page = words_of(take_now(client, make_device(kiosk.branch), **fields), 422)
    assert "This choice cannot be read. Choose again." in page


def test_html_in_a_field_is_never_shown_as_html():
    client, kiosk, _patron = seated_visitor()
    seat = make_device(kiosk.branch)
    fields = {"kind": "later", "device": seat.pk, "start": at(16), "minutes": 60, "request_key": uuid.uuid4()}
    for name in fields:
        answer = client.post(reverse("kiosk-book"), {**fields, name: "<script>alert(1)</script>"})
        assert answer.status_code == 422
        assert "<script>alert" not in answer.content.decode()


def test_now_shows_the_best_seat_of_each_class_the_longest_with_the_lamp():
    client, kiosk, _patron = seated_visitor()
    express = make_class(session_minutes=15)
    make_device(kiosk.branch, kind=express, label="11")
    make_device(kiosk.branch, label="3", place="by the window")
    page = client.get(reverse("kiosk-now"))
    assert [option.device.label for option in page.context["choice"].now.options] == ["3", "11"]
    assert page.content.decode().count("kseat--lamp") == 1
    assert "Seat 3, by the window, until 15:07" in text_of(page)


def test_later_shows_full_times_as_full_and_gives_the_seat_of_the_others():
    client, kiosk, _patron = seated_visitor(make_branch(policy={"gap_minutes": 0}))
    seat = make_device(kiosk.branch)
    make_booking(seat, at(16), at(17))
    page = client.get(reverse("kiosk-times")).content.decode()
    assert page.count("data-full") == 3  # 15:30, 16:00 and 16:30 would all meet it


def test_another_days_grid_is_one_link_away():
    client, kiosk, _patron = seated_visitor()
    make_device(kiosk.branch)
    page = client.get(reverse("kiosk-times"), {"day": "2026-11-26"})
    assert page.context["choice"].slots[0].start == at(9, day=26)
    assert 'aria-current="date">Thu 26' in page.content.decode()


@pytest.mark.parametrize("day", ["yesterday", "9999-12-31", "0001-01-01", "2026-11-23", "2099-01-01", "\x00"])
def test_a_day_that_cannot_be_booked_shows_today(day):
    client, kiosk, _patron = seated_visitor()
    make_device(kiosk.branch)
    assert client.get(reverse("kiosk-times"), {"day": day}).context["choice"].day == at(14).date()


def test_more_days_lead_on_and_back():
    client, kiosk, _patron = seated_visitor()
    make_device(kiosk.branch)
    assert str(client.get(reverse("kiosk-times")).context["choice"].more) == "2026-11-27"
    assert str(client.get(reverse("kiosk-times"), {"day": "2026-12-01"}).context["choice"].more) == "2026-11-24"


def test_who_sits_already_sees_their_seat_instead_of_others():
    client, kiosk, patron = seated_visitor()
    make_device(kiosk.branch)
    make_booking(make_device(kiosk.branch, label="9"), at(14), at(15), patron=patron, checked_in_at=at(14))
    page = text_of(client.get(reverse("kiosk-now")))
    assert "Seat 9 is yours until 15:00." in page
    assert "53 min left" in page


def test_who_has_used_the_day_is_told_why_by_the_refusal():
    client, kiosk, patron = seated_visitor(make_branch(policy={"gap_minutes": 0}))
    seat = make_device(kiosk.branch)
    make_booking(seat, at(9), at(11), patron=patron, checked_in_at=at(9), ended_at=at(11), outcome="finished")
    page = client.get(reverse("kiosk-now"))
    assert page.context["choice"].now.options
    assert answer_codes(take_now(client, seat)) == ["day_limit"]


def test_a_closed_library_says_so(monkeypatch):
    freeze(monkeypatch, at(20))
    client, kiosk, _patron = seated_visitor()
    make_device(kiosk.branch)
    page = text_of(client.get(reverse("kiosk-now")))
    assert "The library is closed now." in page
    assert "Closed now" in page


def test_the_choose_step_takes_the_same_queries_for_any_number_of_seats():
    client, kiosk, _patron = seated_visitor()
    make_device(kiosk.branch)
    with counted() as few:
        client.get(reverse("kiosk-now"))
    for number in range(8):
        seat = make_device(kiosk.branch)
        make_booking(seat, at(15), at(16))
        make_booking(seat, NOW - timedelta(minutes=number), at(15), checked_in_at=NOW - timedelta(minutes=number))
    with counted() as many:
        client.get(reverse("kiosk-now"))
    assert len(many) == len(few)


def test_the_confirmation_says_where_the_seat_is_and_draws_it():
    client, kiosk, patron = seated_visitor()
    row = make_area(kiosk.branch)
    seats = [make_device(kiosk.branch, area=row, label=str(n)) for n in range(1, 6)]
    booking = make_booking(seats[2], at(14), at(15), patron=patron, checked_in_at=at(14))
    page = client.get(reverse("kiosk-booked", args=[booking.pk])).content.decode()
    assert "Window row, third seat from the left" in page
    assert page.count('class="me"') == 1
    assert page.count('class="s"') == 4


def test_the_slip_has_no_name_and_no_number():
    client, kiosk, _patron = seated_visitor(patron=make_patron(alias="SECRET"))
    answer = take_now(client, make_device(kiosk.branch))
    assert "SECRET" not in client.get(answer.headers["Location"]).content.decode()


def test_nobody_books_without_signing_in():
    client, kiosk = paired()
    answer = book_later(client, make_device(kiosk.branch), at(16))
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith(reverse("kiosk-sign-in") + "?then=times&start=2026-11-24T21")
    assert not Booking.objects.exists()


def test_a_long_day_comes_in_pages_that_lose_no_time():
    client, kiosk, _patron = seated_visitor(make_branch(policy={"stop_minutes": 0, "last_booking_minutes": 0}))
    make_device(kiosk.branch)
    first = client.get(reverse("kiosk-times"), {"day": "2026-11-25"}).context["choice"]
    second = client.get(reverse("kiosk-times"), {"day": "2026-11-25", "part": first.later}).context["choice"]
    starts = [slot.start for slot in [*first.slots, *second.slots]]
    assert starts == sorted({at(9 + half // 2, half % 2 * 30, day=25) for half in range(19)})
    assert (first.earlier, second.earlier, second.later) == (None, 0, None)


@pytest.mark.parametrize("part", ["99", "-1", "x", "9" * 5000, "²", "\x00"])
def test_a_page_of_times_that_does_not_exist_shows_one_that_does(part):
    client, kiosk, _patron = seated_visitor()
    make_device(kiosk.branch)
    assert client.get(reverse("kiosk-times"), {"part": part}).context["choice"].slots


def test_a_time_chosen_before_signing_in_carries_the_lamp():
    client, kiosk, _patron = seated_visitor()
    make_device(kiosk.branch)
    page = client.get(reverse("kiosk-times"), {"start": at(17, 30).isoformat()}).content.decode()
    assert page.count("ktime--lamp") == 1
    assert re.search(r"ktime--lamp[^>]*><b>17:30", page)


def test_an_easy_access_seat_is_not_the_first_thing_everybody_is_offered():
    client, kiosk, _patron = seated_visitor(make_branch(policy={"session_minutes": 30}))
    make_device(kiosk.branch, label="12", kind=make_class(session_minutes=120), features=["large-screen"])
    make_device(kiosk.branch, label="3")
    options = client.get(reverse("kiosk-now")).context["choice"].now.options
    assert [(option.device.label, option.is_first) for option in options] == [("3", True), ("12", False)]


def test_a_time_without_a_seat_that_is_not_full_is_chosen_again():
    client, kiosk, _patron = seated_visitor()
    make_device(kiosk.branch)
    answer = book_later(client, "", at(16))
    page = words_of(answer, 422)
    assert "Choose a time from the list." in page
    assert "No seat is free" not in page
    assert answer.context["best"].title == "16:00 to 17:00"


def test_who_has_the_most_bookings_is_told_above_the_grid_and_shown_the_way():
    client, kiosk, patron = seated_visitor(make_branch(policy={"open_bookings": 1}))
    seat = make_device(kiosk.branch)
    sentence = "You have as many bookings as you can have at a time."
    assert sentence not in text_of(client.get(reverse("kiosk-times")))
    make_booking(seat, at(16), at(17), patron=patron)
    assert sentence in text_of(client.get(reverse("kiosk-times")))
    answer = book_later(client, seat, at(17, 30))
    assert answer_codes(answer) == ["too_many"]
    assert "Cancel one, then book another" in text_of(answer)


def test_who_has_the_most_bookings_is_led_to_no_time_and_sees_a_line_less():
    client, kiosk, patron = seated_visitor(make_branch(policy={"open_bookings": 1, "start_every_minutes": 20}))
    seat = make_device(kiosk.branch)
    before = client.get(reverse("kiosk-times"))
    assert ("ktime--lamp" in before.content.decode(), len(before.context["choice"].slots)) == (True, 12)
    make_booking(seat, at(16), at(17), patron=patron)
    after = client.get(reverse("kiosk-times"))
    assert ("ktime--lamp" in after.content.decode(), len(after.context["choice"].slots)) == (False, 8)
    assert "kseat--lamp" in after.content.decode()


def test_a_seat_at_another_branch_is_named_with_its_branch():
    client, kiosk, patron = seated_visitor()
    make_device(kiosk.branch)
    there = make_device(make_branch(name="Millbrook"), label="10")
    make_booking(there, at(14), at(15), patron=patron, checked_in_at=at(14))
    assert "Seat 10 at Millbrook is yours until 15:00." in text_of(client.get(reverse("kiosk-now")))
