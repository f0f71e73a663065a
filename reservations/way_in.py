"""The line as it looks to somebody outside it: which free seats are for others, how long it would take."""

from dataclasses import dataclass, replace
from datetime import timedelta

from reservations.availability import FreeNow, free_in
from reservations.joining import kinds_to_wait_for, may_join, new_place
from reservations.line_end import line_end
from reservations.linefacts import waiting_of
from reservations.models import Device, DeviceClass, Patron
from reservations.room import Room, load_room
from reservations.rules.fit import personal_minutes
from reservations.rules.slot import Slot
from reservations.wait_words import wait_words

DAY = timedelta(days=1)


@dataclass(frozen=True)
class WayIn:
    """The end of the line: `waiting` people stand there, and `wait` is what somebody new is told.

    `others_first`: seats are free, and they are for those who wait. `minutes` is how long the seat would be theirs,
    `kind` the class they would wait for, None: any.
    """

    waiting: int
    wait: str
    others_first: bool
    minutes: int
    kind: DeviceClass | None = None


@dataclass(frozen=True)
class NowFor:
    """What somebody can take now (`works`: it would be accepted), the line where it makes sense, and for what."""

    free: FreeNow
    works: bool
    line: WayIn | None
    kinds: list[DeviceClass]


def now_for(room: Room, patron: Patron, *, class_code: str = "", is_in_line: bool = False) -> NowFor:
    """Return what is free now for `patron` among the seats with what the room's `needs` name, and the line.

    A seat that serves somebody who waits is theirs. Where nothing fits this patron though seats are free, those are
    shown: the refusal then explains the limit. The line is for `class_code` where it is open for that class, else for
    any seat. No query, five where the line is open.
    """
    fitting = replace(room, devices=with_needs(room))
    free = free_in(fitting)
    is_open = room.calendar.usable_span(room.now, room.branch.policy.stop_minutes) is not None
    kinds = kinds_to_wait_for(fitting, patron) if is_open and not is_in_line else []
    kind = next((kind for kind in kinds if kind.code == class_code), None)
    line = None
    if kind or (is_open and not is_in_line and may_join(fitting, patron)):
        line = _line(fitting, patron, kind)
    works = bool(free.options)
    if not works and not line:
        free = free_in(fitting.for_anybody())
    return NowFor(free, works, line, kinds)


def _line(fitting: Room, patron: Patron, kind: DeviceClass | None) -> WayIn:
    seats = [seat for seat in fitting.devices if kind is None or seat.device_class_id == kind.pk]
    others_first = any(fitting.waiting_for(seat) and fitting.free_minutes(seat, fitting.now) for seat in seats)
    return WayIn(len(fitting.line), _wait(fitting, patron, kind), others_first, _theirs(fitting, seats), kind)


def _theirs(room: Room, seats: list[Device]) -> int:
    """Return how long the seat would be theirs at most: their own limits of today cut the longest session."""
    kinds = {seat.device_class_id: seat for seat in seats}
    asked = [room.asked(seat, Slot.of(room.now, room.policy(seat).min_slot), ahead=False) for seat in kinds.values()]
    return max((personal_minutes(replace(each, waiting=0)) for each in asked), default=0)


def with_needs(room: Room) -> list[Device]:
    """Return the seats that have every feature the room's `needs` name."""
    return [device for device in room.devices if room.needs <= device.serves]


def _wait(room: Room, patron: Patron, kind: DeviceClass | None) -> str:
    """Return how long somebody would wait who joins the line now, as they are told right after. Four queries."""
    whole = load_room(room.branch, now=room.now, end=room.now + DAY, calendar=room.calendar)
    me = waiting_of(new_place(room, patron, kind), room.branch.policy, room.calendar.branch_day(room.now))
    return wait_words(line_end(whole).told(me))
