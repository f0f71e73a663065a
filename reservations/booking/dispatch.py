"""Gives seats that are free to the people in line and renews what each of them is told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from helpdesk import live
from helpdesk.actor import SYSTEM, Actor
from reservations.booking.events import event, turn_event
from reservations.booking.frame import REACH, Frame, open_frame, seats_of
from reservations.booking.insert import save
from reservations.booking.make_room import make_room
from reservations.booking.turns import end, is_waiting, withdraw
from reservations.facts import policy_facts
from reservations.linefacts import day_stop, paces_of, said, seat_lines, waiting_of
from reservations.models import Booking, Device, Turn, TurnEvent
from reservations.models.booking import Kind
from reservations.models.line import TurnOutcome
from reservations.period import period
from reservations.rules.fit import free_until
from reservations.rules.promise import Expected, SeatLine, Waiting, expect, rounded, serves
from reservations.scopes import board_scope

MINUTE = timedelta(minutes=1)
RENEWED = ["expected_low_at", "expected_high_at", "expected_device", "promised_low_at", "promised_high_at"]


@dataclass(frozen=True)
class Free:
    """A seat that can be sat down to from `start` until `until`."""

    device: Device
    seat: SeatLine
    start: datetime
    until: datetime

    @property
    def minutes(self) -> int:
        return (self.until - self.start) // MINUTE


@transaction.atomic
def advance(*, branch_id: int, now: datetime) -> int:
    """Settle a branch, offer its free seats to the heads of the line, renew the promises; return how many offers."""
    frame = open_line(branch_id=branch_id, now=now)
    return serve(frame, by=SYSTEM) if frame.turns else 0


def open_line(
    *,
    branch_id: int,
    now: datetime,
    patron_id: int | None = None,
    turn_id: int | None = None,
    turn_key: UUID | None = None,
) -> Frame:
    """Return the frame around a branch's line: all its seats today and tomorrow, and the patron where there is one."""
    return open_frame(
        branch_id=branch_id,
        now=now,
        patron_id=patron_id,
        device_ids=seats_of(branch_id),
        turn_id=turn_id,
        turn_key=turn_key,
        reach=REACH,
    )


def serve(frame: Frame, *, by: Actor) -> int:
    """End the line at the day's stop, offer what is free, make room and renew ranges; return how many offers."""
    _end_of_day(frame, by)
    made = _offer_all(frame, by)
    make_room(frame)
    renew(frame)
    return made


def _end_of_day(frame: Frame, by: Actor) -> None:
    """End the places of a day on which the computers have stopped."""
    today = frame.calendar.branch_day(frame.now)
    over = []
    for turn in frame.turns:
        stop = day_stop(frame.calendar, turn.on, frame.branch.policy)
        if turn.on < today or (turn.on == today and (stop is None or stop <= frame.now)):
            withdraw(turn, by=by, now=frame.now)
            end(turn, TurnOutcome.CLOSED, at=min(stop or frame.now, frame.now))
            over.append(turn)
    if over:
        Turn.objects.bulk_update(over, ["ended_at", "outcome"])
        TurnEvent.objects.bulk_create(turn_event(each, "closed", by=by, now=frame.now) for each in over)
        frame.turns = [turn for turn in frame.turns if turn.ended_at is None]
        live.touch(board_scope(frame.branch.pk))


def _offer_all(frame: Frame, by: Actor) -> int:
    made = 0
    for free in free_seats(frame) if any(is_waiting(turn) for turn in frame.turns) else ():
        turn = head_for(frame, free)
        if turn:
            offer(frame, turn, free, by=by)
            made += 1
    return made


def seats_in_line(frame: Frame) -> list[SeatLine]:
    """Return the seats of the frame as the line sees them. One query, for what history says."""
    rows: dict[int, list[Booking]] = {}
    for row in frame.rows:
        rows.setdefault(row.device_id, []).append(row)
    return seat_lines(
        frame.devices,
        rows,
        now=frame.now,
        policy=frame.branch.policy,
        calendar=frame.calendar,
        paces=paces_of(frame.branch.pk),
    )


