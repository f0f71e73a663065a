"""Out of service and back: a repair is a row of the device's timeline until somebody says that the device is back."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from helpdesk import live
from helpdesk.actor import Actor
from reservations.booking.back import classes_again, offer_back
from reservations.booking.events import CLOSED_FIELDS, close, event
from reservations.booking.frame import Frame, open_frame, seats_of
from reservations.booking.reseat import hit_by, reseat
from reservations.models import Booking, Call, Device
from reservations.models.booking import Kind, Outcome
from reservations.period import period
from reservations.rules.problem import Refused
from reservations.rules.reach import back_problem
from reservations.scopes import board_scope

RETIRED = "retired"  # the event of a repair that stands for no other reason than that its device is retired


@dataclass(frozen=True)
class Removal:
    """What taking a device out of service did: the repair row, who was moved, who lost their booking."""

    repair: Booking
    moved: list[Booking]
    displaced: list[Booking]


@transaction.atomic
def take_out_of_service(
    *, device_id: int, by: Actor, now: datetime, note: str, until: datetime | None = None
) -> Removal:
    """Take the device out of booking from now on and move its people to equal seats, all or nothing.

    `until` is when it is expected back: bookings after it stay, and people can book for then; without it the repair
    is open-ended. Who cannot be moved is put on the desk's call list. Idempotent: a device already out keeps its
    repair. Raises Refused `back_in_past`, `back_too_far`, Device.DoesNotExist for an unknown device.
    """
    _check_back(until, now)
    frame = room_around(device_id, now)
    device = frame.device(device_id)
    repair = standing_repair(frame, device_id)
    if repair:
        return Removal(repair, [], [])
    repair = _new_repair(frame, device, until, note)
    hit = hit_by(frame.rows, device_id, until, now)
    done = reseat(frame, hit, causes=[repair], by=by, reason=note)
    expected = {"until": until.isoformat()} if until else {}
    event(repair, "out_of_service", by=by, now=now, reason=note[:200], **expected).save(force_insert=True)
    return Removal(repair, done.moved, done.displaced)


def _check_back(until: datetime | None, now: datetime) -> None:
    if until is not None and (problem := back_problem(until, now)):
        raise Refused(problem)


def room_around(device_id: int, now: datetime) -> Frame:
    """Return the frame of a device with every seat of its branch; raise Device.DoesNotExist for an unknown one."""
    branch_id = Device.objects.values_list("branch_id", flat=True).get(pk=device_id)
    return open_frame(branch_id=branch_id, now=now, device_ids={device_id, *seats_of(branch_id)})


def standing_repair(frame: Frame, device_id: int) -> Booking | None:
    """Return the repair that a device of the frame is out for."""
    mine = (row for row in frame.rows if row.device_id == device_id and row.kind == Kind.REPAIR)
    return next((row for row in mine if not row.ended_at), None)


def _new_repair(frame: Frame, device: Device, until: datetime | None, note: str) -> Booking:
    start = frame.start_on(device)
    held = period(start, until if until is None or until > start else None)
    return Booking(
        branch=frame.branch,
        device=device,
        kind=Kind.REPAIR,
        period=held,
        booked_period=held,
        note=note[:120],
        created_at=frame.now,
    )


@transaction.atomic
def expect_back(*, device_id: int, until: datetime | None, by: Actor, now: datetime, note: str = "") -> Removal | None:
    """Change when a device that is out is expected back; None is open-ended. None where it is not out.

    A longer repair moves whom it hits, a shorter one lets people book and classes stand after it.
    Raises Refused `back_in_past`, `back_too_far`, `unknown_device`.
    """
    _check_back(until, now)
    frame = room_around(device_id, now)
    frame.device(device_id)
    repair = standing_repair(frame, device_id)
    if repair is None:
        return None
    done = grow(frame, repair, until, by=by, what="expected", reason=note)
    classes_again(frame, repair, by=by)
    return done


def grow(frame: Frame, repair: Booking, until: datetime | None, *, by: Actor, what: str, reason: str = "") -> Removal:
    """Let a standing repair end at `until` instead, move whom it hits now, and say so in its story as `what`."""
    repair.period = period(repair.start, until)
    hit = hit_by(frame.rows, repair.device_id, until, frame.now)
    done = reseat(frame, hit, causes=[repair], by=by, reason=reason or repair.note)
    said = {"until": until.isoformat()} if until else {}
    event(repair, what, by=by, now=frame.now, reason=reason[:200], **said).save(force_insert=True)
    return Removal(repair, done.moved, done.displaced)


@transaction.atomic
def return_to_service(*, device_id: int, by: Actor, now: datetime) -> None:
    """End the device's repair now; nothing happens where there is none.

    Who gains by it is offered their first choice back, on the desk's list; classes have their seat again where it is
    free. A retired device stays out: from now on for no other reason.
    """
    branch_id = Device.objects.values_list("branch_id", flat=True).get(pk=device_id)
    frame = open_frame(branch_id=branch_id, now=now, device_ids=[device_id])
    repair = standing_repair(frame, device_id)
    if repair is None:
        return
    if any(device.pk == device_id and device.retired_on for device in frame.devices):
        event(repair, RETIRED, by=by, now=now).save(force_insert=True)
        return
    close(repair, at=max(now, repair.start), outcome=Outcome.RETURNED)
    repair.save(update_fields=CLOSED_FIELDS)
    event(repair, "back_in_service", by=by, now=now).save(force_insert=True)
    offer_back(frame, repair, by=by)
    frame.ring()
    live.touch(board_scope(branch_id))


@transaction.atomic
def handle_call(*, call: Call, by: Actor, now: datetime) -> Call:
    """Tick a line off the call list: the patron has been told. Ticking twice is ticking once."""
    row = Call.objects.select_for_update(no_key=True).get(pk=call.pk)
    if row.handled_at is None:
        row.handled_at, row.handled_by_id = max(now, row.made_at), by.user_id
        row.save(update_fields=["handled_at", "handled_by"])
        live.touch(board_scope(row.booking.branch_id))
    return row
