"""Measures the pages of questions with ten thousand and with a million of them, 500 open: time, queries, growth."""

import os
import uuid
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench.stand import medians, report
from bench.tickets import NAMES, OPEN, empty, fill
from bench.world import make_branch
from helpdesk import clock
from helpdesk.models import Role, User
from reservations.models import Branch, StaffPost
from troubleshooting.models import Ticket
from troubleshooting.search.vocabulary import learn_words

SMALL, LARGE = 10_000, 1_000_000
QUICK_LARGE = 100_000
BRANCHES, SEATS = 5, 40
QUERIES = 10
LIMITS = {"search.page": 150, "suggestion": 30}  # milliseconds
LINE = "paid for printing at the big printer but nothing comes out"
FRAME = ("BEGIN", "SAVEPOINT", "RELEASE", "COMMIT")
# Usual and rare words, a typo, a number, words that seldom meet, and one that nobody has.
SEARCHES = ("printer", "paper jam", "prnter pasword", "impresora", "computer page", "passport printer", "118", "zzyzx")


def run(*, quick: bool) -> None:
    """Print each page's median at LARGE, its queries, and its growth over SMALL; `worst` is the slowest search."""
    now = clock.now()
    large = QUICK_LARGE if quick else LARGE
    empty()
    branches = [make_branch(f"{NAMES}{n}", seats=SEATS, now=now) for n in range(BRANCHES)]
    staff = [_staff(branch) for branch in branches]
    found: dict[int, dict[str, float]] = {}
    for many in (SMALL, large):
        fill(branches, [user.pk for user in staff], many=many, now=now)
        learn_words()
        client = Client(SERVER_NAME="localhost", HTTP_ACCEPT_LANGUAGE="en")
        client.force_login(staff[0])
        measures = _measures(client, branches[0])
        found[many] = medians(measures, times=2 if quick else 6)
        asked = {name: _queries(call) for name, call in measures.items()}
    _print(found[SMALL], found[large], asked, large)


def _staff(branch: Branch) -> User:
    user = User.objects.create_user(f"bench-{uuid.uuid4().hex[:8]}", password=None, role=Role.REFERENCE)
    StaffPost.objects.create(user=user, branch=branch)
    return user


def _measures(client: Client, branch: Branch) -> dict[str, Callable[[], Any]]:
    done = Ticket.objects.filter(branch=branch, state="done").latest("pk").pk
    pages = {
        "desk.panel": reverse("desk-branch", args=[branch.slug]),
        "reference.queue": reverse("reference-branch", args=[branch.slug]),
        "ticket.page": reverse("question", args=[done]),
        **{f"search.page {words}": f"{reverse('search')}?q={words}" for words in SEARCHES},
    }
    calls: dict[str, Callable[[], Any]] = {name: lambda path=path: _shown(client, path) for name, path in pages.items()}
    return calls | {"suggestion": lambda: client.post(reverse("desk-suggest"), {"text": LINE})}


def _shown(client: Client, path: str) -> None:
    status = client.get(path).status_code
    assert status == 200, (path, status)


def _queries(call: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as queries:
        call()
    return sum(1 for query in queries if not query["sql"].startswith(FRAME))


def _print(small: dict[str, float], large: dict[str, float], asked: dict[str, int], many: int) -> None:
    searches = [name for name in large if name.startswith("search.page")]
    worst = max(searches, key=large.__getitem__)
    load = round(os.getloadavg()[0], 1)
    for name in [each for each in large if each not in searches] + [worst]:
        plain = name.split(" ")[0]
        more: dict[str, Any] = {"slowest": name.partition(" ")[2]} if name == worst else {}
        if plain in LIMITS:
            more["limit"] = LIMITS[plain]
        more |= {"questions": many, "open": OPEN, "before": round(small[name], 2), "load": load}
        report(plain, large[name], "ms", growth=round(large[name] / small[name], 2), **more)
        report(f"{plain}.queries", asked[name], "queries", limit=QUERIES)
    for name in searches:
        report(name, large[name], "ms", growth=round(large[name] / small[name], 2), before=round(small[name], 2))
