"""Reads for booking on somebody's behalf: the seats of a wish, the days and times they are free, which one to give."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from helpdesk import words
from reservations.availability import GridSlot, day_grid, is_special, open_days, room_for_days
from reservations.models import Branch, Device, Patron
from reservations.room import Room
from reservations.rules.slot import Slot


@dataclass(frozen=True)
class Wanted:
    """Which seat: one by its id, or any of a class (any class without), each with every feature of `needs`."""

    device_id: int | None = None
    class_code: str = ""
    needs: frozenset[str] = frozenset()

    def fits(self, device: Device) -> bool:
        """Return whether `device` is such a seat."""
        if self.device_id:
            return device.pk == self.device_id
        return self.class_code in ("", device.device_class.code) and self.needs.issubset(device.features)


@dataclass(frozen=True)
class Times:
    """The branch's days that can be booked and the times of one of them; `classes` and `needs` are what there is."""

    devices: Sequence[Device]
    days: Sequence[date]
    day: date | None
    slots: Sequence[GridSlot]
    classes: Sequence[tuple[str, str]]
    needs: Sequence[str]
    today: date

    @property
    def day_choices(self) -> list[dict[str, Any]]:
        """The days as a form offers them: value, word, whether it is the shown one."""
        return [
            {"value": day.isoformat(), "word": words.day(day, self.today), "on": day == self.day} for day in self.days
        ]


def times_for(branch: Branch, wanted: Wanted, day: date | None, *, now: datetime) -> Times:
    """Return when seats of `wanted` are free on `day` (None, or a closed day: the first open one). Four queries."""
    room = room_for_days(branch, now=now, by_staff=True)
    days = open_days(branch, room)
    shown = day if day in days else next(iter(days), None)
    fitting = replace(room, devices=[device for device in room.devices if wanted.fits(device)])
    return Times(
        devices=room.devices,
        days=days,
        day=shown,
        slots=day_grid(fitting, shown) if shown else [],
        classes=list({d.device_class.code: str(d.device_class) for d in room.devices}.items()),
        needs=sorted({feature for device in room.devices for feature in device.features}),
        today=room.calendar.branch_day(now),
    )


def seat_for(
    branch: Branch, patron: Patron, wanted: Wanted, start: datetime, minutes: int | None, *, now: datetime
) -> tuple[Device, Slot] | None:
    """Return the seat of `wanted` that stays free longest from `start`, at most `minutes` (None: a session), or None.

    A seat that was chosen is returned in any case: the rules explain why it cannot be had. So they do with the
    patron's own limits. Ordinary seats come before special ones.
    """
    room = room_for_days(branch, now=now, patron=patron, by_staff=True)
    devices = [device for device in room.devices if wanted.fits(device)]
    lengths = [(_length(room, device, start, minutes), device) for device in devices]
    if wanted.device_id and lengths:
        length, device = lengths[0]
        return device, Slot.of(start, minutes or length or room.policy(device).session)
    free = [(length, device) for length, device in lengths if length]
    if not free:
        return None
    length, device = max(free, key=lambda pair: (pair[0], not is_special(pair[1]), -pair[1].position))
    return device, Slot.of(start, minutes or length)


def _length(room: Room, device: Device, start: datetime, minutes: int | None) -> int:
    """Return for how long `device` can be had from `start`: `minutes` in full, or what a session leaves; 0 for not."""
    session = room.policy(device).session
    length = min(minutes or session, room.free_minutes(device, start, ahead=True))
    return length if length >= min(minutes or room.policy(device).min_slot, session) else 0
