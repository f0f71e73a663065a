"""What planning a class or a maintenance would do: its days, who is moved where, which seats it cannot have."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from itertools import chain

from django.utils import timezone
from django.utils.translation import gettext as _

from helpdesk import words
from reservations.block_draft import KEEP, MOVE, TAKE, BlockDay, BlockPlan, Draft, Place, Scene, is_out_for_good
from reservations.booking.reseat import in_order, leaving, plan_for
from reservations.calendar import Calendar
from reservations.calendars import calendar_of
from reservations.facts import device_facts
from reservations.models import Booking, Branch, Device
from reservations.models.blocks import BlockKind
from reservations.models.booking import Kind
from reservations.period import period
from reservations.room import load_room
from reservations.rules.problem import Problem, Refused
from reservations.rules.reach import first_day_problem
from reservations.rules.reseat import Plan
from reservations.rules.series import Occurrence, Outside, occurrences, outside, without

BEGUN = timedelta(minutes=15)  # a class that began so long ago can still be written down


def scene_of(branch: Branch, draft: Draft, *, now: datetime, own: Collection[int] = ()) -> Scene:
    """Return what stands at the branch as far as the series reaches, without the rows `own` of the block itself.

    Four queries at most, however long the series is. Raises Refused `too_far`, and what `occurrences` raises.
    """
    _within_reach(draft, now)
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
    `unknown_device`, `no_seats`, `past`, `too_far`, and what `occurrences` raises.
    """
    _within_reach(draft, scene.now)
    devices = _devices(draft, scene)
    wanted = occurrences(draft.series, scene.calendar.zone)
    if wanted[0].slot.start < scene.now - BEGUN:
        raise Refused(_past(wanted[0], scene))
    closed = [] if draft.also_closed else outside(wanted, scene.calendar)
    found = without(wanted, {each.occurrence.on for each in closed})
    hits = _hits(found, devices, scene)
    people = {row.pk: row for day in hits.values() for row in day if _is_person(row)}
    everything = [_row(draft, scene, device, each) for each in found for device in devices]
    first = _moving(list(people.values()), scene, everything)
    leaves = leaving(people.values(), everything, scene.now, scene.branch.policy.gap_minutes)
    days = [_day(each, hits[each.on], first, leaves, scene, draft) for each in found if hits.get(each.on)]
    rows, goes, going = _resolved(days, everything, people, scene)
    later = _later(days, everything) if draft.kind == BlockKind.CLASS else []
    told = [_as_resolved(day, going, scene) for day in days]
    return BlockPlan(draft, scene, devices, found, closed, told, rows, goes, _seen(days, devices, closed), later)


def _within_reach(draft: Draft, now: datetime) -> None:
    if problem := first_day_problem(draft.series.first_on, now):
        raise Refused(problem)


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
) -> tuple[list[Booking], list[Booking], Plan]:
    """Return the rows that are written and the people who make room for them, as the choices say, and where they go.

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
            return rows, goes, plan
        out |= more


def _as_resolved(day: BlockDay, going: Plan, scene: Scene) -> BlockDay:
    """Return a day with the people who do go, and where to, as it is saved; whoever could but need not, stays."""
    people = [*(row for row, _seat in day.moves), *day.stuck]
    return replace(
        day,
        moves=[(row, scene.devices[going.moves[row.pk]]) for row in people if row.pk in going.moves],
        stays=[row for row, _seat in day.moves if row.pk not in going.moves],
        stuck=[row for row in day.stuck if row.pk not in going.moves],
    )


def _later(days: Sequence[BlockDay], everything: Sequence[Booking]) -> list[tuple[Booking, Booking]]:
    """Return the rows that only a repair without a known end keeps from their seat, each with the repair."""
    stands: dict[Place, list[Booking]] = {}
    for day in days:
        for row in day.rows:
            stands.setdefault((day.on, row.device_id), []).append(row)
    found = []
    for row in everything:
        there = stands.get((timezone.localtime(row.start).date(), row.device_id), [])
        if there and all(is_out_for_good(each) for each in there):
            found.append((row, there[0]))
    return found


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


def _past(first: Occurrence, scene: Scene) -> Problem:
    sentence = _("The first day is over. Choose today or a later one.")
    if first.on == scene.now.astimezone(scene.calendar.zone).date():
        said = {"time": words.clock(first.slot.start), "now": words.clock(scene.now)}
        sentence = _("%(time)s has passed: it is %(now)s. Choose a later time, or start on a later day.") % said
    return Problem("past", sentence, _("It starts now or later"), lift_by="")
