"""Reads for booking on somebody's behalf: the seats of a wish, the days and times they are free, which one to give."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from helpdesk import words
from reservations.availability import GridSlot, day_grid, is_special, open_days, room_for_days
from reservations.kiosk_needs import asked_for
from reservations.models import Branch, Device, Patron
from reservations.room import Room
from reservations.rules.booking import in_all, personal_problems, seat_problems
from reservations.rules.problem import Problem, Refused
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
        return self.class_code in ("", device.device_class.code) and self.needs <= device.serves


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
        needs=sorted(asked_for(room.devices)),
        today=room.calendar.branch_day(now),
    )


def seat_for(
    branch: Branch,
    patron: Patron,
    wanted: Wanted,
    start: datetime,
    minutes: int | None,
    *,
    now: datetime,
    anyway: bool = False,
) -> tuple[Device, Slot]:
    """Return the seat of `wanted` with the fewest rules against it from `start`, then the one that stays free longest.

    `minutes` None is as long as fits; where nothing fits it is the shortest useful slot, so that the rules can say why,
    and with `anyway`, where staff lift the patron's rules, what the seat has free. Ordinary seats come before special
    ones. Raises Refused where every seat is taken: what keeps the patron from all of them, and `no_seat`.
    """
    room = room_for_days(branch, now=now, patron=patron, needs=wanted.needs, by_staff=True)
    choices = [_choice(room, device, start, minutes, anyway) for device in room.devices if wanted.fits(device)]
    open_ones = [choice for choice in choices if wanted.device_id or not choice.own]
    if not open_ones:
        sentence = _("No such seat is free %(when)s.") % {"when": words.when(start, now)}
        no_seat = Problem("no_seat", sentence, _("Seats of this kind"), lift_by="")
        raise Refused(*in_all([choice.personal for choice in choices]), no_seat)
    best = min(open_ones, key=lambda choice: choice.rank)
    return best.device, best.slot


@dataclass(frozen=True)
class Choice:
    """A seat that could be given, for how long, and what stands against it: by the patron's rules, by its own rows."""

    device: Device
    slot: Slot
    personal: list[Problem]
    own: list[Problem]

    @property
    def rank(self) -> tuple[int, int, bool, int]:
        against = len(self.personal) + len(self.own)
        return against, -self.slot.minutes, is_special(self.device), self.device.position


def _choice(room: Room, device: Device, start: datetime, minutes: int | None, anyway: bool) -> Choice:
    policy = room.policy(device)
    length = minutes or room.minutes(device, start, ahead=True)
    if not length and anyway:
        length = min(policy.session, room.free_minutes(device, start, ahead=True) or policy.session)
    slot = Slot.of(start, max(length, policy.min_slot if minutes is None else 1))
    asked = room.asked(device, slot, ahead=True)
    return Choice(device, slot, personal_problems(asked), seat_problems(asked))
