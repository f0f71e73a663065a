"""The line's whole story at the screens: take a number, be called, sit down, get more time, leave; and by keyboard."""

import uuid

import pytest
from playwright.sync_api import expect

from helpdesk import clock
from helpdesk.actor import patron as by_patron
from reservations.booking.dispatch import advance
from reservations.booking.seat import finish, start_now
from reservations.models import Booking, Branch
from tests import factories as make
from tests.browser.library import NUMBER, PIN, kiosk_sign_in, make_library, pair

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def library() -> Branch:
    """A branch whose two seats are both in use; one of them has a headset."""
    branch = make_library(("8", "9"))
    branch.devices.filter(label="9").update(features=["headset"])
    for seat in branch.devices.all():
        start_now(
            branch_id=branch.pk,
            device_id=seat.pk,
            patron=make.make_patron(),
            request_key=uuid.uuid4(),
            by=by_patron(),
            now=clock.now(),
        )
    return branch


def seat_frees(branch: Branch, label: str) -> None:
    """Let whoever sits there leave, and give the seat to the line."""
    now = clock.now()
    finish(booking=Booking.objects.live(now).get(device__label=label), by=by_patron(), now=now)
    advance(branch_id=branch.pk, now=clock.now())


def come_back(page) -> None:
    page.goto("/kiosk/")
    page.get_by_role("link", name="Type my number").click()
    page.get_by_role("textbox", name="number").fill(NUMBER)
    page.get_by_label("PIN", exact=True).fill(PIN)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name="My bookings")).to_be_visible()


def test_the_whole_story_of_a_number(library, open_page):
    kiosk = open_page(1280, 800, has_touch=True)
    pair(kiosk)
    kiosk_sign_in(kiosk)
    expect(kiosk.get_by_text("No seat is free right now.")).to_be_visible()
    kiosk.get_by_role("button", name="Take a number").tap()
    expect(kiosk.get_by_role("heading", name="Your number is")).to_be_visible()
    kiosk.get_by_role("button", name="Leave this screen").tap()
    expect(kiosk.get_by_text("What would you like to do?")).to_be_visible()

    seat_frees(library, "8")
    come_back(kiosk)
    kiosk.get_by_role("link", name="To my seat").tap()
    expect(kiosk.get_by_role("heading", name="Seat 8 is kept for you until")).to_be_visible()
    kiosk.get_by_role("button", name="Sit down").tap()
    expect(kiosk.get_by_role("heading", name="Seat 8 is yours.")).to_be_visible()

    kiosk.goto("/kiosk/mine/")
    kiosk.get_by_role("button", name="15 more minutes").tap()
    expect(kiosk.get_by_text("You have more time now.")).to_be_visible()
    kiosk.get_by_role("button", name="I am done").tap()
    expect(kiosk.get_by_text("Your seat is free again.")).to_be_visible()
    kiosk.get_by_role("button", name="Back to seat 8").tap()
    expect(kiosk.get_by_role("heading", name="Seat 8 is yours.")).to_be_visible()


def test_a_place_in_line_turns_into_a_seat_before_ones_eyes(library, open_page):
    kiosk = open_page(1280, 800)
    pair(kiosk)
    kiosk_sign_in(kiosk)
    kiosk.get_by_role("button", name="Take a number").click()
    expect(kiosk.get_by_role("heading", name="Your number is")).to_be_focused()
    kiosk.locator("#turn-leave").focus()
    seat_frees(library, "8")
    expect(kiosk.get_by_role("heading", name="Seat 8 is kept for you until")).to_be_visible(timeout=20_000)
    expect(kiosk.locator("#announce")).to_contain_text("Seat 8 is kept for you until")
    expect(kiosk.locator("#turn-leave")).to_be_focused()


@pytest.mark.usefixtures("library")
def test_needs_a_number_and_leaving_by_keyboard_alone(open_page):
    kiosk = open_page(1280, 800)
    pair(kiosk)
    kiosk_sign_in(kiosk)
    kiosk.get_by_role("button", name="Headset").press("Enter")
    expect(kiosk.get_by_role("button", name="Headset")).to_have_attribute("aria-pressed", "true")
    expect(kiosk.get_by_text("No such seat is free right now.")).to_be_visible()
    kiosk.get_by_role("button", name="Take a number").press("Enter")
    expect(kiosk.get_by_role("heading", name="Your number is")).to_be_focused()
    kiosk.get_by_role("button", name="Leave the line").press("Enter")
    expect(kiosk.get_by_text("You have left the line.")).to_be_visible()


PRESS_AS_SOON_AS_IT_IS_THERE = """() => new MutationObserver((_changes, watcher) => {
  const headset = document.getElementById("need-headset");
  if (headset?.getAttribute("aria-pressed") !== "true") return;
  watcher.disconnect();
  document.getElementById("now-line").click();
}).observe(document.body, { childList: true, subtree: true })"""


@pytest.mark.usefixtures("library")
def test_a_press_in_the_moment_in_which_a_step_appears_leads_to_a_step(open_page):
    """A press that htmx has not seen would load a page, whose question has no focus and which Back would find."""
    kiosk = open_page(1280, 800)
    pair(kiosk)
    kiosk_sign_in(kiosk)
    kiosk.evaluate(PRESS_AS_SOON_AS_IT_IS_THERE)
    kiosk.get_by_role("button", name="Headset").press("Enter")
    expect(kiosk.get_by_role("heading", name="Your number is")).to_be_focused()


def test_the_choice_renews_itself_and_keeps_the_focus(library, open_page):
    kiosk = open_page(1280, 800)
    pair(kiosk)
    kiosk_sign_in(kiosk)
    more = kiosk.locator("#more, #later").first
    more.focus()
    seat_frees(library, "8")
    expect(kiosk.locator("button.kseat")).to_be_visible(timeout=20_000)
    expect(more).to_be_focused()
