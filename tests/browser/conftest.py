"""Real Chromium against a real server of the suite; without Chromium these tests say so, or fail where required."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-sync"]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Start Chromium once; REQUIRE_BROWSER=1 turns its absence into a failure."""
    if not CHROMIUM:
        message = "Chromium was not found on the PATH, so the browser tests did not run"
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(message)
        pytest.skip(message)
    # Playwright's loop runs in this thread, and Django would take its own tests for async code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    flags = [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else FLAGS
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium, live_server):
    """Return a function that opens a browser of its own (cookies, size), watched for script and policy errors."""
    contexts, complaints = [], []

    def build(width: int, height: int, **options) -> Page:
        context = chromium.new_context(base_url=live_server.url, viewport={"width": width, "height": height}, **options)
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text) if _is_complaint(message) else None)
        return page

    yield build
    for context in contexts:
        context.close()
    assert complaints == []


def _is_complaint(message) -> bool:
    """Refusing answers are part of some journeys; a script error or a content policy violation never is."""
    answered = ("Failed to load resource", "Response Status Error Code")
    # A press of the main button goes before what was being fetched; a network that is away is part of some journeys.
    given_up = ("htmx:afterRequest", "htmx:sendAbort", "htmx:sendError")
    return message.type == "error" and not message.text.startswith((*answered, *given_up))
