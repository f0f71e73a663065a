"""What is pressed at the kiosk is seen without scrolling, large enough, apart from the rest, and shows its focus."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from helpdesk import clock
from helpdesk.actor import patron as by_patron
from reservations.booking.dispatch import advance
from reservations.booking.seat import finish
from reservations.models import Policy
from tests import factories as make
from tests.browser.library import kiosk_sign_in, make_library, pair

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HOUR = timedelta(hours=1)
FEATURES = ["screen-reader", "large-screen", "large-keyboard", "raised-desk", "headset"]
LEAST, APART = 60, 12  # pixels, design.md "Targets"
TARGETS = "#step :is(a, button, input:not([type=hidden])), .kfoot :is(a, button)"
IN_SIGHT = """(element) => {
  const foot = document.querySelector(".kfoot").getBoundingClientRect();
  return element.getBoundingClientRect().bottom < foot.top;
}"""
RING = (
    "(element) => { element.focus({ focusVisible: true }); return parseFloat(getComputedStyle(element).outlineWidth); }"
)


@pytest.fixture
def library():
    branch = make_library(("8", "9", "10", "11", "12"))
    branch.devices.update(features=FEATURES, place="beside the window at the reading garden")
    return branch


def in_language(page, language):
    page.locator(f"button[name=language][value={language}]").click()
    expect(page.locator(f'html[lang="{language}"]')).to_have_count(1)


def in_sight(page):
    """Return whether every button of the step stands above the foot before anybody scrolls."""
    return all(part.evaluate(IN_SIGHT) for part in page.locator("#step :is(a, button)").all() if part.is_visible())


def crowded(page):
    """Return the targets that are too small, and the pairs that are too close."""
    found = [(part.inner_text(), part.bounding_box()) for part in page.locator(TARGETS).all() if part.is_visible()]
    small = [name for name, box in found if round(box["height"]) < LEAST or round(box["width"]) < LEAST]
    pairs = [(one, other) for place, one in enumerate(found) for other in found[:place]]
    return small + [(one[0], other[0]) for one, other in pairs if apart(one[1], other[1]) < APART - 0.5]


def apart(one, other):
    """Return how far two boxes are apart, sideways or up and down, whichever is more."""
    return max(
        max(one[start], other[start]) - min(one[start] + one[size], other[start] + other[size])
        for start, size in (("x", "width"), ("y", "height"))
    )


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize("language", ["en", "es"])
def test_a_booking_and_its_confirmation_need_no_scrolling(open_page, language):
    kiosk = open_page(1280, 800)
    pair(kiosk)
    kiosk_sign_in(kiosk)
    kiosk.locator("button.kseat").first.wait_for()
    in_language(kiosk, language)
    assert in_sight(kiosk)
    assert crowded(kiosk) == []
    kiosk.locator("button.kseat").first.click()
    kiosk.locator(".plan").wait_for()
    assert in_sight(kiosk)
    assert crowded(kiosk) == []
    kiosk.goto("/kiosk/mine/")
    kiosk.locator(".ksession, .kmine").first.wait_for()
    assert in_sight(kiosk)
    assert crowded(kiosk) == []


@pytest.mark.parametrize("language", ["en", "es"])
def test_who_is_called_sees_where_to_press(library, open_page, language):
    now = clock.now()
    for seat in library.devices.all():
        theirs = make.make_booking(seat, now - HOUR, now + HOUR, checked_in_at=now - HOUR)
    kiosk = open_page(1280, 800)
    pair(kiosk)
    kiosk_sign_in(kiosk)
    kiosk.locator("#now-line").wait_for()
    in_language(kiosk, language)
    assert in_sight(kiosk)
    assert crowded(kiosk) == []
    kiosk.locator("#now-line").click()
    kiosk.locator("#turn-leave").wait_for()
    assert crowded(kiosk) == []
    finish(booking=theirs, by=by_patron(), now=clock.now())
    advance(branch_id=library.pk, now=clock.now())
    kiosk.goto("/kiosk/mine/")
    kiosk.locator("#mine-turn").click()
    kiosk.locator("#turn-claim").wait_for()
    assert in_sight(kiosk)
    assert crowded(kiosk) == []
    claim, leave = (kiosk.locator(f"#turn-{name}").bounding_box() for name in ("claim", "leave"))
    assert claim["width"] > 2 * leave["width"]


@pytest.mark.parametrize("language", ["en", "es"])
def test_what_works_is_seen_beside_several_reasons(library, open_page, language):
    Policy.objects.filter(branches=library).update(day_minutes=60, sessions_a_day=1, open_bookings=1)
    kiosk = open_page(1280, 800)
    pair(kiosk)
    kiosk_sign_in(kiosk)
    kiosk.locator("button.ktime").first.wait_for()
    in_language(kiosk, language)
    kiosk.locator("button.ktime:not([data-full])").last.click()
    kiosk.locator(".plan").wait_for()
    kiosk.goto("/kiosk/times/")
    expect(kiosk.locator(".kfull")).to_be_visible()
    assert in_sight(kiosk)
    assert crowded(kiosk) == []
    kiosk.locator("button.ktime:not([data-full])").first.click()
    kiosk.locator(".kno").wait_for()
    assert kiosk.locator(".kno__why li").count() > 0
    assert kiosk.locator(".kno__then .kbtn").evaluate(IN_SIGHT)
    assert crowded(kiosk) == []


@pytest.mark.usefixtures("library")
def test_the_doors_show_their_focus_at_high_contrast(open_page):
    kiosk = open_page(1280, 800)
    pair(kiosk)
    kiosk.get_by_role("button", name="High contrast").click()
    expect(kiosk.locator("html[data-contrast=more]")).to_have_count(1)
    kiosk.keyboard.press("Tab")
    assert [door.evaluate(RING) for door in kiosk.locator(".kdoor").all()] == [5, 5, 5]
