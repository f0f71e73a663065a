"""What the browser tests share: a small library that is always open, and the first steps at its screens."""

from datetime import time

from playwright.sync_api import Page, expect

from helpdesk import clock
from helpdesk.models import Role
from reservations.models import Branch, OpeningHours
from tests import factories as make
from troubleshooting import categories
from troubleshooting.guides.loading import load
from troubleshooting.models import Category, GuideStep, GuideVersion

NUMBER, PIN, PASSWORD = "29990000000017", "2468", "a long demo password"


def make_library(seats: tuple[str, ...] = ("8",)) -> Branch:
    """Return one branch that is open day and night, with seats, a card, and a post of each role."""
    categories.load(Category)
    load(Category, GuideVersion, GuideStep, now=clock.now())
    branch = make.make_branch(hours=False, slug="harbour", name="Harbour", policy={"stop_minutes": 0, "gap_minutes": 0})
    for weekday in range(7):
        OpeningHours.objects.create(branch=branch, weekday=weekday, opens=time(0), closes=time(0))
    area = make.make_area(branch)
    for label in seats:
        make.make_device(branch, label=label, area=area)
    make.make_card(NUMBER, PIN)
    for role in Role:
        user = make.make_user(role, branch, username=str(role))
        user.set_password(PASSWORD)
        user.save()
    return branch


def sign_in(page: Page, name: str, path: str) -> None:
    page.goto(path)
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def pair(page: Page) -> None:
    """Make the page's browser a kiosk."""
    sign_in(page, "desk", "/kiosk/pair/")
    page.get_by_label("Name").fill("Kiosk 1")
    page.get_by_role("button", name="Pair this screen").click()
    expect(page.get_by_text("What would you like to do?")).to_be_visible()


def kiosk_sign_in(page: Page) -> None:
    page.get_by_role("link", name="Use a computer now").click()
    page.get_by_role("textbox", name="number").fill(NUMBER)
    page.get_by_label("PIN", exact=True).fill(PIN)
    page.get_by_role("button", name="Go on").click()


def take_the_seat(page: Page) -> None:
    kiosk_sign_in(page)
    page.locator("button.kseat").first.click()
