"""Other hours of a day are planned from how the day was: what an earlier change took comes back where it fits."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial

from helpdesk.actor import Actor
from reservations.booking.change_day import hit, write
from reservations.booking.frame import Frame
from reservations.booking.restore_day import Restored, restore, restore_turns
from reservations.calendar import Calendar
from reservations.day_plan import DayPlan, Stored, plan_day, rows_of_day, stored, turns_of_day
from reservations.models import Booking, Branch, HoursChange, Turn
from reservations.models.booking import Outcome

Changed = Callable[[Calendar], Calendar]
Planned = Callable[..., DayPlan]
Took = Mapping[tuple[int, date], HoursChange]  # by branch and day


def took(branch_ids: Collection[int], days: Collection[date]) -> Took:
    """Return what earlier changes of these days took. One query."""
    found = HoursChange.objects.filter(branch__in=branch_ids, on__in=days)
    return {(each.branch_id, each.on): each for each in found}


def rows_in(changes: Iterable[HoursChange]) -> list[int]:
    """Return the keys of the rows from which the changes took something."""
    return [int(pk) for change in changes for pk in change.changed["rows"]]


@dataclass(frozen=True)
class Again:
    """A plan and what is needed to carry it out: how the rows it touches `was`, and the end each `had` at first."""

    plan: DayPlan
    was: Stored
    had: Mapping[str, str]
    turns: Sequence[int] = ()


def preview_again(
    branch: Branch, on: date, changed: Changed, change: HoursChange | None, *, before: Calendar, now: datetime
) -> DayPlan:
    """Return whom it hits, and who has something again, if the hours `before` become what `changed` makes of them."""
    row_ids = rows_in([change] if change else [])
    rows = rows_of_day(branch.pk, on, before, row_ids)
    people = {row.patron_id for row in rows if row.patron_id and row.pk in row_ids}
    turns = turns_of_day(branch.pk, on)
    return _again(branch, rows, turns, change, people, before=before, after=changed(before), on=on, now=now).plan


def plan_again(frame: Frame, on: date, changed: Changed, change: HoursChange | None, people: Iterable[int]) -> Again:
    """Return the same of the rows in the frame, and give them their new ends and the frame the new hours, in memory.

    `people` are those of the rows that `change` took something from, locked.
    """
    after = changed(frame.calendar)
    again = _again(
        frame.branch, frame.rows, frame.turns, change, people, before=frame.calendar, after=after, on=on, now=frame.now
    )
    frame.calendar = after
    return replace(again, had={**again.had, **hit(again.plan)})


def _again(
    branch: Branch, rows: Sequence[Booking], turns: Sequence[Turn], change: HoursChange | None, people: Iterable[int],
    *, before: Calendar, after: Calendar, on: date, now: datetime,
) -> Again:  # fmt: skip
    planned = partial(plan_day, branch, rows, turns, before=before, after=after, on=on, now=now)
    return again(branch, rows, [change] if change else [], people, planned, now=now)


def again(
    branch: Branch, rows: Sequence[Booking], changes: Sequence[HoursChange], people: Iterable[int], planned: Planned, *,
    now: datetime,
) -> Again:  # fmt: skip
    """Give back in memory what `changes` took, then plan; `had` is what could not be given back now and may be later.

    `people` are those of the rows, locked where it is written; `planned` makes the plan, told what was `given` and
    `missed`.
    """
    ends = {pk: end for change in changes for pk, end in change.changed["rows"].items()}
    was = stored(rows)
    done = restore(rows, ends, people, now=now, gap=branch.policy.gap_minutes)
    given = {row.pk: was[row.pk] for row in done.rows}
    plan = planned(given=given, missed=done.missed)
    touched = {*given, *(each.row.pk for each in plan.hits)}
    kept = {str(row.pk): ends[str(row.pk)] for row in _waiting(done)}
    turns = [pk for change in changes for pk in change.changed["turns"]]
    return Again(plan, {pk: was[pk] for pk in touched}, kept, turns)


def _waiting(done: Restored) -> list[Booking]:
    """Return the rows that could not be given back now and could be later: taken away or shorter, and not over."""
    rows = (missed.row for missed in done.missed)
    return [row for row in rows if row.ended_at is None or row.outcome == Outcome.DISPLACED]


def carry_out(frame: Frame, again: Again, *, by: Actor, reason: str) -> None:
    """Write the plan's rows, and what it took of them; put back in line whose place had ended with the day."""
    plan, turns = again.plan, write_again(frame, again, by=by, reason=reason)
    HoursChange.objects.filter(branch=frame.branch, on=plan.on).delete()
    if again.had or turns:
        changed = {"rows": again.had, "turns": turns}
        HoursChange.objects.create(branch=frame.branch, on=plan.on, changed=changed)


def write_again(frame: Frame, again: Again, *, by: Actor, reason: str) -> list[int]:
    """Write the plan's rows, put back in line whose place had ended; return the places in line that have ended now."""
    plan, turns = again.plan, list(again.turns)
    if turns and plan.stop and plan.stop > plan.now:
        restore_turns(frame, turns, Restored(), by=by, reason=reason)
        turns = []
    return turns + write(frame, plan, again.was, by=by, reason=reason)
