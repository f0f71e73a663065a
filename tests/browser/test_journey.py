"""The main job in a real browser: book at the kiosk, log a fault, see it at IT, resolve it, book again."""

from datetime import time

import pytest
from playwright.sync_api import expect

from reservations.models import OpeningHours
from tests import factories as make
from troubleshooting import categories
from troubleshooting.models import Category

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NUMBER, PIN, PASSWORD = "29990000000017", "2468", "a long demo password"


@pytest.fixture
def library():
    """One branch that is open day and night with one seat, a card, and a post of each role."""
    categories.load(Category)
    branch = make.make_branch(hours=False, slug="harbour", name="Harbour", policy={"stop_minutes": 0, "gap_minutes": 0})
    for weekday in range(7):
        OpeningHours.objects.create(branch=branch, weekday=weekday, opens=time(0), closes=time(0))
    make.make_device(branch, label="8", area=make.make_area(branch))
    make.make_card(NUMBER, PIN)
    for role in ("desk", "tech"):
        user = make.make_user(role, branch, username=role)
        user.set_password(PASSWORD)
        user.save()
    return branch


def sign_in(page, name, path):
    page.goto(path)
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def pair(page):
    sign_in(page, "desk", "/kiosk/pair/")
    page.get_by_label("Name").fill("Kiosk 1")
    page.get_by_role("button", name="Pair this screen").click()
    expect(page.get_by_text("What would you like to do?")).to_be_visible()


def kiosk_sign_in(page):
    page.get_by_role("link", name="Use a computer now").click()
    page.get_by_role("textbox", name="number").fill(NUMBER)
    page.get_by_label("PIN", exact=True).fill(PIN)
    page.get_by_role("button", name="Go on").click()


def take_the_seat(page):
    kiosk_sign_in(page)
    page.locator("button.kseat").first.click()


def test_book_report_repair_and_book_again(library, open_page):
    kiosk, desk, it = open_page(1280, 800), open_page(1440, 900), open_page(390, 844)

    pair(kiosk)
    take_the_seat(kiosk)
    expect(kiosk.get_by_role("heading", name="Seat 8 is yours.")).to_be_visible()
    kiosk.get_by_role("button", name="Finish").first.click()
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
