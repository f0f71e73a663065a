"""Help from a seat: whoever has its address calls a person there, without signing in and without leaving anything."""

import uuid
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from helpdesk.actor import staff
from tests.factories import NOW, at, make_booking, make_branch, make_category, make_device, make_ticket, make_user
from tests.troubleshooting.racing import race
from tests.troubleshooting.staffed import HTMX, counted, element, freeze, text_of
from troubleshooting import categories
from troubleshooting.complaints import COMPLAINTS
from troubleshooting.help_address import code_of, renew_address
from troubleshooting.lifecycle import claim, escalate, log, resolve
from troubleshooting.models import Category, Ticket, TicketEvent

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
BY_DESK = staff(None, "desk")


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    freeze(monkeypatch)


@pytest.fixture
def seat():
    return make_device(make_branch())


def start(seat):
    return reverse("seat-help", args=[code_of(seat.pk, 0)])


def ask(seat, slug="stuck", client=None, **fields):
    address = reverse("seat-help-try", args=[code_of(seat.pk, 0), slug])
    return (client or Client()).post(address, {"do": "call", "request_key": str(uuid.uuid4()), **fields})


def test_the_first_page_shows_the_pictures_and_where_one_sits(seat):
    page = Client().get(start(seat))
    assert all(str(complaint.says) in text_of(page) for complaint in COMPLAINTS)
    assert f"Seat {seat.label}" in text_of(page)


def test_a_picture_leads_to_what_to_try_and_then_to_a_person(seat):
    address = reverse("seat-help-try", args=[code_of(seat.pk, 0), "stuck"])
    assert f'href="{address}"' in Client().get(start(seat)).content.decode()
    page = text_of(Client().get(address))
    assert "Wait one minute." in page
    assert f"Call a person to Seat {seat.label}" in page


def test_a_call_is_a_question_of_the_desk_at_that_seat(seat):
    page = Client().get(ask(seat).headers["Location"])
    ticket = Ticket.objects.get()
    assert (ticket.tier, ticket.state, ticket.device, ticket.channel) == (1, "waiting", seat, "seat")
    assert f"A librarian comes to seat {seat.label}." in text_of(page)


def test_nothing_about_the_person_is_kept(seat):
    client = Client()
    client.get(ask(seat, client=client).headers["Location"])
    event = TicketEvent.objects.get()
    assert (event.by_kind, event.by_user, event.by_kiosk) == ("patron", None, None)
    assert not Session.objects.exists()
    assert "sessionid" not in client.cookies


def test_the_help_clock_begins_for_whoever_sits_there(seat):
    booking = make_booking(seat, at(14), at(15), checked_in_at=at(14))
    ask(seat)
    booking.refresh_from_db()
    assert (booking.help_at, booking.help_added > 0) == (NOW, True)


def test_the_help_clock_ends_with_the_call(seat):
    booking = make_booking(seat, at(14), at(15), checked_in_at=at(14))
    Client().post(ask(seat).headers["Location"])
    booking.refresh_from_db()
    assert booking.help_at is None


def test_asking_again_is_the_running_call_whatever_the_complaint(seat):
    first, again = ask(seat), ask(seat, "printing")
    assert (again.headers["Location"], Ticket.objects.count()) == (first.headers["Location"], 1)


def test_while_somebody_comes_the_first_page_says_so(seat):
    ask(seat)
    assert "A librarian comes" in text_of(Client().get(start(seat)))


def test_a_call_from_the_kiosk_for_this_seat_is_the_running_one(seat):
    call = make_ticket(seat.branch, channel="kiosk", device=seat, promised_at=NOW + 5 * MINUTE)
    assert str(call.request_key) in ask(seat).headers["Location"]


def test_what_staff_logged_for_the_seat_is_nobody_elses_to_see(seat):
    make_category("pdf")
    mine = log(
        branch_id=seat.branch_id,
        text="Personal words",
        category="pdf",
        tier=1,
        channel="seat",
        device_id=seat.pk,
        request_key=uuid.uuid4(),
        by=BY_DESK,
        now=NOW,
    )
    assert "What is wrong?" in text_of(Client().get(start(seat)))
    address = reverse("seat-help-coming", args=[code_of(seat.pk, 0), mine.request_key])
    assert [Client().get(address).status_code, Client().post(address).status_code] == [404, 404]


