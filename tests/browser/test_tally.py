"""The tally without a network: taps are kept, sent once, taken back; a long press makes a question with words."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.library import make_library, sign_in
from troubleshooting.models import Ticket

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def desk(open_page):
    make_library()
    page = open_page(1440, 900)
    sign_in(page, "desk", "/desk/")
    return ready(page)


def ready(page: Page) -> Page:
    expect(page.get_by_role("heading", name="Log a question")).to_be_visible()
    page.wait_for_load_state()
    return page


def count(page: Page, group: str = "printing"):
    return page.locator(f"#tally-{group} b")


def unsent(page: Page):
    return page.locator("#tally [data-unsent]")


def not_sent(page: Page, many: int) -> None:
    expect(unsent(page)).to_be_visible()
    expect(unsent(page)).to_have_text(f"Not sent yet: {many}")


def counted() -> int:
    return Ticket.objects.counted().count()


def settled(page: Page) -> None:
    """Wait until the server has answered for everything that was kept."""
    kept = "Object.keys(localStorage).some((name) => name.startsWith('tally:'))"
    for _ in range(200):
        if not page.evaluate(kept):
            break
        page.wait_for_timeout(50)
    assert not page.evaluate(kept)
    expect(page.locator(".htmx-swapping, .htmx-settling, .htmx-request")).to_have_count(0)


def away(page: Page) -> None:
    page.context.set_offline(True)


def back(page: Page) -> None:
    page.context.set_offline(False)


def test_taps_without_a_network_show_at_once_and_are_sent_once_when_it_is_back(desk):
    away(desk)
    desk.locator("#tally-printing").click()
    desk.keyboard.press("Escape")
    desk.locator("body").press("2")
    desk.locator("body").press("4")
    expect(count(desk)).to_have_text("2")
    expect(count(desk, "wifi")).to_have_text("1")
    expect(desk.locator("#tally")).to_contain_text("today 3")
    not_sent(desk, 3)
    assert counted() == 0
    back(desk)
    expect(unsent(desk)).to_be_hidden()
    settled(desk)
    expect(count(desk)).to_have_text("2")
    assert counted() == 3


def test_without_a_network_the_count_is_said(desk):
    away(desk)
    desk.locator("#tally-printing").click()
    expect(desk.locator("#announce")).to_have_text("Printing 1. Not sent yet: 1.")


def test_what_is_kept_survives_closing_the_page(desk):
    away(desk)
    desk.locator("#tally-printing").click()
    expect(unsent(desk)).to_be_visible()
    desk.goto("about:blank")
    back(desk)
    desk.goto("/desk/harbour/")
    settled(desk)
    expect(count(desk)).to_have_text("1")
    expect(unsent(desk)).to_be_hidden()
    assert counted() == 1


def test_a_tap_whose_answer_was_lost_is_sent_again_and_counts_once(desk):
    def lose(route):
        route.fetch()  # the server has it
        route.abort()

    desk.route("**/tally/", lose, times=1)
    desk.locator("#tally-printing").click()
    not_sent(desk, 1)
    assert counted() == 1
    desk.evaluate("window.dispatchEvent(new Event('online'))")
    settled(desk)
    expect(unsent(desk)).to_be_hidden()
    expect(count(desk)).to_have_text("1")
    assert (counted(), Ticket.objects.count()) == (1, 1)


def test_the_same_request_replayed_by_hand_counts_once(desk):
    sent = []
    desk.on("request", lambda request: sent.append(request) if request.url.endswith("/tally/") else None)
    desk.locator("#tally-printing").click()
    settled(desk)
    (request,) = sent
    for _ in range(2):
        again = desk.request.post(request.url, headers=request.headers, data=request.post_data)
        assert again.status == 200
    assert Ticket.objects.count() == 1


def test_two_tabs_send_each_tap_once_and_lose_none(desk):
    other = desk.context.new_page()
    other.goto("/desk/harbour/")
    ready(other)
    away(desk)
    for page in (desk, other):
        page.locator("#tally-printing").click()
        page.locator("#tally-wifi").click()
    not_sent(desk, 4)
    expect(count(other)).to_have_text("2")
    back(desk)
    for page in (desk, other):
        settled(page)
        expect(unsent(page)).to_be_hidden()
    assert (counted(), Ticket.objects.count()) == (4, 4)


def test_two_tabs_without_locks_count_each_tap_once(open_page):
    make_library()
    page = open_page(1440, 900)
    page.context.add_init_script("Object.defineProperty(navigator, 'locks', { value: undefined })")
    sign_in(page, "desk", "/desk/")
    ready(page)
    other = page.context.new_page()
    other.goto("/desk/harbour/")
    ready(other)
    away(page)
    for each in (page, other):
        each.locator("#tally-printing").click()
    not_sent(page, 2)
    back(page)
    for each in (page, other):
        settled(each)
        expect(unsent(each)).to_be_hidden()
    assert (counted(), Ticket.objects.count()) == (2, 2)


def test_undo_of_what_was_never_sent_removes_it(desk):
    away(desk)
    desk.locator("#tally-printing").click()
    desk.locator("#tally-printing").click()
    desk.locator("#tally-undo").click()
    expect(count(desk)).to_have_text("1")
    not_sent(desk, 1)
    back(desk)
    settled(desk)
    expect(unsent(desk)).to_be_hidden()
    assert (counted(), Ticket.objects.count()) == (1, 1)


def test_undo_of_a_tap_whose_answer_was_lost_takes_it_back_on_the_server(desk):
    def lose(route):
        route.fetch()
        route.abort()

    desk.route("**/tally/", lose, times=1)
    desk.locator("#tally-printing").click()
    expect(unsent(desk)).to_be_visible()
    desk.locator("#tally-undo").click()
    settled(desk)
    expect(unsent(desk)).to_be_hidden()
    expect(count(desk)).to_have_text("0")
    assert (counted(), Ticket.objects.count()) == (0, 1)


def test_undo_of_a_tap_that_is_on_its_way_takes_it_back(desk):
    desk.route("**/tally/", lambda route: (desk.wait_for_timeout(300), route.continue_()), times=1)
    desk.locator("#tally-printing").click()
    desk.locator("#tally-undo").click()
    settled(desk)
    expect(count(desk)).to_have_text("0")
    assert counted() == 0


def test_undo_of_a_tap_that_came_late_is_possible(desk):
    away(desk)
    desk.locator("#tally-printing").click()
    back(desk)
    settled(desk)
    desk.locator("#tally-undo").click()
    expect(count(desk)).to_have_text("0")
    assert counted() == 0


def test_a_tap_older_than_a_week_stays_visible_as_not_sent_until_it_is_removed(desk):
    away(desk)
    desk.locator("#tally-printing").click()
    expect(unsent(desk)).to_be_visible()
    desk.evaluate("""() => {
        const name = Object.keys(localStorage).find((each) => each.startsWith("tally:"));
        const tap = JSON.parse(localStorage[name]);
        localStorage[name] = JSON.stringify({ ...tap, at: "2020-01-01T10:00:00.000Z" });
    }""")
    back(desk)
    toast = desk.locator("#toast [data-refused]")
    expect(toast).to_contain_text("Not sent: a tap is older than 7 days")
    not_sent(desk, 1)
    expect(count(desk)).to_have_text("0")
    desk.reload()
    ready(desk)
    toast.get_by_role("button", name="Remove it").click()
    expect(toast).to_have_count(0)
    settled(desk)
    assert counted() == 0


def test_a_computer_whose_clock_is_two_hours_ahead_counts_now(open_page):
    make_library()
    page = open_page(1440, 900)
    page.context.add_init_script("const real = Date.now; Date.now = () => real() + 7_200_000;")
    sign_in(page, "desk", "/desk/")
    ready(page)
    page.locator("#tally-printing").click()
    settled(page)
    expect(count(page)).to_have_text("1")
    expect(page.locator("#toast [data-refused]")).to_have_count(0)
    assert counted() == 1


def test_who_was_signed_out_meanwhile_signs_in_and_the_tap_is_sent(desk):
    other = desk.context.new_page()
    other.goto("/desk/")
    other.get_by_role("button", name="Sign out").click()
    expect(other.get_by_label("Password")).to_be_visible()
    desk.locator("#tally-printing").click()
    expect(desk.get_by_label("Password")).to_be_visible()
    assert counted() == 0
    sign_in(desk, "desk", "/desk/")
    ready(desk)
    settled(desk)
    expect(count(desk)).to_have_text("1")
    expect(unsent(desk)).to_be_hidden()
    assert counted() == 1


def hold(page: Page, milliseconds: int) -> None:
    box = page.locator("#tally-printing").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.wait_for_timeout(milliseconds)
    page.mouse.up()


def asks_about_printing(page: Page) -> None:
    expect(page.get_by_label("What is it about?")).to_have_value("printing")
    expect(page.get_by_label("What do they need?")).to_be_focused()


def test_a_long_press_opens_the_question_and_is_no_tap(desk):
    hold(desk, 800)
    asks_about_printing(desk)
    expect(count(desk)).to_have_text("0")
    desk.keyboard.type("Only half of the page comes out")
    desk.keyboard.press("Control+Enter")
    expect(count(desk)).to_have_text("1")
    ticket = Ticket.objects.get()
    assert (ticket.text, ticket.category.code) == ("Only half of the page comes out", "printing")


def test_a_short_press_is_a_tap(desk):
    hold(desk, 100)
    settled(desk)
    expect(count(desk)).to_have_text("1")
    expect(desk.get_by_label("What is it about?")).to_have_value("")


def test_after_a_long_press_the_next_tap_counts(desk):
    hold(desk, 800)
    desk.locator("#tally-printing").click()
    settled(desk)
    expect(count(desk)).to_have_text("1")


def test_the_right_button_or_the_menu_key_does_the_same(desk):
    desk.locator("#tally-printing").click(button="right")
    asks_about_printing(desk)
    expect(count(desk)).to_have_text("0")
    assert Ticket.objects.count() == 0


def test_a_finger_that_rests_on_a_button_asks(open_page):
    make_library()
    page = open_page(390, 844, has_touch=True)
    sign_in(page, "desk", "/desk/")
    ready(page)
    page.locator("#tally-printing").dispatch_event("pointerdown", {"button": 0, "pointerType": "touch"})
    asks_about_printing(page)


def test_by_keyboard_the_dots_lead_to_the_question_and_to_earlier_counts(desk):
    desk.locator("#tally-more > summary").focus()
    desk.keyboard.press("Enter")
    desk.locator("#tally-more").get_by_role("link", name="Printing").press("Enter")
    asks_about_printing(desk)
    desk.locator("#tally-more > summary").press("Enter")
    desk.locator("#tally-more").get_by_role("link", name="Earlier today or yesterday").press("Enter")
    expect(desk.get_by_role("heading", name="Earlier today or yesterday")).to_be_visible()


def test_without_scripts_the_dots_open_the_desk_with_the_kind_chosen(open_page):
    make_library()
    page = open_page(1440, 900, java_script_enabled=False)
    sign_in(page, "desk", "/desk/")
    page.locator("#tally-more > summary").click()
    page.locator("#tally-more").get_by_role("link", name="Printing").click()
    expect(page.get_by_label("What is it about?")).to_have_value("printing")
    page.locator("#tally-printing").click()
    expect(count(page)).to_have_text("1")


def test_earlier_counts_are_entered_and_taken_back_at_once(desk):
    desk.goto("/desk/harbour/tally/late/")
    desk.get_by_label("Printing").check()
    desk.get_by_label("How many").fill("5")
    desk.get_by_role("button", name="Count them").click()
    expect(desk.locator("#toast")).to_contain_text(re.compile("Counted .*: Printing, 5"))
    assert counted() == 5
    desk.locator("#toast form[data-undo] button").click()
    expect(desk.locator("#toast form[data-undo]")).to_have_count(0)
    assert counted() == 0
