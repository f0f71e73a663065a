"""axe-core finds nothing against WCAG 2.2 AA on the pages of kiosk and staff, light, dark and at high contrast."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe

from helpdesk import clock
from helpdesk.actor import patron as by_patron
from reservations.booking.dispatch import advance
from reservations.booking.seat import finish
from reservations.models import Policy
from tests import factories as make
from tests.browser.library import kiosk_sign_in, make_library, pair, sign_in
from troubleshooting.models import Category

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HOUR = timedelta(hours=1)
CARDS = ("/card/", "/guest-passes/harbour/", "/set-up/cards/", "/set-up/look-ups/")
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}


@pytest.fixture
def library():
    """A library with something on every screen."""
    branch = make_library(("1", "8", "9"))
    printing = Category.objects.get(code="printing")
    for tier in (1, 2, 3):
        make.make_ticket(branch, category=printing, tier=tier, opened_at=clock.now(), promised_at=clock.now())
    return branch


def violations(page):
    found = Axe().run(page, options=RULES).response["violations"]
    return {f"{page.url}: {v['id']}: {v['nodes'][0]['html'][:120]}" for v in found}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.usefixtures("library")
def test_staff_pages(open_page, scheme, width):
    page = open_page(width, 900, color_scheme=scheme)
    page.goto("/sign-in/")
    found = violations(page)
    sign_in(page, "manager", "/desk/")
    rules = f"/set-up/policies/{Policy.objects.get().pk}/"
    for path in ("/desk/", "/reference/", "/it/", "/notices/", "/set-up/policies/", rules, *CARDS):
        page.goto(path)
        found |= violations(page)
    page.goto(rules)
    page.get_by_label("Session length", exact=True).fill("45")
    page.get_by_role("button", name="Show what changes").click()
    page.get_by_role("heading", name="What would change today").wait_for()
    found |= violations(page)
    page.get_by_label("Session length", exact=True).fill("900")
    page.get_by_role("button", name="Show what changes").click()
    page.get_by_text("another look").first.wait_for()
    found |= violations(page)
    page.goto("/desk/")
    page.locator("a.seat__hit").first.click()
    page.wait_for_load_state()
    assert found | violations(page) == set()


@pytest.mark.parametrize("size", [(1920, 1080), (1080, 1920)])
def test_the_wall(open_page, library, size):
    page = open_page(*size)
    page.goto(f"/wall/{library.slug}/")
    assert violations(page) == set()


@pytest.mark.parametrize("look", ["plain", "large and high contrast"])
@pytest.mark.usefixtures("library")
def test_kiosk_pages(open_page, look):
    page = open_page(1280, 800)
    pair(page)
    if look != "plain":
        page.get_by_role("button", name="Larger text").click()
        page.get_by_role("button", name="High contrast").click()
    found = violations(page)
    page.goto("/kiosk/help/")
    found |= violations(page)
    page.goto("/kiosk/")
    page.get_by_role("link", name="Use a computer now").click()
    page.get_by_role("textbox", name="number").wait_for()
    found |= violations(page)
    page.goto("/kiosk/")
    kiosk_sign_in(page)
    page.locator("button.kseat").first.wait_for()
    found |= violations(page)
    page.locator("button.kseat").first.click()
    page.get_by_role("heading", name="is yours").wait_for()
    found |= violations(page)
    page.goto("/kiosk/mine/")
    assert found | violations(page) == set()


@pytest.mark.parametrize("look", ["plain", "large and high contrast"])
def test_kiosk_pages_of_the_line_and_of_a_session(library, open_page, look):
    library.devices.exclude(label="8").delete()
    library.devices.update(features=["headset", "scanner"])
    seat, now = library.devices.get(), clock.now()
    theirs = make.make_booking(seat, now - HOUR, now + HOUR, checked_in_at=now - HOUR)
    page = open_page(1280, 800)
    pair(page)
    if look != "plain":
        page.get_by_role("button", name="Larger text").click()
        page.get_by_role("button", name="High contrast").click()
    kiosk_sign_in(page)
    page.get_by_role("button", name="Take a number").wait_for()
    found = violations(page)
    page.get_by_role("button", name="Take a number").click()
    page.get_by_role("heading", name="Your number is").wait_for()
    found |= violations(page)
    page.goto("/kiosk/mine/")
    found |= violations(page)
    finish(booking=theirs, by=by_patron(), now=clock.now())
    advance(branch_id=library.pk, now=clock.now())
    page.get_by_role("link", name="To my seat").or_(page.get_by_role("link", name="See my place")).click()
    page.get_by_role("button", name="Sit down").wait_for()
    found |= violations(page)
    page.get_by_role("button", name="Sit down").click()
    page.get_by_role("heading", name="Seat 8 is yours.").wait_for()
    page.goto("/kiosk/mine/")
    page.get_by_role("button", name="15 more minutes").wait_for()
    found |= violations(page)
    page.goto("/kiosk/times/")
    page.locator(".ktime").first.click()
    page.get_by_text("Ask a librarian").or_(page.get_by_role("heading", name="Seat 8 is yours.")).first.wait_for()
    assert found | violations(page) == set()
