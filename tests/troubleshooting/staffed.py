"""What the page tests of this app share: a signed-in client, a frozen clock, queries counted, one element of a page."""

import re
from contextlib import contextmanager
from html.parser import HTMLParser

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories import NOW, make_user
from troubleshooting.models.category import Tier

HTMX = {"HTTP_HX_REQUEST": "true"}
FRAME = ("BEGIN", "SAVEPOINT", "RELEASE SAVEPOINT", "COMMIT")


def signed_in(role, *branches, **fields):
    """Return a client signed in as a new member of staff, and that member."""
    user = make_user(role, *branches, **fields)
    client = Client()
    client.force_login(user)
    return client, user


def freeze(monkeypatch, now=NOW):
    monkeypatch.setattr("helpdesk.clock.now", lambda: now)


@contextmanager
def counted():
    """Yield a list that holds the queries of the block afterwards, transaction frames left out."""
    found: list[str] = []
    with CaptureQueriesContext(connection) as captured:
        yield found
    found += [q["sql"] for q in captured.captured_queries if not q["sql"].startswith(FRAME)]


VOID = {"input", "br", "meta", "link", "rect", "path", "use", "img"}


class _Element(HTMLParser):
    """Collects the source of the element with one id."""

    def __init__(self, wanted: str) -> None:
        super().__init__(convert_charrefs=False)
        self.wanted, self.depth, self.found = wanted, 0, ""

    def handle_starttag(self, tag, attrs):
        if self.depth or dict(attrs).get("id") == self.wanted:
            self.found += self.get_starttag_text()
            self.depth += tag not in VOID and not self.get_starttag_text().endswith("/>")

    def handle_startendtag(self, tag, attrs):
        if self.depth:
            self.found += self.get_starttag_text()

    def handle_endtag(self, tag):
        if self.depth:
            self.found += f"</{tag}>"
            self.depth -= 1

    def handle_data(self, data):
        self.found += data if self.depth else ""

    def handle_entityref(self, name):
        self.found += f"&{name};" if self.depth else ""

    def handle_charref(self, name):
        self.found += f"&#{name};" if self.depth else ""


def element(response, wanted):
    """Return the source of the element with the id `wanted`; signatures and tokens, which differ, are blanked."""
    parser = _Element(wanted)
    parser.feed(response.content.decode())
    assert parser.found, f"no element #{wanted}"
    found = re.sub(r"(live|here)=[^\"&]+", r"\1=", parser.found)
    return re.sub(r'(csrfmiddlewaretoken" value=")[^"]+', r"\1", found).replace(' hx-swap-oob="true"', "")


def text_of(response):
    """Return a page's words, tags left out and spaces made single."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def reference_fields(**fields):
    """Return what makes a raw ticket one that waits at the reference desk."""
    return {"tier": Tier.REFERENCE, "promised_at": NOW, **fields}
