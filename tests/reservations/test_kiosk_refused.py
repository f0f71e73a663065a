"""After a refusal: each way is accepted for this very person, and the refusal stays when the page changes its look."""

import uuid
from datetime import datetime, timedelta

import pytest
from django.urls import reverse

from reservations.models import Turn
from tests.factories import NOW, at, make_booking, make_branch, make_class, make_device, make_patron
from tests.reservations.kiosked import seated_visitor, take_now
from tests.reservations.lining import MINUTE, called, full_branch, joined, sitting
from tests.troubleshooting.staffed import freeze, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    freeze(monkeypatch)


def number(client, **fields):
    return client.post(reverse("kiosk-line"), {"request_key": uuid.uuid4(), **fields})


def at_full_branch(**options):
    branch, seats = full_branch(2, **options)
    client, _kiosk, patron = seated_visitor(branch)
    return client, seats[0], patron


def who_sits_asks_for_a_number():
    client, seat, patron = at_full_branch()
    sitting(make_device(seat.branch), patron=patron)
    return client, number(client)


def who_sits_asks_for_a_seat():
    client, seat, patron = at_full_branch()
    sitting(make_device(seat.branch), patron=patron)
    return client, take_now(client, make_device(seat.branch))


def who_is_in_line_asks_for_a_number():
    client, seat, patron = at_full_branch()
    joined(seat.branch, patron)
    return client, number(client)


def who_is_in_line_asks_for_a_taken_seat():
    client, seat, patron = at_full_branch()
    joined(seat.branch, patron)
    make_device(seat.branch, kind=make_class(walk_up_only=True, session_minutes=15))
    return client, take_now(client, seat)


def who_comes_past_the_line():
    client, seat, _patron = at_full_branch()
    joined(seat.branch)
    return client, take_now(client, make_device(seat.branch))


def who_has_no_minutes_left_asks_for_a_number():
    client, seat, patron = at_full_branch()
    fields = {"checked_in_at": at(9), "ended_at": at(11), "outcome": "finished"}
    make_booking(seat, at(9), at(11), patron=patron, **fields)
    return client, number(client)


SITUATIONS = [
    who_sits_asks_for_a_number,
    who_sits_asks_for_a_seat,
    who_is_in_line_asks_for_a_number,
    who_is_in_line_asks_for_a_taken_seat,
    who_comes_past_the_line,
    who_has_no_minutes_left_asks_for_a_number,
]


@pytest.mark.parametrize("place", range(3))
@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda situation: situation.__name__)
def test_a_way_that_is_offered_is_accepted(situation, place):
    client, refused = situation()
    assert refused.status_code in {409, 422}
    ways = [way for way in [refused.context["best"], *refused.context["others"]] if way]
    if place >= len(ways):
        return
    way = ways[place]
    answer = client.post(way.url, way.fields) if way.fields else client.get(way.url)
    assert answer.status_code == (303 if way.fields else 200), text_of(answer)


def test_who_is_in_line_is_led_to_their_place():
    _client, refused = who_is_in_line_asks_for_a_number()
    assert refused.context["best"].verb == "See my place"
    assert "Take a number" not in text_of(refused)


def test_a_seat_that_ends_the_place_in_line_says_so():
    client, refused = who_is_in_line_asks_for_a_taken_seat()
    assert "Your place in line ends." in text_of(refused)
    assert "Your place in line ends." in text_of(client.get(reverse("kiosk-now")))


def test_a_refusal_stays_in_another_language():
    client, seat, _patron = at_full_branch()
    sent = {"kind": "now", "device": seat.pk, "request_key": uuid.uuid4()}
    refused = client.post(reverse("kiosk-book"), sent)
    again = {**refused.context["again"]["fields"], "again": refused.context["again"]["address"]}
    answer = client.post(reverse("kiosk-settings"), {**again, "language": "es", "here": "/kiosk/"}, follow=True)
    assert answer.status_code == refused.status_code
    assert [p.code for p in answer.context["problems"]] == [p.code for p in refused.context["problems"]]
    assert 'lang="es"' in answer.content.decode()


