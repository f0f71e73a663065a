"""Soft landing: a few minutes to finish a timed form or a video visit; who comes after is moved, not made to wait."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from helpdesk import words
from helpdesk.actor import Actor
from reservations.booking.ahead import over_problem
from reservations.booking.chain import sessions_of
from reservations.booking.events import event
from reservations.booking.frame import REACH, Frame, open_frame, seats_of
from reservations.booking.reseat import in_order, sitter_of
from reservations.booking.running import (
    DOUBLE,
    MINUTE,
    end_of,
    is_running,
    save_running,
    set_end,
    stretch_of,
)
from reservations.booking.tell import put_on_list
from reservations.booking.turns import is_waiting
from reservations.linefacts import day_stop, seat_line, waiting_of
from reservations.models import Booking, BookingEvent, Device
from reservations.models.booking import Kind
from reservations.models.calls import CallWhy
from reservations.rules.extending import LEAST, Stretch, latest_end
from reservations.rules.facts import ACCESS
from reservations.rules.landing import delays
from reservations.rules.problem import Problem, Refused
from reservations.rules.promise import serves
from reservations.rules.reseat import seat_for

REASONS = frozenset({"form", "video"})


@transaction.atomic
def land_softly(*, booking: Booking, why: str, by: Actor, now: datetime) -> Booking:
    """Give a running session the policy's minutes to finish a form or a video visit (`why`), once; return it.

    If somebody has booked the seat next, or it is offered to them, they are moved to another seat of the same class
    at the same time; only where that is impossible the limit holds. Personal limits do not.
    Raises Refused `over`, `landed`, `no_landing`, `line`, `limit_holds`; ValueError for an unknown `why`.
    """
    if why not in REASONS:
        raise ValueError(why)
    frame = _room_around(booking, now)
    row = frame.row(booking)
    if not is_running(row):
        raise Refused(over_problem())
    landed = BookingEvent.objects.filter(booking__in=sessions_of(row), what="soft_landing").order_by("pk").last()
    if landed and landed.at > now - DOUBLE:
        return row
    policy = frame.policy_facts(frame.device(row.device_id))
    if landed or not policy.soft_landing:
        raise Refused(_once(policy.soft_landing))
    stretch = stretch_of(frame, row, policy.soft_landing, by)
    _keep_the_line(frame, row, stretch)
    _land(frame, row, stretch, why, by)
    return row


def _room_around(booking: Booking, now: datetime) -> Frame:
    """Return the frame of the session with every seat of its branch."""
    return open_frame(
        branch_id=booking.branch_id,
        now=now,
        patron_id=booking.patron_id,
        device_ids={booking.device_id, *seats_of(booking.branch_id)},
        booking_id=booking.pk,
        reach=REACH,
    )


def _land(frame: Frame, row: Booking, stretch: Stretch, why: str, by: Actor) -> None:
    """Make the session longer and move who comes next out of its way, both in one UPDATE."""
    minutes = _minutes(stretch)
    follower = _follower(frame, row, stretch) if minutes < stretch.minutes else None
    gained = _minutes(_without(frame, row, follower, stretch)) if follower else minutes
    seat = _seat_for(frame, follower) if follower and gained >= max(minutes + 1, LEAST) else None
    minutes = gained if seat else minutes
    if minutes < LEAST:
        raise Refused(_limit(stretch))
    set_end(row, end_of(row) + minutes * MINUTE)
    if follower and seat:
        event(follower, "moved", by=by, now=frame.now, from_seat=follower.device.label, to_seat=seat.label).save()
        follower.device = seat
        save_running(frame, row, follower, fields=["device"])
        put_on_list([follower] if follower.kind == Kind.PATRON else [], CallWhy.MOVED, now=frame.now)
    else:
        save_running(frame, row)
    until = end_of(row).isoformat()
    event(row, "soft_landing", by=by, now=frame.now, why=why, minutes=minutes, until=until).save()


def _minutes(stretch: Stretch) -> int:
    """Return how many of the asked minutes the seat leaves."""
    return min(stretch.minutes, (latest_end(stretch) - stretch.end) // MINUTE)


def _without(frame: Frame, row: Booking, follower: Booking, stretch: Stretch) -> Stretch:
    """Return the same stretch as if `follower` were gone from the seat."""
    device = frame.device(row.device_id)
    return replace(stretch, device=frame.device_facts(device, without=follower.pk))


def _follower(frame: Frame, row: Booking, stretch: Stretch) -> Booking | None:
    """Return the row that comes next on the seat if it may be moved: a booking or an offer nobody sits at yet."""
    later = [r for r in frame.rows if r.device_id == row.device_id and not r.ended_at and r.start >= stretch.end]
    following = min(later, key=lambda r: r.start, default=None)
    return following if following and following.kind in {Kind.PATRON, Kind.OFFER} else None


def _seat_for(frame: Frame, follower: Booking) -> Device | None:
    """Return the seat that could take `follower` at its own times, the plainest first; None if there is none.

    It has the same class, and every feature of the present seat that somebody may need.
    """
    present = frame.device(follower.device_id)
    wish = sitter_of(follower, present, frame.now)
    others = in_order(device for device in frame.devices if device.pk != present.pk)
    seats = {device.pk: frame.device_facts(device) for device in others}
    found = seat_for(wish, seats, frame.branch.policy.gap_minutes)
    return next((device for device in others if device.pk == found), None)


def _keep_the_line(frame: Frame, row: Booking, stretch: Stretch) -> None:
    """Raise Refused `line` if the first person in line whom this seat serves would wait longer for it.

    Where the session makes room for need, that is the first who needs such a seat.
    """
    policy, today = frame.branch.policy, frame.calendar.branch_day(frame.now)
    seats = {d.pk: seat_line(d, (), now=frame.now, policy=policy) for d in frame.devices}
    wishes = [waiting_of(turn, policy, today) for turn in frame.turns if is_waiting(turn)]
    served = [wish for wish in wishes if serves(seats[row.device_id], wish)]
    needing = [wish for wish in served if row.yields and not ACCESS.isdisjoint(wish.needs)]
    head = next(iter([*needing, *served]), None)
    if head is None:
        return
    others = [d for d in frame.devices if d.pk != row.device_id and serves(seats[d.pk], head)]
    facts = [frame.device_facts(d) for d in others]
    stop = day_stop(frame.calendar, today, policy) or frame.now
    if delays(stretch.new_end, facts, frame.now, policy.gap_minutes, least=head.least, stop=stop):
        sentence = _("Somebody waits for this seat and no other frees in time. Save your work now, or ask a person.")
        raise Refused(Problem("line", sentence, _("People in line"), str(stretch.waiting)))


def _limit(stretch: Stretch) -> Problem:
    said = {"time": words.clock(stretch.end)}
    sentence = _("Your time here ends at %(time)s and cannot be moved. Save your work now, or ask a person.")
    return Problem("limit_holds", sentence % said, _("What comes next on this seat"), next_at=stretch.end, lift_by="")


def _once(minutes: int) -> Problem:
    if not minutes:
        sentence = _("Sessions on this seat are not made longer. Save your work now, or ask a person.")
        return Problem("no_landing", sentence, _("To finish a form or a video visit"), _("no"))
    sentence = _("You have had your %(length)s to finish. Save your work now, or ask a person.")
    length = words.length(minutes)
    return Problem("landed", sentence % {"length": length}, _("To finish a form or a video visit"), length)
