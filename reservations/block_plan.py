"""What planning a class or a maintenance would do: its days, who is moved where, which seats it cannot have."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import sha256
from itertools import chain

from django.utils.translation import gettext as _

from reservations.booking.reseat import in_order, leaving, plan_for
from reservations.calendar import Calendar
from reservations.calendars import calendar_of
from reservations.facts import device_facts
from reservations.models import Booking, Branch, Device
from reservations.models.blocks import BlockKind
from reservations.models.booking import Kind
from reservations.period import period
from reservations.room import load_room
from reservations.rules.facts import DeviceFacts
from reservations.rules.problem import Problem, Refused
from reservations.rules.reseat import Plan
from reservations.rules.series import Occurrence, Outside, Series, occurrences, outside, without

MOVE, KEEP, TAKE = "move", "keep", "take"  # what becomes of a day with people in the way
BEGUN = timedelta(minutes=15)  # a class that began so long ago can still be written down
CHOICES = (MOVE, KEEP, TAKE)
Place = tuple[date, int]  # a seat on a day


@dataclass(frozen=True)
class Draft:
    """What is asked for. `choices` say by day what becomes of people in the way: they are moved where that is possible
    (MOVE, the seats of the others are left out), left where they sit (KEEP), or moved or taken away (TAKE).
    """

    title: str
    device_ids: tuple[int, ...]
    series: Series
    kind: str = BlockKind.CLASS.value
    also_closed: bool = False
    choices: Mapping[date, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Scene:
    """The branch as the plan sees it: its devices in the room's order, what stands on them, the opening hours."""

    branch: Branch
    calendar: Calendar
    devices: Mapping[int, Device]
    rows: Mapping[int, Sequence[Booking]]
    facts: Mapping[int, DeviceFacts]
    now: datetime


@dataclass(frozen=True)
class BlockDay:
    """One day with something in the way: people who are moved and where to, people who cannot be, seats it cannot have.

    `clashes` are other classes, maintenances, repairs and seats held for a number: nobody moves those. `leaves` says
    when those who sit there have to go, by primary key.
    """

    occurrence: Occurrence
    moves: Sequence[tuple[Booking, Device]]
    stuck: Sequence[Booking]
    clashes: Sequence[Booking]
    choice: str = MOVE
    leaves: Mapping[int, datetime] = field(default_factory=dict)

    @property
    def on(self) -> date:
        return self.occurrence.on

    @property
    def key(self) -> str:
        """The day as forms and addresses name it."""
        return self.on.isoformat()

    @property
    def told_moves(self) -> list[tuple[Booking, Device, datetime | None]]:
        """The moves with when each goes, None where that is before they come."""
        return [(row, seat, self.leaves.get(row.pk)) for row, seat in self.moves]

    @property
    def told_stuck(self) -> list[tuple[Booking, datetime | None]]:
        """Who cannot be moved, with when each would have to go; None where that is before they come."""
        return [(row, self.leaves.get(row.pk)) for row in self.stuck]

    @property
    def rows(self) -> list[Booking]:
        """What is in the way, all of it."""
        return [*(row for row, _seat in self.moves), *self.stuck, *self.clashes]


@dataclass(frozen=True)
class BlockPlan:
    """The whole of it. `rows` are the unsaved rows of the timeline, `people` those of the way that are moved or go."""

    draft: Draft
    scene: Scene
    devices: Sequence[Device]
    occurrences: Sequence[Occurrence]
    closed: Sequence[Outside]
    days: Sequence[BlockDay]
    rows: Sequence[Booking]
    people: Sequence[Booking]
    seen: str

    @property
    def moves(self) -> int:
        """How many people go to another seat."""
        return len({row.pk for day in self.days for row, _seat in day.moves if day.choice != KEEP})

    @property
    def stuck(self) -> int:
        """How many people cannot be moved, and keep their seat unless it is taken."""
        return sum(len(day.stuck) for day in self.days)

    @property
    def seats_left_out(self) -> int:
        """How many seats are missing, over all days."""
        return len(self.occurrences) * len(self.devices) - len(self.rows)


