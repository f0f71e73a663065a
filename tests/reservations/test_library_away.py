"""What people may do, and are told, while the library system does not answer."""

from uuid import uuid4

import pytest
from django.urls import reverse

from helpdesk.actor import patron as by_patron
from helpdesk.actor import staff
from helpdesk.library_system import LibrarySystem
from reservations.booking.ahead import book
from reservations.booking.line import join
from reservations.booking.seat import start_now
from reservations.booking.time import extend
from reservations.booking.trust import forget_trust
from reservations.models import Booking, Device, TrustSeat
from reservations.patrons.trust import on_trust
from reservations.rules import Refused
from reservations.rules.sanity import contradictions
from reservations.sip2 import breaker
from tests import factories as make
from tests.factories import NOW, at
from tests.reservations.kiosked import paired, take_now
from tests.reservations.sitting import sitting

pytestmark = pytest.mark.django_db
CARD = "29990000000017"


@pytest.fixture
def branch(settings):
    settings.PATRON_SOURCE = "sip2"
    settings.LIBRARY_SYSTEM = LibrarySystem(host="127.0.0.1", port=1, tls=False)
    branch = make.make_branch(policy={"gap_minutes": 0})
    for _time in range(3):
        breaker.failed(reason="timeout", now=NOW)
    return branch


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    monkeypatch.setattr("helpdesk.clock.now", lambda: NOW)


def sit(branch, patron, by=None, **more):
    return start_now(
        branch_id=branch.pk, patron=patron, request_key=uuid4(), by=by or by_patron(), now=more.pop("now", NOW), **more
    )


def codes(call, *args, **kwargs):
    with pytest.raises(Refused) as refused:
        call(*args, **kwargs)
    return refused.value.codes


def policy_of(branch, **fields):
    type(branch.policy).objects.filter(pk=branch.policy_id).update(**fields)


def test_on_trust_a_seat_is_given_for_the_allowance_and_the_story_says_so(branch):
    make.make_device(branch)
    row = sit(branch, on_trust(CARD, NOW))
    assert row.end == at(14, 37)
    assert [event.what for event in row.events.all()] == ["sat_down", "not_checked"]


def test_the_allowance_is_for_the_day_not_for_each_session(branch):
    make.make_device(branch)
    patron = on_trust(CARD, NOW)
    sit(branch, patron)
    assert "away_limit" in codes(sit, branch, patron, now=at(15))


def test_on_trust_nothing_is_booked_ahead(branch):
    seat = make.make_device(branch)
    given = {"branch_id": branch.pk, "device_id": seat.pk, "start": at(16), "end": at(16, 30), "by": by_patron()}
    assert codes(book, **given, patron=on_trust(CARD, NOW), request_key=uuid4(), now=NOW) == ["library_away"]


def test_on_trust_the_kiosk_offers_no_time_for_later_and_says_why(branch):
    make.make_device(branch)
    client = paired(branch)[0]
    come(client)
    page = text(client.get(reverse("kiosk-times")))
    assert 'class="ktime' not in page
    assert "this card can use seats that are free now, not book ahead" in page


def made_up(number):
    return on_trust(f"2999000{number:07d}", NOW)


@pytest.fixture
def kiosk(branch):
    for _seat in range(12):
        make.make_device(branch)
    return by_patron(make.make_kiosk(branch).pk)


def test_a_kiosk_gives_ten_seats_an_hour_on_trust_and_then_sends_to_the_desk(branch, kiosk):
    for number in range(10):
        sit(branch, made_up(number), kiosk)
    with pytest.raises(Refused) as refused:
        sit(branch, made_up(10), kiosk)
    [problem] = refused.value.problems
    assert (problem.code, problem.value, problem.next_at) == ("trust_used_up", "10", at(15, 7))
    assert "Ask at the desk" in str(problem.sentence)
    assert sit(branch, made_up(10), by_patron(make.make_kiosk(branch, token="another").pk))
    assert sit(branch, made_up(11), kiosk, now=at(15, 7))


def test_the_kiosk_says_so_and_leads_to_a_person(branch):
    client, screen = paired(branch)
    seat = make.make_device(branch)
    TrustSeat.objects.bulk_create(TrustSeat(kiosk=screen, at=NOW) for _seat in range(10))
    come(client)
    answer = take_now(client, seat)
    page = text(answer)
    assert answer.status_code == 422
    assert "this screen has given all the seats it may give without checking a card" in page
    assert "Ask a person" in page
    assert "Take Seat" not in page
    assert not Booking.objects.exists()


