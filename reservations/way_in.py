"""The line as it looks to somebody who does not stand in it: which free seats are for others, how long it would take."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from reservations.availability import FreeNow, free_in
from reservations.linefacts import day_stop, paces_of, seat_lines, waiting_of
from reservations.models import Device, Patron, Turn
from reservations.room import Room
from reservations.rules.promise import SeatLine, Waiting, expect, rounded, serves
from reservations.wait_words import wait_words


@dataclass(frozen=True)
class WayIn:
    """The end of the line: `waiting` people stand there, and `wait` is what somebody new is told.

    `others_first`: seats are free, and they are for those who wait.
    """

    waiting: int
    wait: str
    others_first: bool


@dataclass(frozen=True)
class NowFor:
    """What somebody can take now, and the line where that is nothing."""

    free: FreeNow
    line: WayIn | None


def now_for(room: Room, patron: Patron, needs: frozenset[str]) -> NowFor:
    """Return what is free now for `patron` among the seats of `room` with every feature of `needs`, or the line.

    A seat that serves somebody who waits is theirs. Where nothing fits this patron though seats are free, those are
    shown: the refusal then explains the limit. One query, two where the line is the way.
    """
    fitting = [device for device in room.devices if needs.issubset(device.features)]
    turns = _waiting(room)
    seats = _seats(room)
    line = [waiting_of(turn, room.branch.policy, room.calendar.branch_day(room.now)) for turn in turns]
    kept = {seat.device_id for seat in seats if any(serves(seat, waiting) for waiting in line)}
    free = _free(room, [device for device in fitting if device.pk not in kept])
    if free.options or not fitting or room.calendar.usable_span(room.now, room.branch.policy.stop_minutes) is None:
        return NowFor(free, None)
    others_first = bool(_free(room, [device for device in fitting if device.pk in kept]).options)
    return NowFor(free, WayIn(len(line), _wait(room, line, patron, needs), others_first))


def _free(room: Room, devices: list[Device]) -> FreeNow:
    free = free_in(replace(room, devices=devices))
    return free if free.options else free_in(replace(room, devices=devices, patron=None, mine=None))


def _waiting(room: Room) -> Sequence[Turn]:
    """Return who waits without an offer, in the line's order."""
    waiting = Turn.objects.open().in_order().filter(branch=room.branch, offer=None)
    return waiting.exclude(patron=room.patron).select_related("patron")


def _seats(room: Room, paces: bool = False) -> list[SeatLine]:
    return seat_lines(
        room.devices,
        room.rows,
        now=room.now,
        policy=room.branch.policy,
        calendar=room.calendar,
        paces=paces_of(room.branch.pk) if paces else {},
    )


def _wait(room: Room, line: list[Waiting], patron: Patron, needs: frozenset[str]) -> str:
    """Return how long somebody would wait who joins the line now."""
    today, policy = room.calendar.branch_day(room.now), room.branch.policy
    until = day_stop(room.calendar, today, policy)
    wish = Turn(patron=patron, needs=sorted(needs), minutes=room.policy(None).session)
    me = waiting_of(wish, policy, today)
    if until is None:
        return wait_words(None)
    expected = expect(
        _seats(room, paces=True),
        [*line, me],
        now=room.now,
        until=until,
        gap=policy.gap_minutes,
        claim=policy.claim_minutes,
    )
    return wait_words(rounded(expected[-1], room.now))
