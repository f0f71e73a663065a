"""Reads around moved people: what a fault would do, where a booking could go, what else somebody could have."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helpdesk import words
from reservations.availability import nearest, room_for_days
from reservations.booking.back import lost_until
from reservations.booking.degrade import needing
from reservations.booking.reseat import hit_by, plan_for, sitter_of
from reservations.calendars import calendar_of
from reservations.models import Booking, Branch, Device, Patron
from reservations.models.booking import Kind, Outcome
from reservations.models.calls import CallWhy
from reservations.needs import need_word
from reservations.offers_back import stale_offers
from reservations.period import period
from reservations.room import Room, load_room
from reservations.rules.booking import in_all, moving_problems, personal_problems
from reservations.rules.problem import Problem
from reservations.rules.reseat import takes
from reservations.rules.slot import Slot
from reservations.ways import Way

MINUTE = timedelta(minutes=1)
NONE: frozenset[str] = frozenset()
WAYS = 2  # beside the person
WHOEVER = frozenset({"blocked", "walk_up_patron", "no_guests", "pass_ended", "staff_book", "no_ahead"})  # at any time
TAKEN = frozenset({"taken", "out", "gap"})  # somebody else has the seat, whoever asks
AHEAD = timedelta(days=400)  # farther than anybody can book


@dataclass(frozen=True)
class Preview:
    """What would become of people: who goes to which seat, and who has none. `stay`: those keep the seat they have."""

    moves: Sequence[tuple[Booking, Device]]
    left: Sequence[Booking]
    stay: bool = False

    @property
    def touches(self) -> bool:
        """Return whether anybody is concerned at all."""
        return bool(self.moves or self.left)


def preview_out(device: Device, *, now: datetime, until: datetime | None = None) -> Preview:
    """Return what taking `device` out of service now would do, planned as the verb plans it. At most five queries.

    Nothing where it is out already: it keeps its repair.
    """
    room = _room(device.branch, now)
    if any(row.kind == Kind.REPAIR and not row.ended_at for row in room.rows.get(device.pk, ())):
        return Preview([], [])
    return _out(room, device, until, now)


def preview_gone(device: Device, *, now: datetime) -> Preview:
    """Return what taking `device` away for good would do, whether it is out of service already or not."""
    return _out(_room(device.branch, now), device, None, now)


def _out(room: Room, device: Device, until: datetime | None, now: datetime) -> Preview:
    """Return what a repair from now on would do; nothing where the device is not in the room any more."""
    if all(each.pk != device.pk for each in room.devices):
        return Preview([], [])
    hit = hit_by(room.rows.get(device.pk, ()), device.pk, until, now)
    out = period(now, until)
    repair = Booking(branch=device.branch, device=device, kind=Kind.REPAIR, period=out, booked_period=out)
    return _preview(room, hit, [repair])


def preview_lacks(device: Device, lacks: frozenset[str], *, now: datetime) -> Preview:
    """Return what saying that `lacks` do not work would do, planned as the verb plans it. At most five queries."""
    room = _room(device.branch, now)
    here = next((seat for seat in room.devices if seat.pk == device.pk), device)
    new = lacks - frozenset(here.lacks)
    here.lacks = sorted(frozenset(here.lacks) | lacks)
    hit = needing(room.rows.get(device.pk, ()), device.pk, new, now)
    return replace(_preview(room, [row for row in hit if row.kind == Kind.PATRON], []), stay=True)


def _room(branch: Branch, now: datetime) -> Room:
    return load_room(branch, now=now, end=now + AHEAD, all_devices=True)


def _preview(room: Room, hit: list[Booking], causes: list[Booking]) -> Preview:
    devices = {device.pk: device for device in room.devices}
    seats = {device.pk: room.facts(device) for device in room.devices}
    gap = room.branch.policy.gap_minutes
    found = plan_for(hit, devices, seats, causes, now=room.now, gap=gap)
    rows = {row.pk: row for row in hit}
    moves = [(rows[pk], devices[seat]) for pk, seat in found.moves.items()]
    told = [row for row in hit if row.pk not in found.moves and row.kind in {Kind.PATRON, Kind.CLASS}]
    return Preview(moves, sorted(told, key=lambda row: row.start))


def preview_words(preview: Preview, device: Device, now: datetime) -> str:
    """Return "3 moved, 1 cannot be: Seat 12 at 15:00"; '' where nobody is concerned."""
    if not preview.touches:
        return ""
    count = len(preview.moves)
    moved = ngettext("%(count)d moved", "%(count)d moved", count) % {"count": count}
    if not preview.left:
        return moved
    times = ", ".join(words.moment(max(row.start, now), now) for row in preview.left)
    said = {"count": len(preview.left), "seat": device.said, "times": times, "moved": moved}
    if preview.stay:
        return _("%(moved)s, %(count)d stay without it: %(seat)s at %(times)s") % said
    return _("%(moved)s, %(count)d cannot be: %(seat)s at %(times)s") % said


def preview_lines(preview: Preview, now: datetime) -> list[str]:
    """Return each person with when they come and where they go, "017, 15:00: Seat 4", the soonest first."""
    none = _("keeps the seat without it") if preview.stay else _("no other seat")
    going = [(row, seat.said) for row, seat in preview.moves] + [(row, none) for row in preview.left]
    return [
        _("%(who)s, %(moment)s: %(seat)s")
        % {"who": row.who, "moment": words.moment(max(row.start, now), now), "seat": seat}
        for row, seat in sorted(going, key=lambda pair: (pair[0].start, pair[0].pk))
    ]


def seats_for(booking: Booking, patron: Patron, now: datetime) -> list[Device]:
    """Return the seats to which `patron` could move their own `booking` now, as the verb will say; the room's order."""
    return [seat for seat, problems in _others(booking, patron, now) if not problems]


