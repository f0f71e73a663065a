"""Reads of staff hours: who is off today, who is on duty, and the week of a person."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils import timezone

from helpdesk.models import User
from reservations.public import calendars_of
from troubleshooting.models import Absence, Shift
from troubleshooting.staffing_calendar import WorkWeek, by_weekday, length


def zone() -> ZoneInfo:
    """Return the system's one time zone."""
    return timezone.get_default_timezone()


def off_today(user_ids: Collection[int], now: datetime) -> set[int]:
    """Return who of `user_ids` does not work on this branch day: has shifts, but none today, or is away.

    Today is the branch day of the branch of each shift, so that after midnight it is still yesterday while that branch
    is open. Who has no shifts recorded at all is never off. A closed day changes nothing: staff may be there. Three
    queries.
    """
    weeks = weeks_of(Shift.objects.filter(user_id__in=user_ids))
    calendars = calendars_of({branch_id for _user_id, branch_id in weeks})
    known = {user_id for user_id, _branch_id in weeks}
    working = {
        user_id
        for (user_id, branch_id), week in weeks.items()
        if week.is_working(now) or week.spans(calendars[branch_id].branch_day(now))
    }
    return known - working


def on_duty(branch_id: int, now: datetime) -> list[User]:
    """Return the active staff whose shift at the branch contains `now`, by user name; nobody who is away. Two queries.

    A person without any shifts recorded is on no list, because nothing says when they are there.
    """
    shifts = Shift.objects.filter(branch_id=branch_id, user__is_active=True).select_related("user")
    weeks = weeks_of(shifts)
    users = {shift.user_id: shift.user for shift in shifts}
    here = [users[user_id] for (user_id, _branch), week in weeks.items() if week.is_working(now)]
    return sorted(here, key=lambda user: user.username)


def weeks_of(shifts: "QuerySet[Shift]") -> dict[tuple[int, int], WorkWeek]:
    """Return the working week of each person at each branch, by (user, branch), with the days away. Two queries."""
    rows: dict[tuple[int, int], list[Shift]] = defaultdict(list)
    for shift in shifts:
        rows[shift.user_id, shift.branch_id].append(shift)
    away = days_away({user_id for user_id, _branch_id in rows})
    return {
        key: WorkWeek(zone(), by_weekday((s.weekday, s.starts, s.ends) for s in found), away.get(key[0], ()))
        for key, found in rows.items()
    }


def days_away(user_ids: Collection[int]) -> dict[int, list[tuple[date, date]]]:
    """Return the absences of each of `user_ids` as first and last days. One query."""
    found: dict[int, list[tuple[date, date]]] = defaultdict(list)
    rows = Absence.objects.filter(user_id__in=user_ids).order_by("from_on")
    for user_id, first, last in rows.values_list("user_id", "from_on", "until_on"):
        found[user_id].append((first, last))
    return found


@dataclass(frozen=True)
class Person:
    """A member of staff in the list of staff hours: the week in hours, and how today stands."""

    user: User
    shifts: list[Shift]
    absences: list[Absence]
    is_off: bool

    @property
    def minutes(self) -> int:
        """The minutes that the week has, on the wall's clock."""
        return sum(length(shift.starts, shift.ends) for shift in self.shifts)


def people(users: Iterable[User], now: datetime) -> list[Person]:
    """Return `users` with their weeks and the absences that are not over. Five queries."""
    found = list(users)
    ids = [user.pk for user in found]
    shifts, absences = defaultdict(list), defaultdict(list)
    for shift in Shift.objects.filter(user_id__in=ids).select_related("branch").order_by("weekday", "starts"):
        shifts[shift.user_id].append(shift)
    today = timezone.localtime(now).date()
    for absence in Absence.objects.filter(user_id__in=ids, until_on__gte=today).order_by("from_on"):
        absences[absence.user_id].append(absence)
    off = off_today(ids, now)
    return [Person(user, shifts[user.pk], absences[user.pk], user.pk in off) for user in found]
