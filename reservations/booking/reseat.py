"""Seats are taken away: who sits there or has booked goes to equal seats, the rest are put on the call list."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from helpdesk import live
from helpdesk.actor import Actor
from helpdesk.db import refused_by
from reservations.booking.chain import LEFT_FIELDS, goes_on_later, leave_at, moved_on
from reservations.booking.events import close, event
from reservations.booking.frame import Frame
from reservations.booking.insert import SEAT_TAKEN, SEATED_ELSEWHERE
from reservations.booking.tell import put_on_list
from reservations.models import Booking, BookingEvent, Device
from reservations.models.booking import OUT, Kind, Outcome
from reservations.models.calls import CallWhy
from reservations.rules.facts import ACCESS, Busy, DeviceFacts
from reservations.rules.problem import Refused
from reservations.rules.reseat import Plan, Sitter, goes_at, plan
from reservations.rules.slot import Slot
from reservations.scopes import board_scope


@dataclass(frozen=True)
class Reseated:
    """What became of the rows: as they stand at other seats now, and those that were taken away."""

    moved: list[Booking]
    displaced: list[Booking]


@dataclass(frozen=True)
class _Going:
    """One row and the seat it goes to; `after` is the row that a running session goes on in, at once or later."""

    row: Booking
    was: Device
    seat: Device
    after: Booking | None = None

    @property
    def stands(self) -> Booking:
        return self.after or self.row


def reseat(
    frame: Frame,
    rows: Sequence[Booking],
    *,
    by: Actor,
    reason: str = "",
    causes: Sequence[Booking] = (),
    stay: bool = False,
) -> Reseated:
    """Carry out the plan for `rows`, locked and settled rows of a frame that holds every seat of the branch.

    A running session goes on in a new row with its remaining minutes, once what takes its seat begins; a later booking
    keeps its row; both on a seat of the same class that has what they need. `causes` are the rows that take the seats:
    new ones are written, longer ones too, and whom they hit keeps them in `displaced_by`. Who fits nowhere is closed as
    displaced, ends when the cause begins where they sit there, or stays where they are (`stay`). All of them are put on
    the call list. A constant number of queries, however many rows there are.
    Raises Refused where an exclusion constraint refuses a row.
    """
    devices = {device.pk: device for device in in_order(frame.devices)}
    busy: dict[int, list[Booking]] = {}
    for row in frame.rows:
        busy.setdefault(row.device_id, []).append(row)
    seats = {pk: frame.facts_of(device, busy.get(pk, ())) for pk, device in devices.items()}
    gap = frame.branch.policy.gap_minutes
    found = plan_for(rows, devices, seats, causes, now=frame.now, gap=gap)
    leaves = leaving(rows, causes, frame.now, gap)
    going = [_going(frame, row, devices, found.moves[row.pk], leaves) for row in rows if row.pk in found.moves]
    left = [] if stay else [row for row in rows if row.pk not in found.moves]
    _take_away(left, leaves, frame.now)
    _write(going, left, causes)
    _tell(going, left, by=by, now=frame.now, reason=reason[:200])
    if stay:
        later = [row for row in rows if row.pk not in found.moves and not row.checked_in_at]
        put_on_list(later, CallWhy.LACKS, now=frame.now)
    frame.rows += [each.after for each in going if each.after]
    frame.ring()
    live.touch(board_scope(frame.branch.pk))
    return Reseated([each.stands for each in going], left)


def plan_for(
    rows: Iterable[Booking],
    devices: Mapping[int, Device],
    seats: Mapping[int, DeviceFacts],
    causes: Iterable[Booking],
    *,
    now: datetime,
    gap: int,
) -> Plan:
    """Return who of `rows` goes to which of `seats`, which are taken as they are and by `causes` as well."""
    taken = dict(seats)
    for cause in causes:
        span = Busy(cause.start, cause.until(now), repair=cause.kind in OUT)
        held = taken[cause.device_id]
        taken[cause.device_id] = replace(held, busy=[*held.busy, span])
    rows = [row for row in rows if row.kind == Kind.PATRON]
    leaves = leaving(rows, causes, now, gap)
    people = [sitter_of(row, devices[row.device_id], leaves.get(row.pk, now)) for row in rows]
    return plan(people, taken, gap)


def leaving(rows: Iterable[Booking], causes: Iterable[Booking], now: datetime, gap: int) -> dict[int, datetime]:
    """Return when each of `rows` that runs has to leave its seat for the causes, by primary key; the others not.

    For a repair at once, even where its row begins later because the clock was set back: the seat is broken.
    """
    begins: dict[int, list[Booking]] = {}
    for cause in causes:
        begins.setdefault(cause.device_id, []).append(cause)
    found = {}
    for row in rows:
        if row.is_running:
            here = (each for each in begins.get(row.device_id, ()) if row.end and each.start < row.end)
            meets = (now if each.kind == Kind.REPAIR else each.start for each in here)
            found[row.pk] = goes_at(min(meets, default=None), now, gap)
    return found


def sitter_of(row: Booking, device: Device, at: datetime) -> Sitter:
    """Return what the plan needs of a person's row on `device`: of what is left of it from `at`, with its needs."""
    assert row.end is not None
    return Sitter(
        start=max(row.start, at),
        end=row.end,
        kind=device.device_class_id,
        needs=kept_needs(row, device),
        key=row.pk,
        running=row.is_running,
        booked_at=row.created_at,
    )


