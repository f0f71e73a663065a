"""Getters of devices and bookings for staff pages: what a person may not see does not exist for them."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import OuterRef, Subquery
from django.http import Http404

from helpdesk.models import User
from reservations.board import Seat, seat_of
from reservations.booking.seat import EARLY
from reservations.models import Booking, BookingEvent, Branch, Device, Turn
from reservations.models.booking import Kind, Outcome
from reservations.reseating import free_for
from reservations.room import load_room
from reservations.rules.facts import PolicyFacts


def device_for(user: User, pk: int) -> Device:
    """Return the device with branch, policy, class and area, if `user` works there; else Http404."""
    found = Device.objects.visible_to(user).select_related("branch__policy", "device_class", "area").filter(pk=pk)
    device = found.first()
    if device is None:
        raise Http404
    return device


def booking_for(user: User, pk: int) -> Booking:
    """Return a patron's booking at a branch where `user` works; else Http404."""
    branches = Branch.objects.visible_to(user)
    found = Booking.objects.filter(pk=pk, kind=Kind.PATRON, branch__in=branches).select_related("device").first()
    if found is None:
        raise Http404
    return found


def expected_back(device_ids: Collection[int], now: datetime) -> dict[int, datetime]:
    """Return when each of the devices that are out at `now` is expected back; at most one query.

    One that was not back in time is left out: nobody has said since when it will be.
    """
    if not device_ids:
        return {}
    said = BookingEvent.objects.filter(booking=OuterRef("pk"), what__in=["expected", "overdue"]).order_by("-pk")
    out = Booking.objects.open().filter(kind=Kind.REPAIR, device__in=device_ids, period__contains=now)
    known = out.filter(period__endswith__isnull=False).annotate(last=Subquery(said.values("what")[:1]))
    rows = known.values_list("device_id", "period", "last")
    return {device_id: held.upper for device_id, held, last in rows if last != "overdue"}


def turn_for(user: User, pk: int) -> Turn:
    """Return a place in line at a branch where `user` works, with branch, policy, class and patron; else Http404."""
    branches = Branch.objects.visible_to(user)
    found = Turn.objects.filter(pk=pk, branch__in=branches)
    turn = found.select_related("branch__policy", "device_class", "offer__device", "patron").first()
    if turn is None:
        raise Http404
    return turn


@dataclass(frozen=True)
class SeatPage:
    """One seat with who is there and who comes: `seat` is None for a machine without minutes.

    `due` are the bookings that may be sat down to by now; `left` is a session that was finished so recently that its
    person may come back; `policy` says by how much a session is made longer; `free` are, by booking, the seats that
    nobody else has at its times.
    """

    device: Device
    seat: Seat | None
    standing: list[Booking]
    due: list[Booking]
    left: Booking | None
    policy: PolicyFacts
    free: dict[int, list[Device]] = field(default_factory=dict)

    @property
    def is_out(self) -> bool:
        """Return whether it is out of service."""
        return any(row.kind == Kind.REPAIR for row in self.standing)

    @property
    def rows(self) -> list[tuple[Booking, list[Device]]]:
        """The standing rows, each with the seats that are free at its times."""
        return [(row, self.free.get(row.pk, [])) for row in self.standing]


def seat_page(device: Device, *, now: datetime) -> SeatPage:
    """Return the state of one device and its standing rows of the next days, in order."""
    room = load_room(device.branch, now=now, end=now + timedelta(days=30), all_devices=True)
    mine = room.rows.get(device.pk, [])
    rows = [row for row in mine if row.effective_end(now) is None]
    due = [row for row in rows if row.start - now <= EARLY]
    here = next((seat for seat in room.devices if seat.pk == device.pk and seat.device_class.bookable), None)
    policy = room.policy(device)
    seat = seat_of(room, here, mine) if here else None
    free = {row.pk: free_for(room, row) for row in rows if here and row.kind == Kind.PATRON}
    return SeatPage(device, seat, rows, due, _left(mine, policy, now), policy, free)


def _left(rows: list[Booking], policy: PolicyFacts, now: datetime) -> Booking | None:
    """Return the last session of a seat that may still go on, None where somebody has gone on or taken the seat."""
    since = now - timedelta(minutes=policy.resume)
    gone_on = {row.continues_id for row in rows}
    may = [
        row
        for row in rows
        if row.outcome == Outcome.FINISHED
        and row.patron_id
        and row.pk not in gone_on
        and row.ended_at is not None
        and row.ended_at >= since
        and row.due_end_at is not None
        and row.due_end_at > now
    ]
    taken = any(row.start <= now and row.effective_end(now) is None for row in rows)
    return None if taken else max(may, key=lambda row: row.pk, default=None)
