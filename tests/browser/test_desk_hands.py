"""The desk under quick hands and old pages: every tap counts, an old token heals, typed words stay."""

import pytest
from playwright.sync_api import expect

from helpdesk import clock, live
from reservations.models import Branch
from reservations.scopes import board_scope
from tests import factories as make
from tests.browser.library import make_library, sign_in
from troubleshooting.models import Category

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def desk(open_page):
    make_library()
    page = open_page(1366, 800)
    sign_in(page, "desk", "/desk/")
    expect(page.get_by_role("heading", name="Log a question")).to_be_visible()
    page.wait_for_load_state()  # a tap before the scripts run is a plain form's
    return page


def test_three_quick_taps_count_three_times(desk):
    desk.evaluate("for (let i = 0; i < 3; i++) document.getElementById('tally-printing').click()")
    expect(desk.locator("#tally-printing b")).to_have_text("3")


def test_the_form_of_a_page_older_than_the_last_sign_in_is_saved(desk):
    other = desk.context.new_page()
    other.goto("/desk/")
    other.get_by_role("button", name="Sign out").click()
    sign_in(other, "desk", "/desk/")
    expect(other.get_by_role("heading", name="Log a question")).to_be_visible()
    desk.get_by_label("What do they need?").fill("Where are the scanners?")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("#recent")).to_contain_text("Where are the scanners?")


def test_after_saving_single_keys_work(desk):
    desk.get_by_label("What do they need?").fill("Where are the scanners?")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("#ask-h")).to_be_focused()
    desk.keyboard.press("q")
    expect(desk.get_by_label("What do they need?")).to_be_focused()


def test_a_question_that_could_not_be_saved_is_said_and_kept(desk):
    desk.get_by_label("What do they need?").fill("Where are the scanners?")
    desk.route("**/log/", lambda route: route.fulfill(status=502))
    desk.locator("#ask-save").click()
    expect(desk.locator("#toast").get_by_role("alert")).to_contain_text("Not saved.")
    expect(desk.get_by_label("What do they need?")).to_have_value("Where are the scanners?")


def test_escape_leaves_a_field(desk):
    desk.keyboard.press("q")
    desk.keyboard.press("Escape")
    expect(desk.get_by_label("What do they need?")).not_to_be_focused()


def test_an_action_is_answered_though_a_poll_comes_back_first(desk):
    branch = Branch.objects.get()
    call = make.make_ticket(branch, category=Category.objects.get(code="printing"), tier=1, opened_at=clock.now())
    desk.reload()
    held = []
    desk.route("**/take/", lambda route: held.append(route))  # the answer is late
    with desk.expect_request("**/take/"):
        desk.locator(f"#take-{call.pk}").click()
    make.make_ticket(branch, category=call.category, tier=1, opened_at=clock.now())
    live.touch(board_scope(branch.pk))
    with desk.expect_response("**/desk/harbour/?live=*") as answer:
        desk.evaluate("htmx.trigger('#board', 'board-changed')")
    assert answer.value.status == 200  # something to show, and this is not the moment
    held[0].continue_()
    expect(desk.locator("#toast")).to_contain_text("is yours now.")
    expect(desk.locator("#help .call")).to_have_count(2)


@pytest.mark.parametrize("width", [1440, 1366, 1280, 768, 390, 320])
def test_a_manager_never_scrolls_the_desk_sideways(open_page, width):
    make_library(seats=tuple(str(number) for number in range(1, 13)))
    page = open_page(width, 800)
    sign_in(page, "manager", "/desk/")
    expect(page.locator("#board")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
