"""Whom other hours of a week hit: every booking to come on a usual day, and who sits there now."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import cast

from django.db.models import Q

from helpdesk.week import Weekday
from reservations.booking.given_back import again, rows_in
from reservations.calendar import Calendar
from reservations.calendars import calendar_of
from reservations.day_plan import DayPlan, Missed, Stored, digest_of, hits_of
from reservations.models import Booking, Branch, EarlyClosing, HoursChange, Turn
from reservations.period import period
from reservations.rules.closing import Hours, closes_early, hours_of
from reservations.rules.week import Clash, Week, WeekRefused, week_clashes, week_of, with_week


@dataclass(frozen=True)
class WeekdayChange:
    """The openings of a weekday as they are and as they will be."""

    name: str
    before: Hours
    after: Hours


@dataclass(frozen=True)
class WeekPlan(DayPlan):
    """What changes with a branch's weekly hours, from now on; `on` is today, whose line is looked at."""

    @property
    def weekdays(self) -> list[WeekdayChange]:
        """The weekdays whose hours change."""
        was, becomes = week_of(self.before), week_of(self.after)
        changed = [day for day in range(7) if was[day] != becomes[day]]
        return [WeekdayChange(str(Weekday(day).label), was[day], becomes[day]) for day in changed]

    @property
    def is_closed_all_week(self) -> bool:
        return not any(self.after.hours.values())


def plan_week(
    branch: Branch, rows: Iterable[Booking], turns: Iterable[Turn], *, week: Week, before: Calendar, now: datetime,
    given: Stored, missed: Sequence[Missed],
) -> WeekPlan:  # fmt: skip
    """Return whom other weekly hours hit; `rows` are the open ones of the branch, `turns` its line.

    `given` and `missed` are as `plan_day` has them.
    """
    after, today = with_week(before, week), before.branch_day(now)
    hits, back = hits_of(branch, rows, before=before, after=after, now=now, given=given)
    waiting = [turn for turn in turns if turn.ended_at is None and turn.on == today]
    seen = digest_of((sorted(week_of(before).items()), sorted(week_of(after).items())), [*hits, *back])
    return WeekPlan(branch, today, before, after, now, hits, waiting, back, missed, seen=seen)


def taken_before(branch: Branch, week: Week, before: Calendar, now: datetime) -> list[HoursChange]:
    """Return what earlier changes took on the days to come whose hours change now. One query."""
    after = with_week(before, week)
    found = HoursChange.objects.filter(branch=branch, on__gte=before.branch_day(now)).order_by("on")
    return [change for change in found if hours_of(before, change.on) != hours_of(after, change.on)]


def preview_week(branch: Branch, week: Week, *, now: datetime) -> WeekPlan:
    """Return whom other weekly hours of `branch` would hit, and who has something again.

    Six queries, one more where it was taken from people. Raises WeekRefused as `change_week` does.
    """
    before = calendar_of(branch.pk)
    check_week(branch, week, before, now)
    changes = taken_before(branch, week, before, now)
    known = rows_in(changes)
    to_come = Booking.objects.filter(
        Q(ended_at=None, branch=branch, period__overlap=period(now, None)) | Q(pk__in=known)
    )
    rows = list(to_come.select_related("device__device_class", "patron", "block").order_by("pk"))
    people = {row.patron_id for row in rows if row.patron_id and row.pk in known}
    turns = Turn.objects.open().filter(branch=branch).select_related("patron").in_order()
    planned = partial(plan_week, branch, rows, turns, week=week, before=before, now=now)
    return cast(WeekPlan, again(branch, rows, changes, people, planned, now=now).plan)


def check_week(branch: Branch, week: Week, calendar: Calendar, now: datetime) -> None:
    """Raise WeekRefused where the branch cannot be open so."""
    today = calendar.branch_day(now)
    clashes = week_clashes(week, calendar, today) or _early_closings(branch, week, calendar, today)
    if clashes:
        raise WeekRefused(clashes)


def _early_closings(branch: Branch, week: Week, calendar: Calendar, today: date) -> list[Clash]:
    """Return the weekdays that change while one of them closes early: taking that back gives its old hours back."""
    usual = week_of(calendar)
    changed = {day for day in range(7) if sorted(week.get(day, [])) != usual[day]}
    early = EarlyClosing.objects.standing().filter(branch=branch, on__gte=today).values_list("on", flat=True)
    return [Clash(on.weekday(), 0, closes_early(branch.name)) for on in early if on.weekday() in changed]
