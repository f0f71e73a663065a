"""Who else has a question open."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from helpdesk import live
from helpdesk.models import Role
from tests.factories import NOW, make_branch, make_ticket
from tests.troubleshooting.staffed import HTMX, element, freeze, signed_in, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    live.redis().flushdb()
    freeze(monkeypatch)


@pytest.fixture
def branch():
    return make_branch()


def post(branch, name, role=Role.REFERENCE):
    return signed_in(role, branch, username=name)[0]


PAGES = {
    "question": (Role.REFERENCE, 1),
    "desk-question": (Role.REFERENCE, 1),
    "reference": (Role.REFERENCE, 2),
    "it-fault": (Role.TECH, 3),
}


def path_to(name, ticket):
    return f"{reverse(name)}?open={ticket.pk}" if name == "reference" else reverse(name, args=[ticket.pk])


@pytest.mark.parametrize("name", PAGES)
def test_the_second_who_opens_a_question_sees_the_first(branch, name):
    role, tier = PAGES[name]
    ticket = make_ticket(branch, tier=tier)
    first, second = post(branch, "desk-one", role), post(branch, "desk-two", role)
    assert "is here too" not in text_of(first.get(path_to(name, ticket)))
    assert "desk-one is here too." in element(second.get(path_to(name, ticket)), "here")


def polled(page):
    """Return the address that keeps the part fresh."""
    return re.search(r'hx-get="([^"]*here=[^"]*)"', page.content.decode()).group(1).replace("&amp;", "&")


@pytest.mark.parametrize("name", PAGES)
def test_the_first_is_told_at_the_next_poll(branch, name, django_capture_on_commit_callbacks):
    role, tier = PAGES[name]
    ticket = make_ticket(branch, tier=tier)
    first, second = post(branch, "desk-one", role), post(branch, "desk-two", role)
    with django_capture_on_commit_callbacks(execute=True):
        page = first.get(path_to(name, ticket))
    with django_capture_on_commit_callbacks(execute=True):
        second.get(path_to(name, ticket))
    told = first.get(polled(page), **HTMX)
    assert "desk-two is here too." in element(told, "here")


def test_an_unchanged_poll_is_empty_and_keeps_its_reader_in_sight(branch, monkeypatch):
    ticket = make_ticket(branch)
    first, second = post(branch, "desk-one"), post(branch, "desk-two")
    page = first.get(path_to("question", ticket))
    freeze(monkeypatch, NOW + timedelta(seconds=30))
    assert first.get(polled(page), **HTMX).status_code == 204
    freeze(monkeypatch, NOW + timedelta(seconds=60))
    assert "desk-one is here too." in text_of(second.get(path_to("question", ticket)))


def test_three_are_named_together(branch):
    ticket = make_ticket(branch)
    clients = [post(branch, name) for name in ("desk-one", "desk-two", "it")]
    pages = [client.get(path_to("question", ticket)) for client in clients]
    assert "desk-one and desk-two are here too." in text_of(pages[-1])


def test_with_redis_away_the_page_is_whole(branch, monkeypatch):
    monkeypatch.setattr(live, "_client", live.connect("redis://127.0.0.1:1/0"))
    page = post(branch, "desk-one").get(path_to("question", make_ticket(branch)))
    assert page.status_code == 200
    assert "is here too" not in text_of(page)
