"""Every kiosk page: only for paired screens, never stored, no session, the look of the person in front of it."""

import re

import pytest
from django.core.signing import get_cookie_signer
from django.test import Client
from django.urls import reverse
from redis import RedisError

from helpdesk import live
from reservations.kiosk_request import KIOSK_COOKIE, LOOK_COOKIE, VISIT_COOKIE
from reservations.kiosks import revoke_kiosk
from reservations.models import Booking, Kiosk
from tests.factories import NOW, at, make_booking, make_branch, make_device
from tests.reservations.kiosked import TOKEN, book_later, paired, seated_visitor
from tests.reservations.sitting import by_desk
from tests.troubleshooting.staffed import HTMX, counted, element, freeze, text_of

pytestmark = pytest.mark.django_db
PAGES = ["kiosk", "kiosk-sign-in", "kiosk-now", "kiosk-times", "kiosk-mine"]
FORMS = ["kiosk-book", "kiosk-settings", "kiosk-leave"]


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    freeze(monkeypatch)


def away(*_args, **_kwargs):
    raise RedisError


@pytest.fixture
def redis_away(monkeypatch):
    for name in ("get", "getex", "set", "delete", "mget"):
        monkeypatch.setattr(live.redis(), name, away)


FORGED = {
    "none": "",
    "plain": "forged",
    "badly signed": "forged:1tXyZ:abc",
    "signed for another cookie": get_cookie_signer(salt="other").sign(TOKEN),
}


@pytest.mark.parametrize("cookie", FORGED.values(), ids=FORGED.keys())
@pytest.mark.parametrize("name", PAGES)
def test_a_missing_or_forged_token_opens_nothing_and_names_the_next_step(name, cookie):
    client, _kiosk = paired()
    client.cookies[KIOSK_COOKIE] = cookie
    answer = client.get(reverse(name))
    assert answer.status_code == 403
    assert "This screen is resting" in text_of(answer)
    assert reverse("kiosk-pair") in answer.content.decode()


def test_a_token_that_was_signed_for_another_screen_opens_nothing():
    client, _kiosk = paired()
    client.cookies[KIOSK_COOKIE] = get_cookie_signer(salt=KIOSK_COOKIE * 2).sign("another token")
    assert client.get(reverse("kiosk")).status_code == 403


def test_a_revoked_screen_opens_nothing():
    client, kiosk = paired()
    revoke_kiosk(kiosk=kiosk, by=by_desk("manager"), now=NOW)
    assert client.get(reverse("kiosk")).status_code == 403


def test_a_swapped_step_of_a_revoked_screen_leads_to_the_whole_page():
    answer = Client().post(reverse("kiosk-book"), **HTMX)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (403, reverse("kiosk"))


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_never_stored_and_sets_no_session(name):
    client, _kiosk, _patron = seated_visitor()
    answer = client.get(reverse(name))
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert "sessionid" not in answer.cookies


@pytest.mark.parametrize("name", FORMS)
def test_a_form_is_never_stored_and_sets_no_session(name):
    client, _kiosk, _patron = seated_visitor()
    answer = client.post(reverse(name))
    assert answer.headers["Cache-Control"] == "no-store"
    assert "sessionid" not in answer.cookies


@pytest.mark.parametrize("name", PAGES)
def test_no_page_looks_a_session_or_a_member_of_staff_up(name):
    client, _kiosk, _patron = seated_visitor()
    with counted() as queries:
        client.get(reverse(name))
    assert not [sql for sql in queries if "django_session" in sql or "helpdesk_user" in sql]


@pytest.mark.parametrize("name", ["kiosk-now", "kiosk-times", "kiosk-mine"])
def test_who_has_not_signed_in_is_led_there_and_back(name):
    client, _kiosk = paired()
    answer = client.get(reverse(name), {"day": "2026-11-25"})
    then = name.removeprefix("kiosk-")
    day = "" if then == "mine" else "&day=2026-11-25"
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{reverse('kiosk-sign-in')}?then={then}{day}")


def test_a_visit_of_another_screen_is_nobody_here():
    client, _kiosk, _patron = seated_visitor()
    visit = client.cookies[VISIT_COOKIE].value
    Kiosk.objects.all().delete()
    other, _kiosk = paired()
    other.cookies[VISIT_COOKIE] = visit
    assert other.get(reverse("kiosk-mine")).status_code == 303


@pytest.mark.usefixtures("redis_away")
def test_with_redis_away_the_start_page_still_works():
    client, _kiosk = paired()
    assert client.get(reverse("kiosk")).status_code == 200


