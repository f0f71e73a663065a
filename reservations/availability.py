"""Reads for the kiosk: what is free now, the grid of later, and the nearest ways out of a refusal."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from reservations.calendar import Calendar, Span
from reservations.calendars import calendar_of
from reservations.facts import policy_facts
from reservations.models import Branch, Device, Patron
from reservations.room import Room, busy_between, load_room
from reservations.rules.ahead import last_day, never, while_free
from reservations.rules.away import library_away
from reservations.rules.booking import personal_problems
from reservations.rules.facts import ACCESS
from reservations.rules.fit import end_at, gaps, shortened
from reservations.rules.problem import Problem
from reservations.rules.slot import Slot

MINUTE = timedelta(minutes=1)
DAY = 24 * 60  # minutes
Gaps = dict[int, list[Span]]  # the free spans of each device, in order
# A seat refused with these is not for this person then; all other refusals explain themselves in the grid's answer.
NOT_THEIRS = frozenset({"not_bookable", "no_guests", "age", "kept_for_need", "walk_up_class", "too_far", "line"})


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
    """A start of the grid: how many seats could take `minutes` from then, and which one would be given.

    `works` says that it would be accepted; where a seat is free and it would not, the refusal explains a limit.
    """

    start: datetime
    minutes: int
    free: int
    device: Device | None
    works: bool = False


@dataclass(frozen=True)
class Offer:
    """A slot on a device that works."""

    device: Device
    slot: Slot


def free_now(branch: Branch, *, now: datetime, patron: Patron | None = None) -> FreeNow:
    """Return what can be sat down to at once; seats kept for a need count and are no option. At most five queries."""
    room = load_room(branch, now=now, end=now + timedelta(days=1), patron=patron, whole_rows=False)
    kept = free_in(replace(room, needs=ACCESS))
    return replace(free_in(room), free=kept.free, free_labels=kept.free_labels)


def free_in(room: Room) -> FreeNow:
    """Return what can be sat down to at the room's now. No query."""
    now = room.now
    fits = [(device, minutes) for device in room.devices if (minutes := room.minutes(device, now))]
    best: dict[int, tuple[Device, int]] = {}
    for device, minutes in fits:
        if device.device_class_id not in best or minutes > best[device.device_class_id][1]:
            best[device.device_class_id] = (device, minutes)
    ranked = sorted(best.values(), key=lambda pair: (-pair[1], is_special(pair[0]), pair[0].position))
    ordinary = next((pair for pair in ranked if not is_special(pair[0])), None)
    if ordinary:  # a seat that somebody may need is not the first thing everybody is offered
        ranked.remove(ordinary)
        ranked.insert(0, ordinary)
    options = [
        NowOption(device, minutes, now + timedelta(minutes=minutes), is_first=place == 0)
        for place, (device, minutes) in enumerate(ranked)
    ]
    labels = [device.label for device in room.devices]
    return FreeNow(len(fits), len(labels), options, frozenset(d.label for d, _m in fits), labels)


def is_special(device: Device) -> bool:
    """Return whether somebody may need just this seat, so that ordinary ones are given first."""
    return not ACCESS.isdisjoint(device.features)


def open_days(branch: Branch, room: Room) -> list[date]:
    """Return the days that can be booked and on which the branch opens, today first if it still does.

    None where nobody may book ahead, nobody while a seat is free, or not this person; staff see them all.
    """
    if not_ahead(room):
        return []
    today = room.calendar.branch_day(room.now)
    last = _last_day(branch, room.calendar, room.now)
    days = [today + timedelta(days=ahead) for ahead in range((last - today).days + 1)]
    return [day for day in days if any(_usable_spans(room, day))]


def not_ahead(room: Room) -> Problem | None:
    """Return why who asks can book nothing for later, whatever seat and time; None where they can, and for staff."""
    if room.by_staff or not room.devices:
        return None
    asked = room.asked(room.devices[0], Slot.of(room.now + MINUTE, 1), ahead=True)
    return library_away(asked) or never(asked) or while_free(asked)


