"""The ladder in a browser: by key at the desk, by touch at the kiosk; a guide is written; axe finds nothing."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests import factories as make
from tests.browser.library import make_library, pair, sign_in
from tests.browser.test_accessibility import RULES
from troubleshooting.models import Category, GuideVersion, Ticket

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WORDS = "paid for printing but nothing comes out"


@pytest.fixture
def library():
    """A library whose guide for printing has two steps for patrons, drawn, and one for staff."""
    branch = make_library()
    steps = (
        make.make_step("queue", no="paper", patron=True, picture="print-queue"),
        make.make_step("paper", no="light", patron=True),
        make.make_step("light", "it", "desk"),
    )
    make.make_guide(Category.objects.get(code="printing"), *steps)
    return branch


def violations(page):
    return [each["id"] for each in Axe().run(page, options=RULES).response["violations"]]


@pytest.fixture(params=["light", "dark"])
def desk(open_page, library, request):
    page = open_page(1440, 900, color_scheme=request.param)
    sign_in(page, "desk", "/desk/")
    page.wait_for_load_state()
    page.get_by_label("What do they need?").press_sequentially(WORDS)
    expect(page.locator("#rung-text")).to_contain_text("Try queue.")
    return page


def test_the_desk_climbs_by_key_and_saves_what_was_tried(desk):
    desk.keyboard.press("Alt+n")
    expect(desk.locator("#rung-text")).to_contain_text("Try paper.")
    desk.keyboard.press("Alt+y")
    expect(desk.locator("#ladder")).to_contain_text("It works. Save it as fixed.")
    expect(desk.get_by_label("What do they need?")).to_be_focused()
    assert violations(desk) == []
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("#recent")).to_contain_text(WORDS)
    answers = Ticket.objects.get(text=WORDS).answers.values_list("step__key", "answer")
    assert list(answers) == [("queue", "no"), ("paper", "yes")]


def test_the_focus_stays_on_the_answer_and_an_answer_is_taken_back(desk):
    desk.locator("#rung-no").click()
    expect(desk.locator("#rung-text")).to_contain_text("Try paper.")
    expect(desk.locator("#rung-no")).to_be_focused()
    desk.get_by_role("button", name="Take back: Try queue.").click()
    expect(desk.locator("#rung-text")).to_contain_text("Try queue.")
    expect(desk.locator("input[name=tried]")).to_have_count(0)


def test_the_buttons_that_end_a_question_stay_in_sight_below_a_long_guide(desk):
    expect(desk.locator("#ask-save")).to_be_in_viewport(ratio=1)
    expect(desk.locator("#ask-it")).to_be_in_viewport(ratio=1)


def test_an_end_at_it_is_said_in_words(desk):
    for key, then in (("n", "Try paper."), ("n", "Try light."), ("y", None)):
        desk.keyboard.press(f"Alt+{key}")
        if then:
            expect(desk.locator("#rung-text")).to_contain_text(then)
    expect(desk.locator("#ladder")).to_contain_text("The steps end here: pass it to IT.")


@pytest.mark.parametrize("scripts", [True, False])
def test_the_ladder_works_on_the_page_of_a_question_with_and_without_script(open_page, library, scripts):
    ticket = make.make_ticket(library, category=Category.objects.get(code="printing"))
    page = open_page(390, 844, java_script_enabled=scripts)
    sign_in(page, "desk", f"/desk/question/{ticket.pk}/")
    page.get_by_role("button", name="No", exact=False).first.click()
    expect(page.locator("#rung-text")).to_contain_text("Try paper.")
    page.get_by_role("button", name="Take back: Try queue.").click()
    expect(page.locator("#rung-text")).to_contain_text("Try queue.")
    assert not ticket.answers.exists()


@pytest.mark.parametrize("size", [(1280, 800), (800, 1280)])
def test_a_patron_tries_step_by_step_and_the_person_who_comes_knows(open_page, library, size):
    page = open_page(*size)
    pair(page)
    page.goto("/kiosk/help/")
    page.get_by_role("link", name="Nothing prints").click()
    expect(page.get_by_text("Step 1 of 2")).to_be_visible()
    expect(page.get_by_role("button", name="Yes, it works")).to_be_in_viewport(ratio=1)
    assert violations(page) == []
    page.get_by_role("link", name="No, next").click()
    expect(page.get_by_text("Try paper.")).to_be_visible()
    page.get_by_role("link", name="No, I need a person").click()
    page.get_by_role("button", name="I wait here at this screen").click()
    expect(page.get_by_text("You tried this already. The librarian sees it:")).to_be_visible()
    assert violations(page) == []
    assert list(Ticket.objects.get().answers.values_list("answer", flat=True)) == ["no", "no"]


def test_a_step_that_works_ends_the_help(open_page, library):
    page = open_page(1280, 800)
    pair(page)
    page.goto("/kiosk/help/printing/")
    page.get_by_role("button", name="Yes, it works").click()
    expect(page.get_by_text("Good that it works.")).to_be_visible()
    assert Ticket.objects.get().tier == 0


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (1440, "dark"), (320, "light")])
def test_a_guide_is_changed_looked_at_and_published(open_page, library, width, scheme):
    page = open_page(width, 900, color_scheme=scheme)
    sign_in(page, "reference", "/guides/")
    found = violations(page)
    page.get_by_role("link", name="Printing: nothing came out").click()
    found += violations(page)
    page.get_by_role("button", name="Change it").click()
    found += violations(page)
    page.get_by_role("link", name="Edit 1").click()
    found += violations(page)
    page.get_by_label("What to do (English)").fill("Look at the print desk.")
    page.get_by_role("button", name="Save in the draft").click()
    page.get_by_role("button", name="Move step 2 up").click()
    expect(page.locator(".guidestep").first).to_contain_text("Try paper.")
    expect(page.get_by_text("No answer leads to Step 2")).not_to_have_count(0)
    page.get_by_role("button", name="Move step 2 up").click()
    page.get_by_role("link", name="Preview").click()
    found += violations(page)
    page.get_by_text("The kiosk").click()
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_text("Look at the print desk.")).to_be_visible()
    found += violations(page)
    page.get_by_role("link", name="Back to the guide").click()
    page.get_by_role("button", name="Publish the draft").click()
    expect(page.get_by_role("heading", name="Version 3, in use")).to_be_visible()
    assert found == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert GuideVersion.objects.get(is_live=True, category__code="printing").number == 3
