"""Why a booking may not be made: one small function per rule, each a Problem or None. No ORM, no clock."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helpdesk import words
from reservations.calendar import Calendar
from reservations.rules.problem import Problem
from reservations.rules.slot import Slot


@dataclass(frozen=True)
class Busy:
    """A span in which a device or a person is taken; `end` None is open. `repair`: out of service."""

    start: datetime
    end: datetime | None
    repair: bool = False
    over: bool = False  # already ended: only the cleaning gap after it still counts


@dataclass(frozen=True)
class PolicyFacts:
    """The limits that hold for this patron on this device, in minutes and days."""

    session: int
    day: int
    horizon_days: int
    open_bookings: int
    grace: int
    min_slot: int
    gap: int
    stop: int


@dataclass(frozen=True)
class DeviceFacts:
    label: str
    bookable: bool
    walk_up_only: bool
    counts_toward_day: bool
    least_age: int
    greatest_age: int
    busy: Sequence[Busy] = ()


@dataclass(frozen=True)
class PatronFacts:
    """`ages` is the youngest and oldest age of the band; `used` the minutes by branch day, booked ones included."""

    ages: tuple[int, int]
    open_bookings: int = 0
    used: dict[date, int] = field(default_factory=dict)
    busy: Sequence[Busy] = ()
    blocked_until: datetime | None = None
    walk_up_only_until: datetime | None = None


@dataclass(frozen=True)
class Asked:
    """What is asked: a slot on a device; `walk_up` when the patron sits down now."""

    slot: Slot
    now: datetime
    device: DeviceFacts
    patron: PatronFacts
    policy: PolicyFacts
    calendar: Calendar
    walk_up: bool = False

    @property
    def day(self) -> date:
        return self.calendar.branch_day(self.slot.start)

    @property
    def today(self) -> date:
        return self.calendar.branch_day(self.now)

    def day_left(self) -> int:
        """Minutes of the day's allowance that are left before this booking."""
        return max(0, self.policy.day - self.patron.used.get(self.day, 0))


def booking_problems(asked: Asked) -> list[Problem]:
    """Return every rule that `asked` breaks, the most telling first; empty when it may be booked."""
    return [problem for rule in RULES if (problem := rule(asked)) is not None]


def _device_rule(asked: Asked) -> Problem | None:
    if asked.device.bookable:
        return None
    return Problem(
        "not_bookable",
        _("%(device)s is not booked by the minute.") % {"device": asked.device.label},
        _("Device class: bookable"),
        lift_by="",
    )


def _past(asked: Asked) -> Problem | None:
    if asked.slot.start >= asked.now or asked.walk_up:
        return None
    return Problem(
        "past",
        _("%(time)s is over.") % {"time": words.moment(asked.slot.start, asked.now)},
        _("A booking starts now or later"),
        next_at=asked.now,
        lift_by="",
    )


def _blocked(asked: Asked) -> Problem | None:
    until = asked.patron.blocked_until
    if until is None or until <= asked.slot.start:
        return None
    return Problem(
        "blocked",
        _("Booking with this card needs a word with our staff first."),
        _("Card blocked until"),
        words.moment(until, asked.now),
        next_at=until,
        lift_by="manager",
    )


def _age(asked: Asked) -> Problem | None:
    low, high = asked.patron.ages
    if low >= asked.device.least_age and high <= asked.device.greatest_age:
        return None
    return Problem(
        "age",
        _("Seat %(seat)s is kept for another age group.") % {"seat": asked.device.label},
        _("Device class: ages"),
        f"{asked.device.least_age} - {asked.device.greatest_age}",
    )


def _walk_up_class(asked: Asked) -> Problem | None:
    if asked.walk_up or not asked.device.walk_up_only:
        return None
    return Problem(
        "walk_up_class",
        _("Seat %(seat)s cannot be booked ahead. Sit down there when it is free.") % {"seat": asked.device.label},
        _("Device class: walk up only"),
        next_at=asked.now,
    )


def _walk_up_patron(asked: Asked) -> Problem | None:
    until = asked.patron.walk_up_only_until
    if asked.walk_up or until is None or until <= asked.now:
        return None
    return Problem(
        "walk_up_patron",
        _("Until %(time)s this card can use seats that are free now, not book ahead.")
        % {"time": words.moment(until, asked.now)},
        _("Walk-up only after missed bookings"),
        next_at=asked.now,
    )


def _horizon(asked: Asked) -> Problem | None:
    days = asked.policy.horizon_days
    last = asked.today + timedelta(days=days)
    if asked.day <= last:
        return None
    sentence = ngettext("Seats can be booked %(days)d day ahead.", "Seats can be booked %(days)d days ahead.", days)
    opening = next(iter(asked.calendar.open_spans(last)), None)
    return Problem(
        "too_far",
        sentence % {"days": days},
        _("Days ahead"),
        str(days),
        next_at=opening[0] if opening else None,
    )


def _closed(asked: Asked) -> Problem | None:
    if asked.calendar.span_at(asked.slot.start):
        return None
    opening = asked.calendar.next_opening(asked.slot.start)
    return Problem(
        "closed",
        _("The library is closed at %(time)s.") % {"time": words.moment(asked.slot.start, asked.now)},
        _("Opening hours"),
        next_at=opening,
        lift_by="manager",
    )


