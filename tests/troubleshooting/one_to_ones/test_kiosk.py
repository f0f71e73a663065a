"""Book a librarian at the kiosk: big times, no sign-in, one key that only this screen has."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from helpdesk.models import Role
from tests.factories import NOW, at, make_branch, make_device, make_user
from tests.reservations.kiosked import paired, seated_visitor
from tests.troubleshooting.shifts import make_appointment, make_shifts, make_topic
from tests.troubleshooting.staffed import freeze, text_of
from troubleshooting.models import Appointment

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_two(monkeypatch):
    freeze(monkeypatch, NOW)


@pytest.fixture
def branch():
    return make_branch(name="Harbour")


@pytest.fixture
def librarian(branch):
    make_topic(name="Jobs and résumés")
    user = make_user(Role.REFERENCE, branch)
    make_shifts(user, branch)
    return user


@pytest.fixture
def kiosk(branch):
    return paired(branch)[0]


def book(client, start=None, **fields):
    sent = {"start": (start or at(15, 30)).isoformat(), "request_key": str(uuid4())}
    return client.post(reverse("kiosk-librarian-book", args=["job_resume"]), {**sent, **fields})


def times(client, **query):
    return client.get(reverse("kiosk-librarian-times", args=["job_resume"]), query)


def clocks(page):
    return [f"{slot.start.hour - 5}:{slot.start.minute:02}" for slot in page.context["slots"]]


def test_the_help_flow_leads_there(kiosk, librarian):
    assert reverse("kiosk-librarian") in kiosk.get(reverse("kiosk-help")).content.decode()


def test_topics_are_what_reference_takes(kiosk, librarian):
    assert "Jobs and résumés" in text_of(kiosk.get(reverse("kiosk-librarian")))


def test_nothing_within_the_hour_is_offered(kiosk, librarian):
    assert clocks(times(kiosk)) == ["15:30", "16:00", "16:30"]


def test_a_long_day_has_pages_and_more_days_follow(kiosk, librarian):
    page = times(kiosk, day="2026-11-25")
    assert len(page.context["slots"]) == 12
    assert clocks(times(kiosk, day="2026-11-25", part="1")) == ["15:00", "15:30", "16:00", "16:30"]
    assert page.context["more"].day == 27


@pytest.mark.parametrize("query", [{"day": "x"}, {"day": "2020-01-01"}, {"part": "99"}, {"part": "-1"}, {"place": "x"}])
def test_an_address_that_cannot_be_shows_the_first_times(kiosk, librarian, query):
    assert clocks(times(kiosk, **query)) == ["15:30", "16:00", "16:30"]


def test_a_topic_that_is_not_offered_is_not_found(kiosk, librarian):
    assert kiosk.get(reverse("kiosk-librarian-times", args=["gossip"])).status_code == 404


def test_without_a_free_time_a_person_is_the_way(kiosk, branch):
    make_topic()
    assert "Ask a person: they know another way." in text_of(times(kiosk))


def test_a_tap_books_and_shows_the_slip(kiosk, librarian):
    answer = book(kiosk)
    one = Appointment.objects.get()
    assert answer.headers["Location"] == reverse("kiosk-librarian-booked", args=[one.request_key])
    page = kiosk.get(answer.headers["Location"])
    for said in ("15:30 to 16:00", "Come 5 minutes before. Your number is 1.", "no name on it"):
        assert said in text_of(page)
    assert page.headers["Cache-Control"] == "no-store"


def test_of_two_who_tap_the_same_time_the_second_is_offered_the_next(kiosk, librarian):
    book(kiosk)
    answer = book(kiosk)
    assert answer.status_code == 409
    assert "Somebody else has just taken this time." in text_of(answer)
    assert [slot.start for slot in answer.context["nearest"]] == [at(16), at(16, 30), at(9, day=25)]


def test_an_old_page_books_nothing(kiosk, librarian):
    assert book(kiosk, request_key="x").status_code == 422
    assert not Appointment.objects.exists()


def test_a_computer_asked_for_without_a_sign_in_is_the_desk(kiosk, librarian):
    book(kiosk, place="seat")
    assert Appointment.objects.get().where == "own"


def test_who_has_signed_in_may_book_a_computer_too(branch, librarian):
    make_device(branch)
    client, _kiosk, patron = seated_visitor(branch)
    assert "At a library computer" in text_of(times(client))
    book(client, place="seat")
    one = Appointment.objects.get()
    assert (one.where, one.seat.patron) == ("seat", patron)


def test_a_rule_of_the_computers_is_said_in_its_own_sentence(branch, librarian):
    client, _kiosk, _patron = seated_visitor(branch)
    answer = book(client, place="seat")
    assert answer.status_code == 422
    assert "No computer is free at that time." in text_of(answer)


def test_what_was_booked_is_cancelled_with_one_tap(kiosk, librarian):
    key = book(kiosk).headers["Location"].rstrip("/").split("/")[-1]
    for _ in range(2):
        answer = kiosk.post(reverse("kiosk-librarian-cancel", args=[key]))
    assert "All right, it is cancelled." in text_of(kiosk.get(answer.headers["Location"]))


def test_what_the_desk_booked_is_not_shown_at_a_kiosk(kiosk, branch, librarian):
    one = make_appointment(librarian, branch, at(16))
    assert kiosk.get(reverse("kiosk-librarian-booked", args=[one.request_key])).status_code == 404


def test_another_branchs_kiosk_does_not_find_it(kiosk, librarian):
    answer = book(kiosk)
    one = Appointment.objects.get()
    Appointment.objects.filter(pk=one.pk).update(branch=make_branch())
    assert kiosk.get(answer.headers["Location"]).status_code == 404


def test_a_screen_that_is_not_paired_opens_nothing(librarian):
    assert book(Client()).status_code == 403
