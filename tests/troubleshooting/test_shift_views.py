"""The page of the end of a shift."""

from datetime import date, time

import pytest
from django.urls import reverse

from helpdesk.actor import staff
from tests.factories import NOW, at, make_branch, make_device, make_ticket, make_user
from tests.troubleshooting.staffed import counted, freeze, reference_fields, signed_in, text_of
from troubleshooting.lifecycle import claim
from troubleshooting.models import Shift

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    freeze(monkeypatch)


@pytest.fixture
def branch():
    return make_branch()


@pytest.fixture
def librarian(branch):
    return signed_in("reference", branch, username="harbour-reference")


def mine(branch, user, **fields):
    ticket = make_ticket(branch, **reference_fields(device=make_device(branch), **fields))
    return claim(ticket_id=ticket.pk, by=staff(user.pk, user.role), now=NOW)


def leave(client, ticket, **sent):
    answer = client.post(reverse("shift-end-leave", args=[ticket.pk]), sent)
    ticket.refresh_from_db()
    return answer


def test_with_nothing_one_can_go(librarian):
    assert "Nothing is with you You can go." in text_of(librarian[0].get(reverse("shift-end")))


def test_every_page_of_staff_leads_there(librarian):
    assert f'href="{reverse("shift-end")}"' in librarian[0].get(reverse("reference")).content.decode()


def test_it_lists_what_i_have_and_nothing_else(branch, librarian):
    client, user = librarian
    mine(branch, user, text="The form does not print")
    mine(branch, make_user("reference", branch), text="Ship lists")
    page = text_of(client.get(reverse("shift-end")))
    assert "You have 1 question." in page
    assert "The form does not print" in page
    assert "Ship lists" not in page


def test_put_back_to_the_line_with_a_note(branch, librarian):
    client, user = librarian
    ticket = mine(branch, user)
    assert leave(client, ticket, do="hand_on", to="", note="Half done").status_code == 302
    assert (ticket.state, list(ticket.events.values_list("what", flat=True))[-2:]) == ("waiting", ["noted", "put_back"])


def test_handed_on_to_a_colleague_by_name(branch, librarian):
    client, user = librarian
    ticket, colleague = mine(branch, user), make_user("reference", branch)
    leave(client, ticket, do="hand_on", to=colleague.pk, note="")
    assert ticket.owner == colleague


def test_a_colleague_who_is_off_today_is_not_offered(branch, librarian):
    client, user = librarian
    ticket, colleague = mine(branch, user), make_user("reference", branch, username="off-today")
    Shift.objects.create(user=colleague, branch=branch, weekday=4, starts=time(9), ends=time(17))
    assert "off-today" not in text_of(client.get(reverse("shift-end")))
    assert leave(client, ticket, do="hand_on", to=colleague.pk).status_code == 422


def test_whoever_is_on_duty_now_stands_first(branch, librarian):
    client, user = librarian
    mine(branch, user)
    make_user("reference", branch, username="a-no-hours")
    here = make_user("reference", branch, username="z-on-duty")
    Shift.objects.create(user=here, branch=branch, weekday=1, starts=time(9), ends=time(17))
    page = text_of(client.get(reverse("shift-end")))
    assert page.index("z-on-duty") < page.index("a-no-hours")


def test_parked_until_a_moment_with_a_reason(branch, librarian):
    client, user = librarian
    ticket = mine(branch, user)
    leave(client, ticket, do="park", until="2026-11-25T10:00", note="She brings the file")
    assert (ticket.state, ticket.rests_until) == ("waiting", at(10, day=25))


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"do": "park", "until": "2026-11-25T10:00", "note": ""}, "Say in a few words what it waits for."),
        ({"do": "park", "until": "2026-11-20T10:00", "note": "The file"}, "Choose a moment after now"),
        ({"do": "keep", "until": "", "note": "My own words"}, "Choose a day and a time."),
        ({"do": "keep", "until": "soon", "note": "My own words"}, "Choose a day and a time."),
        ({"do": "throw"}, "Choose one of the shown."),
        ({"do": "keep", "until": "2026-11-25T10:00", "note": "x" * 3000}, "characters. 2000 fit"),
    ],
)
def test_what_does_not_do_is_said_and_the_words_stay(branch, librarian, sent, sentence):
    client, user = librarian
    ticket = mine(branch, user)
    answer = leave(client, ticket, **sent)
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert sent.get("note", "") in answer.content.decode()
    assert (ticket.owner, ticket.rests_until) == (user, None)


def test_kept_until_the_next_shift_which_is_filled_in(branch, librarian):
    client, user = librarian
    ticket = mine(branch, user)
    Shift.objects.create(user=user, branch=branch, weekday=3, starts=time(13), ends=time(17))
    Shift.objects.create(user=user, branch=branch, weekday=1, starts=time(9), ends=time(17))
    assert 'value="2026-11-26T13:00"' in client.get(reverse("shift-end")).content.decode()
    leave(client, ticket, do="keep", until="2026-11-26T13:00", note="")
    assert (ticket.owner, ticket.rests_until) == (user, at(13, day=26))


def test_without_hours_the_next_opening_is_filled_in(branch, librarian):
    client, user = librarian
    mine(branch, user)
    assert 'value="2026-11-25T09:00"' in client.get(reverse("shift-end")).content.decode()


def test_what_is_not_mine_any_more_is_said(branch, librarian):
    ticket = mine(branch, make_user("reference", branch))
    answer = leave(librarian[0], ticket, do="hand_on", to="")
    assert answer.status_code == 409
    assert "is not yours any more." in text_of(answer)


def test_a_question_that_stopped_moving_is_not_parked_and_not_put_back(branch, librarian):
    client, user = librarian
    ticket = mine(branch, user)
    type(ticket).objects.filter(pk=ticket.pk).update(bounces=2)
    page = client.get(reverse("shift-end")).content.decode()
    assert 'value="park"' not in page
    assert "Back to the line" not in page
    assert leave(client, ticket, do="hand_on", to="").status_code == 409


def test_the_number_of_queries_does_not_grow_with_the_questions(branch, librarian):
    client, user = librarian
    mine(branch, user)
    with counted() as few:
        client.get(reverse("shift-end"))
    for _ in range(5):
        mine(branch, user)
    with counted() as many:
        client.get(reverse("shift-end"))
    assert len(many) == len(few)


def test_a_day_away_is_no_day_to_come_back_to(branch, librarian):
    client, user = librarian
    mine(branch, user)
    for weekday in (2, 3):
        Shift.objects.create(user=user, branch=branch, weekday=weekday, starts=time(9), ends=time(17))
    user.absences.create(from_on=date(2026, 11, 25), until_on=date(2026, 11, 25))
    assert 'value="2026-11-26T09:00"' in client.get(reverse("shift-end")).content.decode()


def test_a_note_that_looks_personal_is_asked_about_before_it_is_saved(branch, librarian):
    client, user = librarian
    ticket = mine(branch, user)
    answer = leave(client, ticket, do="hand_on", to="", note="call 555 123 4567")
    assert answer.status_code == 422
    assert "This looks personal" in answer.content.decode()
    ticket.refresh_from_db()
    assert ticket.owner == user