def test_one_tap_withdraws_it(seat):
    client = Client()
    answer = client.post(ask(seat, client=client).headers["Location"])
    assert Ticket.objects.get().outcome == "withdrawn"
    assert "nobody comes" in text_of(client.get(answer.headers["Location"]))


def test_withdrawing_twice_says_how_it_stands(seat):
    address = ask(seat).headers["Location"]
    Client().post(address)
    again = Client().post(address)
    assert (again.status_code, "is already done" in text_of(again)) == (409, True)


def test_what_it_has_now_is_not_withdrawn_from_the_seat(seat):
    address = ask(seat).headers["Location"]
    escalate(ticket_id=Ticket.objects.get().pk, by=BY_DESK, now=NOW)
    page = Client().post(address)
    assert (page.status_code, "This is with IT now." in text_of(page)) == (409, True)


def test_another_seats_call_does_not_exist_here(seat):
    other = make_device(seat.branch)
    key = Ticket.objects.get(pk=_made(other)).request_key
    address = reverse("seat-help-coming", args=[code_of(seat.pk, 0), key])
    assert (Client().get(address).status_code, Client().post(address).status_code) == (404, 404)


def _made(seat):
    ask(seat)
    return Ticket.objects.get().pk


def test_that_solved_it_counts_as_self_help_at_the_seat(seat):
    page = Client().get(ask(seat, do="solved").headers["Location"])
    ticket = Ticket.objects.get()
    assert (ticket.tier, ticket.state, ticket.device, ticket.channel) == (0, "done", seat, "seat")
    assert "Good that it works." in text_of(page)


def test_the_same_form_twice_is_one_call(seat):
    key = str(uuid.uuid4())
    answers = [ask(seat, request_key=key).headers["Location"] for _ in range(2)]
    assert (answers[0] == answers[1], Ticket.objects.count()) == (True, 1)


def test_a_seat_that_asked_six_times_in_an_hour_is_told_the_way_to_the_desk_and_when(seat, monkeypatch):
    for minute in range(6):
        freeze(monkeypatch, NOW + minute * MINUTE)
        Client().post(ask(seat).headers["Location"])
    page = ask(seat)
    assert page.status_code == 429
    assert "This seat asked 6 times within an hour. Come to the desk, or ask again at 15:08." in text_of(page)
    assert Ticket.objects.count() == 6


def test_at_the_named_time_the_seat_can_ask_again(seat, monkeypatch):
    for _ in range(6):
        Client().post(ask(seat).headers["Location"])
    freeze(monkeypatch, NOW + 60 * MINUTE)
    assert ask(seat).status_code == 303


def test_what_was_solved_counts_towards_the_six(seat):
    for _ in range(6):
        ask(seat, do="solved")
    assert (ask(seat, do="solved").status_code, ask(seat).status_code) == (429, 429)


def test_another_seat_and_the_kiosk_have_their_own_six(seat):
    for _ in range(6):
        ask(seat, do="solved")
        make_ticket(seat.branch, channel="kiosk", device=seat, state="done", outcome="answered", done_at=NOW)
    assert ask(make_device(seat.branch)).status_code == 303


@pytest.mark.parametrize("bad", [{"request_key": ""}, {"request_key": "x"}])
def test_an_old_page_is_refused_in_words(seat, bad):
    page = ask(seat, **bad)
    assert (page.status_code, "This page was old. Tap again." in text_of(page)) == (422, True)


def test_a_form_from_elsewhere_is_refused(seat):
    client = Client(enforce_csrf_checks=True)
    assert ask(seat, client=client).status_code == 403
    assert Ticket.objects.count() == 0


def test_the_form_of_the_page_itself_is_taken(seat):
    client = Client(enforce_csrf_checks=True)
    address = reverse("seat-help-try", args=[code_of(seat.pk, 0), "stuck"])
    page = client.get(address)
    fields = {"do": "call", "request_key": str(page.context["request_key"])}
    answer = client.post(address, {**fields, "csrfmiddlewaretoken": str(page.context["csrf_token"])})
    assert answer.status_code == 303


def test_an_address_that_was_renewed_leads_to_a_page_with_the_way_on(seat):
    user = make_user("manager")
    renew_address(device_id=seat.pk, seen=0, by=staff(user.pk, user.role), now=NOW)
    page = Client().get(start(seat))
    assert (page.status_code, "ask at the desk" in text_of(page)) == (404, True)
    assert ask(seat).status_code == 404
    assert Ticket.objects.count() == 0