def free_seats(frame: Frame) -> list[Free]:
    """Return the seats that can be used now, in the order in which the line takes them (rules/promise.py)."""
    found = []
    for device, seat in zip(frame.devices, seats_in_line(frame), strict=True):
        start = frame.start_on(device)
        until = free_until(start, frame.device_facts(device), frame.policy_facts(device), frame.calendar)
        if until and device.retired_on is None:
            found.append(Free(device, seat, start, until))
    return sorted(found, key=lambda free: (len(free.device.features), free.start - free.until, free.device.pk))


def asks(frame: Frame, turn: Turn) -> Waiting:
    """Return what a place in line asks for."""
    return waiting_of(turn, frame.branch.policy, frame.calendar.branch_day(frame.now))


def takes(frame: Frame, turn: Turn, free: Free) -> bool:
    """Return whether a place in line would be given this free seat: it serves, and for long enough."""
    wish = asks(frame, turn)
    return serves(free.seat, wish) and free.minutes >= wish.least


def head_for(frame: Frame, free: Free, *, but: Turn | None = None) -> Turn | None:
    """Return who gets a free seat: the first who asks for what it has, else the first whom it serves."""
    fitting = [t for t in frame.turns if is_waiting(t) and t is not but and takes(frame, t, free)]
    return next((turn for turn in fitting if turn.needs), next(iter(fitting), None))


def offer(frame: Frame, turn: Turn, free: Free, *, by: Actor) -> None:
    """Hold a free seat for a place in line: over the whole session, until the claim time unless somebody comes."""
    guest = turn.patron is not None and turn.patron.is_guest
    longest = policy_facts(frame.branch.policy, free.device.device_class_id, guest=guest).session
    held = period(free.start, min(free.until, free.start + min(turn.minutes, longest) * MINUTE))
    row = Booking(
        branch=frame.branch,
        device=free.device,
        kind=Kind.OFFER,
        period=held,
        booked_period=held,
        check_in_by=min(held.upper, free.start + frame.branch.policy.claim_minutes * MINUTE),
        walk_up=True,
        number=turn.number,
        needs=turn.needs,
        created_at=frame.now,
    )
    save(row)
    event(row, "offered", by=by, now=frame.now, number=turn.number).save(force_insert=True)
    frame.rows.append(row)
    turn.offer, turn.called_at = row, max(frame.now, turn.joined_at)
    turn.first_called_at = turn.first_called_at or turn.called_at
    turn.save(update_fields=["offer", "called_at", "first_called_at"])
    turn_event(turn, "called", by=by, now=frame.now, to_seat=free.device.label).save(force_insert=True)
    live.touch(board_scope(frame.branch.pk))


def renew(frame: Frame) -> None:
    """Store what each waiting person can expect, where what they are told has changed; the first is the promise."""
    line = [turn for turn in frame.turns if is_waiting(turn)]
    policy = frame.branch.policy
    until = day_stop(frame.calendar, frame.calendar.branch_day(frame.now), policy)
    if not line or until is None:
        return
    found = expect(
        seats_in_line(frame),
        [asks(frame, turn) for turn in line],
        now=frame.now,
        until=until,
        gap=policy.gap_minutes,
        claim=policy.claim_minutes,
    )
    changed = [turn for turn, expected in zip(line, found, strict=True) if _tell(turn, expected, frame.now)]
    if changed:
        Turn.objects.bulk_update(changed, RENEWED)
        live.touch(board_scope(frame.branch.pk))


def _tell(turn: Turn, expected: Expected, now: datetime) -> bool:
    """Set what `turn` can expect, and its promise if it is the first; return whether anything is told anew."""
    told = rounded(expected, now)
    if told == said(turn, now) and turn.expected_device_id == expected.device_id:
        return False
    turn.expected_device_id = expected.device_id
    turn.expected_low_at, turn.expected_high_at = (expected.low, expected.high) if told else (None, None)
    if told and turn.promised_high_at is None:
        turn.promised_low_at, turn.promised_high_at = now + told[0] * MINUTE, now + told[1] * MINUTE
    return True


def first_free(frame: Frame, turn: Turn, seats: Sequence[Free]) -> Free | None:
    """Return the first of the free seats that `turn` would be given."""
    return next((free for free in seats if takes(frame, turn, free)), None)
