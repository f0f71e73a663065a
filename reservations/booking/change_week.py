"""The weekly hours of a branch: shown first, then saved with all that they change for people who have booked."""

from datetime import datetime

from django.contrib.admin.models import CHANGE
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from helpdesk.actor import Actor
from helpdesk.db import refused_by
from reservations.booking.change_day import PlanChanged, day_frame, hit, plan_changed, write
from reservations.day_plan import stored
from reservations.models import Branch, OpeningHours
from reservations.rules.problem import Problem, Refused
from reservations.rules.week import Week, week_of
from reservations.set_up.notes import note
from reservations.week_plan import WeekPlan, check_week, plan_week

OVERLAP = Problem("overlapping", _("Two of these hours overlap. Change one of them."), _("Opening hours"), lift_by="")


@transaction.atomic
def change_week(*, branch_id: int, week: Week, by: Actor, now: datetime, seen: str | None = None) -> WeekPlan:
    """Give the weekdays of a branch these openings (local times), and carry out what follows from now on.

    Sessions that run end at the new stop, bookings that do not fit are cut or taken away and put on the call list.
    Special hours and closed days stay as they are. `seen` is the plan that was shown: where it started
    from other hours or others lose a booking by now, nothing is saved. The same hours again change nothing. Raises
    Refused `empty_hours`, `overlapping`, `closes_early`, and PlanChanged `plan_changed`.
    """
    frame = day_frame(branch_id, now)
    before = frame.calendar
    check_week(frame.branch, week, before, now)
    plan = plan_week(frame.branch, frame.rows, frame.turns, week=week, before=before, now=now)
    if seen is not None and seen != plan.seen and plan.weekdays:
        raise PlanChanged([plan], plan_changed())
    was = stored(frame.rows)
    _write_week(frame.branch, plan)
    hit(plan)
    write(frame, plan, was, by=by, reason="")
    note(frame.branch, CHANGE, by=by, now=now, words="weekly hours")
    return plan


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
