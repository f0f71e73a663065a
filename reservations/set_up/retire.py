"""A device leaves the room for good, with its people moved as by a fault, and comes back."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.contrib.admin.models import CHANGE
from django.db import transaction
from django.utils.translation import gettext as _

from helpdesk.actor import Actor
from helpdesk.db import refused_by
from reservations.booking.change_day import plan_changed
from reservations.booking.events import event
from reservations.booking.frame import UNKNOWN_DEVICE, Frame
from reservations.booking.reseat import hit_by
from reservations.booking.service import (
    RETIRED,
    Removal,
    grow,
    return_to_service,
    room_around,
    standing_repair,
    take_out_of_service,
)
from reservations.models import Booking, BookingEvent, Device
from reservations.models.booking import OUT, Kind
from reservations.rules.problem import Refused
from reservations.set_up.devices import LABEL_TWICE, LAST, plain_label, stands_anew
from reservations.set_up.notes import note
from reservations.signals import device_retired


def told_of(rows: Iterable[Booking]) -> frozenset[int]:
    """Return the rows of people and classes among `rows`: those that a manager has seen before a device retires."""
    return frozenset(row.pk for row in rows if row.kind not in {*OUT, Kind.OFFER})


@transaction.atomic
def retire_device(*, device_id: int, seen: Collection[int], by: Actor, now: datetime) -> Removal | None:
    """Take a device away for good and move its people to equal seats; None where it is retired already.

    `seen` are the rows that were shown to stand on it; its history stays. It is out of service from now on without an
    end, so that nothing can be booked there by any way. Raises Refused `plan_changed` where something else stands
    there now, `unknown_device`.
    """
    frame = _frame(device_id, now)
    device = _device(frame, device_id)
    if device.retired_on:
        return None
    if not told_of(hit_by(frame.rows, device_id, None, now)) <= frozenset(seen):
        raise Refused(plan_changed())
    repair = standing_repair(frame, device_id)
    if repair:
        done = grow(frame, repair, None, by=by, what="expected")
    else:
        done = take_out_of_service(device_id=device_id, by=by, now=now, note=_("Taken out of the room"))
        event(done.repair, RETIRED, by=by, now=now).save(force_insert=True)
    device.retired_on = frame.calendar.branch_day(now)
    device.save(update_fields=["retired_on"])
    note(device, CHANGE, by=by, now=now, words=RETIRED)
    stands_anew(frame)
    device_retired.send(sender=Device, device_id=device.pk, by=by, now=now)
    return done


@transaction.atomic
def bring_back(*, device_id: int, by: Actor, now: datetime, label: str = "") -> Device:
    """Let a retired device stand in the room again, last in its area; twice is once.

    `label` is what it is called from now on, where another device has its number or name by now.
    Who lost a booking by its going and gains by its return is offered it. What was broken before it went is broken
    still. Raises Refused `label_twice`, `unknown_device`.
    """
    frame = _frame(device_id, now)
    device = _device(frame, device_id)
    if device.retired_on is None:
        return device
    device.retired_on, device.position, device.label = None, LAST, plain_label(label or device.label)
    with refused_by("device_label_once_per_branch", Refused(LABEL_TWICE)):
        device.save(update_fields=["retired_on", "position", "label"])
    repair = standing_repair(frame, device_id)
    if repair and BookingEvent.objects.filter(booking=repair, what=RETIRED).exists():
        return_to_service(device_id=device_id, by=by, now=now)
    note(device, CHANGE, by=by, now=now, words="back")
    stands_anew(frame)
    return device


def _frame(device_id: int, now: datetime) -> Frame:
    try:
        return room_around(device_id, now)
    except Device.DoesNotExist as error:
        raise Refused(UNKNOWN_DEVICE) from error


def _device(frame: Frame, device_id: int) -> Device:
    """Return the locked device, a retired one too."""
    device = next((each for each in frame.devices if each.pk == device_id), None)
    if device is None or device.branch_id != frame.branch.pk:
        raise Refused(UNKNOWN_DEVICE)
    return device