def why_none(booking: Booking, patron: Patron, now: datetime) -> str:
    """Return what keeps `patron` from every seat that nobody has at the times of `booking`; '' where none is free."""
    told = [problems for _seat, problems in _others(booking, patron, now)]
    free = [each for each in told if TAKEN.isdisjoint(problem.code for problem in each)]
    if not free:
        return ""
    return str((in_all(free) or free[0])[0].sentence)


def _others(booking: Booking, patron: Patron, now: datetime) -> list[tuple[Device, list[Problem]]]:
    """Return every other seat with what keeps `patron` from moving there; none where the booking is over."""
    if booking.effective_end(now) is not None or booking.end is None:
        return []
    end = max(now, booking.end) + timedelta(days=1)
    needs = frozenset(booking.needs)
    room = load_room(booking.branch, now=now, end=end, patron=patron, without=booking.pk, needs=needs)
    slot = Slot(max(booking.start, now), booking.end)
    others = (device for device in room.devices if device.pk != booking.device_id)
    kind, ahead = booking.device.device_class_id, not booking.is_running
    return [(seat, moving_problems(room.asked(seat, slot, ahead=ahead), kind)) for seat in others]


def elsewhere_ways(booking: Booking, patron: Patron, now: datetime) -> list[Way]:
    """Return the one tap each that moves `booking` to another seat at its own times, for the kiosk: two at the most."""
    end = words.clock(booking.end) if booking.end else ""
    url = reverse("kiosk-move", args=[booking.pk])
    return [
        Way(
            seat.said,
            _("yours until %(time)s") % {"time": end},
            _("Take %(seat)s instead") % {"seat": seat.said},
            "seat",
            url,
            {"device": seat.pk},
        )
        for seat in seats_for(booking, patron, now)[:WAYS]
    ]


def free_for(room: Room, booking: Booking) -> list[Device]:
    """Return the seats of `room`, of whatever class, that nobody else has at the booking's times. No query."""
    devices = {device.pk: device for device in room.devices}
    wish = sitter_of(booking, devices[booking.device_id], room.now)
    gap = room.branch.policy.gap_minutes
    seats = (seat for seat in room.devices if seat.pk != booking.device_id)
    return [s for s in seats if takes(room.facts(s), replace(wish, kind=s.device_class_id, needs=NONE), gap)]


def lost_of(patron: Patron, now: datetime) -> list[Booking]:
    """Return the bookings that were taken from `patron`, are still to come, and of which they do not know.

    `call.why` is "back" where the seat is free again and still so. One query, and two for each seat that was.
    """
    rows = Booking.objects.filter(patron=patron, outcome=Outcome.DISPLACED, kind=Kind.PATRON, call__handled_at=None)
    near = rows.select_related("call", "device__area", "branch__policy", "displaced_by__device").order_by(
        "period", "pk"
    )
    found = [row for row in near if (until := lost_until(row)) and until > now]
    for row in found:
        stop = row.branch.policy.stop_minutes
        if row.call.why == CallWhy.BACK and stale_offers([row.call], calendar_of(row.branch_id), stop, now=now):
            row.call.why = CallWhy.DISPLACED
    return found


@dataclass(frozen=True)
class Instead:
    """Another slot for somebody; `without` says what it lacks of what they had asked for."""

    device: Device
    slot: Slot
    without: str = ""


def instead_of(booking: Booking, now: datetime, *, by_staff: bool = False) -> list[Instead]:
    """Return up to three other slots for somebody who lost `booking`, as they are free now, the nearest first.

    Where no seat with what they asked for is left, seats without it, which say so.
    """
    start, until = max(booking.start, now), lost_until(booking)
    if booking.patron is None or until is None:
        return []
    asked = frozenset(booking.needs)
    for needs in (asked, NONE) if asked else (NONE,):
        found = nearest(
            booking.branch,
            around=start,
            minutes=max(1, (until - start) // MINUTE),
            now=now,
            patron=booking.patron,
            needs=needs,
            by_staff=by_staff,
        )
        if found:
            return [Instead(way.device, way.slot, _without(asked - way.device.serves)) for way in found]
    return []


def rules_against(booking: Booking, now: datetime) -> list[str]:
    """Return, in staff's words, the rules by which who lost `booking` can book nothing at all as things are now."""
    until = lost_until(booking)
    if booking.patron is None or until is None or until <= now:
        return []
    room = room_for_days(booking.branch, now=now, patron=booking.patron, by_staff=True)
    slot = Slot(max(booking.start, now), until)
    told = in_all([personal_problems(room.asked(seat, slot, ahead=True)) for seat in room.devices])
    found = [problem for problem in told if problem.code in WHOEVER]
    return [f"{problem.rule}: {problem.value}" for problem in found]


def _without(missing: frozenset[str]) -> str:
    if not missing:
        return ""
    return _("without %(needs)s") % {"needs": ", ".join(need_word(need) for need in sorted(missing))}
