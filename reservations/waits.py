"""Read of the wall's "How long is the wait?": per class of seats what is free, who waits, and until when."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext as _

from helpdesk import words
from reservations.facts import policy_facts
from reservations.line_end import LineEnd, line_end
from reservations.linefacts import waiting_of
from reservations.models import Device, DeviceClass, Turn
from reservations.models.booking import OUT, Kind
from reservations.models.policy import Access
from reservations.room import Room
from reservations.rules.facts import ACCESS
from reservations.rules.promise import SeatLine, Waiting, serves


@dataclass(frozen=True)
class WaitClass:
    """One kind of seat: `state` is free, line, later, class, out or closed.

    `free` seats nobody waits for, those kept for a need too; `waiting` people who will probably sit in this class, each
    counted once; `low` and `high` minutes until somebody who takes a place now is called (None: no seat in sight). `at`
    is when a class ends, or the branch opens; `reason` says so in words.
    """

    device_class: DeviceClass
    seats: list[Device]
    state: str
    free: int = 0
    waiting: int = 0
    low: int | None = None
    high: int | None = None
    at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True)
class _Line:
    end: LineEnd
    seats: dict[int, SeatLine]
    waiting: Counter[int]  # how many, by primary key of the class
    anyone: tuple[Waiting, int | None]  # a newcomer who takes any seat, and the one it will probably be

    @property
    def room(self) -> Room:
        return self.end.room


def classes_in(room: Room) -> list[WaitClass]:
    """Return the classes of seats of a room as it was read. Two queries."""
    end = line_end(room)
    anyone = _newcomer(room, None)
    probable = [expected.device_id for expected in end.expected([anyone])] or [None] * (len(room.line) + 1)
    seats = {seat.device_id: seat for seat in end.seats}
    waiting = Counter(_class_of(one, seat, seats) for one, seat in zip(room.line, probable, strict=False))
    line = _Line(end, seats, waiting, (anyone, probable[-1]))
    kinds: dict[DeviceClass, list[Device]] = {}
    for device in room.devices:
        kinds.setdefault(device.device_class, []).append(device)
    return [_wait_of(line, kind, devices) for kind, devices in kinds.items()]


def _newcomer(room: Room, kind: DeviceClass | None) -> Waiting:
    """Return what somebody asks for who takes a place now for a seat of `kind`, None: any."""
    policy = room.branch.policy
    minutes = policy_facts(policy, kind.pk if kind else None, guest=False).session
    return waiting_of(Turn(device_class=kind, minutes=minutes), policy, room.calendar.branch_day(room.now))


def _class_of(one: Waiting, device_id: int | None, seats: dict[int, SeatLine]) -> int:
    """Return the class in which somebody will probably sit; without a seat in sight, the first that would serve."""
    if device_id is not None:
        return seats[device_id].class_id
    serving = (seat.class_id for seat in seats.values() if serves(seat, one))
    return one.class_id or next(serving, 0)


def _wait_of(line: _Line, kind: DeviceClass, devices: list[Device]) -> WaitClass:
    room, now = line.room, line.room.now
    usable = room.calendar.usable_span(now, room.branch.policy.stop_minutes)
    if usable is None or usable[1] <= now:
        return _closed(room, kind, devices)
    waiting = line.waiting[kind.pk]
    asking = replace(room, needs=ACCESS) if room.branch.policy.rule_for(kind.pk).access == Access.ONLY else room
    free = [device for device in devices if asking.minutes(device, now)]
    if free:
        return WaitClass(kind, devices, "free", free=len(free), reason=_("sit down now"))
    held = [_held_by(room, device) for device in devices]
    if all(kind_of in OUT for kind_of, _end in held):
        return WaitClass(kind, devices, "out", waiting=waiting, reason=_("out of service"))
    low, high = _range(line, kind, devices) or (None, None)
    ends = [end for kind_of, end in held if kind_of == Kind.CLASS and end]
    if len(ends) == len(held) and not waiting:
        at = min(ends)
        said = _("class until %(time)s") % {"time": words.clock(at)}
        return WaitClass(kind, devices, "class", low=low, high=high, at=at, reason=said)
    state = "later" if low is None else "line"
    return WaitClass(kind, devices, state, waiting=waiting, low=low, high=high, reason=_reason(state))


def _reason(state: str) -> str:
    return _("no seat in sight") if state == "later" else ""


def _held_by(room: Room, device: Device) -> tuple[str, datetime | None]:
    """Return the kind and the end of the row that stands on a device now; '' where there is none."""
    rows = (
        row for row in room.rows.get(device.pk, []) if row.effective_end(room.now) is None and row.start <= room.now
    )
    here = next(rows, None)
    return (here.kind, here.end) if here else ("", None)


def _closed(room: Room, kind: DeviceClass, devices: list[Device]) -> WaitClass:
    span = room.calendar.span_at(room.now)
    opens = room.calendar.next_opening(span[1] if span else room.now)
    if opens is None:
        return WaitClass(kind, devices, "closed", reason=_("closed"))
    said = _("closed, opens %(moment)s") % {"moment": words.moment(opens, room.now)}
    return WaitClass(kind, devices, "closed", at=opens, reason=said)


def _range(line: _Line, kind: DeviceClass, devices: list[Device]) -> tuple[int, int] | None:
    """Return the minutes until somebody who takes a place for this class now would be called.

    Where any seat would most probably be one of these, that is what the kiosk says of any seat.
    """
    anyone, seat_id = line.anyone
    if seat_id in {device.pk for device in devices}:
        return line.end.told(anyone)
    seat = line.seats[devices[0].pk]
    wish = replace(_newcomer(line.room, kind), needs=seat.one_of & seat.features, ages=seat.ages)
    return line.end.told(wish)
