"""The kiosk as different people use it: without script, by keyboard alone, walking away in the middle."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.library import NUMBER, PIN, make_library, pair, take_the_seat

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def library():
    return make_library()


@pytest.mark.usefixtures("library")
def test_a_seat_is_booked_without_javascript(open_page):
    kiosk = open_page(1280, 800, java_script_enabled=False)
    pair(kiosk)
    take_the_seat(kiosk)
    expect(kiosk.get_by_role("heading", name="Seat 8 is yours.")).to_be_visible()


@pytest.mark.usefixtures("library")
def test_a_seat_is_booked_by_keyboard_alone(open_page):
    kiosk = open_page(1280, 800)
    pair(kiosk)
    tab_to(kiosk, "Use a computer now")
    kiosk.keyboard.press("Enter")
    expect(kiosk.get_by_role("textbox", name="number")).to_be_focused()
    kiosk.keyboard.type(NUMBER)
    kiosk.keyboard.press("Tab")
    kiosk.keyboard.type(PIN)
    kiosk.keyboard.press("Enter")
    expect(kiosk.get_by_role("heading", name="When do you want to sit down?")).to_be_visible()
    tab_to(kiosk, "Seat 8")
    kiosk.keyboard.press("Enter")
    expect(kiosk.get_by_role("heading", name="Seat 8 is yours.")).to_be_visible()


def tab_to(page, words):
    """Press Tab until the element that says `words` has the focus."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if words in page.evaluate(
            "document.activeElement.matches('a, button') ? document.activeElement.innerText : ''"
        ):
            return
    raise AssertionError(f"nothing that says {words!r} can be reached by Tab")


@pytest.mark.usefixtures("library")
def test_a_number_can_be_typed_on_the_screen_alone(open_page):
    kiosk = open_page(1280, 800, has_touch=True)
    pair(kiosk)
    kiosk.get_by_role("link", name="Use a computer now").tap()
    for digit in NUMBER:
        kiosk.locator(f'[data-key="{digit}"]').tap()
    kiosk.get_by_label("PIN", exact=True).tap()
    for digit in PIN:
        kiosk.locator(f'[data-key="{digit}"]').tap()
    kiosk.get_by_role("button", name="Go on").tap()
    expect(kiosk.get_by_role("heading", name="When do you want to sit down?")).to_be_visible()


@pytest.mark.usefixtures("library")
def test_someone_who_walks_away_is_asked_and_then_forgotten(open_page, settings):
    settings.KIOSK_IDLE_SECONDS, settings.KIOSK_WARNING_SECONDS = 2, 3
    kiosk = open_page(1280, 800)
    pair(kiosk)
    take_the_seat(kiosk)
    expect(kiosk.get_by_text("Are you still there?")).to_be_visible()
    expect(kiosk.get_by_text("What would you like to do?")).to_be_visible()
    kiosk.goto("/kiosk/mine/")
    expect(kiosk.get_by_role("textbox", name="number")).to_be_visible()


@pytest.mark.usefixtures("library")
def test_someone_who_needs_more_time_gets_it(open_page, settings):
    settings.KIOSK_IDLE_SECONDS, settings.KIOSK_WARNING_SECONDS = 2, 20
    kiosk = open_page(1280, 800)
    pair(kiosk)
    take_the_seat(kiosk)
    kiosk.get_by_role("button", name="I need more time").click()
    expect(kiosk.get_by_text("Are you still there?")).not_to_be_visible()
    expect(kiosk.get_by_role("heading", name="Seat 8 is yours.")).to_be_visible()


@pytest.mark.usefixtures("library")
def test_the_next_patron_finds_nothing_by_going_back(open_page):
    kiosk = open_page(1280, 800)
    pair(kiosk)
    take_the_seat(kiosk)
    expect(kiosk.get_by_role("heading", name="Seat 8 is yours.")).to_be_visible()
    kiosk.get_by_role("button", name="Start again").click()
    expect(kiosk.get_by_text("What would you like to do?")).to_be_visible()
    for _ in range(5):
        kiosk.go_back()
        kiosk.wait_for_load_state()
        assert "Seat 8 is yours" not in kiosk.content()
        assert NUMBER not in kiosk.content()


@pytest.mark.usefixtures("library")
def test_a_whole_booking_leaves_no_step_for_back_and_each_step_its_title(open_page):
    kiosk = open_page(1280, 800)
    pair(kiosk)
    steps = kiosk.evaluate("history.length")
    kiosk.get_by_role("link", name="Use a computer now").click()
    expect(kiosk).to_have_title(re.compile("^Who is it"))
    kiosk.get_by_role("textbox", name="number").fill(NUMBER)
    kiosk.get_by_label("PIN", exact=True).fill(PIN)
    kiosk.get_by_role("button", name="Go on").click()
    expect(kiosk).to_have_title(re.compile("^When do you want"))
    kiosk.locator(".kday").nth(1).click()
    expect(kiosk.locator(".kday").nth(1)).to_have_attribute("aria-current", "date")
    kiosk.locator("button.kseat").first.click()
    expect(kiosk).to_have_title(re.compile("^Your seat"))
    assert kiosk.evaluate("history.length") == steps


@pytest.mark.usefixtures("library")
def test_after_start_again_back_and_reload_show_no_number(open_page):
    kiosk = open_page(1280, 800)
    pair(kiosk)
    kiosk.locator("#scan").fill(NUMBER)
    kiosk.locator("#scan").press("Enter")
    expect(kiosk.get_by_role("textbox", name="number")).to_have_value(NUMBER)
    kiosk.get_by_role("button", name="Start again").click()
    expect(kiosk.get_by_text("What would you like to do?")).to_be_visible()
    kiosk.go_back()
    assert NUMBER not in kiosk.content()
    kiosk.reload()
    assert NUMBER not in kiosk.content()
