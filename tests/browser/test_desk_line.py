"""The desk works the line by keyboard: call, skip, sit down, book for somebody, and take it back."""

from datetime import timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from helpdesk import clock
from helpdesk.actor import staff
from helpdesk.models import User
from reservations.booking.dispatch import advance
from reservations.booking.line import join
from reservations.booking.seat import finish, start_now
from reservations.models import Booking, Branch
from tests import factories as make
from tests.browser.library import NUMBER, PASSWORD, make_library, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def branch():
    return make_library(("7", "8"))


def desk_staff():
    user = User.objects.get(username="desk")
    return staff(user.pk, user.role)


def take_all(branch: Branch) -> list[Booking]:
    now = clock.now() - timedelta(minutes=5)
    seats = branch.devices.order_by("position")
    words = {"branch_id": branch.pk, "by": desk_staff(), "now": now}
    return [start_now(device_id=seat.pk, patron=make.make_patron(), request_key=uuid4(), **words) for seat in seats]


def wait_in_line(branch: Branch, many: int) -> list[str]:
    """Put people in line while every seat is taken; return their numbers."""
    words = {"branch_id": branch.pk, "by": desk_staff(), "now": clock.now()}
    return [join(patron=make.make_patron(), request_key=uuid4(), **words).number for _number in range(many)]


def at_the_desk(open_page, width=1440, height=900) -> Page:
    page = open_page(width, height)
    sign_in(page, "desk", "/desk/")
    page.wait_for_function("() => document.readyState === 'complete'")
    return page


def test_a_number_is_called_again_skipped_and_the_next_sits_down(branch, open_page):
    sitting = take_all(branch)
    first, second = wait_in_line(branch, 2)
    finish(booking=sitting[0], by=desk_staff(), now=clock.now())
    advance(branch_id=branch.pk, now=clock.now())
    desk = at_the_desk(open_page)
    expect(desk.locator("#next")).to_contain_text(f"{first}")
    desk.keyboard.press("c")
    expect(desk.locator("#toast")).to_contain_text(f"{first} is called to Seat 7.")
    desk.keyboard.press("x")
    expect(desk.locator("#next")).to_contain_text(second)
    desk.locator("#next").get_by_role("button", name="Sits down").press("Enter")
    expect(desk.locator("#seat-7")).to_have_attribute("data-state", "use")


def test_a_refused_call_opens_a_dialog_that_gives_the_focus_back(branch, open_page):
    take_all(branch)
    (number,) = wait_in_line(branch, 1)
    desk = at_the_desk(open_page)
    desk.keyboard.press("l")
    desk.keyboard.press("Enter")
    dialog = desk.get_by_role("dialog")
    expect(dialog).to_contain_text(number)
    expect(dialog).to_be_visible()  # it opens once its forms are alive
    dialog.get_by_role("button", name="Call", exact=True).press("Enter")
    expect(desk.locator("[data-code='no_seat']")).to_be_visible()
    desk.keyboard.press("Escape")
    desk.keyboard.press("Escape")
    expect(desk.locator("dialog[open]")).to_have_count(0)
    assert desk.evaluate("() => Boolean(document.activeElement.closest('#line'))")


def test_somebody_is_booked_by_keyboard_and_taken_back(branch, open_page):
    desk = at_the_desk(open_page)
    desk.keyboard.press("b")
    expect(desk.get_by_label("Card or guest number")).to_be_focused()
    desk.keyboard.type(NUMBER)
    desk.keyboard.press("Enter")  # as a scanner does: nothing is sent yet
    expect(desk.locator("#for-book")).to_be_focused()
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("#toast")).to_contain_text("sits at Seat 7")
    expect(desk.locator("dialog[open]")).to_have_count(0)
    expect(desk.locator("#seat-7")).to_have_attribute("data-state", "use")
    desk.keyboard.press("u")
    expect(desk.locator("#seat-7")).to_have_attribute("data-state", "free")


def test_c_and_x_work_while_nobody_can_be_called(branch, open_page):
    take_all(branch)
    first, _second = wait_in_line(branch, 2)
    desk = at_the_desk(open_page)
    desk.keyboard.press("c")
    expect(desk.locator("#refused [data-code='no_seat']")).to_be_visible()
    desk.keyboard.press("Escape")
    desk.keyboard.press("x")
    expect(desk.locator("#toast")).to_contain_text(first)
    expect(desk.locator("#toast form[data-undo]")).to_be_visible()