def _last_day(branch: Branch, calendar: Calendar, now: datetime) -> date:
    """Return the last day that can be booked on any class of devices."""
    policy, today = branch.policy, calendar.branch_day(now)
    kinds = {None, *policy.ruled_classes}
    return max(last_day(today, policy_facts(policy, kind, guest=False), calendar) for kind in kinds)


def _usable_spans(room: Room, day: date) -> list[Span]:
    """Return the openings of `day` from now on while a guest pass is good, without the end in which no booking ends."""
    until = room.mine.valid_until if room.mine else None
    spans = _bookable_spans(room, day)
    return [(begin, min(end, until)) for begin, end in spans if begin < until] if until else spans


def _bookable_spans(room: Room, day: date) -> list[Span]:
    policy = room.branch.policy
    least = timedelta(minutes=policy.min_slot_minutes)
    cut = (room.calendar.cut(span, room.policy(None).booked_stop) for span in room.calendar.open_spans(day))
    return [(max(span[0], room.now), span[1]) for span in cut if span and span[1] - least > room.now]


def starts_of(room: Room, day: date) -> list[datetime]:
    """Return the grid's starts of `day`: by the policy's steps, and the last one that takes a whole session."""
    session = timedelta(minutes=room.policy(None).session)
    step = timedelta(minutes=room.branch.policy.start_every_minutes)
    starts: set[datetime] = set()
    for begin, end in _usable_spans(room, day):
        start = _next_step(begin, step, room.calendar)
        while start + session <= end:
            starts.add(start)
            start += step
        if end - session > max(starts, default=room.now):
            starts.add(end - session)
    return sorted(start for start in starts if start > room.now)


def _next_step(moment: datetime, step: timedelta, calendar: Calendar) -> datetime:
    """Return `moment`, or the next step of the branch's clock after it."""
    local = moment.astimezone(calendar.zone)
    past = (
        timedelta(hours=local.hour, minutes=local.minute, seconds=local.second, microseconds=local.microsecond) % step
    )
    return moment - past + step if past else moment


def free_gaps(room: Room, days: Iterable[date]) -> Gaps:
    """Return when each of the room's devices is free on `days`, in one pass over what takes it. No query."""
    spans = [span for day in days for span in _bookable_spans(room, day)]
    return {device.pk: gaps(spans, room.busy.get(device.pk, ()), room.policy(None).gap) for device in room.devices}


def week_gaps(branch: Branch, now: datetime) -> Gaps:
    """Return when each seat of `branch` is free within the horizon, gap and closing kept.

    Three queries, one where the policy does not know its rules; no row of the past is read.
    """
    calendar = calendar_of(branch.pk)
    today, last = calendar.branch_day(now), _last_day(branch, calendar, now)
    room = Room(branch, calendar, [], {}, now)
    days = [today + timedelta(days=ahead) for ahead in range((last - today).days + 1)]
    spans = [span for day in days for span in _bookable_spans(room, day)]
    busy = busy_between(branch.pk, now=now, end=calendar.day_bounds(last)[1])
    seats = Device.objects.bookable().filter(branch=branch).values_list("pk", flat=True)
    return {pk: gaps(spans, busy.get(pk, ()), branch.policy.gap_minutes) for pk in seats}


def day_grid(room: Room, day: date) -> list[GridSlot]:
    """Return the grid of `day`. Seats that are not for this person are left out; limits are left to the refusal."""
    free = free_gaps(room, [day])
    seats = sorted(room.devices, key=lambda device: (is_special(device), device.position))
    return [
        _grid_slot(room, start, [seat for seat in seats if _is_whole(room, seat, start, free)])
        for start in starts_of(room, day)
    ]


def _is_whole(room: Room, seat: Device, start: datetime, free: Gaps) -> bool:
    """Return whether a whole session fits on `seat` from `start`."""
    return _free_minutes(free, seat, start) >= min(room.policy(None).session, room.policy(seat).session)


