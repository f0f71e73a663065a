"""Every write on staff hours: a person's working week, and the days on which they are away."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from helpdesk.actor import Actor
from helpdesk.db import refused_by
from helpdesk.live import touch
from helpdesk.models import Role, User
from helpdesk.week import Weekday
from reservations.public import branches_seen
from troubleshooting.lifecycle.moves import TicketRefused
from troubleshooting.models import Absence, Shift
from troubleshooting.models.staffing import AbsenceReason
from troubleshooting.one_to_ones.hits import WouldHit, hits
from troubleshooting.staffing import days_away, weeks_of, zone
from troubleshooting.staffing_calendar import WorkWeek, by_weekday, overlapping

LONGEST = timedelta(days=366)  # of one absence: a longer one is a slip of the year


@dataclass(frozen=True)
class ShiftLine:
    """One stretch of a week as it was typed, local time; `weekday` 0 is Monday."""

    branch_id: int
    weekday: int
    starts: time
    ends: time

    @property
    def said(self) -> str:
        """The stretch as people say it: "Tuesday 09:00 to 17:00"."""
        return _("%(day)s %(starts)s to %(ends)s") % {
            "day": Weekday(self.weekday).label,
            "starts": f"{self.starts:%H:%M}",
            "ends": f"{self.ends:%H:%M}",
        }


@transaction.atomic
def set_week(*, user_id: int, lines: Sequence[ShiftLine], by: Actor, now: datetime, seen: str = "") -> list[Shift]:
    """Make `lines` the whole working week of a person and return its shifts; what stays keeps its row.

    One-to-ones that do not fit any more stay, and stand on the reference page among those to be told; `seen` says that
    they were shown. Raises WouldHit before, and TicketRefused: not_yours (managers only), unknown_branch, empty_shift,
    overlapping.
    """
    if by.role != Role.MANAGER:
        raise TicketRefused("not_yours", _("Managers set staff hours. Ask one to change them."))
    person = _locked(user_id)
    _check_week(person, lines)
    before = _weeks(person)
    after = {pk: replace(_empty(person), shifts=by_weekday(_times(lines, pk))) for pk in {li.branch_id for li in lines}}
    _check_seen(person, before, after, now, seen)
    stored = {
        ShiftLine(shift.branch_id, shift.weekday, shift.starts, shift.ends): shift
        for shift in Shift.objects.filter(user=person)
    }
    gone = [shift.pk for line, shift in stored.items() if line not in lines]
    Shift.objects.filter(pk__in=gone).delete()
    new = [Shift(user=person, **vars(line)) for line in lines if line not in stored]
    with refused_by("shifts_of_a_person_do_not_overlap", _overlap(lines)):
        Shift.objects.bulk_create(new)
    _wake({line.branch_id for line in {*stored, *lines}})
    return list(Shift.objects.filter(user=person))


@transaction.atomic
def add_absence(
    *, user_id: int, from_on: date, until_on: date, reason: str, by: Actor, now: datetime, seen: str = ""
) -> Absence:
    """Note that a person is away from `from_on` to `until_on`, both included, and return it; the same again is one.

    One-to-ones on these days stay, and stand among those to be told; `seen` says that they were shown. Raises WouldHit
    before, and TicketRefused: not_yours (managers and the person), unknown_choice, absence_backwards, absence_over,
    absence_too_long, already_away.
    """
    _check_person(user_id, by)
    _check_days(from_on, until_on, reason, now)
    person = _locked(user_id)
    same = Absence.objects.filter(user=person, from_on=from_on, until_on=until_on, reason=reason).first()
    if same is not None:
        return same
    before = _weeks(person)
    away = (from_on, until_on)
    _check_seen(person, before, {pk: replace(w, away=[*w.away, away]) for pk, w in before.items()}, now, seen)
    absence = Absence(user=person, from_on=from_on, until_on=until_on, reason=reason)
    refusal = TicketRefused("already_away", _("On one of these days they are away already. Choose the other days."))
    with refused_by("absences_of_a_person_do_not_overlap", refusal):
        absence.save()
    _wake(set(person.shifts.values_list("branch_id", flat=True)))
    return absence


@transaction.atomic
def remove_absence(*, absence_id: int, by: Actor, now: datetime) -> None:
    """Take an absence away: the person works as their week says. Doing it twice changes nothing.

    Raises TicketRefused: not_yours (managers and the person).
    """
    absence = Absence.objects.select_for_update().filter(pk=absence_id).first()
    if absence is None:
        return
    _check_person(absence.user_id, by)
    branches = set(Shift.objects.filter(user_id=absence.user_id).values_list("branch_id", flat=True))
    absence.delete()
    _wake(branches)


def _locked(user_id: int) -> User:
    """Lock and return the person: weeks, absences and appointments of one person are written one after the other."""
    return User.objects.select_for_update(no_key=True).get(pk=user_id)


def _weeks(person: User) -> dict[int, WorkWeek]:
    """Return the person's weeks by branch id. Two queries."""
    return {branch_id: week for (_user, branch_id), week in weeks_of(Shift.objects.filter(user=person)).items()}