def scene_of(branch: Branch, draft: Draft, *, now: datetime, own: Collection[int] = ()) -> Scene:
    """Return what stands at the branch as far as the series reaches, without the rows `own` of the block itself.

    Four queries at most, however long the series is. Raises Refused what `occurrences` raises.
    """
    calendar = calendar_of(branch.pk)
    found = occurrences(draft.series, calendar.zone)
    end = max(found[-1].slot.end, now + timedelta(days=1))
    room = load_room(branch, now=now, end=end, all_devices=True, calendar=calendar)
    return seen_by(branch, calendar, room.devices, chain.from_iterable(room.rows.values()), now, own)


def seen_by(
    branch: Branch,
    calendar: Calendar,
    devices: Iterable[Device],
    rows: Iterable[Booking],
    now: datetime,
    own: Collection[int] = (),
) -> Scene:
    """Return the devices and their rows as a plan sees them, without the rows `own`, which are in nobody's way."""
    here = (device for device in in_order(devices) if device.branch_id == branch.pk and device.retired_on is None)
    known = {device.pk: device for device in here}
    standing: dict[int, list[Booking]] = {pk: [] for pk in known}
    for row in rows:
        if row.device_id in known and row.pk not in own:
            standing[row.device_id].append(row)
    facts = {pk: device_facts(device, standing[pk], now, branch.policy) for pk, device in known.items()}
    return Scene(branch, calendar, known, standing, facts, now)


def plan_block(draft: Draft, scene: Scene) -> BlockPlan:
    """Return what saving `draft` would do.

    Closed days are left out and told, unless it takes place there all the same. No query. Raises Refused
    `unknown_device`, `no_seats`, `past`, and what `occurrences` raises.
    """
    devices = _devices(draft, scene)
    wanted = occurrences(draft.series, scene.calendar.zone)
    if wanted[0].slot.start < scene.now - BEGUN:
        raise Refused(_past())
    closed = [] if draft.also_closed else outside(wanted, scene.calendar)
    found = without(wanted, {each.occurrence.on for each in closed})
    hits = _hits(found, devices, scene)
    people = {row.pk: row for day in hits.values() for row in day if _is_person(row)}
    everything = [_row(draft, scene, device, each) for each in found for device in devices]
    first = _moving(list(people.values()), scene, everything)
    leaves = leaving(people.values(), everything, scene.now, scene.branch.policy.gap_minutes)
    days = [_day(each, hits[each.on], first, leaves, scene, draft) for each in found if hits.get(each.on)]
    rows, goes = _resolved(days, everything, people, scene)
    return BlockPlan(draft, scene, devices, found, closed, days, rows, goes, _seen(days, devices, closed))


def _devices(draft: Draft, scene: Scene) -> list[Device]:
    if not draft.device_ids:
        raise Refused(_no_seats())
    if not set(draft.device_ids) <= scene.devices.keys():
        raise Refused(_unknown())
    return [device for pk, device in scene.devices.items() if pk in draft.device_ids]


def _is_person(row: Booking) -> bool:
    return row.kind == Kind.PATRON


def _hits(found: Iterable[Occurrence], devices: Sequence[Device], scene: Scene) -> dict[date, list[Booking]]:
    """Return by day what stands in the way."""
    standing = [row for device in devices for row in scene.rows[device.pk] if row.effective_end(scene.now) is None]
    spans = [(row, row.until(scene.now)) for row in standing]
    return {each.on: [row for row, end in spans if each.slot.meets(row.start, end)] for each in found}


def _row(draft: Draft, scene: Scene, device: Device, each: Occurrence) -> Booking:
    held = period(each.slot.start, each.slot.end)
    return Booking(
        branch=scene.branch,
        device=device,
        kind=draft.kind,
        period=held,
        booked_period=held,
        note=draft.title,
        created_at=scene.now,
    )


