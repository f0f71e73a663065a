"""What works instead: after every refusal of the kiosk the nearest moment, other ways, and a person as the last."""

import uuid

import pytest
from django.urls import reverse

from reservations.models import Booking
from tests.factories import at, make_booking, make_branch, make_class, make_device
from tests.reservations.kiosked import book_later, seated_visitor, take_now
from tests.reservations.lining import full_branch, joined
from tests.troubleshooting.staffed import freeze, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    freeze(monkeypatch)


def used(seat, patron, minutes, day=24):
    """Let the patron have sat there for `minutes` in the morning."""
    start, end = at(9, day=day), at(9 + minutes // 60, minutes % 60, day=day)
    fields = {"checked_in_at": start, "ended_at": end, "outcome": "finished"}
    return make_booking(seat, start, end, patron=patron, **fields)


def take(client, way):
    return client.post(way.url, way.fields)


def limited(**policy):
    """Return a client at a branch with this policy, a seat, and the patron."""
    client, kiosk, patron = seated_visitor(make_branch(policy={"gap_minutes": 0, **policy}))
    return client, make_device(kiosk.branch, label="3"), patron


def test_the_last_way_is_always_a_person():
    client, seat, patron = limited()
    used(seat, patron, 120)
    page = book_later(client, seat, at(16)).content.decode()
    assert page.rindex("Ask a librarian") > page.rindex("kopt__words")
    assert reverse("kiosk-help") in page


def test_who_can_have_nothing_at_all_is_led_to_a_person():
    client, seat, patron = limited()
    patron.blocked_until = at(9, day=30)
    patron.save()
    answer = take_now(client, seat)
    assert answer.context["best"] is None
    assert "Ask a librarian" in text_of(answer)


def test_the_day_draws_its_sum_and_says_what_it_is_for():
    client, seat, patron = limited()
    used(seat, patron, 90)
    answer = book_later(client, seat, at(16, 30))
    page = text_of(answer)
    assert "1 h 30 used 30 min left 30 min too much" in page
    assert "Everyone has 2 hours a day, so that nobody waits too long." in page
    assert answer.context["best"].verb == "Book 30 min"


def test_the_week_draws_its_sum_and_says_what_it_is_for():
    client, seat, patron = limited(week_minutes=120, day_minutes=600)
    used(seat, patron, 90, day=23)
    answer = book_later(client, seat, at(16, 30))
    page = text_of(answer)
    assert "1 h 30 used 30 min left 30 min too much" in page
    assert "Everyone has 2 hours a week" in page


def test_a_class_draws_its_sum_and_says_what_it_is_for():
    client, kiosk, patron = seated_visitor(make_branch(policy={"gap_minutes": 0}))
    seat = make_device(kiosk.branch, kind=make_class(day_minutes=60))
    used(seat, patron, 30)
    page = text_of(book_later(client, seat, at(16, 30)))
    assert "30 min used 30 min left 30 min too much" in page
    assert "Everyone has 1 hour a day on these seats" in page


def test_every_way_is_one_tap_and_works():
    client, seat, patron = limited()
    make_device(
        seat.branch, kind=make_class(walk_up_only=True, session_minutes=15, counts_toward_day=False), label="11"
    )
    used(seat, patron, 90)
    refused = book_later(client, seat, at(16, 30))
    ways = [refused.context["best"], *refused.context["others"]]
    assert len(ways) == 3
    assert [take(client, way).status_code for way in ways if way.title == "Seat 11 now"] == [303]
    assert Booking.objects.filter(ended_at=None).count() == 1


def test_a_seat_of_another_class_is_one_of_the_ways():
    client, seat, patron = limited()
    express = make_class(walk_up_only=True, session_minutes=15, counts_toward_day=False)
    make_device(seat.branch, kind=express, label="11")
    used(seat, patron, 120)
    answer = book_later(client, seat, at(16))
    assert "Seat 11 now" in [way.title for way in answer.context["others"]]


def test_the_line_is_a_way_where_people_wait():
    branch, _seats = full_branch()
    client, _kiosk, patron = seated_visitor(branch)
    joined(branch)
    best = take_now(client, make_device(branch)).context["best"]
    assert "1 waiting" in best.detail
    assert take(client, best).status_code == 303
    assert patron.turns.count() == 1


def test_the_other_ways_are_two_and_a_person():
    client, seat, _patron = limited()
    make_booking(seat, at(16), at(17))
    answer = book_later(client, seat, at(16))
    assert answer.content.decode().count('class="kopt"') == 3


def test_a_missed_seat_that_somebody_took_offers_another():
    client, seat, patron = limited()
    missed = make_booking(seat, at(13), at(15), patron=patron, ended_at=at(13, 10), outcome="no_show")
    make_booking(seat, at(14), at(15), checked_in_at=at(14))
    free = make_device(seat.branch)
    answer = client.post(reverse("kiosk-check-in", args=[missed.pk]))
    assert answer.status_code == 409
    assert answer.context["best"].fields["device"] == free.pk


def test_a_need_is_kept_in_the_ways():
    client, seat, _patron = limited()
    make_device(seat.branch)
    seat.features = ["headset"]
    seat.save()
    make_booking(seat, at(16), at(17))
    answer = book_later(client, seat, at(16), needs="headset", request_key=uuid.uuid4())
    ways = [answer.context["best"], *answer.context["others"]]
    assert {(way.fields["device"], way.fields["needs"]) for way in ways} == {(seat.pk, "headset")}
