"""The desk by keyboard: numbers that open seats, the board as one stop, the list of keys, and the way back."""

from collections.abc import Iterable
from types import SimpleNamespace

import pytest
from django.contrib import messages
from playwright.sync_api import Page, Route, expect

from helpdesk.toasts import say
from tests import factories as make
from tests.browser.library import make_library, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SEATS = tuple(str(number) for number in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 120))
UNDO = "/desk/harbour/taken-back/"


@pytest.fixture
def desk(open_page):
    make_library(SEATS)
    other = make.make_branch(hours=False, slug="millbrook", name="Millbrook")
    make.make_device(other, label="1", area=make.make_area(other))
    return at_the_desk(open_page(1440, 900))


def at_the_desk(page: Page) -> Page:
    page.clock.install()
    sign_in(page, "manager", "/desk/harbour/")
    page.wait_for_url("**/desk/harbour/")
    page.wait_for_load_state()
    return page


def type_keys(page: Page, keys: Iterable[str]) -> None:
    for key in keys:
        page.keyboard.press(key)


def seat(page: Page, number: str):
    return page.locator(f"#seat-{number}-open")


def poll(page: Page) -> None:
    """Replace the board as a poll does when something changed."""
    page.evaluate("document.getElementById('board').dataset.old = ''")
    page.evaluate("htmx.ajax('GET', location.pathname, {target: '#board', swap: 'outerHTML'})")
    expect(page.locator("#board[data-old]")).to_have_count(0)
    expect(page.locator(".htmx-swapping, .htmx-settling, .htmx-request")).to_have_count(0)


def answer_undo(page: Page, pressed: list[str]) -> None:
    """Answer the undo of a message as a view does: with the desk as it is now."""

    def answer(route: Route) -> None:
        pressed.append(route.request.post_data or "")
        url = route.request.url.removesuffix("taken-back/")
        now = route.fetch(url=url, method="GET", headers={**route.request.headers, "hx-request": "true"})
        route.fulfill(response=now)

    page.route(f"**{UNDO}", answer)


@pytest.fixture
def undoable(monkeypatch):
    """Give the message of a saved question a way back."""
    said = SimpleNamespace(
        success=lambda request, sentence: say(request, sentence, undo_url=UNDO),
        warning=messages.warning,
        error=messages.error,
    )
    monkeypatch.setattr("troubleshooting.views.desk.messages", said)


def log_a_question(page: Page) -> None:
    page.get_by_label("What do they need?").fill("Where are the scanners?")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#toast form[data-undo]").last).to_be_visible()


def test_s_and_a_number_opens_that_seat_after_the_pause(desk):
    href = seat(desk, "7").get_attribute("href")
    type_keys(desk, "s7")
    desk.clock.run_for(1_000)
    desk.wait_for_url(f"**{href}")


def test_a_longer_number_without_a_seat_opens_none_that_it_begins_with(desk):
    type_keys(desk, "s99")
    desk.keyboard.press("Enter")
    expect(desk.locator("#key-hint")).to_have_text("No seat 99")
    desk.clock.run_for(2_000)
    assert desk.url.endswith("/desk/harbour/")


def test_an_arrow_leads_from_the_page_to_the_first_seat(desk):
    desk.keyboard.press("ArrowDown")
    expect(seat(desk, "1")).to_be_focused()


def test_a_number_that_others_begin_with_waits_for_the_pause(desk):
    href = seat(desk, "1").get_attribute("href")
    type_keys(desk, "s1")
    expect(desk.locator("#key-hint")).to_have_text("Seat 1")
    desk.clock.run_for(500)
    assert desk.url.endswith("/desk/harbour/")
    desk.clock.run_for(1_500)
    desk.wait_for_url(f"**{href}")


@pytest.mark.parametrize("number", ["1", "12"])
def test_enter_ends_the_number(desk, number):
    href = seat(desk, number).get_attribute("href")
    type_keys(desk, f"s{number}")
    desk.keyboard.press("Enter")
    desk.wait_for_url(f"**{href}")


def test_a_number_of_three_figures_opens_its_seat(desk):
    href = seat(desk, "120").get_attribute("href")
    type_keys(desk, "s120")
    desk.wait_for_url(f"**{href}")


def test_a_number_without_a_seat_says_so_and_its_last_figures_tap_no_tally(desk):
    type_keys(desk, "s1312")
    expect(desk.locator("#key-hint")).to_have_text("No seat 13")
    expect(desk.locator("#tally")).to_contain_text("today 0")


def test_escape_cancels_a_number(desk):
    type_keys(desk, "s1")
    desk.keyboard.press("Escape")
    expect(desk.locator("#key-hint")).to_be_empty()
    desk.clock.run_for(2000)
    assert desk.url.endswith("/desk/harbour/")


def test_g_and_a_figure_goes_to_the_branch_in_that_place(desk):
    type_keys(desk, "g2")
    desk.wait_for_url("**/desk/millbrook/")


def open_seat_7(page: Page) -> None:
    type_keys(page, "s7")
    page.clock.run_for(1_000)
    expect(page.get_by_role("heading", name="Report a fault")).to_be_visible()
    page.wait_for_load_state()


def test_escape_leads_from_a_seat_back_to_the_board(desk):
    open_seat_7(desk)
    desk.keyboard.press("Escape")
    desk.wait_for_url("**/desk/harbour/")


