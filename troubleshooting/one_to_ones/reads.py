"""Reads of one-to-ones: what is free, what stands today, whom to tell, what was held."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.http import Http404
from django.utils import timezone

from helpdesk.models import User
from helpdesk.roles import REFERENCE_ROLES
from reservations.public import Calendar, calendars_of, period
from troubleshooting.models import Appointment, Category, Shift
from troubleshooting.models.appointment import AppointmentOutcome, AppointmentQuerySet, Where
from troubleshooting.models.category import Kind, Tier
from troubleshooting.one_to_ones import rules
from troubleshooting.one_to_ones.rules import Slot
from troubleshooting.staffing import weeks_of
from troubleshooting.staffing_calendar import Span, WorkWeek

if TYPE_CHECKING:
    from reservations.models import Branch


def free_slots(branch_id: int, *, now: datetime, notice: bool, without: int | None = None) -> list[Slot]:
    """Return the slots of the branch from now on for DAYS_AHEAD days, in order. Four queries.

    `notice`: only those that begin KIOSK_NOTICE from now or later. `without` is a one-to-one that is to be moved, whose
    own time counts as free.
    """
    calendar = calendars_of([branch_id])[branch_id]
    weeks = librarians_at(branch_id)
    return rules.slots(
        calendar,
        weeks,
        taken_by(weeks, now, without=without),
        first=calendar.branch_day(now),
        days=rules.DAYS_AHEAD,
        earliest=now + rules.KIOSK_NOTICE if notice else now,
    )


def topics(also: Category | None = None) -> list[Category]:
    """Return what a one-to-one can be about, and `also` what the question at hand is about. One query."""
    found = Category.objects.filter(tier__in=[Tier.DESK, Tier.REFERENCE]).exclude(kind=Kind.DIRECTIONAL)
    listed = list(found)
    return listed if also is None or also in listed else [*listed, also]


def kiosk_topics() -> list[Category]:
    """Return what people can book a librarian for by themselves: what reference takes. One query."""
    return list(Category.objects.filter(tier=Tier.REFERENCE))


def librarians_at(branch_id: int) -> dict[int, WorkWeek]:
    """Return the weeks of the branch's active reference staff, by user id. Two queries."""
    found = Shift.objects.filter(branch_id=branch_id, user__is_active=True, user__role__in=REFERENCE_ROLES)
    return {user_id: week for (user_id, _branch), week in weeks_of(found).items()}


def taken_by(user_ids: Collection[int], now: datetime, *, without: int | None = None) -> Mapping[int, list[Span]]:
    """Return what each librarian has open from `now` on, at whatever branch. One query."""
    to_come = Appointment.objects.open().filter(librarian_id__in=user_ids, period__overlap=period(now, None))
    rows = to_come.exclude(pk=without or 0)
    found: dict[int, list[Span]] = defaultdict(list)
    for row in rows.only("librarian_id", "period"):
        found[row.librarian_id].append((row.start, row.end))
    return found


def by_day(slots: Iterable[Slot]) -> dict[date, list[Slot]]:
    """Return slots by their local day, in order."""
    found: dict[date, list[Slot]] = defaultdict(list)
    for slot in slots:
        found[timezone.localtime(slot.start).date()].append(slot)
    return dict(found)


@dataclass(frozen=True)
class Line:
    """A one-to-one as a list shows it. `why` it does not fit any more: closed, away, hours or seat."""

    appointment: Appointment
    why: str
    now: datetime

    @property
    def is_soon(self) -> bool:
        """Whether it begins within SOON or has begun, and nobody has said that they are here."""
        one = self.appointment
        return not self.why and one.arrived_at is None and one.start - rules.SOON <= self.now < one.end

    @property
    def has_begun(self) -> bool:
        return self.appointment.start <= self.now

    @property
    def is_near(self) -> bool:
        """Whether it is time to say if they have come: from an hour before."""
        return self.appointment.start - rules.NEAR <= self.now

    @property
    def is_over(self) -> bool:
        """Whether its time is over and what became of it is not recorded."""
        return self.appointment.end <= self.now


@dataclass(frozen=True)
class Today:
    """The one-to-ones of a branch: today's, older ones that nobody has recorded, and whom to tell."""

    lines: list[Line]
    to_tell: list[Line]


def today_at(branch_id: int, now: datetime) -> Today:
    """Return what stands at the branch today, and what of the days to come does not fit any more. At most four queries.

    Whether it fits is read, not stored: hours of the branch, weeks and absences may change in any way.
    """
    rows = list(_shown().open().filter(branch_id=branch_id).order_by("period", "pk"))
    if not rows:
        return Today([], [])
    calendar = calendars_of([branch_id])[branch_id]
    lines = fitting(rows, calendar, librarians_at(branch_id), now)
    today = calendar.branch_day(now)
    return Today(
        [line for line in lines if line.appointment.on <= today and not line.why],
        [line for line in lines if line.why],
    )


def fitting(
    rows: Iterable[Appointment], calendar: Calendar, weeks: Mapping[int, WorkWeek], now: datetime
) -> list[Line]:
    """Return open one-to-ones with why they do not fit; what has begun is never asked again."""
    return [Line(row, _why(row, calendar, weeks, now), now) for row in rows]


def _why(row: Appointment, calendar: Calendar, weeks: Mapping[int, WorkWeek], now: datetime) -> str:
    if row.start <= now or row.arrived_at is not None:
        return ""
    has_seat = row.where != Where.SEAT or (row.seat is not None and row.seat.ended_at is None)
    return rules.fits((row.start, row.end), calendar, weeks.get(row.librarian_id)) or ("" if has_seat else "seat")


def next_at(branch_id: int, now: datetime) -> Appointment | None:
    """Return the first one-to-one that begins within SOON, or has begun while nobody has come. One query."""
    soon = Appointment.objects.open().filter(
        branch_id=branch_id,
        arrived_at=None,
        period__startswith__lte=now + rules.SOON,
        period__endswith__gt=now,
    )
    return soon.select_related("category", "seat__device").order_by("period", "pk").first()


def appointment_for(user: User, pk: int) -> Appointment:
    """Return the one-to-one if `user` may see it, with what its page draws; else Http404."""
    found = _shown().visible_to(user).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def made_at_kiosk(branch: "Branch", key: UUID) -> Appointment:
    """Return what was booked under the unguessable `key` that a kiosk of the branch was given; else Http404."""
    found = _shown().filter(branch=branch, by_kind="patron", request_key=key).first()
    if found is None:
        raise Http404
    return found


@dataclass(frozen=True)
class Held:
    """What a branch held in a month: sessions, their minutes, and how often nobody came."""

    held: int
    minutes: int
    not_come: int


def held_in(branch_id: int, month: date) -> Held:
    """Return the one-to-ones of the branch in the month of `month`; a move counts once, where it took place. One query.

    They are counted as questions too, each once, by the record that `hold_appointment` writes.
    """
    rows = Appointment.objects.filter(branch_id=branch_id, on__year=month.year, on__month=month.month)
    done = rows.filter(outcome__in=[AppointmentOutcome.HELD, AppointmentOutcome.NOT_COME])
    found = list(done.only("outcome", "period"))
    held = [row for row in found if row.outcome == AppointmentOutcome.HELD]
    return Held(len(held), sum(row.minutes for row in held), len(found) - len(held))


def _shown() -> AppointmentQuerySet:
    return Appointment.objects.select_related(
        "librarian", "branch", "category", "seat__device", "seat__patron", "ticket"
    )
