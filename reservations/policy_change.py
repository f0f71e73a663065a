"""What a change of a policy would do today: figures old and new, bookings that break it, what a patron may do."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from django.utils.translation import gettext as _

from helpdesk import words
from reservations.calendar import Calendar
from reservations.calendars import calendars_of
from reservations.facts import device_facts, patron_facts, policy_facts
from reservations.models import Booking, Branch, Patron, PatronDay, Policy
from reservations.models.booking import Kind
from reservations.models.choices import DayScope
from reservations.models.people import AGES, AgeBand
from reservations.patron_days import retention_words
from reservations.policies import classes_with_rules
from reservations.policy_reach import ahead_words, by_kind, reach_words
from reservations.policy_words import Figure, figures
from reservations.room import Room, load_room
from reservations.rules.booking import booking_problems
from reservations.rules.facts import Asked, PatronFacts
from reservations.rules.slot import Slot

KEEP = timedelta(days=1, hours=6)  # how far back ended rows can matter: the branch day, also past midnight
# What the row of a booking cannot tell: who made it, for which need, and how full the room was then.
UNKNOWN = {"staff_book", "kept_for_need", "seats_free", "line"}


T = TypeVar("T")


@dataclass(frozen=True)
class BranchChange:
    """One branch that uses the policy. `broken` of its `standing` bookings would not be allowed by the new rules.

    `free` and `ahead` are what an adult who has used nothing may do on seats of a kind: sit down now for so long, book
    so far ahead; each before and after.
    """

    branch: Branch
    is_open: bool
    standing: int
    broken: int
    free: list[Figure]
    ahead: list[Figure]


@dataclass(frozen=True)
class PolicyChange:
    """`reach` is how long a card holder can sit in a day; `kept` what of a patron the new rules need beyond the day."""

    figures: list[Figure]
    reach: list[Figure]
    branches: list[BranchChange]
    kept: str


@dataclass(frozen=True)
class _World:
    """What stands at the branches of a policy, and all that its patrons did within a branch day."""

    now: datetime
    rows: dict[int, list[Booking]]  # by device, in the order in which they were made
    mine: dict[int, list[Booking]]  # by patron, at all branches, in the same order
    days: dict[int, list[PatronDay]]
    calendars: dict[int, Calendar]


def change_of(before: Policy, after: Policy, *, now: datetime) -> PolicyChange:
    """Return what saving `after` in place of `before` would change; both know their rules.

    Six queries, and two for each branch that uses the policy.
    """
    branches = list(Branch.objects.filter(policy_id=before.pk)) if before.pk else []
    world = _world(branches, now)
    changes = [_branch_change(world, branch, before, after) for branch in branches]
    reach = by_kind(before, after, classes_with_rules(), reach_words)
    return PolicyChange(figures(before, after), reach, changes, retention_words([after]))


def _world(branches: list[Branch], now: datetime) -> _World:
    standing = Booking.objects.open().filter(branch__in=branches).select_related("patron", "device__device_class")
    found = list(standing.order_by("created_at", "pk"))
    patrons = {row.patron_id for row in found if row.patron_id}
    near = Booking.objects.filter(patron__in=patrons).exclude(ended_at__lt=now - KEEP)
    mine = near.select_related("device__device_class").order_by("created_at", "pk")
    days = PatronDay.objects.filter(patron__in=patrons)
    return _World(
        now,
        _grouped((row.device_id, row) for row in found),
        _grouped((row.patron_id or 0, row) for row in mine),
        _grouped((day.patron_id, day) for day in days),
        calendars_of([branch.pk for branch in branches]),
    )


def _grouped(pairs: Iterable[tuple[int, T]]) -> dict[int, list[T]]:
    found: dict[int, list[T]] = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return found


def _branch_change(world: _World, branch: Branch, before: Policy, after: Policy) -> BranchChange:
    here = [row for rows in world.rows.values() for row in rows if row.branch_id == branch.pk]
    standing = [row for row in here if _stands(row, world.now)]
    broken = [row for row in standing if _codes(world, row, after) - _codes(world, row, before)]
    calendar = world.calendars[branch.pk]
    branch.policy = before
    room = load_room(branch, now=world.now, end=world.now + timedelta(days=1), calendar=calendar)
    kinds = {device.device_class_id: device.device_class for device in room.devices}
    return BranchChange(
        branch=branch,
        is_open=calendar.span_at(world.now) is not None,
        standing=len(standing),
        broken=len(broken),
        free=_free_now(room, after),
        ahead=by_kind(before, after, kinds.values(), ahead_words),
    )


def _stands(row: Booking, now: datetime) -> bool:
    """Return whether a patron's booking is still to come."""
    return row.kind == Kind.PATRON and row.patron is not None and row.checked_in_at is None and not _over(row, now)


def _over(row: Booking, now: datetime) -> bool:
    return row.effective_end(now) is not None


def _codes(world: _World, row: Booking, policy: Policy) -> set[str]:
    """Return which rules of `policy` the booking would break if all were made again in the order they were made."""
    assert row.patron is not None
    assert row.end is not None
    asked = Asked(
        slot=Slot(row.start, row.end),
        now=world.now,
        device=device_facts(row.device, _before(row, world.rows[row.device_id]), world.now, policy),
        patron=_patron(world, row, row.patron, policy),
        policy=policy_facts(policy, row.device.device_class_id, guest=row.patron.is_guest),
        calendar=world.calendars[row.branch_id],
    )
    return {problem.code for problem in booking_problems(asked)} - UNKNOWN


def _patron(world: _World, row: Booking, patron: Patron, policy: Policy) -> PatronFacts:
    return patron_facts(
        patron,
        _before(row, world.mine[patron.pk]),
        world.now,
        world.calendars[row.branch_id],
        policy,
        days=world.days.get(patron.pk, []) if policy.looks_back else [],
        branch_id=row.branch_id if policy.day_scope == DayScope.BRANCH else None,
    )


def _before(row: Booking, rows: list[Booking]) -> list[Booking]:
    """Return those of `rows` that were made before `row`."""
    return [other for other in rows if (other.created_at, other.pk) < (row.created_at, row.pk)]


def _free_now(room: Room, after: Policy) -> list[Figure]:
    """Return how long an adult who has used nothing could sit down for now, per class of seats, before and after."""
    adult = PatronFacts(ages=AGES[AgeBand.ADULT])
    kinds = {device.device_class_id: device.device_class.name for device in room.devices}
    old = _longest(replace(room, mine=adult))
    room.branch.policy = after
    new = _longest(replace(room, mine=adult))
    return [Figure(name, _now_words(old.get(pk, 0)), _now_words(new.get(pk, 0))) for pk, name in kinds.items()]


def _longest(room: Room) -> dict[int, int]:
    """Return the longest session that could begin now, by class of seats."""
    longest: dict[int, int] = {}
    for device in room.devices:
        minutes = room.minutes(device, room.now)
        longest[device.device_class_id] = max(minutes, longest.get(device.device_class_id, 0))
    return longest


def _now_words(minutes: int) -> str:
    return words.length(minutes) if minutes else _("none free")