def test_escape_keeps_a_seats_page_while_words_stand_in_its_form(desk):
    open_seat_7(desk)
    type_keys(desk, "q")
    desk.keyboard.type("No picture")
    type_keys(desk, ["Escape", "Escape"])
    desk.clock.run_for(1_000)
    expect(desk.get_by_label("What is wrong?")).to_have_value("No picture")


def test_l_leads_to_the_waiting_line(desk):
    desk.keyboard.press("l")
    assert desk.evaluate("Boolean(document.activeElement.closest('#line'))")


def test_the_board_is_one_tab_stop(desk):
    assert desk.locator("#board a[tabindex='0']").count() == 1
    assert desk.locator("#board a").count() == len(SEATS)


def test_arrows_move_to_the_neighbour_on_the_screen(desk):
    seat(desk, "1").focus()
    desk.keyboard.press("ArrowRight")
    expect(seat(desk, "2")).to_be_focused()
    desk.keyboard.press("ArrowDown")
    below = desk.evaluate("document.activeElement.getBoundingClientRect().top")
    left = desk.evaluate("document.activeElement.getBoundingClientRect().left")
    box = seat(desk, "2").bounding_box()
    assert below > box["y"] + box["height"]
    assert abs(left - box["x"]) < 2
    desk.keyboard.press("ArrowUp")
    expect(seat(desk, "2")).to_be_focused()
    desk.keyboard.press("End")
    expect(seat(desk, "120")).to_be_focused()
    desk.keyboard.press("Home")
    desk.keyboard.press("ArrowLeft")
    expect(seat(desk, "1")).to_be_focused()


def test_the_place_on_the_board_survives_a_poll(desk):
    seat(desk, "3").focus()
    poll(desk)
    expect(seat(desk, "3")).to_be_focused()
    expect(desk.locator("#board a[tabindex='0']")).to_have_id("seat-3-open")
    desk.keyboard.press("ArrowRight")
    expect(seat(desk, "4")).to_be_focused()


def test_a_poll_takes_no_focus(desk):
    seat(desk, "3").focus()
    desk.get_by_label("What do they need?").focus()
    poll(desk)
    expect(desk.get_by_label("What do they need?")).to_be_focused()
    expect(desk.locator("#board a[tabindex='0']")).to_have_id("seat-3-open")


def test_without_scripts_every_seat_is_a_link_to_tab_to(open_page):
    make_library(("1", "2"))
    page = open_page(1440, 900, java_script_enabled=False)
    sign_in(page, "desk", "/desk/")
    assert page.locator("#board a[tabindex]").count() == 0


def test_the_list_shows_every_key(desk):
    desk.keyboard.press("?")
    words = desk.locator("#keys").inner_text()
    for sentence in ("Open a seat", "Move in the room board", "To the waiting line", "Go to a branch", "This list"):
        assert sentence in words


def test_single_keys_can_be_switched_off_and_stay_off_in_this_browser(desk):
    desk.get_by_role("button", name="Keys").click()
    desk.get_by_label("Single keys work while no field has focus").uncheck()
    desk.get_by_role("button", name="Close").click()
    type_keys(desk, "q")
    expect(desk.get_by_label("What do they need?")).not_to_be_focused()
    desk.reload()
    type_keys(desk, "q?")
    expect(desk.get_by_label("What do they need?")).not_to_be_focused()
    expect(desk.locator("#keys")).not_to_be_visible()


def test_u_takes_back_what_the_newest_message_tells(desk, undoable):
    pressed: list[str] = []
    answer_undo(desk, pressed)
    log_a_question(desk)
    desk.keyboard.press("u")
    expect(desk.locator("#toast form[data-undo]")).to_have_count(0)
    assert len(pressed) == 1
    assert "csrfmiddlewaretoken" in pressed[0]


def test_after_a_tap_u_is_the_tallys(desk, undoable):
    log_a_question(desk)
    desk.locator("#toast [data-toast]").hover()  # it stays
    desk.keyboard.press("2")
    expect(desk.locator("#tally-printing b")).to_have_text("1")
    desk.keyboard.press("u")
    expect(desk.locator("#tally-printing b")).to_have_text("0")
    expect(desk.locator("#toast form[data-undo]")).to_be_visible()


def test_a_message_with_a_way_back_stays_ten_seconds(desk, undoable):
    log_a_question(desk)
    desk.clock.run_for(4_000)
    expect(desk.locator("#toast [data-toast]")).to_be_visible()
    desk.clock.run_for(7_000)
    expect(desk.locator("#toast [data-toast]")).to_have_count(0)


@pytest.mark.parametrize("hold", ["focus", "hover"])
def test_its_clock_stands_while_it_is_focused_or_hovered(desk, undoable, hold):
    log_a_question(desk)
    desk.clock.run_for(2_000)
    getattr(desk.locator("#toast button"), hold)()
    desk.clock.run_for(60_000)
    expect(desk.locator("#toast [data-toast]")).to_be_visible()


def test_taking_back_by_button_leads_focus_to_where_it_was(desk, undoable):
    answer_undo(desk, [])
    log_a_question(desk)
    seat(desk, "3").focus()
    desk.locator("#toast button").focus()
    desk.keyboard.press("Enter")
    expect(desk.locator("#toast form[data-undo]")).to_have_count(0)
    expect(seat(desk, "3")).to_be_focused()