def test_the_desk_seats_whom_the_kiosk_sends(branch, kiosk):
    for number in range(10):
        sit(branch, made_up(number), kiosk)
    assert sit(branch, made_up(10), staff(make.make_user().pk, "desk"))
    assert sit(branch, make.make_patron(), kiosk)


def test_places_in_line_count_as_seats_do(branch, kiosk):
    for seat in Device.objects.all():
        sitting(seat)
    given = {"branch_id": branch.pk, "by": kiosk, "now": NOW}
    for number in range(10):
        join(**given, patron=made_up(number), request_key=uuid4())
    assert codes(join, **given, patron=made_up(10), request_key=uuid4()) == ["trust_used_up"]


def test_what_is_counted_is_dropped_after_an_hour(branch, kiosk):
    sit(branch, made_up(1), kiosk)
    assert forget_trust(at(15, 6), dry_run=False) == 0
    assert forget_trust(at(15, 7), dry_run=False) == 1


def test_on_trust_a_session_does_not_grow_beyond_the_allowance(branch):
    make.make_device(branch)
    row = sit(branch, on_trust(CARD, NOW), minutes=25)
    assert "away_limit" in codes(extend, booking=row, minutes=15, by=by_patron(), now=NOW)


@pytest.mark.parametrize("when_away", ["guests", "staff"])
def test_where_the_policy_lets_no_card_in_staff_give_a_reason(branch, when_away):
    policy_of(branch, when_away=when_away)
    make.make_device(branch)
    patron, by = on_trust(CARD, NOW), staff(make.make_user().pk, "desk")
    assert codes(sit, branch, patron, by) == ["library_away"]
    row = sit(branch, patron, by, override="Saw the card")
    assert row.events.get(what="overridden").detail["codes"] == ["library_away"]


def come(client, number=CARD, pin="2468"):
    return client.post(f"{reverse('kiosk-sign-in')}?then=now", {"number": number, "pin": pin})


def text(answer):
    return " ".join(answer.content.decode().split())


def test_the_kiosk_takes_a_card_on_trust_and_says_for_how_long(branch):
    make.make_device(branch)
    client = paired(branch)[0]
    assert "Until it is back, a card has 30 min today." in text(client.get(reverse("kiosk")))
    assert come(client).status_code == 303
    assert "Until it is back, a card has 30 min today." in text(client.get(reverse("kiosk-now")))


def test_the_kiosk_never_says_that_the_pin_is_wrong_and_shows_the_way_that_works(branch):
    policy_of(branch, when_away="guests")
    answer = come(paired(branch)[0])
    assert answer.status_code == 503
    assert "The library system cannot be reached" in text(answer)
    assert "Type a guest number" in text(answer)
    assert "do not go together" not in text(answer)


def test_where_only_staff_are_left_the_kiosk_says_so(branch):
    policy_of(branch, when_away="staff")
    answer = text(come(paired(branch)[0]))
    assert "Ask at the desk" in answer
    assert "Type a guest number" not in answer


def desk(client, branch, **fields):
    user = make.make_user("desk", branch)
    client.force_login(user)
    data = {"present": "counter", "when": "now", "number": CARD, "do": "book", "request_key": str(uuid4()), **fields}
    return client.post(reverse("book-for-somebody", args=[branch.slug]), data)


def test_the_desk_gives_the_allowance_without_a_reason(client, branch):
    make.make_device(branch)
    assert desk(client, branch).status_code == 302
    assert Booking.objects.get().end == at(14, 37)


def test_the_desk_lifts_it_with_a_reason_or_issues_a_pass(client, branch):
    policy_of(branch, when_away="staff")
    make.make_device(branch)
    page = text(desk(client, branch))
    assert 'data-code="library_away"' in page
    assert "Issue a guest pass and go on" in page
    assert desk(client, branch, do="anyway", override="Saw the card").status_code == 302


def test_health_says_for_how_long(client, branch, settings):
    assert client.get("/readyz").json()["library_system_away"] == 0
    settings.PATRON_SOURCE = "local"
    assert client.get("/readyz").json()["library_system_away"] == 0


def test_a_policy_with_an_allowance_too_short_to_sit_down_is_refused():
    shipped = {"min_slot_minutes": 10, "session_minutes": 60, "day_minutes": 120}
    assert [found.field for found in contradictions({**shipped, "away_minutes": 9})] == ["away_minutes"]
    assert [found.field for found in contradictions({**shipped, "away_minutes": 121})] == ["away_minutes"]
    assert contradictions({**shipped, "away_minutes": 30}) == []
