"""The kiosk for everybody: by keyboard, by touch, read aloud, from the right, printed, left behind."""

import re

import pytest
from playwright.sync_api import expect

from helpdesk import live
from helpdesk.languages import languages
from reservations.scopes import board_scope
from tests.browser.library import NUMBER, PIN, kiosk_sign_in, make_library, pair
from tests.browser.test_kiosk import tab_to
from tests.catalogues import write_catalogue, write_right_to_left

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SPEECH = """
  const said = [];
  Object.defineProperty(window, "said", { value: said });
  class Said { constructor(text) { this.text = text; } }
  Object.defineProperty(window, "SpeechSynthesisUtterance", { value: Said });
  Object.defineProperty(window, "speechSynthesis", { value: {
    getVoices: () => VOICES,
    speak: (one) => said.push(one),
    cancel: () => { said.length = 0; },
    addEventListener: () => {},
  } });
"""
ENGLISH = '[{ lang: "es-ES" }, { lang: "en_US", localService: false }, { lang: "en-GB", localService: true }]'


@pytest.fixture(autouse=True)
def library():
    return make_library(("1", "8"))


@pytest.fixture
def six_languages(tmp_path, settings):
    write_right_to_left(tmp_path)
    for code in ("vi", "zh_Hans", "ru"):
        write_catalogue(tmp_path, code, {})
    settings.LOCALE_PATHS = [*settings.LOCALE_PATHS, tmp_path]
    settings.LANGUAGES = [*settings.LANGUAGES, *languages(tmp_path)[1:]]


def speaking(page, voices=ENGLISH):
    page.add_init_script(SPEECH.replace("VOICES", voices))
    return page


def said(page):
    return page.evaluate("said.map((one) => one.text)")


def test_from_the_card_to_the_cancelled_booking_by_keyboard_alone(open_page):
    kiosk = open_page(1280, 800)
    pair(kiosk)
    kiosk.goto("/kiosk/")
    scan(kiosk)
    tab_to(kiosk, "Use a computer now")
    kiosk.keyboard.press("Enter")
    expect(kiosk.get_by_role("heading", name="When do you want to sit down?")).to_be_visible()
    tab_to(kiosk, "2 free")
    kiosk.keyboard.press("Enter")
    expect(kiosk.get_by_role("heading", name=re.compile(r"Seat \d is yours"))).to_be_focused()
    tab_to(kiosk, "Leave this screen")
    kiosk.keyboard.press("Enter")
    scan(kiosk)
    tab_to(kiosk, "Cancel booking")
    kiosk.keyboard.press("Enter")
    expect(kiosk.get_by_role("heading", name=re.compile(r"Cancel seat \d"))).to_be_focused()
    tab_to(kiosk, "Cancel booking")
    kiosk.keyboard.press("Enter")
    expect(kiosk.get_by_text("You have no booking.")).to_be_visible()


def scan(kiosk):
    """Do what a scanner and its holder do on the start page."""
    expect(kiosk.locator("#scan")).to_be_focused()
    kiosk.keyboard.type(f"{NUMBER}\n")
    expect(kiosk.get_by_label("PIN", exact=True)).to_be_focused()
    kiosk.keyboard.type(f"{PIN}\n")
    expect(kiosk.get_by_role("heading", name="My bookings")).to_be_visible()


@pytest.mark.parametrize("left_at", ["the background", "a door", "a toggle"])
def test_a_card_is_read_wherever_the_focus_was_left(open_page, settings, left_at):
    settings.SCANNER_PREFIX, settings.SCANNER_SUFFIX = ["%LIB-"], ["?"]
    kiosk = open_page(1280, 800)
    pair(kiosk)
    kiosk.goto("/kiosk/")
    if left_at == "the background":
        kiosk.locator(".kwel__say").click()
        expect(kiosk.locator("#scan")).not_to_be_focused()
    elif left_at == "a door":
        tab_to(kiosk, "Book a time")
    else:
        kiosk.get_by_role("button", name="High contrast").click()
        expect(kiosk.locator("html[data-contrast]")).to_have_count(1)
        kiosk.get_by_role("button", name="High contrast").focus()
    kiosk.keyboard.type(f"%LIB-{NUMBER}?\n")
    expect(kiosk.get_by_role("textbox", name="number")).to_have_value(NUMBER)
    expect(kiosk.get_by_label("PIN", exact=True)).to_be_focused()


