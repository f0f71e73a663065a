"""Measures the reads of a large room: the board and a week's availability, with little and with much history."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench.stand import medians, report
from bench.world import add_past, book_a_week, make_branch
from helpdesk import clock
from reservations import availability
from reservations.board import board
from reservations.models import Branch
from reservations.rulebook import taken, with_rules

SEATS = 60
PAST = 200_000
MILLISECONDS = 20  # limit of each read
QUERIES = 10


def run(*, quick: bool) -> None:
    """Print time and queries of each read without history and with PAST ended bookings; `growth` is their ratio."""
    now = clock.now()
    branches = {}
    for name, past in (("new", 0), ("old", PAST)):
        branch = make_branch(f"reads-{name}", seats=SEATS, now=now)
        book_a_week(branch, now=now)
        if past:
            add_past(branch, many=past, now=now)
        branches[name] = branch.pk
    reads: dict[str, Callable[[Branch], Any]] = {
        "board.read": lambda branch: board(branch, now=now),
        "week.read": lambda branch: availability.week_gaps(branch, now=now),
    }
    for read, call in reads.items():
        # every call fetches its branch anew, as a request does
        calls = {name: lambda pk=pk, call=call: call(fresh(pk)) for name, pk in branches.items()}
        found = medians(calls, times=5 if quick else 20)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            calls["old"]()
        report(read, found["old"], "ms", limit=MILLISECONDS, seats=SEATS, past=PAST, growth=_growth(found))
        report(f"{read}.queries", len(queries), "queries", limit=QUERIES)


def fresh(pk: int) -> Branch:
    return taken(with_rules(Branch.objects.all()).get(pk=pk))


def _growth(found: dict[str, float]) -> float:
    return round(found["old"] / found["new"], 2)
