"""The line as it looks to somebody outside it: which free seats are for others, how long it would take."""

from dataclasses import dataclass, replace
from datetime import timedelta

from reservations.availability import FreeNow, free_in
from reservations.linefacts import day_stop, paces_of, seat_lines, waiting_of
from reservations.models import Device, Patron, Turn
from reservations.room import Room, load_room
from reservations.rules.promise import expect, rounded
from reservations.wait_words import wait_words

DAY = timedelta(days=1)


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


def now_for(room: Room, patron: Patron) -> NowFor:
    """Return what is free now for `patron` among the seats with what the room's `needs` name, or the line.

    A seat that serves somebody who waits is theirs. Where nothing fits this patron though seats are free, those are
    shown: the refusal then explains the limit. No query, five where the line is the way.
    """
    fitting = replace(room, devices=with_needs(room))
    free = free_in(fitting)
    if not free.options:
        free = free_in(fitting.for_anybody())
    is_open = room.calendar.usable_span(room.now, room.branch.policy.stop_minutes) is not None
    if free.options or not fitting.devices or not is_open:
        return NowFor(free, None)
    others_first = any(room.waiting_for(seat) and room.free_minutes(seat, room.now) for seat in fitting.devices)
    return NowFor(free, WayIn(len(room.line), _wait(room, patron), others_first))


def with_needs(room: Room) -> list[Device]:
    """Return the seats that have every feature the room's `needs` name."""
    return [device for device in room.devices if room.needs.issubset(device.features)]


def _wait(room: Room, patron: Patron) -> str:
    """Return how long somebody would wait who joins the line now."""
    today, policy = room.calendar.branch_day(room.now), room.branch.policy
    until = day_stop(room.calendar, today, policy)
    if until is None:
        return wait_words(None)
    whole = load_room(room.branch, now=room.now, end=room.now + DAY, calendar=room.calendar)
    seats = seat_lines(
        whole.devices,
        whole.rows,
        now=room.now,
        policy=policy,
        calendar=room.calendar,
        paces=paces_of(room.branch.pk),
    )
    me = Turn(patron=patron, needs=sorted(room.needs), minutes=room.policy(None).session)
    line = [*room.line, waiting_of(me, policy, today)]
    found = expect(seats, line, now=room.now, until=until, gap=policy.gap_minutes, claim=policy.claim_minutes)
    return wait_words(rounded(found[-1], room.now))
