"""The main job in a real browser: book at the kiosk, log a fault, see it at IT, resolve it, book again."""

import pytest
from playwright.sync_api import expect

from tests.browser.library import kiosk_sign_in, make_library, pair, sign_in, take_the_seat

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def library():
    return make_library()


def test_book_report_repair_and_book_again(library, open_page):
    kiosk, desk, it = open_page(1280, 800), open_page(1440, 900), open_page(390, 844)

    pair(kiosk)
    take_the_seat(kiosk)
    expect(kiosk.get_by_role("heading", name="Seat 8 is yours.")).to_be_visible()
    kiosk.get_by_role("button", name="Leave this screen").first.click()
    expect(kiosk.get_by_text("What would you like to do?")).to_be_visible()

    kiosk.go_back()
    expect(kiosk.get_by_text("Seat 8 is yours.")).not_to_be_visible()
    expect(kiosk.get_by_text("017")).not_to_be_visible()
    kiosk.goto("/kiosk/")

    sign_in(desk, "desk", "/desk/")
    expect(desk.locator("#seat-8")).to_have_attribute("data-state", "use")
    desk.get_by_label("What do they need?").fill("There are lines all across the screen")
    desk.get_by_label("Where").select_option(label="Seat 8")
    desk.get_by_label("What is it about?").select_option("display")
    desk.get_by_role("button", name="To IT").click()
    expect(desk.get_by_text("Seat 8 is out of service")).to_be_visible()
    expect(desk.locator("#seat-8")).to_have_attribute("data-state", "out")

    sign_in(it, "tech", "/it/")
    it.get_by_role("link", name="There are lines all across the screen").first.click()

    take_the_seat_is_refused(kiosk)

    it.get_by_role("button", name="Take it").click()
    it.get_by_role("button", name="Fixed, open the seat").click()
    expect(desk.locator("#seat-8")).to_have_attribute("data-state", "free", timeout=15_000)

    kiosk.goto("/kiosk/")
    take_the_seat(kiosk)
    expect(kiosk.get_by_role("heading", name="Seat 8 is yours.")).to_be_visible()


def take_the_seat_is_refused(page):
    kiosk_sign_in(page)
    expect(page.get_by_text("No seat is free right now")).to_be_visible()
    page.get_by_role("button", name="Start again").click()
    expect(page.get_by_text("What would you like to do?")).to_be_visible()
