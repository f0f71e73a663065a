"""Reads of the waiting line: who waits for what and how long, whom to call next, who is called to which seat."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from reservations.linefacts import said
from reservations.models import Booking, Branch, Device, Turn
from reservations.models.line import TurnOutcome

SHOWN = 4  # calls on the wall: the last and the three before


@dataclass(frozen=True)
class LineRow:
    """One place in line: `state` is waiting, ready (its seat is free, nobody has called yet), called or missed.

    `place` counts from 1 those who wait, 0 for the others; `seat` is the one held, else the one expected; `low` and
    `high` are minutes from now, both None while no seat is in sight; `waited` minutes; `claim_by` while called.
    """

    turn: Turn
    place: int
    state: str
    seat: Device | None
    low: int | None
    high: int | None
    waited: int
    claim_by: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class NextCall:
    """The desk's brass bar: which number goes to which seat, until when the seat is free, and why this number."""

    row: LineRow

    @property
    def turn(self) -> Turn:
        return self.row.turn

    @property
    def seat(self) -> Device | None:
        return self.row.seat


@dataclass(frozen=True)
class Called:
    """A call on the wall: no name, a number; `is_held` while the seat waits for its person."""

    number: str
    seat: Device
    at: datetime
    is_held: bool


def row_of(turn: Turn, place: int, now: datetime) -> LineRow:
    """Return one place as it stands at `now`; `place` is its position if it waits."""
    waited = max(0, (now - turn.joined_at) // timedelta(minutes=1))
    offer = turn.offer
    over = offer.effective_end(now) if offer else None
    if turn.outcome == TurnOutcome.MISSED or (offer and over and over == offer.check_in_by):
        return LineRow(turn, 0, "missed", offer.device if offer else None, None, None, waited)
    if offer and over is None:
        return LineRow(turn, 0, "called", offer.device, 0, 0, waited, offer.check_in_by, offer.end)
    low, high = said(turn, now) or (None, None)
    state = "ready" if _is_ready(turn, now) else "waiting"
    return LineRow(turn, place, state, turn.expected_device, low, high, waited)


def _is_ready(turn: Turn, now: datetime) -> bool:
    """Return whether a seat is free for a place that nobody has called yet: both ends of its range are now."""
    low, high = turn.expected_low_at, turn.expected_high_at
    return turn.expected_device is not None and low is not None and low == high and low <= now


def next_call(rows: list[LineRow]) -> NextCall | None:
    """Return the call that staff make next: the number held longest, else the first whose seat is free."""
    called = sorted((row for row in rows if row.claim_by), key=lambda row: row.claim_by or row.turn.place_at)
    ready = [row for row in rows if row.state == "ready"]
    return next((NextCall(row) for row in [*called, *ready]), None)


def called_now(branch: Branch, now: datetime, *, limit: int = SHOWN) -> list[Called]:
    """Return the last calls of the day, the newest first: those held and those whose person came. One query."""
    shown = Turn.objects.filter(
        branch=branch,
        outcome__in=["", TurnOutcome.SEATED],
        first_called_at__gt=now - timedelta(hours=12),
        offer__isnull=False,
    ).select_related("offer__device__area")
    calls = [_called(turn, turn.offer, now) for turn in shown.order_by("-called_at", "-pk")[: limit * 2] if turn.offer]
    return [call for call in calls if call is not None][:limit]


def _called(turn: Turn, offer: Booking, now: datetime) -> Called | None:
    """Return a call, None for one that nobody came for and nobody has settled yet."""
    held = not turn.outcome
    if turn.called_at is None or (held and offer.effective_end(now)):
        return None
    return Called(turn.number, offer.device, turn.called_at, held)