@pytest.mark.parametrize("again", ["https://example.org/", "//example.org/kiosk/book/", "/kiosk/leave/", ""])
def test_no_other_address_gets_the_form_again(again):
    client, _kiosk, _patron = seated_visitor()
    answer = client.post(reverse("kiosk-settings"), {"again": again, "text": "large", "here": "/kiosk/"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/kiosk/")


@pytest.mark.parametrize("name", ["kiosk-book", "kiosk-line", "kiosk-settings"])
def test_an_address_for_forms_answers_with_ways_on(name):
    client, _kiosk, _patron = seated_visitor()
    answer = client.get(reverse(name))
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "POST"
    assert "Start again" in text_of(answer)


def test_short_seats_and_the_line_stand_side_by_side():
    client, seat, _patron = at_full_branch()
    make_device(seat.branch, kind=make_class(walk_up_only=True, session_minutes=15), label="11")
    page = text_of(client.get(reverse("kiosk-now")))
    assert "Seat 11" in page
    assert "Take a number" in page


def test_a_number_may_be_for_one_class():
    client, seat, _patron = at_full_branch()
    mac = sitting(make_device(seat.branch, kind=make_class(code="mac"))).device.device_class
    page = client.get(reverse("kiosk-now"), {"kind": "mac"})
    assert page.context["choice"].line.kind == mac
    number(client, class_code="mac")
    assert Turn.objects.get().device_class == mac


def test_the_claim_page_says_how_long_as_the_claim_gives():
    client, seat, patron = at_full_branch()
    turn = called(seat.branch, seat, patron=patron)
    slot = client.get(reverse("kiosk-turn", args=[turn.pk])).context["session"]
    client.post(reverse("kiosk-turn-claim", args=[turn.pk]))
    assert slot.end == patron.bookings.get().end


def test_a_claim_at_another_branch_is_refused():
    branch, seats = full_branch()
    seat = seats[0]
    client, _kiosk, patron = seated_visitor(make_branch())
    turn = called(branch, seat, patron=patron)
    answer = client.post(reverse("kiosk-turn-claim", args=[turn.pk]))
    assert answer.status_code == 422
    assert f"This seat is at {seat.branch.name}." in text_of(answer)
    assert not patron.bookings.exists()


def test_a_place_that_was_left_can_be_taken_back():
    client, seat, patron = at_full_branch()
    turn = joined(seat.branch, patron)
    client.post(reverse("kiosk-turn-leave", args=[turn.pk]))
    assert "Take my place back" in text_of(client.get(reverse("kiosk-mine")))
    client.post(reverse("kiosk-turn-rejoin", args=[turn.pk]))
    turn.refresh_from_db()
    assert turn.ended_at is None


def test_needs_that_no_seat_has_lead_to_a_person():
    client, seat, _patron = at_full_branch()
    seat.features = ["headset"]
    seat.save()
    page = client.get(reverse("kiosk-now"), {"needs": "headset,scanner"})
    assert "No seat here has all of that." in text_of(page)
    assert "data-full" not in page.content.decode()


def test_a_booked_seat_that_somebody_sits_at_is_no_seat_to_sit_down_at():
    branch = make_branch()
    client, _kiosk, patron = seated_visitor(branch)
    seat = make_device(branch)
    make_booking(seat, NOW + 10 * MINUTE, at(16), patron=patron)
    sitting(seat, end=NOW + 5 * MINUTE, patron=make_patron())
    page = text_of(client.get(reverse("kiosk-mine")))
    assert "Somebody else has the seat until 14:12." in page
    assert "Sit down now" not in page


def test_an_extension_pressed_in_two_windows_is_a_success_in_both():
    client, kiosk, patron = seated_visitor(make_branch(policy={"extensions_most": 1}))
    row = sitting(make_device(kiosk.branch), patron=patron)
    answers = [client.post(reverse("kiosk-extend", args=[row.pk]), {"minutes": 15}) for _press in range(2)]
    assert [answer.headers["Location"] for answer in answers] == [reverse("kiosk-mine") + "?done=extended"] * 2


def test_a_form_that_is_too_old_says_so_at_the_start():
    client, _kiosk, _patron = seated_visitor()
    assert "open for too long" in text_of(client.get(reverse("kiosk"), {"stale": "1"}))


def test_a_number_taken_with_somebody_elses_key_is_ones_own():
    client, seat, patron = at_full_branch()
    theirs = joined(seat.branch)
    answer = number(client, request_key=theirs.request_key)
    assert patron.turns.get().pk != theirs.pk
    assert client.get(answer.headers["Location"]).status_code == 200


def test_a_time_beyond_the_last_day_is_answered_with_that_time_of_the_last_day():
    branch = make_branch(policy={"horizon_days": 2})
    client, _kiosk, _patron = seated_visitor(branch)
    seat = make_device(branch)
    asked = {"kind": "later", "device": seat.pk, "minutes": 60, "request_key": uuid.uuid4()}
    answer = client.post(reverse("kiosk-book"), {**asked, "start": (at(16) + timedelta(days=30)).isoformat()})
    best = answer.context["best"]
    assert datetime.fromisoformat(best.fields["start"]) == at(16) + timedelta(days=2)
    assert client.post(best.url, best.fields).status_code == 303


def test_every_refusal_carries_its_codes():
    client, answer = who_has_no_minutes_left_asks_for_a_number()
    assert 'data-code="day_limit"' in answer.content.decode()
    gone = client.post(reverse("kiosk-cancel", args=[0]))
    assert 'data-code="gone"' in gone.content.decode()
    unknown = client.post(reverse("kiosk-sign-in"), {"number": "29990000000017", "pin": "1"})
    assert 'data-code="wrong"' in unknown.content.decode()