def _closing(asked: Asked) -> Problem | None:
    span = asked.calendar.span_at(asked.slot.start)
    if span is None:
        return None
    usable = asked.calendar.cut(span, asked.policy.stop)
    end = usable[1] if usable else span[0]
    if asked.slot.end <= end:
        return None
    left = (end - asked.slot.start) // timedelta(minutes=1)
    fits = left >= asked.policy.min_slot
    following = next((s for s, _e in asked.calendar.spans_from(span[1]) if s >= span[1]), None)
    return Problem(
        "closing",
        _("%(length)s at %(time)s goes past %(end)s, when the computers stop.")
        % {
            "length": words.length(asked.slot.minutes),
            "time": words.clock(asked.slot.start),
            "end": words.clock(end),
        },
        _("Computers stop before closing"),
        words.length(asked.policy.stop),
        next_at=asked.slot.start if fits else following,
        next_minutes=left if fits else None,
        lift_by="manager",
    )


def _too_short(asked: Asked) -> Problem | None:
    least = asked.policy.min_slot
    if asked.slot.minutes >= least:
        return None
    return Problem(
        "too_short",
        _("A booking takes at least %(length)s.") % {"length": words.length(least)},
        _("Shortest useful slot"),
        words.length(least),
        next_at=asked.slot.start,
        next_minutes=least,
    )


def _too_long(asked: Asked) -> Problem | None:
    most = asked.policy.session
    if asked.slot.minutes <= most:
        return None
    return Problem(
        "too_long",
        _("%(length)s is longer than one booking of %(most)s.")
        % {"length": words.length(asked.slot.minutes), "most": words.length(most)},
        _("Session length"),
        words.length(most),
        next_at=asked.slot.start,
        next_minutes=most,
    )


def _open_bookings(asked: Asked) -> Problem | None:
    most = asked.policy.open_bookings
    if asked.walk_up or asked.patron.open_bookings < most:
        return None
    sentence = ngettext(
        "You have %(count)d booking, and %(count)d is the most at a time.",
        "You have %(count)d bookings, and %(count)d are the most at a time.",
        most,
    )
    return Problem("too_many", sentence % {"count": most}, _("Open bookings"), str(most))


def _day_limit(asked: Asked) -> Problem | None:
    left = asked.day_left()
    if not asked.device.counts_toward_day or asked.slot.minutes <= left:
        return None
    fits = left >= asked.policy.min_slot
    following = next(
        (s for s, _e in asked.calendar.spans_from(asked.slot.start) if asked.calendar.branch_day(s) > asked.day),
        None,
    )
    whose = _("today's") if asked.day == asked.today else _("that day's")
    return Problem(
        "day_limit",
        _("%(length)s at %(time)s does not fit in %(whose)s %(limit)s.")
        % {
            "length": words.length(asked.slot.minutes),
            "time": words.clock(asked.slot.start),
            "whose": whose,
            "limit": words.length(asked.policy.day),
        },
        _("Minutes a day"),
        words.length(asked.policy.day),
        next_at=asked.slot.start if fits else following,
        next_minutes=left if fits else None,
        sums={
            "used": asked.policy.day - left,
            "left": left,
            "over": asked.slot.minutes - left,
            "limit": asked.policy.day,
        },
    )


def _elsewhere(asked: Asked) -> Problem | None:
    hit = next((b for b in asked.patron.busy if not b.over and asked.slot.meets(b.start, b.end)), None)
    if hit is None:
        return None
    return Problem(
        "elsewhere",
        _("You already have a seat at %(time)s.") % {"time": words.moment(hit.start, asked.now)},
        _("One seat at a time"),
        next_at=hit.end,
        lift_by="",
    )


def _taken(asked: Asked) -> Problem | None:
    hit = next((b for b in asked.device.busy if not b.over and asked.slot.meets(b.start, b.end)), None)
    if hit is None:
        return None
    values = {"seat": asked.device.label, "time": words.moment(asked.slot.start, asked.now)}
    if hit.repair:
        return Problem(
            "out",
            _("Seat %(seat)s is out of service.") % values,
            _("Out of service"),
            next_at=hit.end,
            lift_by="",
        )
    free_at = hit.end + timedelta(minutes=asked.policy.gap) if hit.end else None
    return Problem("taken", _("Seat %(seat)s is taken at %(time)s.") % values, _("Taken"), next_at=free_at, lift_by="")


def _gap(asked: Asked) -> Problem | None:
    gap = timedelta(minutes=asked.policy.gap)
    slot = asked.slot
    before = [b for b in asked.device.busy if b.end and b.end <= slot.start < b.end + gap and not b.repair]
    after = [b for b in asked.device.busy if not b.over and slot.end <= b.start < slot.end + gap and not b.repair]
    if not gap or not (before or after):
        return None
    return Problem(
        "gap",
        _("Seat %(seat)s is cleaned between two people.") % {"seat": asked.device.label},
        _("Cleaning gap"),
        words.length(asked.policy.gap),
        next_at=max(b.end for b in before if b.end) + gap if before else None,
    )


Rule = Callable[[Asked], Problem | None]

# The order is the order of telling: who and what before when, limits before the seat itself.
RULES: tuple[Rule, ...] = (
    _device_rule,
    _past,
    _blocked,
    _age,
    _walk_up_class,
    _walk_up_patron,
    _horizon,
    _closed,
    _closing,
    _too_short,
    _too_long,
    _open_bookings,
    _day_limit,
    _elsewhere,
    _taken,
    _gap,
)
