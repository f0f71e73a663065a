"""Special hours and closed days, of one branch or of all: shown first, then saved with all that they change."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from hashlib import sha256

from django.db import transaction
from django.utils.translation import gettext as _

from helpdesk.actor import Actor
from reservations.booking.change_day import PlanChanged, day_frame, plan_changed, write_hours
from reservations.booking.frame import Frame
from reservations.booking.given_back import Took, carry_out, plan_again, preview_again, rows_in, took
from reservations.booking.override import without_person
from reservations.booking.restore_day import lock_people
from reservations.calendar import Calendar
from reservations.calendars import calendar_of
from reservations.day_plan import DayPlan
from reservations.locks import lock_branch
from reservations.models import Branch, Closure, EarlyClosing
from reservations.rules.closing import closes_early, with_hours
from reservations.rules.problem import Problem, Refused
from reservations.rules.special import DayChange, change_problems


def preview_days(
    branches: Sequence[Branch], changes: Sequence[DayChange], *, now: datetime, everywhere: bool = False
) -> list[DayPlan]:
    """Return whom the changes of hours would hit at each of the branches. Raises Refused as `change_days` does."""
    plans = []
    days = [change.on for change in changes]
    known = took([branch.pk for branch in branches], days)
    closed = {} if everywhere else closed_everywhere(days)
    for branch in branches:
        calendar = calendar_of(branch.pk)
        check(branch, changes, calendar, now)
        for change in changes:
            becomes, change_before = changed_by(change, closed), known.get((branch.pk, change.on))
            plan = preview_again(branch, change.on, becomes, change_before, before=calendar, now=now)
            plans.append(plan)
            calendar = plan.after
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
    frames, known, people = _frames(branch_ids, [change.on for change in changes], now)
    closed = {} if everywhere else closed_everywhere([change.on for change in changes])
    found = []
    for pk in branch_ids:
        check(frames[pk].branch, changes, frames[pk].calendar, now)
        for change in changes:
            becomes, before = changed_by(change, closed), known.get((pk, change.on))
            found.append((change, frames[pk], plan_again(frames[pk], change.on, becomes, before, people)))
    _as_shown([again.plan for _change, _frame, again in found], seen)
    if everywhere:
        _close_everywhere(changes)
    for change, frame, again in found:
        _change(frame.branch, change, everywhere)
        carry_out(frame, again, by=by, reason=change.reason)
    return [again.plan for _change, _frame, again in found]


def _frames(
    branch_ids: Iterable[int], days: Collection[date], now: datetime
) -> tuple[dict[int, Frame], Took, list[int]]:
    """Lock the branches, and the people and rows from which earlier changes of these days took something."""
    branch_ids = sorted(branch_ids)
    for branch_id in branch_ids:
        lock_branch(branch_id)
    known = took(branch_ids, days)
    people = lock_people(rows_in(known.values()))
    frames = {}
    for branch_id in branch_ids:
        here = [change for change in known.values() if change.branch_id == branch_id]
        frames[branch_id] = day_frame(branch_id, now, rows_in(here))
    return frames, known, people


def _as_shown(plans: list[DayPlan], seen: str | None) -> None:
    if seen is not None and seen != seen_of(plans):
        raise PlanChanged(plans, plan_changed())


def _change(branch: Branch, change: DayChange, everywhere: bool) -> None:
    if not everywhere:
        Closure.objects.filter(branch=branch, on=change.on).delete()
        if change.hours is not None and not change.hours:
            Closure.objects.create(branch=branch, on=change.on, reason=change.reason)
    write_hours(branch, change.on, change.hours or [], change.reason)


def _close_everywhere(changes: Sequence[DayChange]) -> None:
    for change in changes:
        Closure.objects.update_or_create(branch=None, on=change.on, defaults={"reason": change.reason})


def preview_opening(on: date, *, now: datetime) -> list[DayPlan]:
    """Return who has something again if a day is not closed for all branches any more."""
    branches = list(Branch.objects.select_related("policy").order_by("pk"))
    known, own = took([branch.pk for branch in branches], [on]), _own_closures(on)
    return [
        preview_again(
            branch,
            on,
            _opened(on, own.get(branch.pk)),
            known.get((branch.pk, on)),
            before=calendar_of(branch.pk),
            now=now,
        )
        for branch in branches
    ]


@transaction.atomic
def open_everywhere(*, on: date, by: Actor, now: datetime, seen: str | None = None) -> list[DayPlan]:
    """Take a closed day of all branches off, and give back what it took; what a branch says of the day itself stays.

    `seen` are the plans that were shown. Raises PlanChanged `plan_changed` where they do not hold any more.
    """
    frames, known, people = _frames(Branch.objects.values_list("pk", flat=True), [on], now)
    own = _own_closures(on)
    found = [
        (frame, plan_again(frame, on, _opened(on, own.get(pk)), known.get((pk, on)), people))
        for pk, frame in frames.items()
    ]
    _as_shown([again.plan for _frame, again in found], seen)
    Closure.objects.filter(branch=None, on=on).delete()
    for frame, again in found:
        carry_out(frame, again, by=by, reason="")
    return [again.plan for _frame, again in found]


def _own_closures(on: date) -> dict[int | None, str]:
    return dict(Closure.objects.filter(branch__isnull=False, on=on).values_list("branch_id", "reason"))


def _opened(on: date, own: str | None) -> Callable[[Calendar], Calendar]:
    """Return what makes of a calendar the one that is closed on a day only where the branch says so: `own`."""

    def opened(calendar: Calendar) -> Calendar:
        closed = {day: why for day, why in calendar.closed.items() if day != on}
        return replace(calendar, closed=closed if own is None else {**closed, on: own})

    return opened


def closed_everywhere(days: Iterable[date]) -> dict[date, str]:
    """Return which of the days all branches are closed, and why. One query."""
    return dict(Closure.objects.filter(branch=None, on__in=days).values_list("on", "reason"))


def changed_by(change: DayChange, closed: Mapping[date, str]) -> Callable[[Calendar], Calendar]:
    """Return what makes of a calendar the one with the change; a day that is `closed` for all branches stays so."""
    hours, reason = change.hours, change.reason
    if hours is None and change.on in closed:
        hours, reason = [], closed[change.on]

    def changed(calendar: Calendar) -> Calendar:
        return with_hours(calendar, change.on, hours, reason)

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
