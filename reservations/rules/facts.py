"""What the rules are told: the slot, the device, the patron, the limits, the calendar. No ORM, no clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from reservations.calendar import Calendar
from reservations.rules.slot import Slot

ACCESS = frozenset({"screen-reader", "large-keyboard", "large-screen", "raised-desk"})  # what a person may need


@dataclass(frozen=True)
class Busy:
    """A span in which a device or a person is taken; `end` None is open. `repair`: out of service."""

    start: datetime
    end: datetime | None
    repair: bool = False
    over: bool = False  # already ended: only the cleaning gap after it still counts


@dataclass(frozen=True)
class PolicyFacts:
    """The limits that hold for this patron on this class of devices, in minutes and days; None is no limit."""

    session: int
    day: int
    horizon_days: int
    open_bookings: int
    grace: int
    min_slot: int
    gap: int
    stop: int
    last_booking: int = 0  # bookings end so long before closing; never less than `stop`
    week: int | None = None
    sessions_a_day: int | None = None
    class_day: int | None = None  # minutes a day on this class
    class_sessions: int | None = None  # sessions a day on this class
    in_a_row: int | None = None  # sessions on this class without a pause between them
    pause: int = 0  # minutes between two sessions
    missed_count: bool = True
    horizon_in_open_days: bool = False
    ahead: str = "always"  # models.policy.Ahead
    guests_allowed: bool = True
    staff_below_age: int = 0
    least_left: int = 0
    no_shows: int | None = None
    no_show_days: int = 14
    no_show_result: str = "walk_up"  # models.policy.NoShowResult
    no_show_penalty_days: int = 7
    extension: str = "automatic"  # models.policy.Extension, "none" where the class is not extendable
    extension_minutes: int = 15
    extensions_most: int | None = None
    extension_counts: bool = True
    soft_landing: int = 15
    help: int = 15
    resume: int = 10
    when_away: str = "allowance"  # models.policy.WhenAway
    away: int = 30  # minutes a day of a card that could not be checked

    @property
    def booked_stop(self) -> int:
        """Minutes before closing at which bookings for later end."""
        return max(self.last_booking, self.stop)


@dataclass(frozen=True)
class DeviceFacts:
    label: str  # as people say it: "Seat 3"
    bookable: bool
    walk_up_only: bool
    counts_toward_day: bool
    least_age: int
    greatest_age: int
    busy: Sequence[Busy] = ()
    kind: int = 0  # primary key of its class
    supervised_below: int = 0
    access: str = "anyone"  # models.policy.Access
    features: frozenset[str] = frozenset()  # what somebody may count on, without what is broken
    lacks: frozenset[str] = frozenset()  # what is broken while the rest works


@dataclass(frozen=True)
class Use:
    """A session that limits count, or all of a past day on one class: then without `start` and `end`.

    `minutes` are those that count; `counts` says whether they count beyond their class; `sessions` is 0 for a row that
    goes on from another one and for a missed one.
    """

    day: date
    minutes: int
    sessions: int = 1
    kind: int = 0
    counts: bool = True
    no_shows: int = 0
    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True)
class PatronFacts:
    """`ages` is the youngest and oldest age of the band; `uses` are booked and used minutes, past and to come."""

    ages: tuple[int, int]
    open_bookings: int = 0
    uses: Sequence[Use] = ()
    busy: Sequence[Busy] = ()
    blocked_until: datetime | None = None
    walk_up_only_until: datetime | None = None
    valid_until: datetime | None = None  # of a guest pass
    is_guest: bool = False
    is_unverified: bool = False  # the number alone was taken, the library system did not answer

    def minutes_on(self, day: date, kind: int | None = None) -> int:
        """Return the minutes of `day` that count toward the limits, or those on one class of devices."""
        return sum(use.minutes for use in self.uses if use.day == day and self._meant(use, kind))

    def sessions_on(self, day: date, kind: int | None = None) -> int:
        """Return how many sessions of `day` count toward the limits, or those on one class of devices."""
        return sum(use.sessions for use in self.uses if use.day == day and self._meant(use, kind))

    @staticmethod
    def _meant(use: Use, kind: int | None) -> bool:
        return use.counts if kind is None else use.kind == kind


@dataclass(frozen=True)
class Asked:
    """What is asked: a slot on a device; `walk_up` when the patron sits down now.

    `needs` are the features of a seat that the person asks for; `waiting` is how many people in line this seat would
    serve before them; `full` says that no seat they could use is free now; `by_staff`: a member of staff books.
    """

    slot: Slot
    now: datetime
    device: DeviceFacts
    patron: PatronFacts
    policy: PolicyFacts
    calendar: Calendar
    walk_up: bool = False
    by_staff: bool = False
    needs: frozenset[str] = frozenset()
    waiting: int = 0
    full: bool = False
    with_adult: bool = False  # somebody whose responsible adult sits in the same room at the same time

    @property
    def day(self) -> date:
        return self.calendar.branch_day(self.slot.start)

    @property
    def today(self) -> date:
        return self.calendar.branch_day(self.now)
