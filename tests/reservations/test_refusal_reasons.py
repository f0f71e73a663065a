"""Refusals at the desk tell the true reason first, and reasons that are recorded tell nobody's number."""

import re
from uuid import uuid4

import pytest
from django.urls import reverse

from helpdesk.models import Role
from helpdesk.personal import identifies
from reservations.booking import line
from reservations.booking.ahead import cancel
from reservations.models import Booking, Turn
from reservations.rules import Refused
from tests import factories as make
from tests.factories import NOW, at
from tests.reservations.lining import BY, DESK, MINUTE, full_branch, joined, refusal

pytestmark = pytest.mark.django_db
CARD = "29990000000017"


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    monkeypatch.setattr("helpdesk.clock.now", lambda: NOW)


@pytest.fixture
def branch():
    make.make_card(CARD)
    return make.make_branch(policy={"gap_minutes": 0})


@pytest.fixture(autouse=True)
def user(client, branch):
    member = make.make_user(Role.DESK, branch)
    client.force_login(member)
    return member


def book(client, branch, **fields):
    data = {"present": "counter", "when": "now", "number": CARD, "do": "book", "request_key": str(uuid4()), **fields}
    return client.post(reverse("book-for-somebody", args=[branch.slug]), data)


def codes(answer):
    found = re.search(r'data-code="([^"]*)"', answer.content.decode())
    return found.group(1).split() if found else []


def text(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def mine(client, branch, **fields):
    """Return the patron of the card, known since a first visit."""
    book(client, branch, **fields)
    return Booking.objects.latest("pk")


@pytest.mark.parametrize(
    "reason",
    ["card 29990000000017", "card 2999 0000", "2999-0000-17", "call 555-123-4567", "a.b@example.org", "2999 - 00017"],
)
def test_the_number_of_a_card_or_a_phone_in_a_reason_is_found(reason):
    assert identifies(reason)


@pytest.mark.parametrize(
    "reason", ["seat 7 at 14:30", "moved to 2026-11-25 14:30", "page 404, 12345", "exam on 25.11."]
)
def test_seats_times_and_dates_in_a_reason_are_nobodys_number(reason):
    assert not identifies(reason)


@pytest.mark.parametrize(("reason", "code"), [("x", "reason_needed"), (f"card {CARD}", "reason_personal")])
def test_a_place_is_not_taken_out_for_a_letter_or_a_card_number(branch, reason, code):
    full, _seats = full_branch()
    turn = joined(full)
    assert refusal(line.remove, turn=turn, reason=reason, by=DESK, now=NOW) == [code]
    assert Turn.objects.get(pk=turn.pk).ended_at is None


def test_a_cancellation_with_a_card_number_as_its_reason_cancels_nothing(branch):
    booking = make.make_booking(make.make_device(branch), at(16), at(17))
    assert refusal(cancel, booking=booking, reason=f"card {CARD}", by=DESK, now=NOW) == ["reason_personal"]
    assert Booking.objects.get(pk=booking.pk).ended_at is None


def test_any_seat_for_somebody_who_sits_tells_just_that(client, branch):
    make.make_device(branch)
    mine(client, branch)
    special = make.make_class(access="only")
    make.make_device(branch, kind=special, features=["screen-reader"])
    make.make_device(branch)
    assert codes(book(client, branch)) == ["elsewhere"]


def test_a_full_room_does_not_hide_what_stands_against_the_person(client, branch):
    make.make_device(branch)
    mine(client, branch)
    assert codes(book(client, branch)) == ["elsewhere", "no_seat"]


@pytest.mark.parametrize(("start", "code"), [(at(23, 30), "closed"), (at(10).replace(year=2020), "past")])
def test_any_seat_at_an_impossible_time_tells_the_time(client, branch, start, code):
    make.make_device(branch)
    answer = book(client, branch, when="later", start=start.isoformat())
    assert codes(answer)[0] == code
    assert "No such seat" not in text(answer)


def test_a_time_of_another_year_is_told_with_its_year(client, branch):
    make.make_device(branch)
    assert "2020" in text(book(client, branch, when="later", start="2020-01-07T10:00:00+00:00"))


def test_a_change_to_less_than_the_shortest_useful_slot_is_refused(branch):
    full, _seats = full_branch(min_slot_minutes=15)
    turn = joined(full)
    assert refusal(line.change, turn=turn, minutes=5, by=DESK, now=NOW) == ["too_short"]
    assert Turn.objects.get(pk=turn.pk).minutes == turn.minutes


def test_a_longer_wish_than_the_longest_session_is_cut_and_told(client):
    full, _seats = full_branch(session_minutes=60)
    client.force_login(make.make_user(Role.DESK, full))
    client.post(reverse("turn-change", args=[joined(full).pk]), {"minutes": "120"})
    assert "1 hour is the longest here." in client.get("/notices/").content.decode()


@pytest.mark.parametrize(("by", "said"), [(DESK, "Went home"), (BY, "Ask at the desk")])
def test_a_place_that_was_taken_out_says_so_with_the_reason_for_staff_alone(by, said):
    full, _seats = full_branch()
    turn = joined(full)
    line.remove(turn=turn, reason="Went home", by=DESK, now=NOW)
    with pytest.raises(Refused) as refused:
        line.claim(turn=turn, by=by, now=NOW)
    sentence = str(refused.value.problems[0].sentence)
    assert f"Number {turn.number} was taken out of the line at 14:07" in sentence
    assert said in sentence


def test_staff_put_back_whom_staff_took_out_for_a_quarter_of_an_hour():
    full, _seats = full_branch()
    turn = joined(full)
    line.remove(turn=turn, reason="Went home", by=DESK, now=NOW)
    assert refusal(line.rejoin, turn=turn, by=BY, now=NOW + 14 * MINUTE) == ["offer_over"]
    assert refusal(line.rejoin, turn=turn, by=DESK, now=NOW + 15 * MINUTE) == ["offer_over"]
    assert line.rejoin(turn=turn, by=DESK, now=NOW + 14 * MINUTE).ended_at is None


def test_a_double_click_skips_once(client):
    full, _seats = full_branch()
    client.force_login(make.make_user(Role.DESK, full))
    first, second, third = (joined(full, now=NOW + n * MINUTE) for n in (-3, -2, -1))
    for _click in range(2):
        client.post(reverse("turn-skip", args=[first.pk]), {"place_at": first.place_at.isoformat()})
    assert list(Turn.objects.open().in_order()) == [second, first, third]
