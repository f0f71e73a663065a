"""The waiting line of past weeks: who waited for a seat, what they were promised, which numbers were drawn."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from reservations.booking.numbers import letter
from reservations.calendar import Calendar
from reservations.demo.library import Library
from reservations.models import Booking, Branch, Turn
from reservations.models.line import TurnOutcome

LINES = frozenset({"harbour", "millbrook"})  # branches where people wait
SHARE = 0.3  # of walk-ups had to wait, on past days; today all of them, for the wall shows the last calls
WAITED = (6, 26)  # minutes
BROKEN = 8  # one promise in so many was not kept
MINUTE = timedelta(minutes=1)


@dataclass
class Lines:
    """The places in line of one run, not saved yet; each `offer` is the row that its person got."""

    calendars: dict[str, Calendar]
    chance: Random
    turns: list[Turn]

    def before(self, row: Booking) -> Turn | None:
        """Return the place in line that led to `row`, a walk-up or a call that nobody came for; None for most."""
        missed = row.checked_in_at is None
        has_waited = missed or row.patron is not None or self.chance.random() < SHARE
        if row.branch.slug not in LINES or not has_waited:
            return None
        called = row.start if missed else row.start - MINUTE * self.chance.randrange(0, 4)
        joined = row.start - MINUTE * self.chance.randrange(*WAITED)
        calendar = self.calendars[row.branch.slug]
        if calendar.span_at(joined) is None or calendar.branch_day(joined) != calendar.branch_day(row.start):
            return None
        turn = _place(row, joined, calendar.branch_day(joined))
        turn.offer, turn.first_called_at, turn.called_at = row, called, called
        turn.ended_at = row.ended_at if missed else row.start
        turn.outcome = TurnOutcome.MISSED if missed else TurnOutcome.SEATED
        self._promise(turn, called)
        self.turns.append(turn)
        return turn

    def _promise(self, turn: Turn, called: datetime) -> None:
        """Set what was promised when the place was taken: a range in fives of minutes that most calls kept."""
        waited = (called - turn.joined_at) // MINUTE
        broken = len(self.turns) % BROKEN == BROKEN - 1
        high = max(1, (waited - 1) // 5 * 5) if broken else -(-waited // 5) * 5 + 5 * self.chance.randrange(0, 2)
        low = min(high, high // 2 // 5 * 5)
        turn.promised_low_at, turn.promised_high_at = turn.joined_at + low * MINUTE, turn.joined_at + high * MINUTE
        turn.expected_low_at, turn.expected_high_at = turn.promised_low_at, turn.promised_high_at


def _place(row: Booking, joined: datetime, on: date) -> Turn:
    asked = row.booked_period.upper - row.booked_period.lower
    return Turn(
        branch=row.branch,
        on=on,
        patron=row.patron,
        minutes=max(1, asked // MINUTE),
        joined_at=joined,
        place_at=joined,
        expected_device=row.device,
    )


def draw_numbers(library: Library, rows: Iterable[Booking], turns: Iterable[Turn], *, now: datetime) -> None:
    """Give each place in line and each walk-up its number, in the order in which they came; today goes on from there.

    A walk-up that waited keeps the number of its place.
    """
    waited = {id(turn.offer): turn for turn in turns}
    days: dict[tuple[str, date], list[Booking]] = {}
    for row in (row for row in rows if row.walk_up):
        day = library.calendars[row.branch.slug].branch_day(row.start)
        days.setdefault((row.branch.slug, day), []).append(row)
    for (_slug, day), drawing in days.items():
        drawing.sort(key=lambda row: (_came(row, waited.get(id(row))), row.device_id))
        for count, row in enumerate(drawing, start=1):
            row.number = f"{letter(day)}{count:02d}"
            if turn := waited.get(id(row)):
                turn.number = row.number
    for slug, branch in library.branches.items():
        today = library.calendars[slug].branch_day(now)
        drawn = len(days.get((slug, today), ()))
        Branch.objects.filter(pk=branch.pk).update(numbers_on=today, numbers_drawn=drawn)


def _came(row: Booking, turn: Turn | None) -> datetime:
    return turn.joined_at if turn else row.start
