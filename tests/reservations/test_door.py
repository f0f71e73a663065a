"""Signing in at a kiosk, its throttle, guest passes, and the visit that lives in Redis."""

from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from helpdesk import live
from helpdesk.actor import staff
from reservations.models import Card, GuestPass, KeyFingerprint, Patron, SignInTry
from reservations.patrons.door import sign_in
from reservations.patrons.keys import card_key, guest_key, hash_pin, pin_matches
from reservations.patrons.passes import issue_guest_pass
from reservations.patrons.visit import VisitStoreAway, begin_visit, end_visit, life, patron_of_visit
from reservations.rules import Refused
from tests import factories as make
from tests.factories import NOW, at
from tests.racing import race

NUMBER, PIN = "29990000000017", "2468"


@pytest.fixture
def kiosk(db):
    return make.make_kiosk(make.make_branch())


def refusal(**kwargs):
    with pytest.raises(Refused) as refused:
        sign_in(**kwargs)
    return refused.value.problems[0]


def test_a_card_and_its_pin_make_a_patron_without_number_or_pin(kiosk):
    make.make_card(NUMBER, PIN)
    patron = sign_in(number=NUMBER, pin=PIN, kiosk=kiosk, now=NOW)
    stored = str([*Patron.objects.values().all(), *Card.objects.values().all()])
    assert patron.alias == "017"
    assert NUMBER not in stored
    assert f"'{PIN}'" not in stored


def test_signing_in_again_is_the_same_patron(kiosk):
    make.make_card(NUMBER, PIN)
    first = sign_in(number=NUMBER, pin=PIN, kiosk=kiosk, now=NOW)
    assert sign_in(number=f" {NUMBER[:4]}-{NUMBER[4:]} ", pin=PIN, kiosk=kiosk, now=at(15)) == first


def test_an_unknown_card_and_a_wrong_pin_get_the_same_answer(kiosk):
    make.make_card(NUMBER, PIN)
    wrong = refusal(number=NUMBER, pin="1111", kiosk=kiosk, now=NOW)
    unknown = refusal(number="29990000009999", pin=PIN, kiosk=kiosk, now=NOW)
    assert (wrong.code, wrong.sentence) == (unknown.code, unknown.sentence)


def test_a_card_without_its_pin_is_refused(kiosk):
    make.make_card(NUMBER, PIN)
    assert refusal(number=NUMBER, pin="", kiosk=kiosk, now=NOW).code == "wrong"


def test_an_expired_card_is_refused(kiosk):
    make.make_card(NUMBER, PIN, expires_on=NOW.date() - timedelta(days=1))
    assert refusal(number=NUMBER, pin=PIN, kiosk=kiosk, now=NOW).code == "wrong"


def test_the_sixth_try_on_a_card_is_throttled_even_with_the_right_pin(kiosk):
    make.make_card(NUMBER, PIN)
    for minute in range(5):
        refusal(number=NUMBER, pin="1111", kiosk=kiosk, now=at(14, minute))
    problem = refusal(number=NUMBER, pin=PIN, kiosk=kiosk, now=at(14, 9))
    assert (problem.code, problem.next_at) == ("throttled", at(14, 10))
    sign_in(number=NUMBER, pin=PIN, kiosk=kiosk, now=at(14, 10))


def test_the_twenty_first_try_at_a_kiosk_is_throttled_and_another_kiosk_is_not(kiosk):
    make.make_card(NUMBER, PIN)
    for number in range(20):
        refusal(number=f"2999111100{number:04}", pin=PIN, kiosk=kiosk, now=NOW)
    assert refusal(number=NUMBER, pin=PIN, kiosk=kiosk, now=NOW).code == "throttled"
    sign_in(number=NUMBER, pin=PIN, kiosk=make.make_kiosk(kiosk.branch, "other"), now=NOW)


def test_a_right_pin_forgets_the_wrong_tries_of_its_card(kiosk):
    make.make_card(NUMBER, PIN)
    refusal(number=NUMBER, pin="1111", kiosk=kiosk, now=NOW)
    sign_in(number=NUMBER, pin=PIN, kiosk=kiosk, now=NOW)
    assert not SignInTry.objects.exists()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_parallel_wrong_tries_cannot_slip_past_the_throttle():
    kiosk = make.make_kiosk(make.make_branch())
    make.make_card(NUMBER, PIN)
    results = race(*[partial(sign_in, number=NUMBER, pin="1111", kiosk=kiosk, now=NOW) for _ in range(8)])
    assert results == {"refused:wrong": 5, "refused:throttled": 3}


def test_a_guest_pass_signs_in_by_its_code_until_the_branch_day_ends(kiosk):
    issued = issue_guest_pass(branch=kiosk.branch, request_key=uuid4(), by=staff(make.make_user().pk, "desk"), now=NOW)
    patron = sign_in(number=issued.code, pin="", kiosk=kiosk, now=at(18))
    assert patron.is_guest
    assert issued.code not in str(GuestPass.objects.values())
    assert refusal(number=issued.code, pin="", kiosk=kiosk, now=at(9, day=25)).code == "pass_over"


def test_a_repeated_request_issues_one_pass_and_shows_no_second_code(kiosk):
    key, by = uuid4(), staff(make.make_user().pk, "desk")
    first = issue_guest_pass(branch=kiosk.branch, request_key=key, by=by, now=NOW)
    again = issue_guest_pass(branch=kiosk.branch, request_key=key, by=by, now=NOW)
    assert (again.guest_pass, again.code) == (first.guest_pass, "")


def test_a_guest_code_is_never_taken_for_a_card_number():
    assert card_key("1234567890") != guest_key("1234567890")


def test_a_pin_is_salted_and_bound_to_the_key_outside_the_database(settings):
    stored = hash_pin(PIN)
    assert stored != hash_pin(PIN)
    assert pin_matches(PIN, stored)
    settings.PATRON_KEY = "another key"
    assert not pin_matches(PIN, stored)


def test_a_start_with_another_patron_key_is_stopped(db, settings):
    assert KeyFingerprint.objects.exists()
    call_command("check", "--database", "default")
    settings.PATRON_KEY = "another key"
    with pytest.raises(SystemCheckError, match="PATRON_KEY is not the key"):
        call_command("check", "--database", "default")


def test_a_visit_lives_as_long_as_the_idle_limit_and_each_touch_renews_it(kiosk, settings):
    patron = make.make_patron()
    token = begin_visit(kiosk=kiosk, patron=patron)
    key = f"visit:{kiosk.pk}:{token}"
    live.redis().expire(key, 3)
    assert patron_of_visit(kiosk=kiosk, token=token) == patron
    assert live.redis().ttl(key) == pytest.approx(life(), abs=1)


def test_a_visit_is_bound_to_its_kiosk_and_ends_at_once(kiosk):
    other = make.make_kiosk(kiosk.branch, "other")
    token = begin_visit(kiosk=kiosk, patron=make.make_patron())
    assert patron_of_visit(kiosk=other, token=token) is None
    end_visit(kiosk=kiosk, token=token)
    assert patron_of_visit(kiosk=kiosk, token=token) is None


def test_with_redis_away_nobody_is_signed_in_and_nothing_hangs(kiosk, monkeypatch):
    monkeypatch.setattr(live, "_client", live.connect("redis://127.0.0.1:1/0"))
    with pytest.raises(VisitStoreAway):
        begin_visit(kiosk=kiosk, patron=make.make_patron())
    end_visit(kiosk=kiosk, token="x")
