"""What the desk is offered where it was refused: each offered form, posted, is accepted; the last way is a person."""

import html
import re
from uuid import uuid4

import pytest
from django.urls import reverse

from helpdesk.models import Role
from reservations.models import Booking, Turn
from tests.factories import (
    NOW,
    at,
    make_booking,
    make_branch,
    make_card,
    make_class,
    make_device,
    make_user,
)
from tests.reservations.lining import called, full_branch, joined

pytestmark = pytest.mark.django_db
NUMBER = "29990000000017"


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    monkeypatch.setattr("helpdesk.clock.now", lambda: NOW)


@pytest.fixture
def branch():
    make_card(NUMBER)
    return make_branch(policy={"gap_minutes": 0})


@pytest.fixture
def desk(client, branch):
    client.force_login(make_user(Role.DESK, branch))
    return client


def text(answer):
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split()))


def forms(answer):
    """Return the forms of the ways out: address and fields."""
    page = answer.content.decode()
    found = re.findall(r'<form class="ways__row" method="post" action="([^"]+)".*?</form>', page)
    whole = re.findall(r'<form class="ways__row".*?</form>', page, re.S)
    fields = [
        {name: html.unescape(value) for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', form)}
        for form in whole
    ]
    return list(zip(found, fields, strict=True))


def post(client, name, row, **data):
    return client.post(reverse(name, args=[row.pk]), {"next": "/desk/", **data})


def book(client, branch, **fields):
    data = {"present": "counter", "when": "now", "number": NUMBER, "do": "book", "request_key": str(uuid4()), **fields}
    return client.post(reverse("book-for-somebody", args=[branch.slug]), data)


def offers(answer):
    return re.findall(r'value="(offer\|[^"]*)"', answer.content.decode())


def session_before(start, branch):
    """Return a session until 15:00 on a seat that is booked from `start`."""
    seat = make_device(branch)
    make_booking(seat, start, at(17))
    return make_booking(seat, at(14), at(15), checked_in_at=at(14))


@pytest.mark.parametrize("asked", [{}, {"minutes": "30", "reason": "exam"}])
def test_a_session_that_cannot_be_made_so_long_is_made_as_long_as_fits_by_one_tap(desk, branch, asked):
    session = session_before(at(15, 10), branch)
    [(address, fields)] = forms(post(desk, "booking-extend", session, **asked))
    assert desk.post(address, fields).status_code == 302
    session.refresh_from_db()
    assert session.end == at(15, 10)


def test_where_no_minute_fits_none_is_offered(desk, branch):
    assert forms(post(desk, "booking-extend", session_before(at(15), branch))) == []


def test_whoever_finds_their_seat_taken_is_led_to_a_free_one_of_its_kind(desk, branch):
    seat, other = make_device(branch), make_device(branch)
    late = make_booking(seat, at(13), at(15), outcome="no_show", ended_at=at(13, 10))
    make_booking(seat, at(14), at(15), checked_in_at=at(14))
    answer = post(desk, "booking-check-in", late)
    assert f"seat={other.pk}" in answer.content.decode()
    form = desk.get(f"{reverse('book-for', args=[branch.slug])}?seat={other.pk}").content.decode()
    assert f'value="seat:{other.pk}" selected' in form


def test_where_no_seat_of_the_kind_is_free_the_form_opens_for_the_kind(desk, branch):
    seat = make_device(branch)
    late = make_booking(seat, at(13), at(15), outcome="no_show", ended_at=at(13, 10))
    make_booking(seat, at(14), at(15), checked_in_at=at(14))
    assert "?class=internet" in post(desk, "booking-check-in", late).content.decode()
    form = desk.get(f"{reverse('book-for', args=[branch.slug])}?class=internet").content.decode()
    assert 'value="class:internet" selected' in form


def test_a_number_without_a_seat_says_when_one_is_expected(client):
    branch, _seats = full_branch()
    client.force_login(make_user(Role.DESK, branch))
    answer = post(client, "turn-call", joined(branch))
    assert "A seat is expected: " in text(answer)
    assert '<a class="btn" href="/desk/">Back to the line</a>' in answer.content.decode()


def test_whom_nobody_waits_behind_is_seated_by_one_tap(client):
    branch, [seat] = full_branch()
    client.force_login(make_user(Role.DESK, branch))
    [(address, fields)] = forms(post(client, "turn-skip", called(branch, seat)))
    assert client.post(address, fields).status_code == 302
    assert Turn.objects.get().outcome == "seated"


def test_the_last_way_is_a_question_to_those_who_know(desk, branch):
    answer = post(desk, "booking-extend", session_before(at(15), branch))
    assert '<a href="/desk/#ask">Ask the reference desk or IT: log a question</a>' in answer.content.decode()


def test_where_a_manager_may_lift_the_rule_the_last_way_is_a_manager(desk, branch):
    session = make_booking(make_device(branch), at(14), at(18, 50), checked_in_at=at(14))
    answer = post(desk, "booking-extend", session, minutes="60", reason="exam")
    assert "Ask a manager: they may lift “Computers stop before closing”." in text(answer)


def test_a_manager_is_not_told_to_ask_one(client, branch):
    client.force_login(make_user(Role.MANAGER))
    session = make_booking(make_device(branch), at(14), at(18, 50), checked_in_at=at(14))
    assert "Ask a manager" not in text(post(client, "booking-extend", session))


def test_an_unknown_number_goes_on_with_a_guest_pass_by_one_tap(desk, branch):
    make_device(branch)
    answer = book(desk, branch, number="123456")
    assert 'name="new_pass" value="on">Issue a guest pass and go on' in answer.content.decode()
    assert "A library card is made at this desk" in text(answer)
    book(desk, branch, number="123456", new_pass="on", do="")
    assert Booking.objects.get().patron.is_guest


def test_a_broken_seat_offers_another_one_that_is_free(desk, branch):
    broken, other = make_device(branch), make_device(branch)
    make_booking(broken, at(13), None, kind="repair")
    first = offers(book(desk, branch, place=f"seat:{broken.pk}"))[0]
    assert book(desk, branch, place=f"seat:{broken.pk}", do=first).status_code == 302
    assert Booking.objects.get(kind="patron").device == other


def test_a_walk_up_seat_that_nobody_books_ahead_is_offered_now_and_other_seats_at_the_time(desk, branch):
    express = make_device(branch, kind=make_class(code="express", walk_up_only=True))
    other = make_device(branch)
    wish = {"when": "later", "start": at(16).isoformat(), "place": f"seat:{express.pk}", "minutes": "15"}
    taken = offers(book(desk, branch, **wish))
    assert [book(desk, branch, **wish, do=offer).status_code for offer in taken[:1]] == [302]
    assert any(offer.startswith(f"offer|{other.pk}|2026") for offer in taken)


def test_what_is_offered_for_later_begins_on_the_grid(desk, branch):
    seat, other = make_device(branch), make_device(branch)
    make_booking(seat, at(15), at(17))
    wish = {"when": "later", "start": at(15, 37).isoformat(), "place": f"seat:{seat.pk}", "minutes": "60"}
    taken = offers(book(desk, branch, **wish))
    assert f"offer|{other.pk}|{at(15, 30).isoformat()}|60" in taken
    assert not any(at(15, 37).isoformat() in offer for offer in taken)


def test_who_is_on_the_phone_is_offered_nothing_that_begins_now(desk, branch):
    seat, other = make_device(branch), make_device(branch)
    make_booking(seat, at(14), at(17), checked_in_at=at(14))
    wish = {"present": "phone", "start": at(14, 30).isoformat(), "place": f"seat:{seat.pk}", "minutes": "30"}
    taken = offers(book(desk, branch, **wish))
    assert taken
    assert all(offer.split("|")[2] for offer in taken)
    assert any(offer.startswith(f"offer|{other.pk}|") for offer in taken)


def test_no_refused_booking_has_more_than_three_ways_before_the_person(desk, branch):
    make_booking(make_device(branch), at(14), at(15), checked_in_at=at(14))
    answer = book(desk, branch)
    page = answer.content.decode()
    assert (len(offers(answer)), page.count('name="do" value="line"'), page.count("ways__person")) == (2, 1, 1)


def test_the_line_is_no_way_for_whom_it_would_refuse(desk, branch):
    make_booking(make_device(branch), at(14), at(15), checked_in_at=at(14))
    assert 'name="do" value="line"' in book(desk, branch).content.decode()
    book(desk, branch, do="line")
    assert 'name="do" value="line"' not in book(desk, branch).content.decode()


def test_a_guest_who_is_refused_a_seat_for_cards_is_offered_one_for_guests(desk, branch):
    cards = make_device(branch, kind=make_class(code="studio", guests_allowed=False))
    other = make_device(branch)
    answer = book(desk, branch, number="", new_pass="on", place=f"seat:{cards.pk}")
    assert book(desk, branch, number="", new_pass="on", do=offers(answer)[0]).status_code == 200
    assert Booking.objects.get().device == other


def test_a_refusal_that_is_a_whole_page_sends_its_forms_as_pages(desk, branch):
    session = session_before(at(15, 10), branch)
    assert 'hx-target="#refused"' not in post(desk, "booking-extend", session).content.decode()
    url = reverse("booking-extend", args=[session.pk])
    assert 'hx-target="#refused"' in desk.post(url, {}, headers={"HX-Request": "true"}).content.decode()


def test_of_what_has_ended_nobody_is_asked(desk, branch):
    row = make_booking(make_device(branch), at(14), at(15), ended_at=at(14, 5), outcome="cancelled")
    answer = desk.post(reverse("booking-extend", args=[row.pk]), {"minutes": "15", "reason": "again"})
    assert (answer.status_code, "log a question" in text(answer)) == (422, False)