def test_from_the_card_to_the_cancelled_booking_by_touch_alone(open_page):
    kiosk = open_page(1080, 1920, has_touch=True)
    pair(kiosk)
    type_on_the_screen(kiosk)
    kiosk.get_by_role("link", name="Use a computer now").tap()
    kiosk.locator("button.ktime:not([data-full])").last.tap()
    expect(kiosk.get_by_role("heading", name=re.compile(r"Seat \d is yours"))).to_be_visible()
    kiosk.get_by_role("button", name="Leave this screen").tap()
    type_on_the_screen(kiosk)
    kiosk.get_by_role("link", name="Cancel booking").tap()
    expect(kiosk.get_by_role("heading", name=re.compile(r"Cancel seat \d"))).to_be_visible()
    kiosk.get_by_role("button", name="Cancel booking").tap()
    expect(kiosk.get_by_text("You have no booking.")).to_be_visible()


def type_on_the_screen(kiosk):
    kiosk.get_by_role("link", name="Type my number").tap()
    kiosk.get_by_role("button", name="Go on").wait_for()
    for key in ("9", *NUMBER[:3], "clear", *NUMBER, "5", "delete"):
        kiosk.locator(f'[data-key="{key}"]').tap()
    expect(kiosk.get_by_role("textbox", name="number")).to_have_value(NUMBER)
    kiosk.get_by_label("PIN", exact=True).tap()
    for digit in PIN:
        kiosk.locator(f'[data-key="{digit}"]').tap()
    kiosk.get_by_role("button", name="Go on").tap()
    expect(kiosk.get_by_role("heading", name="My bookings")).to_be_visible()


def test_the_start_page_keeps_its_place_when_the_counts_come_anew(open_page, library):
    kiosk = open_page(1280, 500)
    kiosk.clock.install()
    pair(kiosk)
    kiosk.locator("#scan").press_sequentially("2999")
    kiosk.evaluate("scrollTo(0, 120)")
    tab_to(kiosk, "Use a computer now")
    before = kiosk.evaluate("scrollY")
    kiosk.locator("#free").evaluate("(counts) => { counts.dataset.old = '1'; }")
    live.touch(board_scope(library.pk))
    with kiosk.expect_response(re.compile("live=")) as answer:
        kiosk.clock.fast_forward(16_000)
    assert answer.value.status == 200
    expect(kiosk.locator("#free[data-old]")).to_have_count(0)
    assert "Use a computer now" in kiosk.evaluate("document.activeElement.innerText")
    assert kiosk.evaluate("scrollY") == before
    expect(kiosk.locator("#scan")).to_have_value("2999")


def test_reading_begins_with_the_question_and_leaves_decoration_and_keys_out(open_page):
    kiosk = speaking(open_page(1280, 800))
    pair(kiosk)
    kiosk.get_by_role("link", name="Use a computer now").click()
    kiosk.get_by_role("button", name="Read aloud").click()
    texts = said(kiosk)
    assert texts[0] == "Scan or type your number"
    assert texts.count(texts[0]) == 1
    assert "Library card or guest number" in texts
    assert not {"1", "2", "9"} & set(texts)
    assert "Read aloud" not in texts


def test_a_paragraph_is_one_piece_and_the_voice_speaks_the_language(open_page):
    kiosk = speaking(open_page(1280, 800))
    pair(kiosk)
    kiosk.get_by_role("button", name="Read aloud").click()
    assert "Already booked, or in line? Scan your library card here." in said(kiosk)
    assert kiosk.evaluate("said[0].lang") == "en-GB"


def test_a_second_tap_a_new_step_and_the_idle_question_end_the_reading(open_page, settings):
    settings.KIOSK_IDLE_SECONDS, settings.KIOSK_WARNING_SECONDS = 4, 20
    kiosk = speaking(open_page(1280, 800))
    pair(kiosk)
    kiosk_sign_in(kiosk)
    button = kiosk.get_by_role("button", name="Read aloud")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    assert said(kiosk)
    button.click()
    assert said(kiosk) == []
    button.click()
    kiosk.locator(".kday").nth(1).click()
    expect(button).to_have_attribute("aria-pressed", "false")
    button.click()
    expect(kiosk.get_by_text("Are you still there?")).to_be_visible()
    assert said(kiosk) == []


