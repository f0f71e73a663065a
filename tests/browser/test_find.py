"""Finding and protecting by keyboard: one key logs a known question, one more where it looks personal, / searches."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests import factories as make
from tests.browser.library import make_library, sign_in
from tests.browser.test_accessibility import RULES
from troubleshooting.models import Ticket

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PERSONAL = "card 2999 0000 0000 17 is not known"


@pytest.fixture
def branch():
    return make_library(("8",))


def at_the_desk(open_page):
    page = open_page(1440, 900)
    sign_in(page, "desk", "/desk/")
    page.wait_for_load_state()
    return page


def say(page, words):
    page.keyboard.press("q")
    page.keyboard.type(words)


COUNT = """
pressed = 0;
addEventListener("keyup", ({ key }) => { if (!["Control", "Alt", "Shift"].includes(key)) pressed += 1; }, true);
"""


def count_keys(page):
    """Count the key presses from here on; a chord is one."""
    page.evaluate(COUNT)


@pytest.mark.usefixtures("branch")
def test_a_known_question_is_logged_by_one_key_press_after_the_words(open_page):
    page = at_the_desk(open_page)
    say(page, "paid for printing but nothing comes out")
    count_keys(page)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#recent")).to_contain_text("paid for printing")
    assert page.evaluate("pressed") == 1
    assert Ticket.objects.get().state == "done"


@pytest.mark.usefixtures("branch")
@pytest.mark.parametrize("key", ["Enter", "Control+Enter"])
def test_words_that_look_personal_take_one_key_press_more(open_page, key):
    page = at_the_desk(open_page)
    say(page, PERSONAL)
    count_keys(page)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("button", name="Take it out")).to_be_focused()
    expect(page.get_by_label("What do they need?")).to_have_value(PERSONAL)
    assert [each["id"] for each in Axe().run(page, options=RULES).response["violations"]] == []
    page.keyboard.press(key)
    expect(page.locator("#recent")).to_contain_text("card … is not known")
    assert page.evaluate("pressed") == 2
    assert Ticket.objects.get().text == "card … is not known"


@pytest.mark.usefixtures("branch")
def test_they_are_passed_on_as_they_are_where_staff_say_so(open_page):
    page = at_the_desk(open_page)
    say(page, PERSONAL)
    page.keyboard.press("Alt+r")
    page.get_by_role("button", name="Save as it is").click()
    expect(page.locator("#recent")).to_contain_text("card 2999 0000 0000 17")
    ticket = Ticket.objects.get()
    assert (ticket.text, ticket.tier) == (PERSONAL, 2)


def test_a_slash_leads_to_the_search_from_everywhere_and_to_its_field_there(open_page, branch):
    make.make_ticket(branch, text="Paper jam in the big printer")
    page = at_the_desk(open_page)
    page.keyboard.press("/")
    page.wait_for_url("**/search/")
    expect(page.locator("#find-q")).to_be_focused()
    page.keyboard.type("paper jam")
    page.keyboard.press("Enter")
    expect(page.locator("#results mark").first).to_have_text("Paper")
    page.keyboard.press("/")
    expect(page.locator("#find-q")).to_be_focused()


@pytest.mark.parametrize(("width", "height", "scheme"), [(1440, 900, "light"), (390, 844, "dark")])
def test_the_search_passes_axe_and_nothing_runs_over(open_page, branch, width, height, scheme):
    for number in range(3):
        make.make_ticket(branch, text=f"Paper jam in the big printer {number} {'x' * 80}")
    page = open_page(width, height, color_scheme=scheme)
    sign_in(page, "desk", "/search/?q=paper&state=open")
    page.wait_for_load_state()
    assert [each["id"] for each in Axe().run(page, options=RULES).response["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_ticked_questions_are_done_together_and_taken_back(open_page, branch):
    for number in range(3):
        make.make_ticket(branch, text=f"jam {number}")
    page = at_the_desk(open_page)
    page.goto("/search/?q=jam")
    for box in page.locator(".found input").all()[:2]:
        box.check()
    page.get_by_role("button", name="Answered").click()
    expect(page.locator("#toast")).to_contain_text("2 done.")
    assert Ticket.objects.filter(state="done").count() == 2
    page.keyboard.press("u")
    expect(page.locator(".found.is-open")).to_have_count(3)
    assert Ticket.objects.filter(state="done").count() == 0


def test_a_tick_in_the_queue_survives_a_poll(open_page, branch):
    tickets = [make.make_ticket(branch, text=f"form {number}", tier=2, promised_at=make.NOW) for number in range(2)]
    page = open_page(1440, 900)
    sign_in(page, "reference", "/reference/")
    page.locator("#several summary").click()
    page.locator(f"#tick-{tickets[0].pk}").check()
    page.evaluate("htmx.ajax('GET', location.pathname, {target: '#queue', swap: 'outerHTML'})")
    expect(page.locator(".htmx-swapping, .htmx-settling, .htmx-request")).to_have_count(0)
    expect(page.locator(f"#tick-{tickets[0].pk}")).to_be_checked()
    expect(page.locator(f"#tick-{tickets[1].pk}")).not_to_be_checked()
