"""Measures the line's promise on a simulated month: people come, wait, leave early, miss calls; time is simulated.

Everything is done by the product's own verbs at the simulated moments; how long people stay and how many come is drawn
from a seeded generator that the product never sees.
"""

import random
import statistics
import uuid
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from bench.stand import report
from bench.world import make_branch, make_patrons
from helpdesk.actor import patron
from reservations.booking.dispatch import advance
from reservations.booking.line import claim, join, leave
from reservations.booking.seat import finish, start_now
from reservations.calendars import zone
from reservations.models import Booking, Branch, OpeningHours, Patron, Turn
from reservations.pace import KeptPromises, kept_promises, learn
from reservations.rules.problem import Refused

SEATS = 12
DAYS = 30
QUICK_DAYS = 5
STEP = timedelta(minutes=1)
COME = (4, 8, 14, 18, 20, 22, 24, 20, 14, 8)  # people an hour, from opening
STAY_TO_THE_END, LEAVES_THE_LINE, MISSES_A_CALL = 0.35, 0.12, 0.08
BY = patron()


@dataclass
class Month:
    """The simulated library: who is on the way, who sits until when, who waits and how they will behave."""

    branch: Branch
    chance: random.Random
    people: list[Patron]
    leaves: dict[int, datetime] = field(default_factory=dict)
    gives_up: dict[int, datetime] = field(default_factory=dict)
    misses: set[int] = field(default_factory=set)
    joined: int = 0

    def sit(self, booking: Booking, now: datetime) -> None:
        """Decide how long somebody stays who has just sat down."""
        assert booking.end is not None
        if self.chance.random() > STAY_TO_THE_END:
            planned = (booking.end - now) / STEP
            self.leaves[booking.pk] = now + STEP * max(3, planned * self.chance.betavariate(2, 1.3))

    def come(self, now: datetime) -> None:
        """Let the next person take a seat, or a place in line where none is free."""
        who = self.people.pop()
        asked = {"branch_id": self.branch.pk, "patron": who, "by": BY, "now": now}
        try:
            self.sit(start_now(**asked, request_key=uuid.uuid4()), now)
        except Refused:
            self.wait(asked, now)

    def wait(self, asked: dict[str, object], now: datetime) -> None:
        try:
            turn = join(**asked, request_key=uuid.uuid4())  # type: ignore[arg-type]
        except Refused:
            return
        self.joined += 1
        if self.chance.random() < LEAVES_THE_LINE:
            self.gives_up[turn.pk] = now + STEP * self.chance.randrange(2, 25)
        if self.chance.random() < MISSES_A_CALL:
            self.misses.add(turn.pk)

    def minute(self, now: datetime) -> None:
        """Let one minute pass: people leave, give up, are called, sit down."""
        for pk, at in list(self.leaves.items()):
            if at <= now:
                del self.leaves[pk]
                _unless_refused(finish, booking=Booking.objects.get(pk=pk), by=BY, now=now)
        for turn in Turn.objects.open().filter(branch=self.branch).select_related("offer"):
            if turn.offer and turn.called_at and now - turn.called_at >= STEP and turn.pk not in self.misses:
                booking = _unless_refused(claim, turn=turn, by=BY, now=now)
                if isinstance(booking, Booking):
                    self.sit(booking, now)
            elif not turn.offer and self.gives_up.get(turn.pk, now + STEP) <= now:
                _unless_refused(leave, turn=turn, by=BY, now=now)
        advance(branch_id=self.branch.pk, now=now)


def _unless_refused(verb: object, **words: object) -> object:
    try:
        return verb(**words)  # type: ignore[operator]
    except Refused:
        return None


def run(*, quick: bool) -> None:
    """Print the share of kept promises of a simulated month, and how many people were promised a time."""
    days = QUICK_DAYS if quick else DAYS
    first = datetime(2026, 9, 1, tzinfo=zone())
    branch = make_branch("promise", seats=SEATS, now=first, extension="asked")
    OpeningHours.objects.filter(branch=branch).update(opens=time(9), closes=time(19))
    month = Month(branch, random.Random(7), make_patrons(days * 260, now=first))  # noqa: S311  (no secret)
    shares = []
    for day in range(days):
        opening = first + timedelta(days=day, hours=9)
        learn(branch_id=branch.pk, now=opening)
        for minute in range(10 * 60):
            now = opening + STEP * minute
            for _person in range(_poisson(month.chance, COME[minute // 60] / 60)):
                month.come(now)
            month.minute(now)
        shares.append(kept_promises(branch.pk, now=opening + timedelta(hours=12)))
    _print(month, shares[-1], days)


def _print(month: Month, kept: KeptPromises | None, days: int) -> None:
    """Print how many promises were kept, how wide they were, and how long people waited."""
    called = Turn.objects.filter(branch=month.branch, first_called_at__isnull=False, promised_high_at__isnull=False)
    told = [(turn.promised_low_at, turn.promised_high_at, turn.first_called_at, turn.joined_at) for turn in called]
    inside = sum(1 for low, high, at, _joined in told if low <= at <= high)
    report(
        "promise.kept",
        kept.share if kept else 0,
        "share",
        days=days,
        seats=SEATS,
        promises=kept.samples if kept else 0,
        joined=month.joined,
        within_the_range=round(inside / len(told), 2) if told else None,
    )
    report("promise.width", _middle([high - low for low, high, _at, _joined in told]), "min")
    report("promise.wait", _middle([at - joined for _low, _high, at, joined in told]), "min")


def _middle(spans: list[timedelta]) -> float:
    return statistics.median(spans) / STEP if spans else 0


def _poisson(chance: random.Random, mean: float) -> int:
    """Return how many come in a minute in which `mean` come on average."""
    many, left = 0, chance.expovariate(1)
    while left < mean:
        many += 1
        left += chance.expovariate(1)
    return many
