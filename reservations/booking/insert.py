"""Writes one new row of the timeline; the exclusion constraints have the last word."""

from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from helpdesk import live
from helpdesk.actor import SYSTEM, Actor
from helpdesk.db import refused_by
from reservations.booking.events import event
from reservations.booking.frame import NO_NEEDS, Frame
from reservations.booking.numbers import draw_number
from reservations.booking.trust import count_trust
from reservations.booking.turns import sit_down
from reservations.models import Booking, Device, Turn
from reservations.models.policy import Access
from reservations.period import period
from reservations.rules.facts import ACCESS
from reservations.rules.problem import Problem, Refused
from reservations.rules.slot import Slot
from reservations.scopes import board_scope

SEAT_TAKEN = Problem("taken", _("Someone else has just taken this seat."), _("Taken"), lift_by="")
SEATED_ELSEWHERE = Problem("elsewhere", _("You already have a seat at that time."), _("One seat at a time"), lift_by="")


def insert(
    frame: Frame,
    device: Device,
    slot: Slot,
    *,
    walk_up: bool,
    by: Actor,
    request_key: UUID,
    needs: frozenset[str] = NO_NEEDS,
) -> Booking:
    """Insert a patron's booking of `slot` on `device`, with its first event, and tell the screens.

    A walk-up is checked in at its start, draws a number, and ends the patron's place in line, whose number it keeps;
    otherwise `check_in_by` is stored now, so that a later edit of the policy never changes it. Raises Refused where a
    constraint refuses the row.
    """
    turn = frame.my_turn() if walk_up else None
    grace = frame.policy_facts(device).grace
    booking = Booking(
        branch=frame.branch,
        device=device,
        patron=frame.patron,
        period=period(slot.start, slot.end),
        booked_period=period(slot.start, slot.end),
        check_in_by=None if walk_up else min(slot.end, slot.start + timedelta(minutes=grace)),
        checked_in_at=slot.start if walk_up else None,
        walk_up=walk_up,
        number=_number(frame, turn) if walk_up else "",
        needs=sorted(needs),
        yields=yields_to_need(frame, device, needs),
        request_key=request_key,
        created_at=frame.now,
    )
    save(booking)
    event(booking, "sat_down" if walk_up else "booked", by=by, now=frame.now).save(force_insert=True)
    if booking.patron and booking.patron.is_unverified:
        _on_trust(booking, by, frame.now)
    if turn:
        sit_down(turn, booking, by=by, now=frame.now)
    live.touch(board_scope(frame.branch.pk))
    return booking


def _on_trust(booking: Booking, by: Actor, now: datetime) -> None:
    event(booking, "not_checked", by=SYSTEM, now=now).save(force_insert=True)
    count_trust(booking.patron, by, now)


def _number(frame: Frame, turn: Turn | None) -> str:
    return turn.number if turn else draw_number(frame.branch, frame.calendar.branch_day(frame.now))


def yields_to_need(frame: Frame, device: Device, needs: frozenset[str]) -> bool:
    """Return whether who sits there makes room as soon as somebody needs the seat."""
    rule = frame.branch.policy.rule_for(device.device_class_id)
    return rule.access == Access.FIRST and ACCESS.isdisjoint(needs)


def save(booking: Booking) -> None:
    """Insert or update `booking`; raise Refused where an exclusion constraint refuses its period."""
    with (
        refused_by("booking_one_per_device", Refused(SEAT_TAKEN)),
        refused_by("booking_one_per_patron", Refused(SEATED_ELSEWHERE)),
    ):
        booking.save()


def as_slot(start: datetime, end: datetime) -> Slot:
    """Return the slot [start, end), or raise Refused: a reversed or empty time is a sentence, not a crash."""
    if end <= start:
        raise Refused(
            Problem("reversed", _("A booking ends after it starts. Choose another time."), _("Times"), lift_by="")
        )
    return Slot(start, end)