def test_book_pressed_while_other_times_are_fetched_books(branch, open_page):
    desk = at_the_desk(open_page)
    desk.keyboard.press("b")
    desk.get_by_label("Card or guest number").fill(NUMBER)
    desk.evaluate("""() => {
      const length = document.getElementById("for-minutes");
      length.value = "15";
      length.dispatchEvent(new Event("change", { bubbles: true }));
      document.getElementById("for-book").click();
    }""")
    expect(desk.locator("#toast")).to_contain_text("sits at Seat 7")


def test_a_refusal_leaves_with_the_number_it_was_about_and_book_stays_in_sight(branch, open_page):
    desk = at_the_desk(open_page, 1280, 640)
    desk.keyboard.press("b")
    desk.get_by_label("Card or guest number").fill("29990000000999")
    desk.locator("#for-book").click()
    expect(desk.locator("#book-for .refuse")).to_contain_text("The patron is told:")
    expect(desk.locator("#for-book")).to_be_in_viewport(ratio=1)
    desk.get_by_label("Card or guest number").fill(NUMBER)
    expect(desk.locator("#book-for .refuse")).to_have_count(0)


def test_another_day_keeps_what_was_typed_and_books_a_time(branch, open_page):
    desk = at_the_desk(open_page)
    desk.keyboard.press("b")
    desk.get_by_label("Card or guest number").fill(NUMBER)
    desk.get_by_label("At a time").check(force=True)
    with desk.expect_response("**/book-for/**"):
        desk.locator("#for-times").get_by_text("tomorrow").click()
    desk.locator(".pick--times label").first.click()
    expect(desk.get_by_label("Card or guest number")).to_have_value(NUMBER)
    desk.get_by_role("button", name="Book Ctrl Enter").click()
    expect(desk.locator("#toast")).to_contain_text("tomorrow")


def test_without_scripts_somebody_is_booked_on_a_page_of_its_own(branch, open_page):
    desk = open_page(1280, 900, java_script_enabled=False)
    sign_in(desk, "desk", "/desk/")
    desk.locator("#book-for-open").click()
    desk.get_by_label("Card or guest number").fill(NUMBER)
    desk.get_by_role("button", name="Book").first.click()
    expect(desk.locator("#toast")).to_contain_text("sits at Seat 7")


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1280, 900), (390, 844)])
def test_five_in_line_scroll_no_page_sideways(branch, open_page, width, height):
    take_all(branch)
    wait_in_line(branch, 5)
    desk = at_the_desk(open_page, width, height)
    expect(desk.locator(".turns tbody tr")).to_have_count(5)
    assert desk.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0


def test_five_in_line_are_seen_at_once_on_a_desk_screen(branch, open_page):
    take_all(branch)
    wait_in_line(branch, 9)
    desk = at_the_desk(open_page)
    expect(desk.locator(".turns tbody tr").nth(4)).to_be_in_viewport(ratio=1)
    assert desk.evaluate("() => document.documentElement.scrollHeight") == 900


SIDEWAYS = """(parts) => parts.filter((name) => {
  const part = document.querySelector(name);
  return part.scrollWidth > part.clientWidth || part.getBoundingClientRect().right > innerWidth;
})"""


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1366, 768), (390, 844)])
def test_in_both_languages_nothing_of_the_desk_is_cut_off_at_the_side(branch, open_page, language, width, height):
    sitting = take_all(branch)
    wait_in_line(branch, 3)
    finish(booking=sitting[0], by=desk_staff(), now=clock.now())
    advance(branch_id=branch.pk, now=clock.now())
    page = open_page(width, height, locale=language)
    page.goto("/desk/")
    page.locator("input[name=username]").fill("desk")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("form button").last.click()
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.locator(".turns tbody tr")).to_have_count(3)
    parts = ["#waiting", ".turns__all", ".line__said", ".line__side", "#tally", "#tally-undo"]
    assert page.evaluate(SIDEWAYS, parts) == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
