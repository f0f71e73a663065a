"""Special hours and closed days, of one branch or of all: shown first, then saved with all that they change."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from hashlib import sha256

from django.db import transaction
from django.utils.translation import gettext as _

from helpdesk.actor import Actor
from reservations.booking.change_day import (
    PlanChanged,
    day_frame,
    hit,
    plan_changed,
    plan_of,
    stored,
    write,
    write_hours,
)
from reservations.booking.frame import Frame
from reservations.booking.override import without_person
from reservations.calendar import Calendar
from reservations.calendars import calendar_of
from reservations.day_plan import DayPlan, preview_day
from reservations.locks import lock_branch
from reservations.models import Branch, Closure, EarlyClosing
from reservations.rules.closing import closes_early, with_hours
from reservations.rules.problem import Problem, Refused
from reservations.rules.special import DayChange, change_problems


def preview_days(branches: Sequence[Branch], changes: Sequence[DayChange], *, now: datetime) -> list[DayPlan]:
    """Return whom the changes of hours would hit at each of the branches. Raises Refused as `change_days` does."""
    plans = []
    for branch in branches:
        calendar = calendar_of(branch.pk)
        check(branch, changes, calendar, now)
        plans += [preview_day(branch, change.on, changed_by(change), now=now) for change in changes]
    return plans


def seen_of(plans: Sequence[DayPlan]) -> str:
    """Return what tells these plans from others."""
    return sha256("".join(plan.seen for plan in plans).encode()).hexdigest()[:20]


@transaction.atomic
def change_days(
    *,
    branch_ids: Sequence[int],
    changes: Sequence[DayChange],
    by: Actor,
    now: datetime,
    everywhere: bool = False,
    seen: str | None = None,
) -> list[DayPlan]:
    """Give days of the branches other hours, and carry out what follows; `everywhere`: closed days of all branches.

    Who has booked then is put on the call list. `seen` are the plans that were shown: where others lose a booking by
    now, nothing is saved. The same change again changes nothing. Raises Refused `past`, `too_far`, `empty_hours`,
    `overlapping`, `closes_early`, `closed_everywhere`, `reason_personal`, and PlanChanged `plan_changed`.
    """
    changes = [replace(change, reason=without_person(change.reason)[:80]) for change in changes]
    for branch_id in sorted(branch_ids):
        lock_branch(branch_id)
    frames = {branch_id: day_frame(branch_id, now) for branch_id in sorted(branch_ids)}
    for frame in frames.values():
        check(frame.branch, changes, frame.calendar, now)
    if seen is not None:
        shown = [_plan(frames[pk], change) for pk in branch_ids for change in changes]
        if seen != seen_of(shown):
            raise PlanChanged(shown, plan_changed())
    if everywhere:
        _close_everywhere(changes)
    return [_change(frames[pk], change, everywhere, by=by) for pk in branch_ids for change in changes]


def _plan(frame: Frame, change: DayChange) -> DayPlan:
    return plan_of(frame, change.on, frame.calendar, changed_by(change)(frame.calendar))


def _change(frame: Frame, change: DayChange, everywhere: bool, *, by: Actor) -> DayPlan:
    plan, was = _plan(frame, change), stored(frame.rows)
    if not everywhere:
        Closure.objects.filter(branch=frame.branch, on=change.on).delete()
        if change.hours is not None and not change.hours:
            Closure.objects.create(branch=frame.branch, on=change.on, reason=change.reason)
    write_hours(frame.branch, change.on, change.hours or [], change.reason)
    hit(plan)
    write(frame, plan, was, by=by, reason=change.reason)
    return plan


def _close_everywhere(changes: Sequence[DayChange]) -> None:
    for change in changes:
        Closure.objects.update_or_create(branch=None, on=change.on, defaults={"reason": change.reason})


@transaction.atomic
def open_everywhere(*, on: date, by: Actor, now: datetime) -> int:
    """Take a closed day of all branches off; what a branch says of the day itself stays. Return how many were taken."""
    branch_ids = list(Branch.objects.order_by("pk").values_list("pk", flat=True))
    for branch_id in branch_ids:
        lock_branch(branch_id)
    frames = [day_frame(branch_id, now) for branch_id in branch_ids]
    gone = Closure.objects.filter(branch=None, on=on).delete()[0]
    for frame in frames:
        plan = plan_of(frame, on, frame.calendar, calendar_of(frame.branch.pk))
        write(frame, plan, {}, by=by, reason="")
    return gone


def changed_by(change: DayChange) -> Callable[[Calendar], Calendar]:
    """Return what makes of a calendar the one with the change."""

    def changed(calendar: Calendar) -> Calendar:
        return with_hours(calendar, change.on, change.hours, change.reason)

    return changed


def check(branch: Branch, changes: Sequence[DayChange], calendar: Calendar, now: datetime) -> None:
    """Raise Refused where one of the changes cannot be made at the branch."""
    today = calendar.branch_day(now)
    problems = [problem for change in changes for problem in change_problems(change, calendar, today)]
    days = [change.on for change in changes]
    if EarlyClosing.objects.standing().filter(branch=branch, on__in=days).exists():
        problems.append(closes_early(branch.name))
    opening = [change.on for change in changes if change.hours]
    if Closure.objects.filter(branch=None, on__in=opening).exists():
        problems.append(_closed_everywhere())
    if problems:
        raise Refused(*problems)


def _closed_everywhere() -> Problem:
    sentence = _("All branches are closed that day. Take the closed day off first, then open this branch.")
    return Problem("closed_everywhere", sentence, _("Closed days"), lift_by="")
