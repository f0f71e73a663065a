"""A file of cards on its way: how much has arrived, then that it is being read, then what it would do."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.library import make_library, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LINES = "number,pin\n" + "".join(f"2777000{n:07d},2468\n" for n in range(400)) + "x" * 400_000
BYTES_A_SECOND = 150_000


@pytest.fixture
def files(open_page):
    make_library()
    page = open_page(1366, 800)
    sign_in(page, "manager", "/set-up/cards/")
    page.wait_for_load_state()
    return page


def send(page, text):
    content = {"name": "cards.csv", "mimeType": "text/csv", "buffer": text.encode()}
    page.locator("input[type=file]").set_input_files(content)
    page.get_by_role("button", name="Read the file").click()


def test_a_file_that_is_being_sent_says_how_far_it_is(files):
    slow = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": BYTES_A_SECOND}
    files.context.new_cdp_session(files).send("Network.emulateNetworkConditions", slow)
    send(files, LINES)
    expect(files.get_by_text(re.compile(r"[1-9]0 % of the file has arrived"))).to_be_visible()
    expect(files.get_by_role("button", name="Read the file")).to_be_disabled()
    expect(files.get_by_role("heading", name="Import of cards")).to_be_visible(timeout=30_000)
    expect(files).to_have_url(re.compile(r"/set-up/cards/\d+/"))


def test_a_file_that_does_not_do_is_refused_on_the_same_page(files):
    send(files, "")
    expect(files.get_by_text("The file is empty. Choose the file with the cards.")).to_be_visible()
    expect(files.get_by_role("button", name="Read the file")).to_be_enabled()
    expect(files).to_have_url(re.compile(r"/set-up/cards/$"))
