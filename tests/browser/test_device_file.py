"""A file of devices saved by a double click: saved once, and said so."""

import pytest
from playwright.sync_api import expect

from reservations.models import Device
from tests.browser.library import make_library, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("scripts", [True, False])
def test_a_double_click_saves_the_file_once_and_says_so(open_page, scripts):
    make_library()
    page = open_page(1440, 900, java_script_enabled=scripts)
    sign_in(page, "manager", "/set-up/devices/at/harbour/file/")
    kind = Device.objects.get().device_class.code
    content = f"label,class\n20,{kind}\n21,{kind}".encode()
    page.locator("input[type=file]").set_input_files({"name": "d.csv", "mimeType": "text/csv", "buffer": content})
    page.get_by_role("button", name="Read the file").click()
    page.wait_for_load_state()
    page.get_by_role("button", name="Save 2 devices").dblclick()
    expect(page.locator("#toast")).to_contain_text("saved.")
    expect(page.get_by_role("heading", name="3 devices in the room")).to_be_visible()
    assert Device.objects.count() == 3
