"""Pairing a screen and signing in there: one neutral sentence, a throttle, and on to where one was going."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth import SESSION_KEY
from django.urls import reverse
from redis import RedisError

from helpdesk import live
from reservations.kiosk_request import KIOSK_COOKIE, SCAN_COOKIE, VISIT_COOKIE
from reservations.models import Kiosk, SignInTry
from reservations.patrons.door import TRIES_PER_CARD, TRIES_PER_KIOSK
from reservations.patrons.keys import guest_key
from reservations.patrons.scan import scanned_number
from reservations.patrons.visit import life
from tests.factories import NOW, make_branch, make_card, make_kiosk, make_user
from tests.reservations.kiosked import paired
from tests.troubleshooting.staffed import counted, freeze, signed_in, text_of

pytestmark = pytest.mark.django_db
NUMBER, PIN = "29990000000017", "2468"
NEUTRAL = "This number and PIN do not go together."


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    freeze(monkeypatch)


def sign_in(client, number=NUMBER, pin=PIN, query="", **extra):
    return client.post(reverse("kiosk-sign-in") + query, {"number": number, "pin": pin}, **extra)


@pytest.mark.parametrize("then", ["now", "times", "mine"])
def test_the_right_pin_leads_on_to_where_the_patron_was_going(then):
    client, _kiosk = paired()
    make_card(NUMBER, PIN)
    answer = sign_in(client, query=f"?then={then}")
    assert (answer.status_code, answer.headers["Location"]) == (303, reverse(f"kiosk-{then}"))
    assert client.get(answer.headers["Location"]).status_code == 200


def test_what_was_chosen_is_kept():
    client, _kiosk = paired()
    make_card(NUMBER, PIN)
    answer = sign_in(client, query="?then=times&day=2026-11-26")
    assert answer.headers["Location"] == reverse("kiosk-times") + "?day=2026-11-26"


@pytest.mark.parametrize("then", ["", "?then=https://example.org", "?then=leave", "?then=<script>"])
def test_an_unknown_way_leads_to_my_bookings(then):
    client, _kiosk = paired()
    make_card(NUMBER, PIN)
    assert sign_in(client, query=then).headers["Location"] == reverse("kiosk-mine")


def test_numbers_are_read_with_blanks_and_dashes():
    client, _kiosk = paired()
    make_card(NUMBER, PIN)
    assert sign_in(client, "2999-0000 000017").status_code == 303


def test_an_unknown_card_and_a_wrong_pin_give_the_same_answer():
    client, _kiosk = paired()
    make_card(NUMBER, PIN)
    unknown, wrong = sign_in(client, "11110000000000"), sign_in(client, pin="1111")
    assert (unknown.status_code, wrong.status_code) == (422, 422)
    assert NEUTRAL in text_of(unknown)
    assert text_of(unknown) == text_of(wrong)


def test_a_refused_form_keeps_the_number_but_never_the_pin():
    client, _kiosk = paired()
    page = sign_in(client, pin="98765").content.decode()
    assert NUMBER in page
    assert "98765" not in page


def test_too_many_wrong_tries_are_told_when_the_next_one_works():
    client, _kiosk = paired()
    make_card(NUMBER, PIN)
    for _try in range(TRIES_PER_CARD):
        sign_in(client, pin="1111")
    answer = sign_in(client)
    assert answer.status_code == 429
    assert "Too many tries." in text_of(answer)
    assert "The next try works at 14:17." in text_of(answer)


def test_the_time_that_is_said_for_the_next_try_is_one_at_which_it_works(monkeypatch):
    client, _kiosk = paired()
    make_card(NUMBER, PIN)
    monkeypatch.setattr("helpdesk.clock.now", lambda: NOW + timedelta(seconds=40))
    for _try in range(TRIES_PER_CARD):
        sign_in(client, pin="1111")
    assert "The next try works at 14:18." in text_of(sign_in(client))
    monkeypatch.setattr("helpdesk.clock.now", lambda: NOW + timedelta(minutes=11))
    assert sign_in(client).status_code == 303


def test_the_throttle_of_one_screen_leaves_staff_and_other_screens_alone():
    client, kiosk = paired()
    for number in range(TRIES_PER_KIOSK):
        SignInTry.objects.create(key=f"c1:{number}", kiosk=kiosk, at=NOW - timedelta(minutes=1))
    make_card(NUMBER, PIN)
    assert sign_in(client).status_code == 429
    user = make_user("desk", kiosk.branch)
    user.set_password("a long demo password")
    user.save()
    staff = client.post(reverse("sign-in"), {"username": user.username, "password": "a long demo password"})
    assert staff.status_code == 302
    SignInTry.objects.all().update(kiosk=make_kiosk(kiosk.branch, token="the other screen"))
    assert sign_in(client).status_code == 303


def test_a_guest_pass_needs_no_pin():
    client, kiosk = paired()
    kiosk.branch.guest_passes.create(
        key=guest_key("1234567890"),
        alias="G890",
        issued_at=NOW,
        valid_until=NOW + timedelta(hours=4),
        request_key="6f4a4f3c-5a0b-4b8e-8f4e-0f9f6f1f2a3b",
    )
    assert sign_in(client, "1234567890", "").status_code == 303
    assert sign_in(client, "1234567891", "").status_code == 422


def test_a_scanners_enter_asks_for_the_pin_and_counts_no_wrong_try():
    client, _kiosk = paired()
    answer = sign_in(client, pin="")
    assert answer.status_code == 422
    assert "Now type the PIN of this card." in text_of(answer)
    assert not SignInTry.objects.exists()


def scan(client, number=NUMBER):
    return client.post(reverse("kiosk-sign-in") + "?then=mine", {"number": number})


def test_a_scan_on_the_start_page_brings_the_number_and_asks_for_the_pin():
    client, _kiosk = paired()
    answer = scan(client)
    assert (answer.status_code, answer.headers["Location"]) == (303, reverse("kiosk-sign-in") + "?then=mine")
    page = client.get(answer.headers["Location"])
    assert f'value="{NUMBER}"' in page.content.decode()
    assert NEUTRAL not in text_of(page)


def test_a_scanned_number_is_in_no_address_and_no_cookie():
    client, _kiosk = paired()
    answer = scan(client)
    assert NUMBER not in answer.headers["Location"]
    cookie = answer.cookies[SCAN_COOKIE]
    assert NUMBER not in cookie.value
    assert (cookie["httponly"], cookie["max-age"]) == (True, life())


def test_a_scanned_number_is_read_at_its_own_screen_only():
    client, kiosk = paired()
    token = scan(client).cookies[SCAN_COOKIE].value
    assert scanned_number(kiosk=kiosk, token=token) == NUMBER
    assert scanned_number(kiosk=make_kiosk(kiosk.branch, token="the other screen"), token=token) == ""


def test_what_redis_keeps_of_a_scan_tells_neither_number_nor_token():
    client, _kiosk = paired()
    token = scan(client).cookies[SCAN_COOKIE].value
    kept = {key: live.redis().get(key) for key in live.redis().scan_iter("scan:*")}
    assert kept
    assert NUMBER not in str(kept)
    assert token not in str(kept)


def test_with_redis_away_a_scan_leads_to_the_empty_sign_in_step(monkeypatch):
    client, _kiosk = paired()

    def away(*_args, **_kwargs):
        raise RedisError

    for name in ("set", "get", "delete"):
        monkeypatch.setattr(live.redis(), name, away)
    page = client.get(scan(client).headers["Location"])
    assert page.status_code == 200
    assert NUMBER not in page.content.decode()


@pytest.mark.parametrize("way", ["leave", "start page", "sign in"])
def test_a_scanned_number_is_forgotten_when_it_was_used_or_left(way):
    client, kiosk = paired()
    make_card(NUMBER, PIN)
    token = scan(client).cookies[SCAN_COOKIE].value
    ways = {
        "leave": lambda: client.post(reverse("kiosk-leave")),
        "start page": lambda: client.get(reverse("kiosk")),
        "sign in": lambda: sign_in(client),
    }
    ways[way]()
    assert scanned_number(kiosk=kiosk, token=token) == ""
    assert not client.cookies[SCAN_COOKIE].value


@pytest.mark.parametrize("form", [{"number": NUMBER}, {"number": NUMBER, "pin": "1111"}])
def test_a_form_of_the_last_person_sent_again_leads_to_the_start_page(form):
    client, _kiosk = paired(enforce_csrf_checks=True)
    page = client.get(reverse("kiosk-sign-in")).content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    sent = {**form, "csrfmiddlewaretoken": token}
    assert client.post(reverse("kiosk-sign-in"), sent).headers.get("Location") != reverse("kiosk")
    client.post(reverse("kiosk-leave"), {"csrfmiddlewaretoken": token})
    again = client.post(reverse("kiosk-sign-in"), sent)
    assert again.headers["Location"] == reverse("kiosk") + "?stale=1"
    assert NUMBER not in again.content.decode()


@pytest.mark.parametrize(
    ("number", "pin"),
    [("", ""), ("1" * 10_000, PIN), (NUMBER, "1" * 10_000), ("\x00", PIN), ("-", PIN), ("😀", "😀")],
)
def test_odd_input_is_refused_with_the_form(number, pin):
    client, _kiosk = paired()
    assert sign_in(client, number, pin).status_code == 422


def test_html_in_a_number_is_escaped():
    client, _kiosk = paired()
    page = sign_in(client, "<script>alert(1)</script>").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_browsers_are_told_not_to_remember_what_is_typed():
    client, _kiosk = paired()
    page = client.get(reverse("kiosk-sign-in")).content.decode()
    assert page.count('autocomplete="off"') == 3


def test_with_redis_away_nobody_signs_in_and_a_sentence_says_what_to_do(monkeypatch):
    client, _kiosk = paired()
    make_card(NUMBER, PIN)

    def away(*_args, **_kwargs):
        raise RedisError

    monkeypatch.setattr(live.redis(), "set", away)
    answer = sign_in(client)
    assert answer.status_code == 503
    assert "Ask at the desk" in text_of(answer)
    assert VISIT_COOKIE not in answer.cookies


def test_sign_in_takes_few_queries():
    client, _kiosk = paired()
    make_card(NUMBER, PIN)
    sign_in(client)
    with counted() as queries:
        sign_in(client)
    assert len(queries) <= 12


def test_pairing_sends_a_stranger_to_the_staff_sign_in_and_back(client):
    answer = client.get(reverse("kiosk-pair"))
    assert answer.headers["Location"] == f"{reverse('sign-in')}?next={reverse('kiosk-pair')}"


def test_a_member_of_staff_pairs_the_screen_and_is_signed_out_there():
    branch = make_branch()
    client, user = signed_in("desk", branch)
    answer = client.post(reverse("kiosk-pair"), {"name": "By the door", "branch": branch.pk})
    assert (answer.status_code, answer.headers["Location"]) == (303, reverse("kiosk"))
    assert SESSION_KEY not in client.session
    kiosk = Kiosk.objects.get()
    assert (kiosk.name, kiosk.branch, kiosk.paired_by) == ("By the door", branch, user)
    assert branch.name in text_of(client.get(reverse("kiosk")))


def test_the_table_keeps_no_token():
    branch = make_branch()
    client, _user = signed_in("manager")
    client.post(reverse("kiosk-pair"), {"name": "Kiosk 1", "branch": branch.pk})
    token = client.cookies[KIOSK_COOKIE].value.split(":")[0]
    assert len(token) >= 40
    assert not Kiosk.objects.filter(token_hash=token).exists()


def test_pairing_anew_ends_the_first_pairing():
    branch = make_branch()
    client, before = paired(branch)
    client.force_login(make_user("manager"))
    client.post(reverse("kiosk-pair"), {"name": "Kiosk 2", "branch": branch.pk})
    before.refresh_from_db()
    assert before.revoked_at == NOW


def test_the_tech_pairs_nothing():
    client, _user = signed_in("tech")
    assert client.get(reverse("kiosk-pair")).status_code == 403


def test_a_screen_is_paired_with_ones_own_branches_only():
    client, _user = signed_in("desk", make_branch())
    answer = client.post(reverse("kiosk-pair"), {"name": "Kiosk 1", "branch": make_branch().pk})
    assert answer.status_code == 422
    assert not Kiosk.objects.exists()


@pytest.mark.parametrize("fields", [{"name": ""}, {"name": "x" * 10_000}, {"branch": "abc"}, {"branch": "9" * 40}])
def test_a_pairing_form_that_does_not_fit_comes_back(fields):
    branch = make_branch()
    client, _user = signed_in("desk", branch)
    sent = {"name": "Kiosk 1", "branch": branch.pk, **fields}
    assert client.post(reverse("kiosk-pair"), sent).status_code == 422


@pytest.mark.parametrize(("number", "pin"), [("1" * 41, PIN), ("\x00", PIN), (NUMBER, "1" * 33), (NUMBER, "\x00")])
def test_what_cannot_be_read_is_said_in_our_own_words(number, pin):
    client, _kiosk = paired()
    page = text_of(sign_in(client, number, pin))
    assert "This number cannot be read. Type it again." in page
    assert "Ensure" not in page
    assert "Null" not in page


@pytest.mark.parametrize(("number", "pin"), [("123456789", ""), ("12345678901", ""), ("1234567890", "2468")])
def test_a_mistyped_guest_number_gets_a_hint(number, pin):
    client, _kiosk = paired()
    assert "A guest number has 10 digits and needs no PIN." in text_of(sign_in(client, number, pin))


def test_a_card_number_gets_no_hint_about_guests():
    client, _kiosk = paired()
    assert "A guest number has 10 digits" not in text_of(sign_in(client))


def test_a_throttled_form_invites_to_no_try_before_its_time():
    client, _kiosk = paired()
    for _try in range(TRIES_PER_CARD):
        sign_in(client, pin="1111")
    page = sign_in(client)
    assert "Try again at 14:17" in text_of(page)
    assert "Go on" not in text_of(page)
