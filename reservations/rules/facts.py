"""What the rules are told: the slot, the device, the patron, the limits, the calendar. No ORM, no clock."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from reservations.calendar import Calendar
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
    label: str  # as people say it: "Seat 3"
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
    valid_until: datetime | None = None  # of a guest pass


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
