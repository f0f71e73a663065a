"""Classes and planned maintenance: saved as they were shown, changed from a day on, left out once, called off."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _

from helpdesk import live
from helpdesk.actor import Actor
from reservations.block_draft import BlockPlan, Draft
from reservations.block_plan import plan_block, seen_by
from reservations.booking.back import offer_back
from reservations.booking.events import CLOSED_FIELDS, close, event
from reservations.booking.frame import Frame, open_frame, seats_of
from reservations.booking.override import without_person
from reservations.booking.reseat import reseat
from reservations.booking.stay_on import stay_on
from reservations.models import Block, Booking, BookingEvent
from reservations.models.booking import Outcome
from reservations.rules.problem import Problem, Refused
from reservations.rules.series import Series, exceptions
from reservations.scopes import board_scope

LONGEST_TITLE = 60  # characters, as in Block.title


class BlockChanged(Refused):
    """What was shown no longer holds: nothing is saved, `plan` is what holds now."""

    def __init__(self, plan: BlockPlan) -> None:
        sentence = _("Something has changed since this was shown. Nothing is saved: look at it again, then save.")
        super().__init__(Problem("plan_changed", sentence, _("What was shown holds"), lift_by=""))
        self.plan = plan


@dataclass(frozen=True)
class Saved:
    """What saving did: the block, how many rows it has, and what became of people in the way."""

    block: Block
    rows: int
    moved: int
    displaced: int


@transaction.atomic
def save_block(
    *, branch_id: int, draft: Draft, request_key: UUID, by: Actor, now: datetime, seen: str | None = None
) -> Saved:
    """Save a class or a maintenance with all its days, and move who is in the way as `draft` says; all or nothing.

    It is planned again under the lock: where `seen`, the plan that was shown, no longer holds, nothing is saved. The
    same `request_key` again returns the first. Raises Refused `reason_personal`, `nothing_left` where no seat of any
    day can be had, what `plan_block` raises, and BlockChanged `plan_changed`.
    """
    draft = replace(draft, title=without_person(draft.title)[:LONGEST_TITLE])
    frame = _frame(branch_id, draft.device_ids, now)
    earlier = Block.objects.filter(request_key=request_key, branch_id=branch_id).first()
    if earlier:
        return Saved(earlier, earlier.bookings.count(), 0, 0)
    plan = _planned(frame, draft, seen)
    return _write(frame, plan, request_key, by=by)


@transaction.atomic
def change_block(
    *,
    block: Block,
    draft: Draft,
    since: date,
    request_key: UUID,
    by: Actor,
    now: datetime,
    seen: str | None = None,
) -> Saved:
    """Change a block from the day `since` on: it ends before, and `draft` takes its place; what was, stays.

    Rows that stay as they are are kept. Raises Refused `called_off`, and what `save_block` raises.
    """
    draft = replace(draft, title=without_person(draft.title)[:LONGEST_TITLE])
    frame = _frame(block.branch_id, draft.device_ids, now, block)
    earlier = Block.objects.filter(request_key=request_key, branch_id=block.branch_id).first()
    if earlier:
        return Saved(earlier, earlier.bookings.count(), 0, 0)
    if Block.objects.get(pk=block.pk).ended_at:
        raise Refused(_is_called_off())
    found = _standing(frame, block)
    old = [row for row in found if on_of(row, frame) >= since and row.start > now]
    plan = _planned(frame, draft, seen, own=[row.pk for row in old])
    kept = _same(old, plan.rows)
    gone = [row for row in old if row.pk not in kept.values()]
    _end(gone, "changed_block", frame, by=by)
    _forget_later(block, now, since=since)
    _leave_out(block, [on for on in block.left_out if on < since])
    if len(old) == len(found):
        _close(block, now)
    rest = [row for row in plan.rows if _place(row) not in kept]
    saved = _write(frame, replace(plan, rows=rest), request_key, by=by)
    Booking.objects.filter(pk__in=kept.values()).update(block=saved.block, note=draft.title)
    stay_on(frame, gone, by=by)
    return replace(saved, rows=saved.rows + len(kept))


@transaction.atomic
def leave_out(*, block: Block, on: date, by: Actor, now: datetime) -> Block:
    """Let a block not take place on one day; its seats are free then, and offered back to whom it had taken one from.

    Leaving out twice is leaving out once."""
    frame = _frame(block.branch_id, (), now, block)
    block = Block.objects.get(pk=block.pk)
    gone = [row for row in _standing(frame, block) if on_of(row, frame) == on]
    _end(gone, "left_out", frame, by=by)
    _offer_back(frame, gone, by=by)
    _forget_later(block, now, since=on, until=on)
    if on not in block.left_out:
        _leave_out(block, sorted([*block.left_out, on]))
    return block


@transaction.atomic
def bring_back(*, block: Block, on: date, by: Actor, now: datetime) -> Block:
    """Let a block take place again on a day that was left out, where nothing stands in its way.

    Bringing back twice is bringing back once. Raises Refused `called_off`, `in_the_way`, and what `plan_block` raises.
    """
    frame = _frame(block.branch_id, (), now, block)
    block = Block.objects.get(pk=block.pk)
    if block.ended_at:
        raise Refused(_is_called_off())
    if on in block.left_out:
        plan = _planned(frame, draft_of(block, on), None)
        if plan.days or plan.closed:
            raise Refused(_in_the_way())
        _put(frame, plan, block, by=by)
        _leave_out(block, [day for day in block.left_out if day != on])
    return block


def draft_of(block: Block, on: date) -> Draft:
    """Return what a block asks for on one day."""
    seats = tuple(block.devices.values_list("pk", flat=True))
    return Draft(block.title, seats, Series(on, block.starts, block.ends), block.kind, block.also_closed)


@transaction.atomic
def call_off(*, block: Block, by: Actor, now: datetime, reason: str = "") -> Block:
    """Call a block off: what is to come is gone, what runs ends now, and whom it took a seat from is offered it back.

    Calling off twice is calling off once."""
    said = without_person(reason)
    frame = _frame(block.branch_id, (), now, block)
    block = Block.objects.get(pk=block.pk)
    if block.ended_at is None:
        gone = _standing(frame, block)
        _end(gone, "called_off", frame, by=by, reason=said)
        _offer_back(frame, gone, by=by)
        _close(block, now)
    return block


def own_rows(block: Block, since: date, now: datetime) -> list[int]:
    """Return the rows of a block that a change from the day `since` on replaces. One query."""
    rows = block.bookings.filter(ended_at=None, period__startswith__gt=now)
    return [row.pk for row in rows if timezone.localtime(row.start).date() >= since]


def _frame(branch_id: int, device_ids: Iterable[int], now: datetime, block: Block | None = None) -> Frame:
    """Return the frame around every seat of the branch and the devices that are asked for."""
    own = set(block.devices.values_list("pk", flat=True)) if block else set()
    wanted = {*seats_of(branch_id), *device_ids, *own}
    return open_frame(branch_id=branch_id, now=now, device_ids=wanted)


def _planned(frame: Frame, draft: Draft, seen: str | None, own: Collection[int] = ()) -> BlockPlan:
    scene = seen_by(frame.branch, frame.calendar, frame.devices, frame.rows, frame.now, own)
    plan = plan_block(draft, scene)
    if seen is not None and seen != plan.seen:
        prefetch_related_objects([row for day in plan.days for row in day.rows], "patron")
        raise BlockChanged(plan)
    if not plan.rows:
        raise Refused(_nothing_left())
    return plan


def _write(frame: Frame, plan: BlockPlan, request_key: UUID, *, by: Actor) -> Saved:
    draft, zone = plan.draft, frame.calendar.zone
    block = Block.objects.create(
        branch=frame.branch,
        kind=draft.kind,
        title=draft.title,
        first_on=draft.series.first_on,
        starts=draft.series.starts,
        ends=draft.series.ends,
        rule=draft.series.rule,
        left_out=exceptions(draft.series, zone),
        also_closed=draft.also_closed,
        made_at=frame.now,
        made_by_id=by.user_id,
        request_key=request_key,
    )
    block.devices.set(plan.devices)
    return _put(frame, plan, block, by=by)


def _put(frame: Frame, plan: BlockPlan, block: Block, *, by: Actor) -> Saved:
    """Write the rows of the plan as those of the block."""
    for row in [*plan.rows, *(row for row, _repair in plan.later)]:
        row.block = block
    done = reseat(frame, plan.people, causes=plan.rows, by=by, reason=block.title)
    frame.rows += plan.rows
    later = _write_later(plan, frame.now)
    BookingEvent.objects.bulk_create(event(row, "planned", by=by, now=frame.now) for row in [*plan.rows, *later])
    return Saved(block, len(plan.rows), len(done.moved), len(done.displaced))


def _write_later(plan: BlockPlan, now: datetime) -> list[Booking]:
    """Write the rows on seats that are out of service as taken away by the repair: its end lets them stand."""
    for row, repair in plan.later:
        close(row, at=now, outcome=Outcome.DISPLACED)
        row.displaced_by = repair
    return Booking.objects.bulk_create(row for row, _repair in plan.later)


def _forget_later(block: Block, now: datetime, *, since: date, until: date = date.max) -> None:
    """Let what a repair took from the block on these days not stand again when the seat is back."""
    gone = block.bookings.filter(outcome=Outcome.DISPLACED, displaced_by__isnull=False, period__startswith__gt=now)
    days = {row.pk: timezone.localtime(row.start).date() for row in gone}
    Booking.objects.filter(pk__in=[pk for pk, on in days.items() if since <= on <= until]).update(displaced_by=None)


def on_of(row: Booking, frame: Frame) -> date:
    """Return the local day on which a row of a block starts."""
    return row.start.astimezone(frame.calendar.zone).date()


def _standing(frame: Frame, block: Block) -> list[Booking]:
    return [row for row in frame.rows if row.block_id == block.pk and row.ended_at is None]


def _place(row: Booking) -> tuple[int, datetime, datetime | None, str]:
    return row.device_id, row.start, row.end, row.kind


def _same(old: Iterable[Booking], new: Iterable[Booking]) -> dict[tuple[int, datetime, datetime | None, str], int]:
    """Return the rows that are the same in the old and the new, by place, with their primary keys."""
    wanted = {_place(row) for row in new}
    return {_place(row): row.pk for row in old if _place(row) in wanted}


def _end(rows: list[Booking], what: str, frame: Frame, *, by: Actor, reason: str = "") -> None:
    """Free the seats of `rows`, say so in their stories, tell the screens and the line."""
    for row in rows:
        close(row, at=frame.now, outcome=Outcome.CANCELLED)
    Booking.objects.bulk_update(rows, CLOSED_FIELDS)
    BookingEvent.objects.bulk_create(event(row, what, by=by, now=frame.now, reason=reason) for row in rows)
    live.touch(board_scope(frame.branch.pk))
    frame.ring()


def _offer_back(frame: Frame, rows: list[Booking], *, by: Actor) -> None:
    """Let who still sits there stay; list whose seat those rows had taken, and who gains by having it back."""
    stay_on(frame, rows, by=by)
    hit = Booking.objects.filter(displaced_by__in=[row.pk for row in rows]).values_list("displaced_by_id", flat=True)
    causes = set(hit)
    for row in rows:
        if row.pk in causes:
            offer_back(frame, row, by=by)


def _leave_out(block: Block, days: list[date]) -> None:
    block.left_out = days
    block.save(update_fields=["left_out"])


def _close(block: Block, now: datetime) -> None:
    Block.objects.filter(pk=block.pk, ended_at=None).update(ended_at=now)
    block.ended_at = block.ended_at or now


def _is_called_off() -> Problem:
    sentence = _("This has been called off or changed meanwhile. Open the list again.")
    return Problem("called_off", sentence, _("Called off"), lift_by="")


def _in_the_way() -> Problem:
    sentence = _("Something is in the way on that day. Choose “Change all to come” to see it, and plan the day there.")
    return Problem("in_the_way", sentence, _("Nothing is in the way"), lift_by="")


def _nothing_left() -> Problem:
    sentence = _("No seat can be had on any of these days. Choose other seats, another time, or take the seats.")
    return Problem("nothing_left", sentence, _("Seats"), lift_by="")
