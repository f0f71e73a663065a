"""The room's order by keyboard: the pressed arrow keeps the focus, the new place is announced, the map follows."""

import pytest
from playwright.sync_api import expect

from tests.browser.library import make_library, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [1440, 320])
def test_a_seat_is_moved_by_the_same_key_pressed_again(open_page, width):
    make_library(("1", "8", "9"))
    page = open_page(width, 800)
    sign_in(page, "manager", "/set-up/room/harbour/")
    arrow = page.get_by_role("button", name="Seat 1: one place down", exact=True)
    arrow.focus()
    page.wait_for_load_state()  # before that a press is answered without scripts, by a page of its own
    for place in (2, 3):
        page.keyboard.press("Enter")
        expect(page.locator("#room-said")).to_have_text(f"Seat 1, now {place} of 3 in Window row")
        expect(arrow).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#room-said")).to_have_text("Seat 1 stays 3 of 3 in Window row")
    expect(arrow).to_be_focused()
    assert page.locator("svg.plan").text_content().split() == ["Window", "row", "8", "9", "1"]
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_without_scripts_the_arrow_keeps_the_focus_too(open_page):
    make_library(("1", "8", "9"))
    page = open_page(1440, 900, java_script_enabled=False)
    sign_in(page, "manager", "/set-up/room/harbour/")
    page.get_by_role("button", name="Seat 1: one place down", exact=True).press("Enter")
    expect(page.locator("#toast")).to_contain_text("Seat 1, now 2 of 3 in Window row")
    expect(page.get_by_role("button", name="Seat 1: one place down", exact=True)).to_be_focused()