def kept_needs(row: Booking, device: Device) -> frozenset[str]:
    """Return what another seat must have: what was asked for and is here when all works, and what matters for access.

    Somebody who sits at a screen reader may need it without having said so.
    """
    return (frozenset(row.needs) & device.has) | (ACCESS & device.serves)


def in_order(devices: Iterable[Device]) -> list[Device]:
    """Return devices in the order of the room; their areas are read."""
    return sorted(devices, key=_in_room)


def _in_room(device: Device) -> tuple[int, ...]:
    area = (1, 0, 0) if device.area is None else (0, device.area.position, device.area.pk)
    return *area, device.position, device.pk


def hit_by(rows: Iterable[Booking], device_id: int, until: datetime | None, now: datetime) -> list[Booking]:
    """Return the standing rows of a device that it loses if it is out from `now` to `until`; None: for good."""
    mine = (row for row in rows if row.device_id == device_id and row.kind != Kind.REPAIR)
    return [row for row in mine if row.effective_end(now) is None and (until is None or row.start < until)]


def _going(
    frame: Frame, row: Booking, devices: Mapping[int, Device], seat_id: int, leaves: Mapping[int, datetime]
) -> _Going:
    """Move `row` in memory: a later one changes its device, a running one goes on in a new row, when it has to leave.

    Who leaves later than now has the other seat kept from then on.
    """
    was, seat, now = devices[row.device_id], devices[seat_id], frame.now
    at = leaves.get(row.pk)
    if at is None:
        row.device = seat
        return _Going(row, was, seat)
    if at > now:
        grace = timedelta(minutes=frame.policy_facts(seat).grace)
        return _Going(row, was, seat, goes_on_later(row, seat, at, grace, now))
    return _Going(row, was, seat, moved_on(row, seat, max(row.start, now), now))


def _take_away(left: Iterable[Booking], leaves: Mapping[int, datetime], now: datetime) -> None:
    """Close in memory whoever has no other seat; who sits there and has to leave only later ends then."""
    for row in left:
        at = leaves.get(row.pk, now)
        if at > now:
            row.due_end_at = row.end  # what they have again if the cause does not come
            leave_at(row, at)
            continue
        row.due_end_at = row.end if row.is_running else None
        close(row, at=now, outcome=Outcome.DISPLACED)


def _write(going: Sequence[_Going], left: Sequence[Booking], causes: Sequence[Booking]) -> None:
    """Free the seats, let the causes take them, seat the people: in this order no constraint is ever in the way."""
    ended = [*left, *(each.row for each in going if each.after)]
    with (
        refused_by("booking_one_per_device", Refused(SEAT_TAKEN)),
        refused_by("booking_one_per_patron", Refused(SEATED_ELSEWHERE)),
    ):
        Booking.objects.bulk_update(ended, [*LEFT_FIELDS, "due_end_at"])
        Booking.objects.bulk_update([each.row for each in going if not each.after], ["device"])
        Booking.objects.bulk_update([cause for cause in causes if cause.pk], ["period"])
        Booking.objects.bulk_create([cause for cause in causes if not cause.pk])
        Booking.objects.bulk_create(each.after for each in going if each.after)
    lost = [*((row, row.device_id) for row in left), *((each.stands, each.was.pk) for each in going)]
    for row, seat_id in lost:
        row.displaced_by = _cause(row, seat_id, causes)
    if causes:
        Booking.objects.bulk_update([row for row, _seat in lost], ["displaced_by"])


def _cause(row: Booking, seat_id: int, causes: Sequence[Booking]) -> Booking | None:
    """Return the row that took this seat from `row`."""
    span = Slot(row.booked_period.lower or row.start, row.booked_period.upper or row.start)
    here = [cause for cause in causes if cause.device_id == seat_id]
    return next((cause for cause in here if span.meets(cause.start, cause.end)), next(iter(here), None))


def _tell(going: Sequence[_Going], left: Sequence[Booking], *, by: Actor, now: datetime, reason: str) -> None:
    """Append to every story what happened, and list whom somebody has to tell."""
    gone = [row for row in left if row.ended_at]
    sooner = [row for row in left if not row.ended_at]
    lines = [event(row, "displaced", by=by, now=now, reason=reason) for row in gone]
    lines += [event(row, "made_room", by=by, now=now, reason=reason, until=_until(row)) for row in sooner]
    for each in going:
        seats = {"from_seat": each.was.label, "to_seat": each.seat.label}
        stays = each.after is not None and not each.row.ended_at
        if stays:
            lines.append(event(each.row, "made_room", by=by, now=now, reason=reason, until=_until(each.row)))
        rows = [row for row in (each.row, each.after) if row and not (stays and row is each.row)]
        lines += [event(row, "moved", by=by, now=now, reason=reason, **seats) for row in rows]
    BookingEvent.objects.bulk_create(lines)
    put_on_list([each.after for each in going if each.after], CallWhy.GOES_ON, now=now)
    put_on_list([each.row for each in going if not each.after], CallWhy.MOVED, now=now)
    put_on_list(_first_of_each(gone), CallWhy.DISPLACED, now=now)
    put_on_list(sooner, CallWhy.ROOM, now=now)


def _until(row: Booking) -> str:
    return row.end.isoformat() if row.end else ""


def _first_of_each(rows: Iterable[Booking]) -> list[Booking]:
    """Return whom to tell: every person, and of a series of classes the next one."""
    told = sorted((row for row in rows if row.kind in {Kind.PATRON, Kind.CLASS}), key=lambda row: row.start)
    series: set[int] = set()
    found = []
    for row in told:
        if row.block_id in series:
            continue
        series |= {row.block_id} if row.block_id else set()
        found.append(row)
    return found