def _empty(person: User) -> WorkWeek:
    """Return a week without shifts, with the person's days away."""
    return WorkWeek(zone(), {}, days_away([person.pk]).get(person.pk, ()))


def _times(lines: Sequence[ShiftLine], branch_id: int) -> list[tuple[int, time, time]]:
    return [(line.weekday, line.starts, line.ends) for line in lines if line.branch_id == branch_id]


def _check_seen(
    person: User, before: dict[int, WorkWeek], after: dict[int, WorkWeek], now: datetime, seen: str
) -> None:
    """Raise WouldHit where one-to-ones would not fit any more and have not been shown as `seen` says."""
    found = hits(person.pk, before, after, now)
    if found.appointments and found.seen != seen:
        raise WouldHit(found, _("One-to-ones are booked then. Look at them, then save."))


def _check_person(user_id: int, by: Actor) -> None:
    if by.role != Role.MANAGER and by.user_id != user_id:
        raise TicketRefused("not_yours", _("Only they themselves and managers say when somebody is away."))


def _check_week(person: User, lines: Sequence[ShiftLine]) -> None:
    known = {branch.pk for branch in branches_seen(person)}
    for line in lines:
        if line.branch_id not in known:
            raise TicketRefused(
                "unknown_branch",
                _("%(shift)s: they do not work at this branch. Choose another.") % {"shift": line.said},
            )
        if line.starts == line.ends:
            raise TicketRefused(
                "empty_shift", _("%(shift)s: it ends when it starts. Change one of the two.") % {"shift": line.said}
            )
    if overlapping((line.weekday, line.starts, line.ends) for line in lines):
        raise _overlap(lines)


def _overlap(lines: Sequence[ShiftLine]) -> TicketRefused:
    found = overlapping((line.weekday, line.starts, line.ends) for line in lines)
    said = ShiftLine(0, *found).said if found else ""
    sentence = _("%(shift)s begins before another one has ended: nobody is in two places. Change one of them.")
    return TicketRefused("overlapping", sentence % {"shift": said})


def _check_days(from_on: date, until_on: date, reason: str, now: datetime) -> None:
    if reason not in AbsenceReason.values:
        raise TicketRefused("unknown_choice", _("Choose one of the shown."))
    if until_on < from_on:
        raise TicketRefused("absence_backwards", _("The last day comes before the first one. Change one of the two."))
    if until_on < timezone.localtime(now).date():
        raise TicketRefused("absence_over", _("These days are over. Choose days from today on."))
    if until_on - from_on > LONGEST:
        raise TicketRefused("absence_too_long", _("That is more than a year. Look at the year, or type it in two."))


def _wake(branch_ids: set[int]) -> None:
    """Give the screens of the branches new tokens on commit."""
    touch(*(f"{screen}:{pk}" for pk in sorted(branch_ids) for screen in ("desk", "reference")))
