"""Reads for the kiosk: what is free now, the grid of later, and the nearest ways out of a refusal."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from reservations.calendar import Span
from reservations.models import Branch, Device, Patron
from reservations.room import Room, load_room
from reservations.rules.slot import Slot

STEP = timedelta(minutes=30)  # of the grid of later times
ACCESS = frozenset({"screen-reader", "large-keyboard", "large-screen", "raised-desk"})  # features of easy access


@dataclass(frozen=True)
class NowOption:
    """A seat someone could take now, for `minutes`, until `until`; `is_first` carries the lamp."""

    device: Device
    minutes: int
    until: datetime
    is_first: bool = False


@dataclass(frozen=True)
class FreeNow:
    """The kiosk's "Now": how many of the seats are free, and the best seat of each class, longest first."""

    free: int
    seats: int
    options: list[NowOption]
    free_labels: frozenset[str]
    labels: list[str]


@dataclass(frozen=True)
class GridSlot:
    """A start of the grid: how many seats could take `minutes` from then, and which one would be given."""

    start: datetime
    minutes: int
    free: int
    device: Device | None


@dataclass(frozen=True)
class Offer:
    """A slot on a device that works."""

    device: Device
    slot: Slot


def free_now(branch: Branch, *, now: datetime, patron: Patron | None = None) -> FreeNow:
    """Return what can be sat down to at once. At most five queries."""
    return free_in(load_room(branch, now=now, end=now + timedelta(days=1), patron=patron))


def free_in(room: Room) -> FreeNow:
    """Return what can be sat down to at the room's now. No query."""
    now = room.now
    fits = [(device, minutes) for device in room.devices if (minutes := room.minutes(device, now))]
    best: dict[int, tuple[Device, int]] = {}
    for device, minutes in fits:
        if device.device_class_id not in best or minutes > best[device.device_class_id][1]:
            best[device.device_class_id] = (device, minutes)
    ranked = sorted(best.values(), key=lambda pair: (-pair[1], _is_special(pair[0]), pair[0].position))
    ordinary = next((pair for pair in ranked if not _is_special(pair[0])), None)
    if ordinary:  # a seat that somebody may need is not the first thing everybody is offered
        ranked.remove(ordinary)
        ranked.insert(0, ordinary)
    options = [
        NowOption(device, minutes, now + timedelta(minutes=minutes), is_first=place == 0)
        for place, (device, minutes) in enumerate(ranked)
    ]
    labels = [device.label for device in room.devices]
    return FreeNow(len(fits), len(labels), options, frozenset(d.label for d, _m in fits), labels)


def _is_special(device: Device) -> bool:
    """Return whether somebody may need just this seat, so that ordinary ones are given first."""
    return not ACCESS.isdisjoint(device.features)


def open_days(branch: Branch, room: Room) -> list[date]:
    """Return the days within the branch's horizon on which it opens, today first if it still does."""
    today = room.calendar.branch_day(room.now)
    days = [today + timedelta(days=ahead) for ahead in range(branch.policy.horizon_days + 1)]
    return [day for day in days if any(_usable_spans(room, day))]


def _usable_spans(room: Room, day: date) -> list[Span]:
    """Return the openings of `day` from now on, without the time before closing when computers stop."""
    spans = []
    until = room.mine.valid_until if room.mine else None
    for span in room.calendar.open_spans(day):
        if until and span[0] >= until:
            continue  # a guest pass has ended by then
        usable = room.calendar.cut(span, room.branch.policy.stop_minutes)
        if usable and usable[1] - timedelta(minutes=room.branch.policy.min_slot_minutes) > room.now:
            spans.append((max(usable[0], room.now), usable[1]))
    return spans


def starts_of(room: Room, day: date) -> list[datetime]:
    """Return the grid's starts of `day`: each half hour by the clock, and the last one that takes a whole session."""
    session = timedelta(minutes=room.policy(None).session)
    starts: set[datetime] = set()
    for begin, end in _usable_spans(room, day):
        start = _next_half_hour(begin)
        while start + session <= end:
            starts.add(start)
            start += STEP
        if end - session > max(starts, default=room.now):
            starts.add(end - session)
    return sorted(start for start in starts if start > room.now)


def _next_half_hour(moment: datetime) -> datetime:
    past = timedelta(minutes=moment.minute % 30, seconds=moment.second, microseconds=moment.microsecond)
    return moment - past + STEP if past else moment


def day_grid(room: Room, day: date) -> list[GridSlot]:
    """Return the grid of `day`. Personal limits are left to the refusal, which explains them; ages are not."""
    anybody = Room(room.branch, room.calendar, room.devices, room.rows, room.now, room.patron)
    devices = [
        device
        for device in room.devices
        if not room.is_walk_up_only(device) and (room.mine is None or room.fits_age(device))
    ]
    minutes = room.policy(None).session
    grid = []
    for start in starts_of(room, day):
        free = [d for d in devices if anybody.minutes(d, start) >= min(minutes, room.policy(d).session)]
        chosen = min(free, key=lambda d: (_is_special(d), d.position), default=None)
        grid.append(GridSlot(start, min(minutes, room.policy(chosen).session), len(free), chosen))
    return grid


def room_for_days(branch: Branch, *, now: datetime, patron: Patron | None = None) -> Room:
    """Return the room with its rows as far ahead as the branch's horizon."""
    return load_room(branch, now=now, end=now + timedelta(days=branch.policy.horizon_days + 1), patron=patron)


def nearest(
    branch: Branch, *, around: datetime, minutes: int, now: datetime, patron: Patron | None, limit: int = 3
) -> list[Offer]:
    """Return up to `limit` slots that would be accepted, the best first, one per start.

    Best is least lost: the minutes between `around` and the start, plus the minutes that a shorter slot is short of.
    Looks through the branch's horizon in steps of the grid, outwards from `around`; never offers less than the
    shortest useful slot.
    """
    minutes = max(minutes, branch.policy.min_slot_minutes)
    around = around.replace(second=0, microsecond=0)
    room = room_for_days(branch, now=now, patron=patron)
    starts = {max(around, now)} | {start for day in open_days(branch, room) for start in starts_of(room, day)}
    found: list[tuple[float, datetime, Offer]] = []
    for start in sorted(starts, key=lambda moment: (abs(moment - around), moment)):
        away = abs(start - around) / timedelta(minutes=1)
        if len(found) >= limit and away > found[limit - 1][0]:
            break
        offer = _best_offer(room, start, minutes)
        if offer:
            found.append((away + minutes - offer.slot.minutes, start, offer))
            found.sort(key=lambda scored: scored[:2])
    return [offer for _lost, _start, offer in found[:limit]]


def _best_offer(room: Room, start: datetime, minutes: int) -> Offer | None:
    """Return the longest slot from `start`, ordinary seats before special ones; None if nothing fits."""
    devices = [device for device in room.devices if not room.is_walk_up_only(device)]
    lengths = [(min(minutes, room.minutes(device, start)), device) for device in devices]
    length, device = max(lengths, key=lambda pair: (pair[0], -_is_special(pair[1])), default=(0, None))
    return Offer(device, Slot.of(start, length)) if device and length else None