@pytest.mark.parametrize("voices", ["[]", '[{ lang: "es-ES" }]'])
def test_without_a_voice_for_the_language_nothing_is_offered(open_page, voices):
    kiosk = speaking(open_page(1280, 800), voices)
    pair(kiosk)
    expect(kiosk.locator("[data-read-aloud]")).to_be_hidden()


@pytest.mark.usefixtures("six_languages")
@pytest.mark.parametrize(("width", "height"), [(1280, 800), (1080, 1920)])
@pytest.mark.parametrize("text", ["plain", "large"])
@pytest.mark.parametrize("language", ["es", "ar"])
def test_six_languages_fit_into_the_foot(open_page, width, height, text, language):
    kiosk = speaking(open_page(width, height), '[{ lang: "es-ES" }, { lang: "ar-EG" }]')
    pair(kiosk)
    if text == "large":
        kiosk.locator("button[name=text]").click()
    kiosk.locator(f"button[name=language][value={language}]").click()
    expect(kiosk.locator(f'html[lang="{language}"]')).to_have_count(1)
    assert kiosk.evaluate("document.documentElement.scrollWidth <= innerWidth")
    boxes = [part.bounding_box() for part in kiosk.locator(".kfoot :is(a, button)").all()]
    assert len(boxes) == 10
    assert not [(one, other) for place, one in enumerate(boxes) for other in boxes[:place] if overlap(one, other)]
    assert all(box["x"] >= 0 and box["x"] + box["width"] <= width for box in boxes)


def overlap(one, other):
    return all(
        one[start] < other[start] + other[size] - 1 and other[start] < one[start] + one[size] - 1
        for start, size in (("x", "width"), ("y", "height"))
    )


@pytest.mark.usefixtures("six_languages")
def test_from_the_right_arrows_turn_and_digits_stay(open_page):
    kiosk = open_page(1280, 800)
    pair(kiosk)
    kiosk.locator("button[name=language][value=ar]").click()
    kiosk.locator("a.kdoor--lamp").click()
    kiosk.locator("#id_number").fill(NUMBER)
    assert kiosk.locator('[data-key="1"]').bounding_box()["x"] < kiosk.locator('[data-key="3"]').bounding_box()["x"]
    assert scale(kiosk.locator(".kbtn--lamp .i")) == "-1 1"
    assert scale(kiosk.locator(".kbtn--help .i")) == "none"
    kiosk.locator("#id_pin").fill(PIN)
    kiosk.locator("form.ksign .kbtn--lamp").click()
    now, later = kiosk.locator(".kchoose > .kpaper").nth(0), kiosk.locator(".kchoose > .kpaper").nth(1)
    later.wait_for()
    assert now.bounding_box()["x"] > later.bounding_box()["x"]


def scale(part):
    return part.first.evaluate("(element) => getComputedStyle(element).scale")


def test_the_slips_paper_is_as_long_as_the_slip(open_page):
    kiosk = open_page(1280, 800)
    pair(kiosk)
    kiosk_sign_in(kiosk)
    kiosk.locator("button.kseat").first.click()
    kiosk.get_by_role("heading", name="is yours").wait_for()
    printed = kiosk.pdf(prefer_css_page_size=True)
    [(width, height)] = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", printed)
    assert round(float(width) / 72 * 25.4) == 72
    assert 60 < float(height) / 72 * 25.4 < 140


def test_a_page_from_the_browsers_memory_starts_again(open_page):
    kiosk = open_page(1280, 800)
    pair(kiosk)
    kiosk_sign_in(kiosk)
    kiosk.locator("button.kseat").first.click()
    kiosk.get_by_role("heading", name="is yours").wait_for()
    kiosk.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))")
    expect(kiosk.get_by_role("heading", name="is yours")).to_be_hidden()
    kiosk.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    expect(kiosk.get_by_text("What would you like to do?")).to_be_visible()


def test_the_systems_own_colours_leave_focus_and_choice_visible(open_page):
    kiosk = open_page(1280, 800, forced_colors="active")
    pair(kiosk)
    kiosk.keyboard.press("Tab")
    focused = "getComputedStyle(document.activeElement)"
    assert kiosk.evaluate(f"{focused}.outlineStyle") == "solid"
    kiosk_sign_in(kiosk)
    chosen = kiosk.locator(".kday[aria-current]")
    other = kiosk.locator(".kday:not([aria-current])").first
    border = "(element) => getComputedStyle(element).borderTopWidth"
    assert chosen.evaluate(border) != other.evaluate(border)
