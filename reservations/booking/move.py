"""Sit elsewhere, and the booking follows: a running session goes on at another seat, a later one changes its seat."""

from datetime import datetime
from typing import Any

from django.db import transaction

from helpdesk import live
from helpdesk.actor import Actor
from reservations.booking.ahead import over_problem
from reservations.booking.chain import LEFT_FIELDS, moved_on
from reservations.booking.events import event
from reservations.booking.frame import Frame, frame_of
from reservations.booking.insert import save, yields_to_need
from reservations.booking.override import record
from reservations.booking.running import end_of, is_running
from reservations.booking.tell import known
from reservations.models import Booking, Device
from reservations.models.booking import Kind, Outcome
from reservations.rules.booking import moving_problems
from reservations.rules.problem import Refused
from reservations.rules.slot import Slot
from reservations.scopes import board_scope


@transaction.atomic
def move(*, booking: Booking, device_id: int, by: Actor, now: datetime, override: str = "") -> Booking:
    """Move a booking to another seat of its branch at its own times; return the row that stands there.

    A running session goes on in a new row with its remaining minutes: they add up and one session is counted. A later
    booking keeps its row. Moving twice is moving once. `override` is the reason for which staff lift rules. Raises
    Refused `over` for who has left, `unknown_device`, `lacks`, and every rule of the seat that is broken.
    """
    frame = frame_of(booking, now, device_id)
    row = frame.row(booking)
    if row.outcome == Outcome.MOVED:
        there = Booking.objects.filter(continues=row, device_id=device_id, ended_at=None)
        after = there.filter(checked_in_at__isnull=False).first()
        if after:
            return after
    stands = move_in(frame, row, frame.device(device_id), by=by, override=override)
    known(row, by=by, now=now)
    return stands


def move_in(frame: Frame, row: Booking, seat: Device, *, by: Actor, override: str = "") -> Booking:
    """Move a locked and settled row within its frame, which holds both seats; return the row that stands there."""
    if row.ended_at or row.kind != Kind.PATRON or row.patron_id is None:
        raise Refused(over_problem())
    if row.device_id == seat.pk:
        return row
    was = frame.device(row.device_id)
    start = max(frame.start_on(seat), row.start)
    if end_of(row) <= start:
        raise Refused(over_problem())
    slot = Slot(start, end_of(row))
    needs = frozenset(row.needs)
    asked = frame.asked(seat, slot, walk_up=is_running(row), without=row.pk, by=by, needs=needs)
    lifted = frame.check(moving_problems(asked, was.device_class_id), by=by, override=override)
    row.yields = yields_to_need(frame, seat, needs)
    stands = _go(row, seat, start, frame.now)
    seats = {"from_seat": was.label, "to_seat": seat.label}
    if stands is not row:
        event(row, "moved", by=by, now=frame.now, **seats).save(force_insert=True)
    back: dict[str, Any] = {"from": was.pk}  # what undo needs; only where the booking stands now
    event(stands, "moved", by=by, now=frame.now, **seats, **back).save(force_insert=True)
    record(stands, lifted, override=override, by=by, now=frame.now)
    live.touch(board_scope(frame.branch.pk))
    frame.ring()
    return stands


def _go(row: Booking, seat: Device, start: datetime, now: datetime) -> Booking:
    """Write the move; return the row that stands."""
    if not is_running(row):
        row.device = seat
        save(row)
        return row
    after = moved_on(row, seat, start, now)
    row.save(update_fields=[*LEFT_FIELDS, "yields"])
    save(after)
    return after
