"""Whom other hours of a day hit: sessions that end sooner, bookings and classes that fall away, the line."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256

from django.db.models import Q

from reservations.calendar import Calendar
from reservations.calendars import calendar_of
from reservations.facts import policy_facts
from reservations.linefacts import day_stop, waiting_of
from reservations.models import Booking, Branch, Policy, Turn
from reservations.models.booking import Kind
from reservations.period import Period, period
from reservations.rules.closing import MINUTE, Hours, Stay, fate_of, hours_of

TOUCHED = frozenset({Kind.PATRON, Kind.OFFER, Kind.CLASS})  # a maintenance goes on in a closed building
NEAR = timedelta(days=2)  # a branch day and what begins after its midnight
Stored = dict[int, tuple[Period, datetime | None]]  # as the rows are written down: period and end, by primary key


@dataclass(frozen=True)
class Hit:
    """One row whose end changes: `end` is the new one, None where it is taken away.

    `was` is the end it stands with now, None where an earlier change has taken it away already.
    """

    row: Booking
    end: datetime | None
    was: datetime | None

    @property
    def loses(self) -> bool:
        """Whether it loses something that it has now."""
        return self.was is not None and (self.end is None or self.end < self.was)

    @property
    def gains(self) -> bool:
        """Whether it gets back something that an earlier change took."""
        return self.end is not None and (self.was is None or self.end > self.was)

    @property
    def is_class(self) -> bool:
        return self.row.kind == Kind.CLASS

    @property
    def sits(self) -> bool:
        return self.row.is_running


@dataclass(frozen=True)
class Missed:
    """A row that cannot have back what it had, and why."""

    row: Booking
    why: str


@dataclass(frozen=True)
class DayPlan:
    """What changes with the hours of a branch's day `on`; `turns` are the places that wait or are called then.

    `hits` do not fit as they are or were; `back` have something again that an earlier change of the day took, and
    `missed` cannot have it.
    """

    branch: Branch
    on: date
    before: Calendar
    after: Calendar
    now: datetime
    hits: Sequence[Hit] = ()
    turns: Sequence[Turn] = ()
    back: Sequence[Hit] = ()
    missed: Sequence[Missed] = ()
    seen: str = field(default="")

    def _hits(self, test: Callable[[Hit], bool]) -> list[Hit]:
        return [hit for hit in self.hits if hit.loses and test(hit)]

    @property
    def shortened(self) -> list[Hit]:
        """Sessions that run and end sooner."""
        return self._hits(lambda hit: hit.sits)

    @property
    def cut(self) -> list[Hit]:
        """Bookings for later that end sooner."""
        return self._hits(lambda hit: not hit.sits and not hit.is_class and hit.end is not None)

    @property
    def lost(self) -> list[Hit]:
        """Bookings for later, and seats held for a number that waits on, that are taken away."""
        over = {turn.offer_id for turn in self.turns_over}
        return self._hits(lambda hit: not hit.sits and not hit.is_class and hit.end is None and hit.row.pk not in over)

    @property
    def classes(self) -> list[Hit]:
        return self._hits(lambda hit: hit.is_class)

    @property
    def classes_cut(self) -> list[Hit]:
        return [hit for hit in self.classes if hit.end is not None]

    @property
    def classes_lost(self) -> list[Hit]:
        return [hit for hit in self.classes if hit.end is None]

    @property
    def hours(self) -> Hours:
        """The openings of the day as they will be."""
        return hours_of(self.after, self.on)

    @property
    def stop(self) -> datetime | None:
        """When the computers stop on that day, None if it does not open."""
        return day_stop(self.after, self.on, self.branch.policy)

    @property
    def stops_at_once(self) -> bool:
        """Whether the computers would have stopped already: who sits has the minute to save their work."""
        return self.stop is None or self.stop <= self.now

    @property
    def turns_over(self) -> list[Turn]:
        """The places in line that end at once, because the computers have stopped."""
        return list(self.turns) if self.stops_at_once and self.is_today else []

    @property
    def turns_unlikely(self) -> list[Turn]:
        """The places in line for which no seat was in sight early enough before the new stop."""
        if not self.is_today or self.turns_over:
            return []
        waiting = [turn for turn in self.turns if turn.offer_id is None]
        return [turn for turn in waiting if not self._in_time(turn)]

    def _in_time(self, turn: Turn) -> bool:
        least = waiting_of(turn, self.branch.policy, self.on).least * MINUTE
        return bool(self.stop and turn.expected_low_at and turn.expected_low_at + least <= self.stop)

    @property
    def is_today(self) -> bool:
        return self.on == self.before.branch_day(self.now)

    @property
    def is_harmless(self) -> bool:
        return not self._hits(lambda _hit: True) and not self.turns_over

    @property
    def changes_nothing(self) -> bool:
        """Whether there is nobody of whom it has anything to say."""
        return self.is_harmless and not self.back and not self.missed


def stored(rows: Iterable[Booking]) -> Stored:
    """Return how the rows are written down now."""
    return {row.pk: (row.period, row.ended_at) for row in rows}


def plan_day(
    branch: Branch, rows: Iterable[Booking], turns: Iterable[Turn], *, before: Calendar, after: Calendar, on: date,
    now: datetime, given: Stored | None = None, missed: Sequence[Missed] = (),
) -> DayPlan:  # fmt: skip
    """Return whom the hours of `after` hit on the branch day `on`; `rows` are the branch's.

    `given` are the rows that have just been given back in memory what an earlier change took, as they are written
    down; `missed` those that could not be.
    """
    near = (row for row in rows if _is_near(row, on, before))
    hits, back = hits_of(branch, near, before=before, after=after, now=now, given=given or {})
    waiting = [turn for turn in turns if turn.ended_at is None and turn.on == on]
    seen = digest_of((on, hours_of(after, on)), [*hits, *back])
    return DayPlan(branch, on, before, after, now, hits, waiting, back, missed, seen=seen)


def hits_of(
    branch: Branch, rows: Iterable[Booking], *, before: Calendar, after: Calendar, now: datetime, given: Stored
) -> tuple[list[Hit], list[Hit]]:
    """Return which rows of the branch the hours of `after` hit, and which of `given` have something again; in order."""
    hits, back = [], []
    for row in rows:
        if row.kind not in TOUCHED or row.end is None or row.effective_end(now):
            continue
        again = row.pk in given
        stay = stay_of(row, branch.policy)
        fate = fate_of(stay, None if again else before, after, now=now, stop=branch.policy.stop_minutes)
        spared = row.block_id and row.block and row.block.also_closed
        each = Hit(row, fate.end if fate and not spared else row.end, _end_in(given, row))
        if fate and not spared:
            hits.append(each)
        if again and each.gains:
            back.append(each)
    return sorted(hits, key=_in_order), sorted(back, key=_in_order)


def _end_in(given: Mapping[int, tuple[Period, datetime | None]], row: Booking) -> datetime | None:
    """Return the end with which a row stands as it is written down, None where it has ended."""
    span, ended_at = given.get(row.pk, (row.period, row.ended_at))
    return None if ended_at else span.upper


def _in_order(hit: Hit) -> tuple[datetime, int, int]:
    return hit.row.start, hit.row.device.position, hit.row.pk


def stay_of(row: Booking, policy: Policy) -> Stay:
    """Return what opening hours need to know of a row."""
    assert row.end is not None
    guest = row.patron is not None and row.patron.is_guest
    least = policy_facts(policy, row.device.device_class_id, guest=guest).min_slot
    group = row.kind == Kind.CLASS
    return Stay(row.start, row.end, running=row.is_running, group=group, least=0 if group else least)


def _is_near(row: Booking, on: date, calendar: Calendar) -> bool:
    begins, ends = around(on, calendar)
    return row.start < ends and row.end is not None and row.end > begins


def around(on: date, calendar: Calendar) -> tuple[datetime, datetime]:
    """Return the moments between which everything of a branch day lies, and some of the next."""
    begins = datetime.combine(on, time.min, tzinfo=calendar.zone).astimezone(UTC)
    return begins, begins + NEAR


def digest_of(hours: object, hits: Collection[Hit]) -> str:
    """Return what tells one plan from another: the hours, who loses a booking or has it again, and until when.

    Who sits there is told aloud: a session that began since the page was shown is no reason to ask again.
    """
    told = [(hit.row.pk, hit.end.isoformat() if hit.end else "") for hit in hits if not hit.sits]
    return sha256(repr((hours, told)).encode()).hexdigest()[:20]


def rows_of_day(branch_id: int, on: date, calendar: Calendar, row_ids: Collection[int] = ()) -> list[Booking]:
    """Return the open rows that a plan of the day looks at, and the rows `row_ids`. One query."""
    begins, ends = around(on, calendar)
    near = Q(ended_at=None, branch_id=branch_id, kind__in=TOUCHED, period__overlap=period(begins, ends))
    rows = Booking.objects.filter(near | Q(pk__in=row_ids))
    return list(rows.select_related("device__device_class", "patron", "block").order_by("pk"))


def turns_of_day(branch_id: int, on: date) -> list[Turn]:
    """Return the open places in line of a branch day. One query."""
    return list(Turn.objects.open().filter(branch_id=branch_id, on=on).select_related("patron").in_order())


def preview_day(branch: Branch, on: date, changed: Callable[[Calendar], Calendar], *, now: datetime) -> DayPlan:
    """Return whom it hits if the calendar of `branch` becomes what `changed` makes of it. Three queries."""
    before = calendar_of(branch.pk)
    rows = rows_of_day(branch.pk, on, before)
    return plan_day(branch, rows, turns_of_day(branch.pk, on), before=before, after=changed(before), on=on, now=now)
