"""Measures a class of twelve computers over twenty weeks: shown, saved, and saved where people must be moved."""

from datetime import datetime, time, timedelta
from statistics import median
from uuid import uuid4

from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench.stand import report, timed
from bench.world import book_a_week, make_branch, make_patrons
from helpdesk import clock
from helpdesk.actor import SYSTEM, patron
from reservations.block_draft import BlockPlan, Draft
from reservations.block_plan import plan_block, scene_of
from reservations.booking.blocks import call_off, save_block
from reservations.booking.dispatch import advance
from reservations.booking.line import join, leave
from reservations.booking.seat import start_now
from reservations.calendars import zone
from reservations.models import Branch
from reservations.rules.series import Series

SEATS, WEEKS = 12, 20
MILLISECONDS = 500  # limit of saving
BY = patron()


def run(*, quick: bool) -> None:
    """Print time and queries of a class in an empty branch of 60 seats, and in one that is booked for a week."""
    now = clock.now()
    for name, booked in (("block.12x20", False), ("block.12x20.booked", True)):
        branch = make_branch(name.replace(".", "-"), seats=60, now=now, horizon_days=14)
        if booked:
            book_a_week(branch, now=now)
        _measure(name, branch, now, times=3 if quick else 10)
    _measure_line(make_branch("line", seats=60, now=now, horizon_days=14), now, times=5 if quick else 30)


def _measure_line(branch: Branch, now: datetime, *, times: int) -> None:
    """Print how long it takes to join and to serve a line of three beside a class on twelve of sixty seats."""
    save_block(branch_id=branch.pk, draft=_draft(branch, now), request_key=uuid4(), by=SYSTEM, now=now)
    people = make_patrons(60 + times + 3, now=now)
    for device, who in zip(branch.devices.order_by("pk"), people, strict=False):
        start_now(branch_id=branch.pk, patron=who, device_id=device.pk, by=BY, now=now, request_key=uuid4())
    joined, served = [], []
    for who in people[60:]:
        with timed() as passed:
            turn = join(branch_id=branch.pk, patron=who, by=BY, now=now, request_key=uuid4())
        joined.append(passed())
        with timed() as passed:
            advance(branch_id=branch.pk, now=now)
        served.append(passed())
        if len(joined) > 3:
            leave(turn=turn, by=BY, now=now)
    report("line.join.beside_classes", median(joined), "ms")
    report("line.advance.beside_classes", median(served), "ms")


def _measure(name: str, branch: Branch, now: datetime, *, times: int) -> None:
    draft = _draft(branch, now)
    spent, shown, asked, plan = [], [], 0, None
    for _round in range(times):
        with timed() as passed:
            plan = _planned(branch, draft, now)
        shown.append(passed())
        with CaptureQueriesContext(connection) as queries, timed() as passed:
            saved = save_block(
                branch_id=branch.pk, draft=draft, request_key=uuid4(), by=SYSTEM, now=now, seen=plan.seen
            )
        spent.append(passed())
        asked = len(queries)
        call_off(block=saved.block, by=SYSTEM, now=now)
    assert plan is not None
    report(name, median(spent), "ms", limit=MILLISECONDS, rows=len(plan.rows), moved=plan.moves, queries=asked)
    report(f"{name}.preview", median(shown), "ms", limit=MILLISECONDS)


def _draft(branch: Branch, now: datetime) -> Draft:
    first = (now + timedelta(days=2)).astimezone(zone()).date()
    series = Series(first, time(10), time(18), f"FREQ=WEEKLY;COUNT={WEEKS}")
    seats = branch.devices.order_by("pk").values_list("pk", flat=True)[:SEATS]
    return Draft("Spreadsheets", tuple(seats), series)


def _planned(branch: Branch, draft: Draft, now: datetime) -> BlockPlan:
    return plan_block(draft, scene_of(branch, draft, now=now))
