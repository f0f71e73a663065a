"""Help at a seat as people use it: without script, by keyboard, and a page that follows what the desk does."""

import pytest
from playwright.sync_api import expect

from helpdesk.actor import SYSTEM, staff
from tests import factories as make
from tests.browser.library import make_library
from troubleshooting.help_address import code_of
from troubleshooting.lifecycle import claim, resolve
from troubleshooting.models import Ticket

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def address():
    branch = make_library()
    return f"/help/{code_of(branch.devices.get().pk, 0)}/"


@pytest.mark.parametrize("scripted", [True, False])
def test_a_person_is_called_and_told_not_to_come(open_page, address, scripted):
    page = open_page(1280, 800, java_script_enabled=scripted)
    page.goto(address)
    page.get_by_role("link", name="The computer is stuck").click()
    page.get_by_role("button", name="Call a person to Seat 8").click()
    expect(page.get_by_role("heading", name="A librarian comes to seat 8.")).to_be_visible()
    page.goto(address)
    expect(page.get_by_role("heading", name="A librarian comes to seat 8.")).to_be_visible()
    page.get_by_role("button", name="I do not need help any more").click()
    expect(page.get_by_role("heading", name="All right, nobody comes.")).to_be_visible()
    assert Ticket.objects.get().outcome == "withdrawn"


def test_the_page_follows_what_the_desk_does_and_leaves_the_focus(open_page, address):
    page = open_page(1280, 800)
    page.clock.install()
    page.goto(address)
    page.get_by_role("link", name="Something else").click()
    page.get_by_role("button", name="Call a person to Seat 8").click()
    page.get_by_role("button", name="I do not need help any more").focus()
    ticket, user = Ticket.objects.get(), make.make_user()
    claim(ticket_id=ticket.pk, by=staff(user.pk, user.role), now=ticket.opened_at)
    page.clock.run_for(16_000)
    expect(page.get_by_text("Someone is on the way now.")).to_be_visible()
    expect(page.get_by_role("button", name="I do not need help any more")).to_be_focused()
    resolve(ticket_id=ticket.pk, outcome="fixed", by=SYSTEM, now=ticket.opened_at)
    page.clock.run_for(16_000)
    expect(page.get_by_role("heading", name="Good that it works.")).to_be_visible()


def test_it_can_be_done_by_keyboard_alone(open_page, address):
    page = open_page(1280, 800)
    page.goto(address)
    page.get_by_role("link", name="Nothing prints").press("Enter")
    page.get_by_role("button", name="Call a person to Seat 8").press("Enter")
    expect(page.get_by_role("heading", name="A librarian comes to seat 8.")).to_be_visible()


def test_another_language_is_one_tap_and_stays(open_page, address):
    page = open_page(390, 844)
    page.goto(address)
    page.get_by_role("link", name="Español").click()
    expect(page.locator("html")).to_have_attribute("lang", "es")
    page.locator(".kwrong a").first.click()
    expect(page.locator("html")).to_have_attribute("lang", "es")