def _moving(people: Sequence[Booking], scene: Scene, causes: Iterable[Booking]) -> Plan:
    gap = scene.branch.policy.gap_minutes
    return plan_for(people, scene.devices, scene.facts, causes, now=scene.now, gap=gap)


def _day(
    each: Occurrence, hits: Sequence[Booking], plan: Plan, leaves: Mapping[int, datetime], scene: Scene, draft: Draft
) -> BlockDay:
    people = [row for row in hits if _is_person(row)]
    moves = [(row, scene.devices[plan.moves[row.pk]]) for row in people if row.pk in plan.moves]
    stuck = [row for row in people if row.pk not in plan.moves]
    choice = draft.choices.get(each.on, MOVE)
    return BlockDay(each, moves, stuck, [row for row in hits if not _is_person(row)], choice, leaves)


def _resolved(
    days: Sequence[BlockDay], everything: Sequence[Booking], people: Mapping[int, Booking], scene: Scene
) -> tuple[list[Booking], list[Booking]]:
    """Return the rows that are written and the people who make room for them, as the choices say.

    Where somebody cannot be moved their seat is left out that day; then whoever else sat there need not move either.
    What is planned anew without them may leave somebody else without a seat, so it goes on until nothing changes.
    """
    taken = {row.pk for day in days if day.choice == TAKE for row in day.stuck}
    out = {(day.on, row.device_id) for day in days for row in _kept(day)}
    zone = scene.calendar.zone
    while True:
        rows = [row for row in everything if (row.start.astimezone(zone).date(), row.device_id) not in out]
        goes = _in_the_way(days, out, people)
        plan = _moving(goes, scene, rows)
        stuck = [pk for pk in plan.left if pk not in taken]
        more = {(day.on, people[pk].device_id) for pk in stuck for day in days if _meets(day, people[pk])} - out
        if not more:
            return rows, goes
        out |= more


def _kept(day: BlockDay) -> list[Booking]:
    """Return what keeps its seat on a day."""
    people = [row for row, _seat in day.moves] if day.choice == KEEP else []
    stuck = [] if day.choice == TAKE else list(day.stuck)
    return [*day.clashes, *stuck, *people]


def _meets(day: BlockDay, row: Booking) -> bool:
    return day.occurrence.slot.meets(row.start, row.end)


def _in_the_way(days: Sequence[BlockDay], out: Collection[Place], people: Mapping[int, Booking]) -> list[Booking]:
    """Return the people whose seat is taken on a day, in order."""
    found = {
        row.pk
        for day in days
        for row in [*(row for row, _seat in day.moves), *day.stuck]
        if (day.on, row.device_id) not in out
    }
    return [row for pk, row in people.items() if pk in found]


def _seen(days: Sequence[BlockDay], devices: Sequence[Device], closed: Sequence[Outside]) -> str:
    """Return what tells one plan from another, whatever is chosen: who is in the way, and where they go."""
    told = [
        (
            day.on,
            sorted((row.pk, seat.pk) for row, seat in day.moves),
            sorted(row.pk for row in day.stuck),
            sorted(row.pk for row in day.clashes),
        )
        for day in days
    ]
    seats, shut = [device.pk for device in devices], [each.occurrence.on for each in closed]
    return sha256(repr((told, seats, shut)).encode()).hexdigest()[:20]


def _no_seats() -> Problem:
    return Problem("no_seats", _("Choose a seat at least."), _("Seats"), lift_by="")


def _unknown() -> Problem:
    sentence = _("One of these seats is not here any more. Choose the seats again.")
    return Problem("unknown_device", sentence, _("Device of this branch"), lift_by="")


def _past() -> Problem:
    sentence = _("The first day is over. Choose today or a later one.")
    return Problem("past", sentence, _("It starts now or later"), lift_by="")
