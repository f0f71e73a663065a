"""Out of service and back: a repair is a row of the device's timeline, open-ended until the device returns."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from helpdesk import live
from helpdesk.actor import Actor
from reservations.booking.events import CLOSED_FIELDS, close, event
from reservations.booking.frame import Frame, open_frame
from reservations.booking.tell import put_on_list
from reservations.models import Booking, BookingEvent, Call, Device
from reservations.models.booking import CallWhy, Kind, Outcome
from reservations.period import period
from reservations.scopes import board_scope


@dataclass(frozen=True)
class Removal:
    """What taking a device out of service did: the repair row and the bookings it took away."""

    repair: Booking
    cancelled: list[Booking]


@transaction.atomic
def take_out_of_service(*, device_id: int, by: Actor, now: datetime, note: str) -> Removal:
    """Take the device out of booking from now on; whoever is or comes later is put on the desk's call list.

    Idempotent: a device already out keeps its repair. Raises Device.DoesNotExist for an unknown device.
    """
    branch_id = Device.objects.values_list("branch_id", flat=True).get(pk=device_id)
    frame = open_frame(branch_id=branch_id, now=now, device_ids=[device_id])
    standing = [row for row in frame.rows if row.device_id == device_id and not row.ended_at]
    repair = next((row for row in standing if row.kind == Kind.REPAIR), None)
    if repair:
        return Removal(repair, [])
    _displace(standing, by=by, now=now, note=note)
    repair = _insert_repair(frame, frame.device(device_id), by=by, note=note)
    Booking.objects.filter(pk__in=[row.pk for row in standing]).update(displaced_by=repair)
    frame.ring()
    live.touch(board_scope(branch_id))
    return Removal(repair, standing)


def _displace(rows: list[Booking], *, by: Actor, now: datetime, note: str) -> None:
    """Close `rows` with the fault as recorded reason, and list patrons and classes for a call."""
    for row in rows:
        close(row, at=now, outcome=Outcome.DISPLACED)
    Booking.objects.bulk_update(rows, CLOSED_FIELDS)
    BookingEvent.objects.bulk_create(event(row, "displaced", by=by, now=now, reason=note[:200]) for row in rows)
    told = {Kind.PATRON, Kind.CLASS}
    put_on_list([row for row in rows if row.kind in told], CallWhy.DISPLACED, now=now)


def _insert_repair(frame: Frame, device: Device, *, by: Actor, note: str) -> Booking:
    held = period(frame.start_on(device), None)
    repair = Booking.objects.create(
        branch=frame.branch,
        device=device,
        kind=Kind.REPAIR,
        period=held,
        booked_period=held,
        note=note[:120],
        created_at=frame.now,
    )
    event(repair, "out_of_service", by=by, now=frame.now, reason=note[:200]).save(force_insert=True)
    return repair


@transaction.atomic
def return_to_service(*, device_id: int, by: Actor, now: datetime) -> None:
    """End the device's repair now; nothing happens where there is none."""
    branch_id = Device.objects.values_list("branch_id", flat=True).get(pk=device_id)
    frame = open_frame(branch_id=branch_id, now=now, device_ids=[device_id])
    for row in frame.rows:
        if row.device_id == device_id and row.kind == Kind.REPAIR and not row.ended_at:
            close(row, at=max(now, row.start), outcome=Outcome.RETURNED)
            row.save(update_fields=CLOSED_FIELDS)
            event(row, "back_in_service", by=by, now=now).save(force_insert=True)
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
