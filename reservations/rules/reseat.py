"""Who goes to which seat when seats are taken away, and which seat could take a row at all. No ORM, no clock."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from reservations.rules.facts import Busy, DeviceFacts

MINUTE = timedelta(minutes=1)
SAVE = MINUTE  # to save one's work


@dataclass(frozen=True)
class Sitter:
    """Somebody who needs another seat: from when to when, of which class, and what it must have.

    `key` names them in the plan. Who is `running` sits there now: their `start` is when they go, their minutes those
    that remain then. `booked_at` is when they booked.
    """

    start: datetime
    end: datetime
    kind: int
    needs: frozenset[str] = frozenset()
    key: int = 0
    running: bool = False
    booked_at: datetime | None = None


class Fairness(NamedTuple):
    """The order of choosing: who sits there now, then who booked first; ties by the row that was written first."""

    waits: bool
    booked_at: datetime
    key: int


class Plainness(NamedTuple):
    """The order of the seats: a whole one, then one with the fewest extras, which stay for who needs them."""

    lacks: int
    features: int
    place: int


@dataclass(frozen=True)
class Plan:
    """Which seat each person goes to, and who goes nowhere; both in the order of choosing."""

    moves: Mapping[int, int] = field(default_factory=dict)
    left: tuple[int, ...] = ()


def plan(people: Iterable[Sitter], seats: Mapping[int, DeviceFacts], gap: int) -> Plan:
    """Give each of `people`, the fairest first, the plainest of `seats` that takes them at their own times.

    `seats` are those that may be given, by key and in the room's order, taken as they are now; `gap` are the minutes
    of cleaning around each row. Nobody's time, length, class or need changes; who fits nowhere is left.
    """
    free = dict(seats)
    moves: dict[int, int] = {}
    left: list[int] = []
    for sitter in sorted(people, key=fairness):
        seat = seat_for(sitter, free, gap)
        if seat is None:
            left.append(sitter.key)
            continue
        moves[sitter.key] = seat
        free[seat] = replace(free[seat], busy=[*free[seat].busy, Busy(sitter.start, sitter.end)])
    return Plan(moves, tuple(left))


def fairness(sitter: Sitter) -> Fairness:
    """Return the place of `sitter` in the order of choosing."""
    return Fairness(not sitter.running, sitter.booked_at or sitter.start, sitter.key)


def seat_for(sitter: Sitter, seats: Mapping[int, DeviceFacts], gap: int) -> int | None:
    """Return the key of the plainest of `seats` that takes `sitter`, None if none does."""
    fitting = (
        (Plainness(len(device.lacks), len(device.features), place), seat)
        for place, (seat, device) in enumerate(seats.items())
        if takes(device, sitter, gap)
    )
    found = min(fitting, key=lambda pair: pair[0], default=None)
    return found[1] if found else None


def goes_at(begins: datetime | None, now: datetime, gap: int) -> datetime:
    """Return when somebody who sits there has to go for what `begins` on their seat, with `gap` minutes of cleaning.

    Never sooner than it needs: where it begins now, or it is not known when (None), at once.
    """
    if begins is None or begins <= now:
        return now
    return min(begins, max(now + SAVE, begins - gap * MINUTE))


def takes(device: DeviceFacts, sitter: Sitter, gap: int) -> bool:
    """Return whether `device` could take `sitter` at their own times, with `gap` minutes of cleaning around them."""
    if not device.bookable or device.kind != sitter.kind or not sitter.needs <= device.features:
        return False
    return all(_apart(busy, sitter.start, sitter.end, gap * MINUTE) for busy in device.busy)


def _apart(busy: Busy, start: datetime, end: datetime, gap: timedelta) -> bool:
    """Return whether a span leaves [start, end) free; a repair needs no cleaning around it."""
    around = timedelta() if busy.repair else gap
    after = busy.end is not None and busy.end + around <= start
    return after or (not busy.over and end + around <= busy.start)
