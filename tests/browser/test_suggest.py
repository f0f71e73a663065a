"""Typing at the desk: what it seems to be about appears, can be accepted or corrected by key, and holds nothing up."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.library import make_library, sign_in
from tests.browser.test_accessibility import RULES
from troubleshooting.models import Ticket

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WORDS = "paid for printing but nothing comes out"


@pytest.fixture(params=["light", "dark"])
def desk(open_page, request):
    make_library()
    page = open_page(1440, 900, color_scheme=request.param)
    sign_in(page, "desk", "/desk/")
    page.wait_for_load_state()
    page.get_by_label("What do they need?").press_sequentially(WORDS)
    expect(page.locator("#suggest")).to_contain_text("Alt Y")
    return page


def test_one_key_press_after_the_words_saves_what_was_suggested(desk):
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("#recent")).to_contain_text(WORDS)
    assert Ticket.objects.get(text=WORDS).category.code == "printing"


def test_the_words_and_the_focus_stay_where_they_were(desk):
    expect(desk.get_by_label("What do they need?")).to_be_focused()
    expect(desk.get_by_label("What do they need?")).to_have_value(WORDS)
    expect(desk.locator("#ask-save")).to_be_enabled()


def test_another_of_the_suggested_is_chosen_by_arrow_and_saved(desk):
    desk.locator("input[name=suggested]:checked").focus()
    desk.keyboard.press("ArrowRight")
    second = desk.locator("input[name=suggested]:checked").get_attribute("value")
    expect(desk.locator("#suggest h3")).not_to_have_text("Printing: nothing came out")
    desk.locator("#ask-save").click()
    expect(desk.locator("#recent")).to_contain_text(WORDS)
    assert Ticket.objects.get(text=WORDS).category.code == second


def test_a_suggestion_that_fails_is_no_alarm(desk):
    desk.route("**/desk/suggest/", lambda route: route.fulfill(status=502))
    desk.get_by_label("What do they need?").press_sequentially(" again")
    desk.wait_for_timeout(600)
    expect(desk.locator("#toast").get_by_role("alert")).to_have_count(0)


def test_the_suggestion_passes_axe(desk):
    assert [each["id"] for each in Axe().run(desk, options=RULES).response["violations"]] == []
