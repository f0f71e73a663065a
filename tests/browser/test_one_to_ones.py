"""One-to-ones in a browser: booked by keyboard and by touch, and axe-core finds nothing on their pages."""

from datetime import time, timedelta

import pytest
from playwright.sync_api import expect

from helpdesk import clock
from helpdesk.models import User
from tests.browser.library import make_library, pair, sign_in
from tests.browser.test_accessibility import violations
from tests.troubleshooting.shifts import make_appointment
from troubleshooting.models import Category, Shift

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def library():
    """A library that is always open, with a librarian who is always there."""
    branch = make_library(("1", "8"))
    librarian = User.objects.get(username="reference")
    for day in range(7):
        for starts, ends in ((0, 12), (12, 0)):
            Shift.objects.create(user=librarian, branch=branch, weekday=day, starts=time(starts), ends=time(ends))
    return branch


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 320])
def test_staff_pages_have_no_barrier(open_page, library, scheme, width):
    librarian, topic = User.objects.get(username="reference"), Category.objects.get(code="research")
    one = make_appointment(librarian, library, clock.now() + timedelta(minutes=5), category=topic)
    page = open_page(width, 900, color_scheme=scheme)
    sign_in(page, "manager", "/desk/")
    found = set()
    own = f"/staff-hours/{librarian.pk}/"
    ones = [f"/one-to-one/{one.pk}/{step}" for step in ("", "move/", "record/")]
    for path in ("/staff-hours/", own, "/desk/harbour/one-to-one/", *ones, "/reference/harbour/one-to-ones/"):
        page.goto(path)
        found |= violations(page)
        assert fits(page), path
    page.goto(own)
    today = f"{clock.now():%Y-%m-%d}"
    page.get_by_label("First day").fill(today)
    page.get_by_label("Last day").fill(f"{clock.now() + timedelta(days=2):%Y-%m-%d}")
    page.get_by_role("button", name="Save the days").click()
    page.get_by_role("heading", name="1 one-to-one is booked then").wait_for()
    assert found | violations(page) == set()


def test_the_desk_books_one_by_keyboard_alone(open_page, library):
    page = open_page(1440, 900)
    sign_in(page, "desk", "/desk/harbour/one-to-one/")
    page.locator("#start-1").focus()
    page.keyboard.press("Space")
    page.get_by_label("What is it about?").focus()
    page.keyboard.type("Jobs")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="One-to-one 1")).to_be_visible()
    expect(page.get_by_role("button", name="Print the slip")).to_be_visible()


def test_what_stands_beside_the_queue_comes_by_itself_and_keeps_the_focus(open_page, library):
    librarian, topic = User.objects.get(username="reference"), Category.objects.get(code="research")
    one = make_appointment(librarian, library, clock.now() - timedelta(minutes=5), category=topic)
    page = open_page(1440, 900)
    sign_in(page, "reference", "/reference/")
    page.locator(f"#one-{one.pk}-here").focus()
    with page.expect_response("**/one-to-ones/"):
        page.evaluate("htmx.ajax('GET', '/reference/harbour/one-to-ones/', {target: '#beside', swap: 'outerHTML'})")
    expect(page.locator(f"#one-{one.pk}-here")).to_be_focused()
    page.locator(f"#one-{one.pk}-here").click()
    expect(page.get_by_role("heading", name="How it went")).to_be_visible()


@pytest.mark.parametrize("look", ["plain", "large and high contrast"])
def test_the_kiosk_books_one_with_three_taps_and_has_no_barrier(open_page, library, look):
    page = open_page(1280, 800)
    pair(page)
    if look != "plain":
        page.get_by_role("button", name="Larger text").click()
        page.get_by_role("button", name="High contrast").click()
    page.goto("/kiosk/help/")
    page.get_by_role("link", name="Book a librarian").click()
    page.get_by_role("heading", name="What is it about?").wait_for()
    found = violations(page)
    page.get_by_role("link", name="Jobs and résumés").click()
    page.get_by_role("heading", name="30 minutes with a librarian").wait_for()
    found |= violations(page)
    page.locator("button.ktime").first.click()
    page.get_by_role("heading", name="A librarian has time for you.").wait_for()
    assert found | violations(page) == set()
