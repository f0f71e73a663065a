"""The pages on which levels work together, in a browser: axe finds nothing, one tap and one key do what they say."""

from datetime import timedelta
from uuid import uuid4

import pytest

from helpdesk import clock
from helpdesk.actor import staff
from helpdesk.models import User
from tests import factories as make
from tests.browser.library import make_library, sign_in
from tests.browser.test_accessibility import violations
from troubleshooting.lifecycle import claim, escalate, hand_over, send_back, split
from troubleshooting.models import Category, Ticket

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MINUTE = timedelta(minutes=1)


@pytest.fixture
def branch():
    return make_library(("1", "8", "9"))


def asked(branch, code="printing", **fields):
    fields = {"tier": 1, "opened_at": clock.now() - 9 * MINUTE, **fields}
    return make.make_ticket(branch, category=Category.objects.get(code=code), **fields)


def manager():
    user = User.objects.get(username="manager")
    return staff(user.pk, user.role)


def over_its_box(branch):
    ticket = asked(branch)
    claim(ticket_id=ticket.pk, by=manager(), now=clock.now() - 7 * MINUTE)
    return ticket


def stopped(branch):
    ticket, now = asked(branch), clock.now()
    hand_over(ticket_id=ticket.pk, by=manager(), now=now)
    escalate(ticket_id=ticket.pk, by=manager(), now=now)
    send_back(ticket_id=ticket.pk, by=manager(), now=now)
    return ticket


def in_two(branch):
    ticket = asked(branch, tier=2, promised_at=clock.now())
    claim(ticket_id=ticket.pk, by=manager(), now=clock.now())
    words = {"keeps": "The form", "other": "The printer", "category": "printing", "tier": 3}
    split(ticket_id=ticket.pk, request_key=uuid4(), by=manager(), now=clock.now(), **words)
    return ticket


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_axe_finds_nothing(open_page, branch, width, scheme):
    box, still, whole = over_its_box(branch), stopped(branch), in_two(branch)
    page = open_page(width, 900, color_scheme=scheme)
    sign_in(page, "manager", "/desk/")
    found = violations(page)
    for path in (
        f"/desk/question/{box.pk}/",
        f"/questions/{still.pk}/",
        f"/questions/{whole.pk}/#split-keeps",
        f"/reference/?open={whole.pk}",
        "/it/",
        "/shift-end/",
    ):
        page.goto(path)
        found |= violations(page)
    assert found == set()


def test_the_key_of_the_next_bar_says_that_it_is_solved(open_page, branch):
    ticket = over_its_box(branch)
    page = open_page(1440, 900)
    sign_in(page, "manager", "/desk/")
    page.get_by_text("Solved, keep on, hand over, or book a one-to-one?").wait_for()
    page.wait_for_load_state("networkidle")  # what loads by itself may still move the focus
    page.keyboard.press("n")
    page.get_by_text(f"Question {ticket.pk} is saved.").wait_for()
    ticket.refresh_from_db()
    assert ticket.state == "done"


def test_keep_on_in_the_bar_is_asked_no_more(open_page, branch):
    over_its_box(branch)
    page = open_page(1440, 900)
    sign_in(page, "manager", "/desk/")
    page.get_by_role("button", name="Keep on").click()
    page.get_by_text("It is not asked again.").wait_for()
    assert page.get_by_text("Solved, keep on").count() == 0


def test_only_what_was_referred_on_asks_to_whom(open_page, branch):
    ticket = asked(branch, tier=2)
    claim(ticket_id=ticket.pk, by=manager(), now=clock.now())
    page = open_page(1440, 900)
    sign_in(page, "manager", "/desk/")
    page.goto(f"/reference/?open={ticket.pk}")
    assert not page.get_by_label("To whom").is_visible()
    page.get_by_text("Referred on", exact=True).click()
    page.get_by_label("To whom").fill("Legal aid clinic")
    page.get_by_role("button", name="Done, next").click()
    page.get_by_text(f"Question {ticket.pk} is done.").wait_for()
    assert Ticket.objects.get(pk=ticket.pk).referred_to == "Legal aid clinic"


def test_it_sends_it_back_with_one_tap_on_a_phone(open_page, branch):
    ticket = asked(branch, code="pdf", tier=3)
    page = open_page(390, 844)
    sign_in(page, "manager", "/desk/")
    page.goto("/it/")
    page.get_by_role("button", name="Back to the desk").click()
    page.get_by_text(f"Question {ticket.pk} went back.").wait_for()
    ticket.refresh_from_db()
    assert (ticket.tier, ticket.state) == (1, "waiting")
