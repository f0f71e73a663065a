"""The weekly hours of a branch: shown first, then saved with all that they change for people who have booked."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from typing import cast

from django.contrib.admin.models import CHANGE
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from helpdesk.actor import Actor
from helpdesk.db import refused_by
from reservations.booking.change_day import PlanChanged, day_frame, hit, plan_changed
from reservations.booking.frame import Frame
from reservations.booking.given_back import again, rows_in, write_again
from reservations.booking.restore_day import lock_people
from reservations.calendar import Calendar
from reservations.calendars import calendar_of
from reservations.locks import lock_branch
from reservations.models import Branch, HoursChange, OpeningHours
from reservations.rules.problem import Problem, Refused
from reservations.rules.week import Week, week_of
from reservations.set_up.notes import note
from reservations.week_plan import WeekPlan, check_week, plan_week, taken_before

OVERLAP = Problem("overlapping", _("Two of these hours overlap. Change one of them."), _("Opening hours"), lift_by="")


@transaction.atomic
def change_week(*, branch_id: int, week: Week, by: Actor, now: datetime, seen: str | None = None) -> WeekPlan:
    """Give the weekdays of a branch these openings (local times), and carry out what follows from now on.

    Sessions that run end at the new stop, bookings that do not fit are cut or taken away and put on the call list, and
    what earlier hours of these days took is given back where it fits. Special hours and closed days stay as they are.
    `seen` is the plan that was shown: where it started from other hours or others lose a booking by now, nothing is
    saved. The same hours again change nothing. Raises Refused `empty_hours`, `overlapping`, `closes_early`, and
    PlanChanged `plan_changed`.
    """
    branch = lock_branch(branch_id)
    before = calendar_of(branch_id)
    check_week(branch, week, before, now)
    changes = taken_before(branch, week, before, now)
    people = lock_people(rows_in(changes))
    frame = day_frame(branch_id, now, rows_in(changes))
    planned = partial(plan_week, branch, frame.rows, frame.turns, week=week, before=before, now=now)
    found = again(branch, frame.rows, changes, people, planned, now=now)
    plan = cast(WeekPlan, found.plan)
    if seen is not None and seen != plan.seen and plan.weekdays:
        raise PlanChanged([plan], plan_changed())
    _write_week(branch, plan)
    found = replace(found, had={**found.had, **hit(plan)})
    frame.calendar = plan.after
    turns = write_again(frame, found, by=by, reason="")
    _keep(frame, before, changes, found.had, turns)
    note(branch, CHANGE, by=by, now=now, words="weekly hours")
    return plan


def _keep(
    frame: Frame, before: Calendar, changes: Sequence[HoursChange], had: Mapping[str, str], turns: list[int]
) -> None:
    """Keep by day what the hours took, in the place of what `changes` had kept: later hours may give it back."""
    HoursChange.objects.filter(pk__in=[change.pk for change in changes]).delete()
    starts = {str(row.pk): row.start for row in frame.rows if str(row.pk) in had}
    days: dict[date, dict[str, str]] = {}
    for pk, start in starts.items():
        days.setdefault(before.branch_day(start), {})[pk] = had[pk]
    today = before.branch_day(frame.now)
    if turns:
        days.setdefault(today, {})
    kept = {each.on: each for each in HoursChange.objects.filter(branch=frame.branch, on__in=days)}
    for on, rows in days.items():
        change = kept.setdefault(on, HoursChange(branch=frame.branch, on=on, changed={"rows": {}, "turns": []}))
        change.changed["rows"] |= rows
        change.changed["turns"] += turns if on == today else []
    HoursChange.objects.bulk_create(
        kept.values(), update_conflicts=True, unique_fields=["branch", "on"], update_fields=["changed"]
    )


def _write_week(branch: Branch, plan: WeekPlan) -> None:
    """Let the openings of the branch be those of the plan, whatever stood there."""
    openings = [
        OpeningHours(branch=branch, weekday=day, opens=opens, closes=closes)
        for day, spans in week_of(plan.after).items()
        for opens, closes in spans
    ]
    branch.opening_hours.all().delete()
    with refused_by("opening_hours_do_not_overlap", Refused(OVERLAP)):
        OpeningHours.objects.bulk_create(openings)