def test_an_unknown_picture_leads_back_to_the_start(seat):
    page = Client().get(reverse("seat-help-try", args=[code_of(seat.pk, 0), "nothing"]))
    assert (page.status_code, start(seat) in page.content.decode()) == (404, True)


@pytest.mark.parametrize("name", ["seat-help", "seat-help-try", "seat-help-coming"])
def test_no_answer_is_stored(seat, name):
    rest = {"seat-help-try": ["stuck"], "seat-help-coming": [uuid.uuid4()]}.get(name, [])
    answer = Client().get(reverse(name, args=[code_of(seat.pk, 0), *rest]))
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_get_never_writes(seat):
    for _ in range(2):
        Client().get(reverse("seat-help-try", args=[code_of(seat.pk, 0), "stuck"]))
    assert Ticket.objects.count() == 0
    assert Client().post(start(seat)).status_code == 405


def test_a_chosen_language_stays_for_this_seats_pages_only(seat):
    client = Client()
    first = client.get(start(seat), {"language": "es"})
    assert client.cookies["help_language"]["path"] == start(seat)
    assert 'lang="es"' in first.content.decode()
    assert 'lang="es"' in client.get(start(seat)).content.decode()


def test_an_unknown_language_is_the_browsers(seat):
    page = Client().get(start(seat), {"language": "<b>"}, headers={"Accept-Language": "es"})
    assert '<html lang="es"' in page.content.decode()


def test_staff_read_the_call_in_the_librarys_language(seat):
    client = Client()
    client.get(start(seat), {"language": "es"})
    ask(seat, client=client)
    assert Ticket.objects.get().text == "The computer is stuck"


def test_a_machine_is_named_and_not_called_a_seat():
    printer = make_device(make_branch(), label="Printer 1")
    assert "A librarian comes to Printer 1." in text_of(Client().get(ask(printer).headers["Location"]))


def test_after_closing_nobody_is_promised_in_five_minutes(seat, monkeypatch):
    freeze(monkeypatch, NOW + timedelta(hours=7))
    assert "Nobody is at the desk right now." in text_of(Client().get(ask(seat).headers["Location"]))


def test_whose_call_was_taken_reads_that_someone_is_on_the_way(seat):
    address = ask(seat).headers["Location"]
    user = make_user()
    claim(ticket_id=Ticket.objects.get().pk, by=staff(user.pk, user.role), now=NOW)
    assert "Someone is on the way now." in text_of(Client().get(address))


def test_a_poll_brings_the_part_that_changes(seat):
    address = ask(seat).headers["Location"]
    page, fragment = Client().get(address), Client().get(address, **HTMX)
    assert element(page, "coming") == element(fragment, "coming")
    assert b"<html" not in fragment.content


def test_an_unchanged_poll_is_answered_with_nothing(seat):
    poll = Client().get(ask(seat).headers["Location"]).context["poll_url"]
    assert Client().get(poll, **HTMX).status_code == 204


def test_a_poll_after_it_was_taken_brings_the_change(seat, django_capture_on_commit_callbacks):
    poll = Client().get(ask(seat).headers["Location"]).context["poll_url"]
    user = make_user()
    with django_capture_on_commit_callbacks(execute=True):
        claim(ticket_id=Ticket.objects.get().pk, by=staff(user.pk, user.role), now=NOW)
    assert "Someone is on the way now." in text_of(Client().get(poll, **HTMX))


def test_a_finished_call_asks_no_more(seat):
    address = ask(seat).headers["Location"]
    resolve(ticket_id=Ticket.objects.get().pk, outcome="fixed", by=BY_DESK, now=NOW)
    assert "hx-trigger" not in element(Client().get(address), "coming")


@pytest.mark.parametrize("others", [0, 6])
def test_few_queries_however_many_wait(seat, others):
    for _ in range(others):
        make_ticket(seat.branch, channel="kiosk", opened_at=NOW - MINUTE)
    address = ask(seat).headers["Location"]
    with counted() as queries:
        Client().get(address)
    assert len(queries) == 6


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_two_taps_at_once_one_is_the_call():
    categories.load(Category)
    for number in range(1, 5):
        seat = make_device(make_branch())
        places = race(*[lambda s=seat: ask(s).headers["Location"]] * 2)
        assert places[0] == places[1]
        assert Ticket.objects.count() == number
