"""The set-up goes from one system into an empty one in a real browser, and its pages are accessible."""

import pytest
from playwright.sync_api import expect

from helpdesk.carry.out import carry_out
from helpdesk.models import Role
from reservations.models import Branch
from tests import factories as make
from tests.browser.library import PASSWORD, sign_in
from tests.browser.test_accessibility import violations
from tests.helpdesk.carry.carried import empty, put, small_set_up

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def file():
    """The file of a small set-up, in a system that is empty but for its manager."""
    small_set_up()
    content = carry_out()
    empty()
    user = make.make_user(Role.MANAGER, username="manager")
    user.set_password(PASSWORD)
    user.save()
    return content


def choose(page, content):
    page.get_by_label("Set-up file").set_input_files(
        {"name": "s.zip", "mimeType": "application/zip", "buffer": content}
    )
    page.get_by_role("button", name="Look at the file").click()


@pytest.mark.parametrize("width", [1440, 320])
@pytest.mark.parametrize("script", [True, False])
def test_a_set_up_is_looked_at_and_imported(open_page, file, width, script):
    page = open_page(width, 800, java_script_enabled=script)
    sign_in(page, "manager", "/set-up/carry/")
    choose(page, file)
    page.get_by_role("button", name="Import this set-up").click()
    expect(page.get_by_text("The set-up is here:")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the set-up").click()
    assert download.value.path().read_bytes() == file
    assert Branch.objects.get().slug == "harbour"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 320])
def test_its_pages_are_accessible(open_page, file, width, scheme):
    page = open_page(width, 800, color_scheme=scheme)
    sign_in(page, "manager", "/set-up/carry/")
    found = violations(page)
    choose(page, b"PK")
    page.get_by_text("This is no set-up file").wait_for()
    found |= violations(page)
    choose(page, put(file, "devices.csv", 2, "area", "Cellar"))
    expect(page.get_by_role("alert").first).to_be_focused()
    found |= violations(page)
    choose(page, file)
    page.get_by_role("heading", name="Nothing is saved yet").wait_for()
    assert found | violations(page) == set()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
