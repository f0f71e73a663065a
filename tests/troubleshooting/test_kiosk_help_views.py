"""Help at the kiosk: eight cards, steps to try, someone comes."""

import uuid
from datetime import timedelta

import pytest
from django.core.signing import get_cookie_signer
from django.test import Client
from django.urls import reverse

from helpdesk.actor import staff
from reservations.kiosk_request import VISIT_COOKIE
from reservations.patrons.visit import begin_visit
from tests.factories import (
    NOW,
    make_booking,
    make_branch,
    make_category,
    make_device,
    make_kiosk,
    make_patron,
    make_ticket,
    make_user,
)
from tests.troubleshooting.staffed import counted, freeze, text_of
from troubleshooting.complaints import COMPLAINTS
from troubleshooting.lifecycle import split
from troubleshooting.models import Category, Ticket

pytestmark = pytest.mark.django_db
KEY = uuid.uuid4()
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    freeze(monkeypatch)


def paired(branch=None, token="kiosk-token"):
    """Return a client that is a paired screen, and its kiosk."""
    kiosk = make_kiosk(branch or make_branch(), token=token)
    client = Client()
    client.cookies["kiosk"] = get_cookie_signer(salt="kiosk" + "kiosk").sign(token)
    return client, kiosk


def ask(client, slug="stuck", **fields):
    return client.post(reverse("kiosk-help-where", args=[slug]), {"seat": "here", "request_key": str(KEY), **fields})


def test_there_are_eight_cards():
    client, _kiosk = paired()
    page = client.get(reverse("kiosk-help"))
    assert page.content.decode().count(reverse("kiosk-help")) >= 8
    assert all(str(complaint.says) in text_of(page) for complaint in COMPLAINTS)


@pytest.mark.parametrize("complaint", COMPLAINTS, ids=lambda complaint: complaint.slug)
def test_each_card_has_a_shipped_category(complaint):
    assert Category.objects.filter(code=complaint.category).exists()


def test_what_people_tried_themselves_is_counted_as_self_help():
    client, _kiosk = paired()
    client.post(reverse("kiosk-help-solved", args=["stuck"]), {"request_key": str(KEY)})
    ticket = Ticket.objects.get()
    assert (ticket.tier, ticket.state, ticket.channel) == (0, "done", "kiosk")


def test_a_tap_on_a_seat_calls_the_desk_there():
    client, kiosk = paired()
    seat = make_device(kiosk.branch)
    page = client.get(ask(client, seat=seat.pk).headers["Location"])
    ticket = Ticket.objects.get()
    assert (ticket.tier, ticket.state, ticket.device, ticket.channel) == (1, "waiting", seat, "kiosk")
    assert f"A librarian comes to seat {seat.label}." in text_of(page)


def test_the_desk_reads_the_words_of_the_card():
    client, _kiosk = paired()
    client.cookies["look"] = "es"
    ask(client)
    assert Ticket.objects.get().text == "The computer is stuck"


def test_a_repeated_tap_is_one_question():
    client, _kiosk = paired()
    assert ask(client).headers["Location"] == ask(client).headers["Location"]
    assert Ticket.objects.count() == 1


def test_a_second_call_for_a_seat_is_the_first_whatever_the_complaint():
    client, kiosk = paired()
    seat = make_device(kiosk.branch)
    first = ask(client, seat=seat.pk)
    again = ask(client, slug=COMPLAINTS[-1].slug, seat=seat.pk, request_key=str(uuid.uuid4()))
    assert (again.headers["Location"], Ticket.objects.count()) == (first.headers["Location"], 1)


def test_a_second_call_to_a_screen_is_the_first_and_another_screen_has_its_own():
    branch = make_branch()
    client, _kiosk = paired(branch)
    other, _kiosk = paired(branch, token="other-token")
    for each in (client, client, other):
        ask(each, request_key=str(uuid.uuid4()))
    assert Ticket.objects.count() == 2


def test_a_seat_whose_call_was_answered_or_is_a_fault_now_can_call_again():
    client, kiosk = paired()
    seat = make_device(kiosk.branch)
    make_ticket(kiosk.branch, channel="kiosk", device=seat, tier=3)
    make_ticket(kiosk.branch, channel="kiosk", device=seat, state="done", outcome="answered", done_at=NOW)
    ask(client, seat=seat.pk)
    assert Ticket.objects.filter(tier=1, state="waiting").count() == 1


def test_whoever_has_others_before_them_is_told_longer_and_no_moment_that_cannot_be_kept():
    client, kiosk = paired()
    for _count in range(3):
        make_ticket(kiosk.branch, opened_at=NOW - MINUTE)
    page = text_of(client.get(ask(client).headers["Location"]))
    assert ("in about 20 minutes" in page, "at the latest" in page) == (True, False)


def test_without_a_measure_the_promise_is_shown():
    client, _kiosk = paired()
    page = text_of(client.get(ask(client).headers["Location"]))
    assert "within 5 minutes" in page
    assert "this is what we promise" in page


def test_the_wait_is_what_was_measured_today():
    client, kiosk = paired()
    start = NOW - 60 * MINUTE
    for wait in (1, 3, 8):
        make_ticket(
            kiosk.branch,
            state="claimed",
            owner=make_user(),
            opened_at=start,
            claimed_at=start + wait * MINUTE,
            promised_at=start + 5 * MINUTE,
        )
    page = text_of(client.get(ask(client).headers["Location"]))
    assert "in about 3 minutes" in page
    assert "Today people here wait about 3 min." in page