def test_with_redis_away_nobody_books_and_one_sentence_says_what_to_do(request):
    client, kiosk, _patron = seated_visitor()
    seat = make_device(kiosk.branch)
    request.getfixturevalue("redis_away")
    answer = book_later(client, seat, at(16))
    assert answer.status_code == 503
    assert "Ask at the desk" in text_of(answer)
    assert not Booking.objects.exists()


def test_another_patrons_booking_is_not_here():
    client, kiosk, _patron = seated_visitor()
    theirs = make_booking(make_device(kiosk.branch, label="77"), at(15), at(16))
    for name in ("kiosk-booked", "kiosk-cancel"):
        answer = client.get(reverse(name, args=[theirs.pk]))
        assert answer.status_code == 404
        assert "This is not here any more." in text_of(answer)
        assert "77" not in text_of(answer)


@pytest.mark.parametrize("pk", [999999, 2**63, 10**40])
@pytest.mark.parametrize("name", ["kiosk-booked", "kiosk-cancel", "kiosk-check-in", "kiosk-finish"])
def test_a_booking_that_does_not_exist_gets_a_page_with_a_way_on(name, pk):
    client, _kiosk, _patron = seated_visitor()
    method = client.get if name in {"kiosk-booked", "kiosk-cancel"} else client.post
    answer = method(reverse(name, args=[pk]))
    assert answer.status_code == 404
    assert "Start again" in text_of(answer)


def test_spanish_sets_the_language_of_the_page():
    client, _kiosk = paired()
    answer = client.post(reverse("kiosk-settings"), {"language": "es", "here": reverse("kiosk-sign-in")})
    assert (answer.status_code, answer.headers["Location"]) == (303, reverse("kiosk-sign-in"))
    assert '<html lang="es"' in client.get(reverse("kiosk")).content.decode()


def test_text_and_contrast_are_switched_on_and_off_one_by_one():
    client, _kiosk = paired()
    client.post(reverse("kiosk-settings"), {"text": "large"})
    client.post(reverse("kiosk-settings"), {"contrast": "more"})
    assert 'data-text="large" data-contrast="more"' in client.get(reverse("kiosk")).content.decode()
    client.post(reverse("kiosk-settings"), {"text": ""})
    page = client.get(reverse("kiosk")).content.decode()
    assert 'data-contrast="more"' in page
    assert "data-text" not in page


@pytest.mark.parametrize("sent", [{"language": "xx"}, {"text": "<b>"}, {"contrast": "\x00"}, {"language": "es.large"}])
def test_an_unknown_look_changes_nothing(sent):
    client, _kiosk = paired()
    client.post(reverse("kiosk-settings"), sent)
    page = client.get(reverse("kiosk")).content.decode()
    assert '<html lang="en"' in page
    assert "data-text" not in page


@pytest.mark.parametrize("cookie", ["xx.huge.less", "", "....", "es", "<script>", '"'])
def test_a_forged_look_is_no_look(cookie):
    client, _kiosk = paired()
    client.cookies[LOOK_COOKIE] = cookie
    assert client.get(reverse("kiosk")).status_code == 200


@pytest.mark.parametrize(
    "here",
    [
        "https://example.org/",
        "//example.org/kiosk/",
        "/desk/",
        "/kiosk/nowhere/",
        "javascript:alert(1)",
        "",
        "/kiosk/\\x",
    ],
)
def test_settings_lead_to_kiosk_pages_only(here):
    client, _kiosk = paired()
    assert client.post(reverse("kiosk-settings"), {"here": here}).headers["Location"] == reverse("kiosk")


def test_settings_survive_a_line_break_in_the_address():
    client, _kiosk = paired()
    answer = client.post(reverse("kiosk-settings"), {"here": "/kiosk/?a=1\r\nSet-Cookie: x=y"})
    assert answer.status_code == 303
    assert "x" not in answer.cookies


def test_leaving_ends_the_visit_and_forgets_the_look():
    client, _kiosk, _patron = seated_visitor()
    visit = client.cookies[VISIT_COOKIE].value
    client.post(reverse("kiosk-settings"), {"text": "large"})
    answer = client.post(reverse("kiosk-leave"))
    assert (answer.status_code, answer.headers["Location"]) == (303, reverse("kiosk"))
    assert {name: answer.cookies[name].value for name in (VISIT_COOKIE, LOOK_COOKIE)} == {"visit": "", "look": ""}
    client.cookies[VISIT_COOKIE] = visit
    assert client.get(reverse("kiosk-mine")).status_code == 303


