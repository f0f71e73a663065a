"""axe-core finds nothing against WCAG 2.2 AA on the pages of kiosk and staff, light, dark and at high contrast."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from helpdesk import clock
from tests import factories as make
from tests.browser.library import kiosk_sign_in, make_library, pair, sign_in
from troubleshooting.models import Category

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
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
    for path in ("/desk/", "/reference/", "/it/", "/notices/"):
        page.goto(path)
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
