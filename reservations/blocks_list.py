"""Reads of the pages of classes and maintenance: what is to come at a branch, and the days of one of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.db.models import Count, Min
from django.http import Http404
from django.utils import timezone

from helpdesk.models import User
from reservations.block_draft import BlockDay, BlockPlan
from reservations.models import Block, Booking, Branch
from reservations.period import period
from reservations.rules.series import Occurrence, Outside


@dataclass(frozen=True)
class BlockRow:
    """A block with the moment at which it takes place next, and on how many days to come."""

    block: Block
    next_at: datetime
    days: int
    seats: int


def blocks_to_come(branch: Branch, *, now: datetime) -> list[BlockRow]:
    """Return the blocks of a branch that take place now or later, the next one first. Two queries."""
    open_rows = Booking.objects.open().filter(branch=branch, block__isnull=False, period__overlap=period(now, None))
    counts = (
        open_rows.order_by()
        .values("block")
        .annotate(
            next_at=Min("period__startswith"), days=Count("period", distinct=True), seats=Count("device", distinct=True)
        )
    )
    found = {row["block"]: row for row in counts}
    blocks = Block.objects.filter(pk__in=found)
    rows = [
        BlockRow(block, found[block.pk]["next_at"], found[block.pk]["days"], found[block.pk]["seats"])
        for block in blocks
    ]
    return sorted(rows, key=lambda row: (row.next_at, row.block.pk))


def block_for(user: User, pk: int) -> Block:
    """Return a block of a branch where `user` works, else raise Http404."""
    branches = Branch.objects.visible_to(user)
    block = Block.objects.filter(pk=pk, branch__in=branches).select_related("branch__policy", "made_by").first()
    if block is None:
        raise Http404
    return block


@dataclass(frozen=True)
class BlockDayRow:
    """One day of a block: its seats, and whether it is still to come."""

    on: date
    start: datetime
    end: datetime | None
    seats: list[str]
    missing: int
    is_over: bool


def days_of_block(block: Block, *, now: datetime) -> list[BlockDayRow]:
    """Return the days on which a block stands, in order. Two queries."""
    rows = (
        block.bookings.filter(ended_at=None).select_related("device").order_by("period", "device__position", "device")
    )
    seats = block.devices.count()
    found = []
    for (start, end), group in groupby(rows, key=lambda row: (row.start, row.end)):
        labels = [row.device.label for row in group]
        on = timezone.localtime(start).date()
        found.append(BlockDayRow(on, start, end, labels, max(0, seats - len(labels)), bool(end and end <= now)))
    return found


def left_out_of(block: Block, *, now: datetime) -> list[tuple[date, bool]]:
    """Return the days on which a block does not take place, each with whether it can still be brought back."""
    today = timezone.localtime(now).date()
    return [(on, block.ended_at is None and on >= today) for on in block.left_out]


@dataclass(frozen=True)
class PlanRow:
    """One day as the preview shows it: planned, with something in the way (`day`), closed, or left out."""

    occurrence: Occurrence
    day: BlockDay | None = None
    closed: Outside | None = None
    is_out: bool = False
    is_bare: bool = False  # no seat is left on that day

    @property
    def on(self) -> date:
        return self.occurrence.on


def plan_rows(plan: BlockPlan, wanted: Sequence[Occurrence]) -> list[PlanRow]:
    """Return every day of the series `wanted` (with those left out) as the plan sees it."""
    days = {day.on: day for day in plan.days}
    closed = {each.occurrence.on: each for each in plan.closed}
    kept = {each.on for each in plan.occurrences}
    zone = plan.scene.calendar.zone
    seated = {row.start.astimezone(zone).date() for row in plan.rows}
    return [
        PlanRow(
            each,
            days.get(each.on),
            closed.get(each.on),
            is_out=each.on in plan.draft.series.left_out,
            is_bare=each.on in kept and each.on not in seated,
        )
        for each in wanted
    ]
