"""One branch's seats and what stands on their timelines: what availability and the board are read from."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import takewhile
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from reservations.board_rows import SPAN, moment, near
from reservations.calendar import Calendar
from reservations.calendars import calendar_of
from reservations.facts import busy_rows, busy_span, facts_of, patron_facts, policy_facts
from reservations.linefacts import seat_line, waiting_of
from reservations.models import Booking, Branch, Device, Patron, PatronDay, Turn
from reservations.models.choices import Ahead, DayScope
from reservations.models.devices import DeviceQuerySet
from reservations.rules.facts import Asked, Busy, DeviceFacts, PatronFacts, PolicyFacts
from reservations.rules.fit import free_until, personal_minutes, shortened
from reservations.rules.promise import Waiting, serves
from reservations.rules.slot import Slot

MINUTE = timedelta(minutes=1)
ANYBODY = PatronFacts(ages=(130, 0))  # of an age for every seat: nobody has signed in yet


@dataclass
class Room:
    """The devices of a branch with what takes them in a window, and optionally the patron who asks.

    `rows` are empty where only `busy` was read. `line` are the people who wait before the patron, `needs` what a
    seat must have, `by_staff` says that a member of staff asks.
    """

    branch: Branch
    calendar: Calendar
    devices: list[Device]
    rows: dict[int, list[Booking]]
    now: datetime
    patron: Patron | None = None
    mine: PatronFacts | None = None
    busy: dict[int, list[Busy]] = field(default_factory=dict)
    line: list[Waiting] = field(default_factory=list)
    needs: frozenset[str] = frozenset()
    by_staff: bool = False
    _policies: dict[int, PolicyFacts] = field(default_factory=dict, init=False)
    _facts: dict[int, DeviceFacts] = field(default_factory=dict, init=False)
    _waiting: dict[int, int] = field(default_factory=dict, init=False)
    _allowed: dict[tuple[int, datetime, bool, int], int] = field(default_factory=dict, init=False)

    def facts(self, device: Device) -> DeviceFacts:
        """Return what the rules need of a device."""
        if device.pk not in self._facts:
            self._facts[device.pk] = facts_of(device, self.busy.get(device.pk, []), self.branch.policy)
        return self._facts[device.pk]

    def policy(self, device: Device | None) -> PolicyFacts:
        """Return the limits that hold on a device for who asks; None: of any class."""
        kind = device.device_class_id if device else 0
        if kind not in self._policies:
            guest = self.patron is not None and self.patron.is_guest
            self._policies[kind] = policy_facts(self.branch.policy, kind, guest=guest)
        return self._policies[kind]

    def asked(self, device: Device, slot: Slot, *, ahead: bool) -> Asked:
        """Return `slot` on `device` as the rules are asked for it; `ahead`: booked for later, not sat down to now."""
        when_full = ahead and self.branch.policy.ahead == Ahead.WHEN_FULL
        return Asked(
            slot=slot,
            now=self.now,
            device=self.facts(device),
            patron=self.mine or ANYBODY,
            policy=self.policy(device),
            calendar=self.calendar,
            walk_up=not ahead,
            by_staff=self.by_staff,
            needs=self.needs,
            waiting=self.waiting_for(device),
            full=when_full and self.is_full,
        )

    def minutes(self, device: Device, start: datetime, *, ahead: bool = False) -> int:
        """Return the longest session on `device` from `start`, 0 if it fits nobody or not this patron."""
        free = self.free_minutes(device, start, ahead=ahead)
        return shortened(free, self.allowed(device, start, ahead=ahead), self.policy(device)) if free else 0

    def free_minutes(self, device: Device, start: datetime, *, ahead: bool = False) -> int:
        """Return the whole minutes for which nobody else has the device from `start`, closing kept."""
        end = free_until(start, self.facts(device), self.policy(device), self.calendar, ahead=ahead)
        return (end - start) // MINUTE if end else 0

    def allowed(self, device: Device, start: datetime, *, ahead: bool = False) -> int:
        """Return for how long the rules let this patron sit on any free seat of the device's class from `start`."""
        key = (device.device_class_id, start, ahead, self.waiting_for(device))
        if key not in self._allowed:
            self._allowed[key] = personal_minutes(self.asked(device, Slot.of(start, 1), ahead=ahead))
        return self._allowed[key]

    @cached_property
    def is_full(self) -> bool:
        """Return whether no seat that the patron's age may use is free now."""
        anybody = self.for_anybody()
        seats = (device for device in self.devices if device.device_class.bookable and self.fits_age(device))
        return not any(anybody.minutes(device, self.now) for device in seats)

    def waiting_for(self, device: Device) -> int:
        """Return how many people in line this device would serve before the patron.

        Those for whom a seat that is free now is free too briefly do not count.
        """
        if not self.line:
            return 0
        if device.pk not in self._waiting:
            seat = seat_line(device, (), now=self.now, policy=self.branch.policy)
            free = self.free_minutes(device, self.now)
            served = (serves(seat, asks) and not 0 < free < asks.least for asks in self.line)
            self._waiting[device.pk] = sum(served)
        return self._waiting[device.pk]

    def for_anybody(self) -> "Room":
        """Return this room as it stands for somebody who has not signed in."""
        return replace(self, patron=None, mine=None)

    def fits_age(self, device: Device) -> bool:
        """Return whether the patron's age band may use `device`; anybody may where no patron asks."""
        rule = self.branch.policy.rule_for(device.device_class_id)
        return self.mine is None or (self.mine.ages[0] >= rule.least_age and self.mine.ages[1] <= rule.greatest_age)

    def is_walk_up_only(self, device: Device) -> bool:
        """Return whether the policy lets nobody book this seat ahead."""
        return self.branch.policy.rule_for(device.device_class_id).walk_up_only

    def free_from(self, device: Device) -> datetime:
        """Return now, or the end of the cleaning after the last person if that is later."""
        gap = timedelta(minutes=self.branch.policy.gap_minutes)
        ends = [b.end + gap for b in self.busy.get(device.pk, []) if b.over and b.end and not b.repair]
        return max([self.now, *ends])


