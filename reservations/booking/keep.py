"""Keep a seat for something that is no session of its own, such as an hour with a librarian, and give it back."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from helpdesk import live
from helpdesk.actor import Actor
from reservations.booking.ahead import book
from reservations.booking.events import CLOSED_FIELDS, close, event
from reservations.booking.frame import Frame, frame_of, open_frame, seats_of
from reservations.booking.insert import as_slot, save
from reservations.models import Booking, Device, Patron
from reservations.models.booking import Kind, Outcome
from reservations.models.policy import Access
from reservations.period import period
from reservations.rules.problem import Problem, Refused
from reservations.rules.slot import Slot
from reservations.scopes import board_scope

NOT_FREE = Problem(
    "no_seat",
    _("This computer is not free at that time. Choose another time, or any computer."),
    _("A free seat"),
    lift_by="",
)
NO_SEAT = Problem("no_seat", _("No computer is free at that time. Choose another time."), _("A free seat"), lift_by="")


@transaction.atomic
def keep_seat(
    *,
    branch_id: int,
    start: datetime,
    end: datetime,
    note: str,
    request_key: UUID,
    by: Actor,
    now: datetime,
    device_id: int | None = None,
    patron: Patron | None = None,
) -> Booking:
    """Keep `device_id`, or the first plain seat that is free, from `start` to `end` (aware moments) and return its row.

    For a `patron` who has signed in it is a booking of theirs, by all their rules; without one the row is like that of
    a class, says `note`, and nobody checks in to it. The same `request_key` again returns the first row. Raises
    Refused: `no_seat`, `unknown_device`, and for a patron every rule that is broken.
    """
    slot = as_slot(start, end)
    wanted = seats_of(branch_id) if device_id is None else [device_id]
    patron_id = patron.pk if patron else None
    frame = open_frame(branch_id=branch_id, now=now, patron_id=patron_id, device_ids=wanted, request_key=request_key)
    if frame.repeated:
        return frame.repeated
    device = _free_seat(frame, slot) if device_id is None else frame.device(device_id)
    if not _is_free(frame, device, slot):
        raise Refused(NOT_FREE)
    if patron is not None:
        return book(
            branch_id=branch_id, device_id=device.pk, patron=patron, start=start, end=end, request_key=request_key,
            by=by, now=now,
        )  # fmt: skip
    return _insert(frame, device, slot, note, request_key, by)


@transaction.atomic
def give_seat_back(*, booking: Booking, by: Actor, now: datetime) -> None:
    """End a kept seat, or the patron's booking that it is; one in use or over stays as it is."""
    frame = frame_of(booking, now)
    row = frame.row(booking)
    if row.ended_at or row.checked_in_at:
        return
    close(row, at=now, outcome=Outcome.CANCELLED)
    row.save(update_fields=CLOSED_FIELDS)
    event(row, "cancelled", by=by, now=now).save(force_insert=True)
    frame.ring()
    live.touch(board_scope(row.branch_id))


def _free_seat(frame: Frame, slot: Slot) -> Device:
    """Return the first seat in the room's order that is free for the slot; one kept for people's needs comes last."""
    free = [device for device in _in_order(frame.devices) if _is_free(frame, device, slot)]
    plain = [device for device in free if _is_plain(frame, device)]
    for device in [*plain, *free]:
        return device
    raise Refused(NO_SEAT)


def _in_order(devices: Sequence[Device]) -> list[Device]:
    here = [device for device in devices if device.retired_on is None and device.device_class.bookable]
    return sorted(here, key=lambda device: (device.position, device.pk))


def _is_plain(frame: Frame, device: Device) -> bool:
    rule = frame.branch.policy.rule_for(device.device_class_id)
    return rule.access == Access.ANYONE and not rule.walk_up_only


def _is_free(frame: Frame, device: Device, slot: Slot) -> bool:
    """Return whether nothing stands on the device in the slot, cleaning before and after it included."""
    gap = timedelta(minutes=frame.branch.policy.gap_minutes)
    rows = [row for row in frame.rows if row.device_id == device.pk and row.ended_at is None]
    return not any(row.start < slot.end + gap and _until(row, frame.now) > slot.start - gap for row in rows)


def _until(row: Booking, now: datetime) -> datetime:
    """Return until when a row holds its seat; without an end, for as long as anybody can book."""
    return row.until(now) or now + timedelta(days=365)


def _insert(frame: Frame, device: Device, slot: Slot, note: str, request_key: UUID, by: Actor) -> Booking:
    held = period(slot.start, slot.end)
    row = Booking(
        branch=frame.branch,
        device=device,
        kind=Kind.CLASS,
        period=held,
        booked_period=held,
        note=note,
        request_key=request_key,
        created_at=frame.now,
    )
    save(row)
    event(row, "planned", by=by, now=frame.now).save(force_insert=True)
    live.touch(board_scope(frame.branch.pk))
    return row
