"""Who sits at an accessible seat until somebody needs it makes room: their session ends sooner, and they are told."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from helpdesk import live
from helpdesk.actor import SYSTEM
from reservations.booking.events import event
from reservations.booking.frame import Frame
from reservations.booking.running import MINUTE, cut, end_of, is_running
from reservations.booking.tell import put_on_list
from reservations.booking.turns import is_waiting
from reservations.linefacts import seat_line, waiting_of
from reservations.models import Booking, BookingEvent, Device, Turn
from reservations.models.booking import Kind
from reservations.models.calls import CallWhy
from reservations.rules.facts import ACCESS
from reservations.rules.fit import free_until
from reservations.rules.promise import SeatLine, Waiting, serves
from reservations.scopes import board_scope

NOTICE = timedelta(minutes=10)  # so long somebody has to finish who makes room
Seats = dict[int, tuple[Device, SeatLine]]  # by primary key of the device


def make_room(frame: Frame) -> int:
    """Shorten one yielding session for each place in line that needs an accessible seat and has none in sight.

    The frame holds every seat of the branch, settled and offered. A place for which a seat frees within NOTICE anyway,
    or for which room was made before, costs nobody anything. Returns how many sessions end sooner.
    """
    needing = _needing(frame)
    yielding = [row for row in frame.rows if needing and _yields(row)]
    if not yielding:
        return 0
    policy = frame.branch.policy
    lines = [(device, seat_line(device, frame.rows, now=frame.now, policy=policy)) for device in frame.devices]
    made = _made_for(yielding)
    kept = {made[turn.number] for turn, _wish in needing if turn.number in made}
    count = 0
    for turn, wish in needing:
        seats = {device.pk: (device, seat) for device, seat in lines if serves(seat, wish)}
        if made.get(turn.number) in seats:
            continue
        seats = {pk: seat for pk, seat in seats.items() if pk not in kept}
        seat_id = _frees_soon(frame, seats, wish)
        if seat_id is None and (row := _first(frame, yielding, seats, wish)):
            _shorten(frame, row, turn)
            seat_id = row.device_id
            count += 1
        kept.add(seat_id or 0)
    return count


def _needing(frame: Frame) -> list[tuple[Turn, Waiting]]:
    """Return the places that wait for an accessible seat, in order, with what they ask for."""
    today = frame.calendar.branch_day(frame.now)
    waits = ((turn, waiting_of(turn, frame.branch.policy, today)) for turn in frame.turns if is_waiting(turn))
    return [(turn, wish) for turn, wish in waits if not ACCESS.isdisjoint(wish.needs)]


def _yields(row: Booking) -> bool:
    """Return whether a row is a session that may be cut: nobody is sent away while they wait for help."""
    return row.yields and is_running(row) and row.help_at is None


def _made_for(rows: Sequence[Booking]) -> dict[str, int]:
    """Return for which numbers which seats are being left. One query."""
    seats = {row.pk: row.device_id for row in rows}
    told = BookingEvent.objects.filter(booking__in=seats, what="made_room").order_by("pk")
    return {detail["number"]: seats[pk] for pk, detail in told.values_list("booking_id", "detail")}


def _frees_soon(frame: Frame, seats: Seats, wish: Waiting) -> int | None:
    """Return a seat that is used, held or cleaned and frees within NOTICE, for long enough; None if there is none."""
    for device, seat in seats.values():
        end = seat.ends_at
        if end and end <= frame.now + NOTICE and _useful(frame, device, end, wish):
            return device.pk
    return None


def _useful(frame: Frame, device: Device, end: datetime, wish: Waiting) -> bool:
    """Return whether the device, left at `end` by who has it now, then stays free for as long as `wish` needs."""
    here = next((row for row in frame.rows if _is_here(row, device, frame.now)), None)
    facts = frame.device_facts(device, without=here.pk if here else None)
    start = end + frame.branch.policy.gap_minutes * MINUTE if here else end
    until = free_until(start, facts, frame.policy_facts(device), frame.calendar)
    return until is not None and until - start >= wish.least * MINUTE


def _is_here(row: Booking, device: Device, now: datetime) -> bool:
    person = row.kind in {Kind.PATRON, Kind.OFFER}
    return row.device_id == device.pk and not row.ended_at and person and row.start <= now


def _first(frame: Frame, yielding: Sequence[Booking], seats: Seats, wish: Waiting) -> Booking | None:
    """Return the session that makes room: the one that ends first of those whose seat would help."""
    end = frame.now + NOTICE
    longer = sorted((row for row in yielding if end_of(row) > end), key=lambda row: (end_of(row), row.pk))
    here = (row for row in longer if row.device_id in seats)
    return next((row for row in here if _useful(frame, seats[row.device_id][0], end, wish)), None)


def _shorten(frame: Frame, row: Booking, turn: Turn) -> None:
    cut(row, frame.now + NOTICE, frame.now)
    row.save(update_fields=["period"])
    until = end_of(row).isoformat()
    event(row, "made_room", by=SYSTEM, now=frame.now, number=turn.number, until=until).save(force_insert=True)
    put_on_list([row], CallWhy.ROOM, now=frame.now)
    live.touch(board_scope(frame.branch.pk))
