"""Something at a seat is broken while the rest works: who needs it is moved, everybody else may sit there."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from helpdesk import live
from helpdesk.actor import Actor
from reservations.booking.frame import Frame
from reservations.booking.reseat import Reseated, reseat
from reservations.booking.service import room_around
from reservations.booking.turns import withdraw
from reservations.models import Booking, Call, Device
from reservations.models.booking import Kind
from reservations.models.calls import CallWhy
from reservations.needs import lack_word
from reservations.rules.problem import Problem, Refused
from reservations.scopes import board_scope

NOT_THERE = Problem(
    "unknown_lack", _("This seat does not have that. Choose one of the shown."), _("What the seat can do"), lift_by=""
)


@transaction.atomic
def degrade(*, device_id: int, lacks: Collection[str], by: Actor, now: datetime, note: str = "") -> Reseated:
    """Say that `lacks` ("printing", "sound", a feature) do not work on the device; return what became of its people.

    It stays bookable for who does not need them. Bookings that do go to equal seats; who fits nowhere keeps this one,
    which is better than none, and is told. Saying it twice is saying it once. Raises Refused `unknown_lack`,
    `unknown_device`; Device.DoesNotExist for an unknown device.
    """
    frame = room_around(device_id, now)
    device = frame.device(device_id)
    if not device.has.issuperset(lacks):
        raise Refused(NOT_THERE)
    new = frozenset(lacks) - frozenset(device.lacks)
    _save(frame, device, frozenset(device.lacks) | new)
    _withdraw_offers(frame, device, new, by)
    hit = [row for row in needing(frame.rows, device_id, new, now) if row.kind == Kind.PATRON]
    why = note or ", ".join(lack_word(lack) for lack in sorted(new))
    return reseat(frame, hit, by=by, reason=why, stay=True)


@transaction.atomic
def mend(*, device_id: int, by: Actor, now: datetime, lacks: Collection[str] | None = None) -> Device:
    """Say that `lacks` (None: everything) work again, also on a retired device; nobody has to be told any more."""
    frame = room_around(device_id, now)
    device = next(each for each in frame.devices if each.pk == device_id)
    before = frozenset(device.lacks)
    left = frozenset() if lacks is None else before - frozenset(lacks)
    if left != before:
        _save(frame, device, left)
        told = Call.objects.filter(booking__device=device, why=CallWhy.LACKS, handled_at=None)
        served = [call.pk for call in told.select_related("booking") if left.isdisjoint(call.booking.needs)]
        Call.objects.filter(pk__in=served).delete()
        frame.ring()
    return device


def needing(rows: Collection[Booking], device_id: int, lacks: frozenset[str], now: datetime) -> list[Booking]:
    """Return the standing rows of a device whose people asked for one of `lacks`."""
    mine = (row for row in rows if row.device_id == device_id and not lacks.isdisjoint(row.needs))
    return [row for row in mine if row.effective_end(now) is None]


def _save(frame: Frame, device: Device, lacks: frozenset[str]) -> None:
    device.lacks = sorted(lacks)
    device.save(update_fields=["lacks"])
    live.touch(board_scope(frame.branch.pk))


def _withdraw_offers(frame: Frame, device: Device, lacks: frozenset[str], by: Actor) -> None:
    """Put numbers to whom the seat is held, and whom it no longer serves, back in their place in line."""
    for turn in frame.turns:
        if turn.offer and turn.offer.device_id == device.pk and not lacks.isdisjoint(turn.needs):
            withdraw(turn, by=by, now=frame.now)