def rows_between(device_ids: QuerySet[Device] | Iterable[int], start: datetime, end: datetime) -> QuerySet[Booking]:
    """Return open rows that meet [start, end), and rows that ended within an hour before `start` (cleaning)."""
    found = Booking.objects.select_related("patron").order_by("period")
    return found.filter(near(start, end), device__in=device_ids)


def busy_between(branch_id: int, *, now: datetime, end: datetime) -> dict[int, list[Busy]]:
    """Return what takes each device of a branch from now to `end`, without reading whole rows. One query."""
    found: dict[int, list[Busy]] = {}
    rows = Booking.objects.filter(near(now, end), branch=branch_id).order_by()
    for device_id, kind, start, *rest in rows.values_list("device_id", "kind", *SPAN):
        busy = busy_span(now, kind, datetime.fromtimestamp(start, UTC), *map(moment, rest))
        if busy:
            found.setdefault(device_id, []).append(busy)
    return found


def load_room(
    branch: Branch,
    *,
    now: datetime,
    end: datetime,
    patron: Patron | None = None,
    all_devices: bool = False,
    calendar: Calendar | None = None,
    whole_rows: bool = True,
    needs: frozenset[str] = frozenset(),
    by_staff: bool = False,
    without: int | None = None,
) -> Room:
    """Read the seats of `branch` (with `all_devices` its machines too) and what takes them from now to `end`.

    Two queries, one more without a `calendar`, one where the policy does not know its rules, one where people wait in
    line, up to two for `patron`, of whose rows the one `without` is left out. Without `whole_rows` the spans are read
    and no bookings.
    """
    devices = _devices(branch, all_devices=all_devices)
    rows: dict[int, list[Booking]] = {}
    if whole_rows:
        for row in rows_between([device.pk for device in devices], now, end):
            rows.setdefault(row.device_id, []).append(row)
        busy = {pk: busy_rows(pk, mine, now) for pk, mine in rows.items()}
    else:
        busy = busy_between(branch.pk, now=now, end=end)
    room = Room(branch, calendar or calendar_of(branch.pk), devices, rows, now, patron, busy=busy)
    room.needs, room.by_staff = needs, by_staff
    if any(device.has_line for device in devices):
        room.line = _line(room)
    room.mine = _mine(room, without) if patron else None
    return room


def devices_in_order(branch: Branch) -> DeviceQuerySet:
    """Return everything that stands in the branch's room, machines too, in the room's order."""
    devices: DeviceQuerySet = Device.objects.filter(branch=branch, retired_on=None).select_related(
        "device_class", "area"
    )
    return devices.order_by("area__position", "area_id", "position", "pk")


def _devices(branch: Branch, *, all_devices: bool) -> list[Any]:
    """Return the devices in the room's order, each telling whether anybody waits in line at the branch."""
    devices = devices_in_order(branch)
    line = Turn.objects.open().filter(branch=OuterRef("branch"))
    wanted = devices if all_devices else devices.bookable()
    return list(wanted.annotate(has_line=Exists(line)))


def _line(room: Room) -> list[Waiting]:
    """Return who waits without being called, up to the patron's own place."""
    turns = Turn.objects.open().filter(branch=room.branch).in_order().select_related("patron")
    today = room.calendar.branch_day(room.now)
    before = takewhile(lambda turn: room.patron is None or turn.patron_id != room.patron.pk, turns)
    return [waiting_of(turn, room.branch.policy, today) for turn in before if turn.offer_id is None]


def _mine(room: Room, without: int | None) -> PatronFacts:
    """Return what the rules need of the patron who asks."""
    assert room.patron is not None
    policy = room.branch.policy
    mine = Booking.objects.filter(patron=room.patron).select_related("device__device_class")
    narrowed = room.branch.pk if policy.day_scope == DayScope.BRANCH else None
    days = list(PatronDay.objects.filter(patron=room.patron)) if policy.looks_back else []
    return patron_facts(
        room.patron, mine, room.now, room.calendar, policy, days=days, branch_id=narrowed, without=without
    )