def test_after_closing_nobody_is_promised_in_five_minutes(monkeypatch):
    freeze(monkeypatch, NOW + timedelta(hours=7))
    client, _kiosk = paired()
    page = text_of(client.get(ask(client).headers["Location"]))
    assert "Nobody is at the desk right now." in page
    assert "in about" not in page


def test_no_help_needed_any_more():
    client, _kiosk = paired()
    ask(client)
    page = client.get(client.post(reverse("kiosk-help-withdraw", args=[KEY])).headers["Location"])
    assert Ticket.objects.get().outcome == "withdrawn"
    assert "nobody comes" in text_of(page)


def test_what_was_finished_meanwhile_is_not_withdrawn():
    client, kiosk = paired()
    make_ticket(kiosk.branch, channel="kiosk", request_key=KEY, state="done", outcome="answered", done_at=NOW)
    page = client.post(reverse("kiosk-help-withdraw", args=[KEY]))
    assert page.status_code == 409
    assert "is already done" in text_of(page)


def split_call(client):
    """Ask, and have the printer split off for IT."""
    ask(client)
    make_category("printer_fault", tier=3)
    return split(
        ticket_id=Ticket.objects.get().pk,
        keeps="The form",
        other="The printer",
        category="printer_fault",
        request_key=uuid.uuid4(),
        by=staff(None, "desk"),
        now=NOW,
    )


def test_a_call_that_was_split_is_told_as_one_story():
    client, _kiosk = paired()
    split_call(client)
    page = text_of(client.get(reverse("kiosk-help-coming", args=[KEY])))
    assert "The form: a librarian comes by 14:12. The printer: IT looks at it by 14:12." in page


def test_who_needs_nobody_any_more_is_still_told_what_it_does():
    client, _kiosk = paired()
    half = split_call(client)
    page = client.get(client.post(reverse("kiosk-help-withdraw", args=[KEY])).headers["Location"])
    half.refresh_from_db()
    assert half.state == "waiting"
    assert "The form: no longer needed. The printer: IT looks at it by 14:12." in text_of(page)
    assert "I do not need help" not in text_of(page)


def test_nobody_withdraws_what_came_another_way():
    client, kiosk = paired()
    ticket = make_ticket(kiosk.branch, channel="desk")
    assert client.post(reverse("kiosk-help-withdraw", args=[ticket.request_key])).status_code == 404


def test_another_branchs_call_does_not_exist():
    client, _kiosk = paired()
    ticket = make_ticket(make_branch(), channel="kiosk")
    assert client.get(reverse("kiosk-help-coming", args=[ticket.request_key])).status_code == 404


def test_a_seat_of_another_branch_is_refused_in_words():
    client, _kiosk = paired()
    page = ask(client, seat=make_device(make_branch()).pk)
    assert page.status_code == 422
    assert "This branch has no such seat or machine." in text_of(page)
    assert Ticket.objects.count() == 0


@pytest.mark.parametrize("bad", [{"seat": ""}, {"seat": "<b>"}, {"seat": "9" * 40}, {"request_key": "x"}])
def test_what_cannot_be_is_refused_in_words(bad):
    client, _kiosk = paired()
    assert ask(client, **bad).status_code == 422
    assert Ticket.objects.count() == 0


def test_an_unknown_card_is_not_found():
    client, _kiosk = paired()
    assert client.get(reverse("kiosk-help-try", args=["nothing"])).status_code == 404


def test_whoever_sits_somewhere_is_asked_for_that_seat_first():
    client, kiosk = paired()
    seat, patron = make_device(kiosk.branch), make_patron()
    make_booking(seat, NOW - 10 * MINUTE, NOW + 50 * MINUTE, patron=patron, checked_in_at=NOW - 10 * MINUTE)
    client.cookies[VISIT_COOKIE] = begin_visit(kiosk=kiosk, patron=patron)
    assert f"Come to me at Seat {seat.label}" in text_of(client.get(reverse("kiosk-help-where", args=["stuck"])))


@pytest.mark.parametrize("name", ["kiosk-help", "kiosk-help-try", "kiosk-help-where", "kiosk-help-solved"])
def test_a_screen_that_is_not_paired_stays_outside(name):
    args = [] if name == "kiosk-help" else ["stuck"]
    call = Client().post if name.endswith("solved") else Client().get
    assert call(reverse(name, args=args)).status_code == 403


@pytest.mark.parametrize("name", ["kiosk-help-solved", "kiosk-help-withdraw"])
def test_a_get_never_writes(name):
    client, _kiosk = paired()
    assert client.get(reverse(name, args=["stuck" if name.endswith("solved") else KEY])).status_code == 405


def test_the_foot_of_every_kiosk_page_leads_to_help():
    client, _kiosk = paired()
    assert "Ask a person" in text_of(client.get(reverse("kiosk-help")))


@pytest.mark.parametrize("size", [1, 8])
def test_few_queries_however_many_seats(size):
    client, kiosk = paired()
    for _ in range(size):
        make_device(kiosk.branch)
    with counted() as queries:
        client.get(reverse("kiosk-help-where", args=["stuck"]))
    assert len(queries) == 3