def test_the_start_page_forgets_who_was_there():
    client, _kiosk, _patron = seated_visitor()
    client.get(reverse("kiosk"))
    assert client.get(reverse("kiosk-mine")).status_code == 303


def test_the_start_page_rests_until_somebody_changes_its_look():
    client, _kiosk = paired()
    assert "data-idle" not in client.get(reverse("kiosk")).content.decode()
    client.post(reverse("kiosk-settings"), {"text": "large"})
    page = client.get(reverse("kiosk")).content.decode()
    assert 'data-idle="60" data-warning="30"' in page


def test_a_page_that_asks_by_itself_lets_no_visit_live_longer(monkeypatch):
    client, _kiosk, _patron = seated_visitor()
    monkeypatch.setattr(live.redis(), "getex", away)
    assert client.get(reverse("kiosk-mine"), {"live": "x"}).status_code == 200


def test_cookies_are_out_of_reach_for_scripts_and_other_pages():
    client, _kiosk = paired()
    cookie = client.get(reverse("kiosk")).cookies[KIOSK_COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/kiosk/")
    assert int(cookie["max-age"]) > 9 * 365 * 24 * 3600


def test_a_stale_form_leads_to_the_start_page_and_does_nothing():
    client, kiosk, _patron = seated_visitor(enforce_csrf_checks=True)
    seat = make_device(kiosk.branch)
    assert book_later(client, seat, at(16)).headers["Location"] == reverse("kiosk") + "?stale=1"
    assert not Booking.objects.exists()


def test_the_free_counts_are_live_and_the_fragment_is_that_of_the_page():
    client, kiosk = paired()
    make_device(kiosk.branch)
    make_booking(make_device(kiosk.branch), at(14), at(15), checked_in_at=at(14))
    page = client.get(reverse("kiosk"))
    assert "1 of 2 is free" in text_of(page)
    poll = re.search(r'hx-get="([^"]+)"', page.content.decode())[1]
    assert client.get(poll, **HTMX).status_code == 204
    make_booking(make_device(kiosk.branch), at(14), at(15), checked_in_at=at(14))
    live.redis().set(f"live:board:{kiosk.branch_id}", "changed")
    fragment = client.get(poll, **HTMX)
    assert element(fragment, "free") == element(client.get(reverse("kiosk")), "free")
    assert fragment.content.decode().strip().startswith('<span class="kfree" id="free"')


def test_the_start_page_takes_the_same_queries_for_any_number_of_seats():
    client, kiosk = paired()
    make_device(kiosk.branch)
    with counted() as few:
        client.get(reverse("kiosk"))
    for _seat in range(6):
        make_booking(make_device(kiosk.branch), at(14), at(15), checked_in_at=at(14))
    with counted() as many:
        client.get(reverse("kiosk"))
    assert len(few) == len(many)


@pytest.mark.parametrize(("hour", "words"), [(10, "Good morning."), (14, "Good afternoon."), (18, "Good evening.")])
def test_the_greeting_follows_the_hour(monkeypatch, hour, words):
    freeze(monkeypatch, at(hour))
    client, _kiosk = paired()
    assert words in text_of(client.get(reverse("kiosk")))


@pytest.mark.parametrize("name", ["kiosk-book", "kiosk-settings", "kiosk-leave"])
def test_a_form_address_is_not_opened_by_get(name):
    client, _kiosk, _patron = seated_visitor()
    assert client.get(reverse(name)).status_code == 405


def test_a_branch_name_is_escaped():
    client, _kiosk = paired(make_branch(name="<b>Harbour</b>"))
    assert "<b>Harbour" not in client.get(reverse("kiosk")).content.decode()


def test_a_closed_library_says_when_it_opens_instead_of_counting_seats(monkeypatch):
    freeze(monkeypatch, at(20))
    client, kiosk = paired()
    make_device(kiosk.branch)
    page = text_of(client.get(reverse("kiosk")))
    assert "Closed now. Opens tomorrow at 09:00" in page
    assert "No seat is free right now" not in page


def test_the_start_page_names_the_first_and_the_last_day_that_have_times(monkeypatch):
    client, kiosk = paired(make_branch(policy={"horizon_days": 2}))
    make_device(kiosk.branch)
    assert "Today to Thu 26" in text_of(client.get(reverse("kiosk")))
    freeze(monkeypatch, at(20))
    assert "Tomorrow to Thu 26" in text_of(client.get(reverse("kiosk")))
