"""Read of the wall's "How long is the wait?": per class of seats what is free, who waits, and until when."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from helpdesk import words
from reservations.calendar import Calendar
from reservations.linefacts import day_stop, paces_of, seat_lines
from reservations.models import Branch, Device, DeviceClass
from reservations.models.booking import Kind
from reservations.room import Room, load_room
from reservations.rules.promise import Expected, SeatLine, Waiting, expect, rounded, serves


@dataclass(frozen=True)
class WaitClass:
    """One kind of seat: `state` is free, line, later, class, out or closed.

    `free` seats nobody waits for, `waiting` people for seats of this class, `low` and `high` minutes until somebody who
    takes a place now is called (None: no seat in sight). `at` is when a class ends, or the branch opens; `reason` says
    so in words.
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
    room: Room
    seats: dict[int, SeatLine]
    until: datetime | None


def wait_classes(branch: Branch, now: datetime, *, calendar: Calendar | None = None) -> list[WaitClass]:
    """Return the branch's classes of seats in the room's order. At most six queries."""
    return classes_in(load_room(branch, now=now, end=now + timedelta(days=1), calendar=calendar))


def classes_in(room: Room) -> list[WaitClass]:
    """Return the classes of seats of a room as it was read. Two queries."""
    branch, now = room.branch, room.now
    today = room.calendar.branch_day(now)
    found = seat_lines(
        room.devices, room.rows, now=now, policy=branch.policy, calendar=room.calendar, paces=paces_of(branch.pk)
    )
    line = _Line(room, {seat.device_id: seat for seat in found}, day_stop(room.calendar, today, branch.policy))
    kinds: dict[DeviceClass, list[Device]] = {}
    for device in room.devices:
        kinds.setdefault(device.device_class, []).append(device)
    return [_wait_of(line, kind, devices) for kind, devices in kinds.items()]


def _wait_of(line: _Line, kind: DeviceClass, devices: list[Device]) -> WaitClass:
    room, now = line.room, line.room.now
    usable = room.calendar.usable_span(now, room.branch.policy.stop_minutes)
    if usable is None or usable[1] <= now:
        return _closed(room, kind, devices)
    waiting = sum(1 for one in room.line if any(serves(line.seats[device.pk], one) for device in devices))
    free = [d for d in devices if room.minutes(d, now)] if not waiting else []
    if free:
        return WaitClass(kind, devices, "free", free=len(free), reason=_("sit down now"))
    held = [_held_by(room, device) for device in devices]
    if all(kind_of == Kind.REPAIR for kind_of, _end in held):
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
    """Return the minutes until somebody who takes a place for this class now would be called."""
    if line.until is None:
        return None
    policy = line.room.branch.policy
    minutes = line.room.policy(devices[0]).session
    seat = line.seats[devices[0].pk]
    newcomer = Waiting(0, kind.pk, seat.one_of & seat.features, seat.ages, minutes, max(1, minutes // 2))
    found: list[Expected] = expect(
        list(line.seats.values()),
        [*line.room.line, newcomer],
        now=line.room.now,
        until=line.until,
        gap=policy.gap_minutes,
        claim=policy.claim_minutes,
    )
    return rounded(found[-1], line.room.now)