def _grid_slot(room: Room, start: datetime, free: list[Device]) -> GridSlot:
    """Return a start with the first of the `free` seats that this person may book, else one that explains why not."""
    session = room.policy(None).session
    theirs = [device for device in free if _is_theirs(room, device, start)]
    chosen = next((device for device in theirs if room.allowed(device, start, ahead=True)), next(iter(theirs), None))
    minutes = min(session, room.policy(chosen).session)
    allowed = room.allowed(chosen, start, ahead=True) if chosen else 0
    return GridSlot(start, min(minutes, allowed or minutes), len(theirs), chosen, allowed > 0)


def _is_theirs(room: Room, device: Device, start: datetime) -> bool:
    """Return whether the grid shows `device`: it can be booked, or only a limit of this person stands against it."""
    if room.allowed(device, start, ahead=True):
        return True
    asked = room.asked(device, Slot.of(start, room.policy(device).min_slot), ahead=True)
    return NOT_THEIRS.isdisjoint(problem.code for problem in personal_problems(asked))


def _free_minutes(free: Gaps, device: Device, start: datetime) -> int:
    end = end_at(free[device.pk], start)
    return (end - start) // MINUTE if end else 0


def room_for_days(
    branch: Branch,
    *,
    now: datetime,
    patron: Patron | None = None,
    needs: frozenset[str] = frozenset(),
    by_staff: bool = False,
) -> Room:
    """Return the room with what takes its seats as far ahead as the branch's horizon."""
    calendar = calendar_of(branch.pk)
    end = calendar.day_bounds(_last_day(branch, calendar, now))[1]
    return load_room(
        branch, now=now, end=end, patron=patron, calendar=calendar, whole_rows=False, needs=needs, by_staff=by_staff
    )


def nearest(
    branch: Branch,
    *,
    around: datetime,
    minutes: int,
    now: datetime,
    patron: Patron | None,
    limit: int = 3,
    needs: frozenset[str] = frozenset(),
    by_staff: bool = False,
    fits: Callable[[Device], bool] = lambda device: True,
) -> list[Offer]:
    """Return up to `limit` slots that would be accepted on seats that `fits` wants, the best first, one per start.

    Best is least lost: the minutes between `around` and the start, plus the minutes that a shorter slot is short of; a
    slot of less than a third comes after what a DAY brings.
    Looks through the branch's horizon in steps of the grid, outwards from `around`; never offers less than the
    shortest useful slot, nor a seat without what is needed.
    """
    minutes = max(minutes, branch.policy.min_slot_minutes)
    around = around.replace(second=0, microsecond=0)
    room = room_for_days(branch, now=now, patron=patron, needs=needs, by_staff=by_staff)
    room.devices = [device for device in room.devices if fits(device)]
    days = open_days(branch, room)
    free = free_gaps(room, days or [room.calendar.branch_day(now)])
    starts = {max(around, now)} | {start for day in days for start in starts_of(room, day)}
    found: list[tuple[float, datetime, Offer]] = []
    for start in sorted(starts, key=lambda moment: (abs(moment - around), moment)):
        away = abs(start - around) / MINUTE
        if len(found) >= limit and away > found[limit - 1][0]:
            break
        offer = _best_offer(room, start, minutes, free)
        if offer:
            lost = minutes - offer.slot.minutes
            found.append((away + lost + (DAY if offer.slot.minutes * 3 < minutes else 0), start, offer))
            found.sort(key=lambda scored: scored[:2])
    return [offer for _lost, _start, offer in found[:limit]]


def _best_offer(room: Room, start: datetime, minutes: int, free: Gaps) -> Offer | None:
    """Return the longest slot from `start`, ordinary seats before special ones; None if nothing fits."""
    lengths = [
        (min(minutes, _offered(room, device, start, free)), device)
        for device in room.devices
        if room.needs <= device.serves and not room.is_walk_up_only(device)
    ]
    length, device = max(lengths, key=lambda pair: (pair[0], -is_special(pair[1])), default=(0, None))
    return Offer(device, Slot.of(start, length)) if device and length else None


def _offered(room: Room, device: Device, start: datetime, free: Gaps) -> int:
    """Return the minutes that seat and person allow from `start`; what begins at once is a walk-up."""
    seat = _free_minutes(free, device, start)
    if not seat:
        return 0
    return shortened(seat, room.allowed(device, start, ahead=start > room.now), room.policy(device))
