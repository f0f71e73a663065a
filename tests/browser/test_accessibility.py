"""axe-core finds nothing against WCAG 2.2 AA on the pages of kiosk and staff, light, dark and at high contrast."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe

from helpdesk import clock
from helpdesk.actor import SYSTEM
from helpdesk.actor import patron as by_patron
from reservations.booking.dispatch import advance
from reservations.booking.seat import finish
from reservations.booking.service import take_out_of_service
from reservations.models import DeviceClass, Policy
from reservations.patrons.keys import card_key
from tests import factories as make
from tests.browser.library import NUMBER, kiosk_sign_in, make_library, pair, sign_in
from troubleshooting.help_address import code_of
from troubleshooting.models import Category

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HOUR = timedelta(hours=1)
CARDS = ("/card/", "/guest-passes/harbour/", "/set-up/cards/", "/set-up/look-ups/")
ROOMS = ("/set-up/room/harbour/", "/set-up/classes/", "/set-up/devices/", "/set-up/devices/at/harbour/file/")
SET_UP = ("/set-up/", "/set-up/branches/", "/set-up/branches/new/", "/set-up/hours/harbour/", "/set-up/kiosks/")
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}


@pytest.fixture
def library():
    """A library with something on every screen."""
    branch = make_library(("1", "8", "9"))
    printing = Category.objects.get(code="printing")
    for tier in (1, 2, 3):
        make.make_ticket(branch, category=printing, tier=tier, opened_at=clock.now(), promised_at=clock.now())
    return branch


def violations(page):
    found = Axe().run(page, options=RULES).response["violations"]
    return {f"{page.url}: {v['id']}: {v['nodes'][0]['html'][:120]}" for v in found}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.usefixtures("library")
def test_staff_pages(open_page, scheme, width):
    page = open_page(width, 900, color_scheme=scheme)
    page.goto("/sign-in/")
    found = violations(page)
    sign_in(page, "manager", "/desk/")
    rules = f"/set-up/policies/{Policy.objects.get().pk}/"
    for path in ("/desk/", "/reference/", "/it/", "/notices/", "/set-up/policies/", rules, *CARDS, *SET_UP):
        page.goto(path)
        found |= violations(page)
    page.goto(rules)
    page.get_by_label("Session length", exact=True).fill("45")
    page.get_by_role("button", name="Show what changes").click()
    page.get_by_role("heading", name="What would change today").wait_for()
    found |= violations(page)
    page.get_by_label("Session length", exact=True).fill("900")
    page.get_by_role("button", name="Show what changes").click()
    page.get_by_text("another look").first.wait_for()
    found |= violations(page)
    page.goto("/desk/harbour/tally/late/")
    found |= violations(page)
    page.goto("/desk/")
    page.locator("#tally-more > summary").click()
    found |= violations(page)
    page.locator("a.seat__hit").first.click()
    page.wait_for_load_state()
    found |= violations(page)
    page.get_by_role("link", name="Help address").click()
    page.get_by_role("heading", name="Need help here?").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert found | violations(page) == set()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 320])
def test_set_up_of_rooms(open_page, library, scheme, width):
    device, kind = library.devices.first(), DeviceClass.objects.get()
    make.make_booking(device, clock.now() + HOUR, clock.now() + 2 * HOUR)
    page = open_page(width, 900, color_scheme=scheme)
    sign_in(page, "manager", "/set-up/room/harbour/")
    found = set()
    one = f"/set-up/devices/{device.pk}/"
    for path in (*ROOMS, "/set-up/devices/at/harbour/new/", one, f"{one}retire/", f"/set-up/classes/{kind.pk}/"):
        page.goto(path)
        found |= violations(page)
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), path
    page.goto("/set-up/devices/at/harbour/new/")
    page.get_by_role("button", name="Add the device").click()
    page.locator(".field--bad").first.wait_for()
    found |= violations(page)
    page.goto("/set-up/devices/at/harbour/file/")
    file = f"label,class,has\n1,{kind.code},scanner\n30,{kind.code},\n=x,,\n".encode()
    page.get_by_label("File of devices").set_input_files({"name": "a.csv", "mimeType": "text/csv", "buffer": file})
    page.get_by_role("button", name="Read the file").click()
    page.get_by_role("heading", name="Nothing is saved yet").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert found | violations(page) == set()


@pytest.mark.parametrize("size", [(1920, 1080), (1080, 1920)])
def test_the_wall(open_page, library, size):
    page = open_page(*size)
    page.goto(f"/wall/{library.slug}/")
    assert violations(page) == set()


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_wait_stands_inside_the_walls_panel(open_page, library, language):
    for number in range(3):
        kind = make.make_class(code=f"kind-{number}", name="Internet computer")
        make.make_device(library, label=str(20 + number), kind=kind)
    page = open_page(1920, 1080, locale=language)
    page.goto(f"/wall/{library.slug}/")
    panel = page.locator(".wwait").bounding_box()
    words = page.locator(".wwait li :is(b, span, small)").all()
    lowest = max(box["y"] + box["height"] for box in (each.bounding_box() for each in words))
    assert lowest <= panel["y"] + panel["height"]


@pytest.mark.parametrize("look", ["plain", "large and high contrast"])
@pytest.mark.usefixtures("library")
def test_kiosk_pages(open_page, look):
    page = open_page(1280, 800)
    pair(page)
    if look != "plain":
        page.get_by_role("button", name="Larger text").click()
        page.get_by_role("button", name="High contrast").click()
    found = violations(page)
    page.goto("/kiosk/help/")
    found |= violations(page)
    page.goto("/kiosk/")
    page.get_by_role("link", name="Use a computer now").click()
    page.get_by_role("textbox", name="number").wait_for()
    found |= violations(page)
    page.goto("/kiosk/")
    kiosk_sign_in(page)
    page.locator("button.kseat").first.wait_for()
    found |= violations(page)
    page.locator("button.kseat").first.click()
    page.get_by_role("heading", name="is yours").wait_for()
    found |= violations(page)
    page.goto("/kiosk/mine/")
    assert found | violations(page) == set()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 320])
def test_help_pages_of_a_seat(library, open_page, scheme, width):
    page = open_page(width, 900, color_scheme=scheme)
    narrow = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    page.goto(f"/help/{code_of(library.devices.get(label='8').pk, 0)}/")
    assert page.evaluate(narrow)
    found = violations(page)
    page.get_by_role("link", name="The computer is stuck").click()
    page.get_by_role("heading", name="Try this first").wait_for()
    assert page.evaluate(narrow)
    found |= violations(page)
    page.get_by_role("button", name="Call a person to Seat 8").click()
    page.get_by_role("heading", name="A librarian comes to seat 8.").wait_for()
    assert page.evaluate(narrow)
    found |= violations(page)
    page.goto("/help/1-00000-00000/")
    assert found | violations(page) == set()


@pytest.mark.parametrize("look", ["plain", "large and high contrast"])
def test_kiosk_pages_of_the_line_and_of_a_session(library, open_page, look):
    library.devices.exclude(label="8").delete()
    library.devices.update(features=["headset", "scanner"])
    seat, now = library.devices.get(), clock.now()
    theirs = make.make_booking(seat, now - HOUR, now + HOUR, checked_in_at=now - HOUR)
    page = open_page(1280, 800)
    pair(page)
    if look != "plain":
        page.get_by_role("button", name="Larger text").click()
        page.get_by_role("button", name="High contrast").click()
    kiosk_sign_in(page)
    page.get_by_role("button", name="Take a number").wait_for()
    found = violations(page)
    page.get_by_role("button", name="Take a number").click()
    page.get_by_role("heading", name="Your number is").wait_for()
    found |= violations(page)
    page.goto("/kiosk/mine/")
    found |= violations(page)
    finish(booking=theirs, by=by_patron(), now=clock.now())
    advance(branch_id=library.pk, now=clock.now())
    page.get_by_role("link", name="To my seat").or_(page.get_by_role("link", name="See my place")).click()
    page.get_by_role("button", name="Sit down").wait_for()
    found |= violations(page)
    page.get_by_role("button", name="Sit down").click()
    page.get_by_role("heading", name="Seat 8 is yours.").wait_for()
    page.goto("/kiosk/mine/")
    page.get_by_role("button", name="15 more minutes").wait_for()
    found |= violations(page)
    page.goto("/kiosk/times/")
    page.locator(".ktime").first.click()
    page.get_by_text("Ask a librarian").or_(page.get_by_role("heading", name="Seat 8 is yours.")).first.wait_for()
    assert found | violations(page) == set()


@pytest.mark.parametrize("look", ["plain", "large and high contrast"])
def test_kiosk_pages_of_people_who_are_moved(library, open_page, look):
    card = make.make_patron(key=card_key(NUMBER), alias="017")
    seat, now = library.devices.get(label="8"), clock.now()
    for start in (now + HOUR, now + 3 * HOUR):
        make.make_booking(seat, start, start + HOUR, patron=card)
    page = open_page(1280, 800)
    pair(page)
    if look != "plain":
        page.get_by_role("button", name="Larger text").click()
        page.get_by_role("button", name="High contrast").click()
    kiosk_sign_in(page)
    page.locator("button.kseat").first.wait_for()
    page.goto("/kiosk/mine/")
    found = violations(page)
    page.get_by_role("link", name="Sit somewhere else").first.click()
    page.get_by_role("heading", name="Sit somewhere else").wait_for()
    found |= violations(page)
    library.devices.exclude(pk=seat.pk).update(device_class=make.make_class())
    take_out_of_service(device_id=seat.pk, by=SYSTEM, now=clock.now(), note="No picture")
    page.goto("/kiosk/mine/")
    page.get_by_text("was taken away").first.wait_for()
    assert found | violations(page) == set()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_staff_pages_of_people_who_are_moved(library, open_page, scheme, width):
    seat, now = library.devices.get(label="8"), clock.now()
    library.devices.filter(label="9").update(lacks=["printing"])
    make.make_booking(seat, now - HOUR, now + HOUR, checked_in_at=now - HOUR)
    lost = make.make_booking(seat, now + 2 * HOUR, now + 3 * HOUR, needs=["scanner"])
    seat.features = ["scanner"]
    seat.save()
    page = open_page(width, 900, color_scheme=scheme)
    sign_in(page, "desk", f"/desk/seat/{seat.pk}/")
    found = violations(page)
    take_out_of_service(device_id=seat.pk, by=SYSTEM, now=clock.now(), note="No picture")
    page.goto(f"/desk/seat/{seat.pk}/")
    found |= violations(page)
    page.goto("/desk/")
    found |= violations(page)
    page.goto(f"/calls/{lost.call.pk}/")
    page.get_by_text("without scanner").first.wait_for()
    assert found | violations(page) == set()
