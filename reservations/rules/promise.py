"""The promise of the waiting line: when each person will be called, as a range. No ORM, no clock.

The line is walked twice. Early: people leave as soon as the soonest fifth of them did, and nobody misses a call.
Late: people stay as long as nine in ten did, and a call that nobody comes for holds the seat for a claim time.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil, comb

EARLY, LATE = 0.1, 0.75  # the quantiles of the two walks, as they proved themselves in `make bench NAMES=promise`
MISSES = 0.9  # the quantile of missed calls in the late walk
ENOUGH = 20  # samples from which a branch's own history stands alone


@dataclass(frozen=True)
class Pace:
    """What a branch's history says of one class of devices, or of all.

    `shares` are the 11 deciles (0 % to 100 %) of used over planned time of the ended sessions that were sat down
    to, each 0 to 1, ascending; `missed` is the share of the line's calls that nobody came for.
    """

    shares: tuple[float, ...]
    missed: float
    samples: int

    def __post_init__(self) -> None:
        bounded = (0.0, *self.shares, 1.0)
        if len(self.shares) != 11 or list(bounded) != sorted(bounded) or not 0 <= self.missed <= 1:
            raise ValueError("a pace has 11 ascending deciles and a share of missed calls, each from 0 to 1")

    def share(self, quantile: float, beyond: float = 0.0) -> float:
        """Return the share of planned time at `quantile` of the sessions that lasted longer than `beyond`.

        Where no known session lasted that long, history is silent: it may end at once, or at its planned end.
        """
        if beyond >= self.shares[-1]:
            return beyond if quantile < 0.5 else 1.0
        rank = self._rank(beyond)
        return max(beyond, _at(self.shares, rank + (1 - rank) * quantile))

    def _rank(self, share: float) -> float:
        """Return the part of all sessions that ended before `share` of their planned time."""
        place = bisect_left(self.shares, share)
        if place == 0:
            return 0.0
        low, high = self.shares[place - 1], self.shares[place]
        return (place - 1 + (share - low) / (high - low)) / 10


# Without history: the first may leave after half their time, and late nobody leaves early.
UNKNOWN = Pace(shares=(0.5, 0.5, 0.5, 0.57, 0.64, 0.71, 0.78, 0.86, 0.93, 1.0, 1.0), missed=0.2, samples=0)


@dataclass(frozen=True)
class SeatLine:
    """One seat as the line sees it.

    `started_at` and `ends_at` are those of the running session, `ends_at` None when its end is not known. With
    nobody there, `ends_at` is when a seat that is cleaned or held can be used, None when it is free now.
    `only_chosen` seats go only to those who asked for their class. `blocked` are later bookings, classes and
    repairs, by start; an end of None is open. The cleaning gap is kept on both sides of each.
    """

    device_id: int
    class_id: int
    features: frozenset[str]
    ages: tuple[int, int]  # least, greatest
    only_chosen: bool
    started_at: datetime | None
    ends_at: datetime | None
    blocked: Sequence[tuple[datetime, datetime | None]]
    pace: Pace = UNKNOWN
    one_of: frozenset[str] = frozenset()  # where not empty, only for those who need one of these
    guests: bool = True  # guest passes may sit there


@dataclass(frozen=True)
class Waiting:
    """One person in line. `class_id` None: any class that is not only for those who choose it.

    `minutes` is the length they wish for; a seat that stays free for less than `least` is passed by.
    """

    turn_id: int
    class_id: int | None
    needs: frozenset[str]
    ages: tuple[int, int]  # youngest, oldest of the age band
    minutes: int
    least: int
    guest: bool = False


@dataclass(frozen=True)
class Expected:
    """When somebody is called: `low` at the soonest, `high` at the latest, None for not before the computers stop.

    `device_id` is the seat it will most probably be, by the late walk; None when none is in sight there.
    """

    turn_id: int
    device_id: int | None
    low: datetime | None
    high: datetime | None


def learned(pairs: Iterable[tuple[float, float]], missed: int, offers: int) -> Pace:
    """Return the pace of a history of (used, planned) minutes, and of `missed` calls among `offers`.

    Fewer than 20 sessions, or calls, are mixed with the prior in proportion. Pairs without planned time are left out.
    """
    shares = sorted(min(1.0, max(0.0, used / planned)) for used, planned in pairs if planned > 0)
    own = [_at(shares, decile / 10) for decile in range(11)] if shares else UNKNOWN.shares
    return mixed(own, len(shares), missed, offers)


def mixed(deciles: Sequence[float], samples: int, missed: int, offers: int) -> Pace:
    """Return the pace of the 11 `deciles` of `samples` sessions, mixed with the prior as `learned` does."""
    trust = min(1.0, samples / ENOUGH)
    shares = (_mix(mine, prior, trust) for mine, prior in zip(deciles, UNKNOWN.shares, strict=True))
    share = min(1.0, max(0.0, missed / offers)) if offers else UNKNOWN.missed
    return Pace(tuple(shares), _mix(share, UNKNOWN.missed, min(1.0, offers / ENOUGH)), samples)


def serves(seat: SeatLine, waiting: Waiting) -> bool:
    """Return whether `waiting` may sit there: the class, every need, the age band, a guest pass."""
    chosen = not seat.only_chosen if waiting.class_id is None else seat.class_id == waiting.class_id
    fits = seat.ages[0] <= waiting.ages[0] and waiting.ages[1] <= seat.ages[1]
    kept = bool(seat.one_of) and seat.one_of.isdisjoint(waiting.needs)
    return chosen and fits and not kept and (seat.guests or not waiting.guest) and waiting.needs <= seat.features


def expect(
    seats: Sequence[SeatLine], line: Sequence[Waiting], *, now: datetime, until: datetime, gap: int, claim: int
) -> list[Expected]:
    """Return when each person of `line`, in its order, is called.

    Arguments: `until` when the computers stop, `gap` the minutes of cleaning after each session, `claim` the
    minutes for which an offered seat is held. Each takes the earliest seat that serves them and stays free for
    their least length; at the same moment the seat with fewest features, then the one that stays free longest.
    """
    at = now.astimezone(UTC)
    serving = _serving(seats, line)
    walks = []
    for quantile, hold in ((EARLY, 0), (LATE, claim)):
        walk = _Walk(at=at, until=_seconds(at, until), gap=gap * 60.0, claim=hold * 60.0, quantile=quantile)
        walks.append(walk.through(seats, line, serving))
    return [_expected(waiting, at, early, late) for waiting, early, late in zip(line, *walks, strict=True)]


def rounded(expected: Expected, now: datetime) -> tuple[int, int] | None:
    """Return the minutes from `now` that people are told, None when there is nothing to promise.

    The low is rounded down and the high up: to the minute up to 10, to 5 minutes above. The high is at least 1.
    """
    if expected.low is None or expected.high is None:
        return None
    at = now.astimezone(UTC)
    low = max(0, int(_seconds(at, expected.low) // 60))
    high = max(1, ceil(_seconds(at, expected.high) / 60))
    return (low if low <= 10 else low // 5 * 5), (high if high <= 10 else -(-high // 5) * 5)


@dataclass
class _Window:
    """A span in which a seat is free, in seconds from now, and how many of the line were called to it."""

    start: float
    end: float
    calls: int = 0


@dataclass(frozen=True)
class _Call:
    device_id: int
    start: float  # seconds from now


@dataclass(frozen=True)
class _Walk:
    """One walk through the line; everything in seconds from `at`."""

    at: datetime
    until: float
    gap: float
    claim: float  # what a missed call costs
    quantile: float

    def through(
        self, seats: Sequence[SeatLine], line: Sequence[Waiting], serving: Sequence[Sequence[int]]
    ) -> list[_Call | None]:
        """Return the call of each person in line; `serving` are the places in `seats` that serve each."""
        free = [self._windows(seat) for seat in seats]
        return [
            self._call([(seats[place], free[place]) for place in places], waiting)
            for waiting, places in zip(line, serving, strict=True)
        ]

    def _windows(self, seat: SeatLine) -> list[_Window]:
        """Return the spans in which the seat is free until the computers stop, ascending."""
        start = self._free_from(seat)
        windows = []
        for begin, end in seat.blocked:
            windows.append(_Window(start, min(self.until, _seconds(self.at, begin) - self.gap)))
            start = self.until if end is None else max(start, _seconds(self.at, end) + self.gap)
        windows.append(_Window(start, self.until))
        return windows

    def _free_from(self, seat: SeatLine) -> float:
        if seat.started_at is None:
            return 0.0 if seat.ends_at is None else max(0.0, _seconds(self.at, seat.ends_at))
        if seat.ends_at is None:
            return self.until
        begin, end = _seconds(self.at, seat.started_at), _seconds(self.at, seat.ends_at)
        if end <= 0 or end <= begin:
            return max(0.0, end + self.gap)
        share = seat.pace.share(self.quantile, beyond=-begin / (end - begin))
        return max(0.0, begin + (end - begin) * share) + self.gap

    def _call(self, free: Sequence[tuple[SeatLine, list[_Window]]], waiting: Waiting) -> _Call | None:
        """Give `waiting` the earliest seat that stays free long enough, and take it for the time they use."""
        least, wish = max(1, waiting.least) * 60.0, waiting.minutes * 60.0
        best: tuple[tuple[float, int, float, int], SeatLine, _Window] | None = None
        for seat, windows in free:
            for window in windows:
                if window.end - window.start >= least:
                    order = (window.start, len(seat.features), window.start - window.end, seat.device_id)
                    if best is None or order < best[0]:
                        best = order, seat, window
                    break
        if best is None:
            return None
        _order, seat, window = best
        call = _Call(seat.device_id, window.start)
        self._take(window, min(wish, window.end - window.start), seat.pace)
        return call

    def _take(self, window: _Window, planned: float, pace: Pace) -> None:
        missed = missed_calls(window.calls + 1, pace.missed) - missed_calls(window.calls, pace.missed)
        window.calls += 1
        window.start += planned * pace.share(self.quantile) + self.gap + missed * self.claim


def missed_calls(calls: int, share: float) -> int:
    """Return the number of missed ones among `calls` that is not exceeded nine times in ten (binomial)."""
    chance = 0.0
    for missed in range(calls):
        chance += comb(calls, missed) * share**missed * (1 - share) ** (calls - missed)
        if chance >= MISSES - 1e-9:
            return missed
    return calls


def _serving(seats: Sequence[SeatLine], line: Sequence[Waiting]) -> list[list[int]]:
    """Return for each person in line the places of the seats that serve them; equal wishes are asked once."""
    known: dict[tuple[int | None, frozenset[str], tuple[int, int], bool], list[int]] = {}
    for waiting in line:
        if (wish := _wish(waiting)) not in known:
            known[wish] = [place for place, seat in enumerate(seats) if serves(seat, waiting)]
    return [known[_wish(waiting)] for waiting in line]


def _wish(waiting: Waiting) -> tuple[int | None, frozenset[str], tuple[int, int], bool]:
    return waiting.class_id, waiting.needs, waiting.ages, waiting.guest


def _expected(waiting: Waiting, at: datetime, early: _Call | None, late: _Call | None) -> Expected:
    """Return the range of both walks. Where people swap seats the late walk can be the sooner one."""
    starts = sorted(call.start for call in (early, late) if call)
    moments = [at + timedelta(seconds=start) for start in starts]
    return Expected(
        turn_id=waiting.turn_id,
        device_id=late.device_id if late else None,
        low=moments[0] if moments else None,
        high=moments[1] if len(moments) == 2 else None,
    )


def _seconds(at: datetime, moment: datetime) -> float:
    """Return the seconds from `at`, which is in UTC so that no clock change is lost between two local moments."""
    return (moment - at).total_seconds()


def _at(ascending: Sequence[float], quantile: float) -> float:
    """Return the value at `quantile` of values in order, by line between neighbours."""
    place = quantile * (len(ascending) - 1)
    below = min(int(place), len(ascending) - 1)
    above = min(below + 1, len(ascending) - 1)
    return _mix(ascending[above], ascending[below], place - below)


def _mix(one: float, other: float, part: float) -> float:
    """Return a mean of both, `part` of it of `one`, never outside them."""
    mean = other + (one - other) * part
    return min(max(mean, min(one, other)), max(one, other))
