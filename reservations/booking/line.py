"""What happens to a place in line: claim, leave, call, skip, change, remove, rejoin. Joining is in join.py."""

from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helpdesk import words
from helpdesk.actor import Actor
from reservations.booking.again import blocked_now
from reservations.booking.dispatch import (
    MINUTE,
    asks,
    first_free,
    free_seats,
    head_for,
    offer,
    open_line,
    seats_in_line,
    serve,
)
from reservations.booking.events import event, turn_event
from reservations.booking.frame import Frame
from reservations.booking.insert import save, yields_to_need
from reservations.booking.join import join, wish
from reservations.booking.override import lifted_in_line, reason_given, record
from reservations.booking.place import REJOIN, may_rejoin, offer_over, place_of, put_back, served
from reservations.booking.turns import end, is_waiting, sit_down, withdraw
from reservations.models import Booking, Device, Turn
from reservations.models.booking import Kind
from reservations.models.line import TurnOutcome
from reservations.period import period
from reservations.rules.booking import booking_problems
from reservations.rules.facts import Asked
from reservations.rules.fit import longest_minutes
from reservations.rules.problem import Problem, Refused
from reservations.rules.promise import serves
from reservations.rules.slot import Slot

__all__ = ["REJOIN", "call", "change", "claim", "join", "leave", "rejoin", "remove", "skip"]

INSTANT = timedelta(microseconds=1)
NOBODY = Problem("nobody_waits", gettext_lazy("Nobody waits."), gettext_lazy("Waiting line"), lift_by="")
NO_SEAT = Problem("no_seat", gettext_lazy("No seat is free right now."), gettext_lazy("All seats taken"), lift_by="")
NOBODY_ELSE = Problem(
    "nobody_else", gettext_lazy("Nobody else waits for this seat."), gettext_lazy("Waiting line"), lift_by=""
)


@transaction.atomic
def claim(*, turn: Turn, by: Actor, now: datetime, override: str = "") -> Booking:
    """Sit down at the seat that is held for a place in line; the offer becomes the patron's session.

    It keeps its number and ends when the offer would, or sooner where a limit of the patron says so. Claiming twice
    is claiming once. What staff lifted when the place was taken stays lifted. Raises Refused `not_called`,
    `offer_over`, `elsewhere`, and every rule that is broken.
    """
    frame, place = place_of(turn, now)
    if place.outcome == TurnOutcome.SEATED and place.offer:
        return place.offer
    if place.ended_at:
        raise Refused(offer_over(place, now, by))
    row = place.offer
    if row is None:
        raise Refused(_not_called(place))
    asked = _asked(frame, place, row, by)
    problems = booking_problems(asked)
    before = lifted_in_line(place) if problems else ()
    standing = [problem for problem in problems if problem.code not in before]
    lifted = frame.check(standing, by=by, override=override)
    row.kind, row.patron, row.check_in_by = Kind.PATRON, frame.patron, None
    row.period = period(asked.slot.start, asked.slot.end)
    row.checked_in_at = asked.slot.start
    row.yields = yields_to_need(frame, frame.device(row.device_id), frozenset(place.needs))
    save(row)
    event(row, "claimed", by=by, now=now, number=place.number).save(force_insert=True)
    record(row, lifted, override=override, by=by, now=now)
    sit_down(place, row, by=by, now=now)
    return served(frame, by, row)


def _asked(frame: Frame, place: Turn, row: Booking, by: Actor) -> Asked:
    """Return what a claim asks: the rest of the offer, cut to what the patron's limits allow."""
    device = frame.device(row.device_id)
    start = max(frame.now, row.start, frame.start_on(device))
    until = row.period.upper
    if until <= start:
        raise Refused(offer_over(place, frame.now, by))
    whole = frame.asked(device, Slot(start, until), walk_up=True, without=row.pk, by=by, needs=frozenset(place.needs))
    whole = replace(whole, waiting=0)
    longest = longest_minutes(whole)
    return replace(whole, slot=Slot(start, min(until, start + longest * MINUTE))) if longest else whole


def _not_called(place: Turn) -> Problem:
    sentence = _("Number %(number)s has not been called yet.") % {"number": place.number}
    return Problem("not_called", sentence, _("Called"), next_at=place.expected_low_at, lift_by="")


@transaction.atomic
def leave(*, turn: Turn, by: Actor, now: datetime) -> Turn:
    """Leave the line; a seat that was held goes to the next. Leaving twice is leaving once."""
    frame, place = place_of(turn, now)
    return _out(frame, place, TurnOutcome.LEFT, by) if place.ended_at is None else place


@transaction.atomic
def remove(*, turn: Turn, reason: str, by: Actor, now: datetime) -> Turn:
    """Take somebody out of the line; staff say why. Raises Refused `reason_needed`."""
    said = reason_given(reason)
    frame, place = place_of(turn, now)
    return _out(frame, place, TurnOutcome.REMOVED, by, reason=said) if place.ended_at is None else place


def _out(frame: Frame, place: Turn, outcome: TurnOutcome, by: Actor, *, reason: str = "") -> Turn:
    held = {"from_seat": place.offer.device.label} if place.offer else {}
    withdraw(place, by=by, now=frame.now, reason=reason)
    end(place, outcome, at=frame.now)
    place.reason = reason
    place.save(update_fields=["ended_at", "outcome", "reason"])
    turn_event(place, outcome.value, by=by, now=frame.now, reason=reason, **held).save(force_insert=True)
    return served(frame, by, place)


@transaction.atomic
def call(*, branch_id: int, by: Actor, now: datetime, turn: Turn | None = None) -> Turn:
    """Call a number: hold a seat for it now, or announce it again; without `turn` the first of the line.

    Raises Refused `nobody_waits`, `no_seat`, `offer_over` for a place that has ended.
    """
    frame = open_line(branch_id=branch_id, now=now, turn_id=turn.pk if turn else None)
    place = frame.turn if turn else _next(frame, by)
    if place is None:
        raise Refused(NO_SEAT if frame.turns else NOBODY)
    if place.ended_at:
        raise Refused(offer_over(place, now, by))
    if place.offer:
        place.called_at = max(now, place.called_at or now)
        place.save(update_fields=["called_at"])
        event(place.offer, "called", by=by, now=now, number=place.number).save(force_insert=True)
        turn_event(place, "called_again", by=by, now=now).save(force_insert=True)
    else:
        free = first_free(frame, place, free_seats(frame))
        if free is None:
            raise Refused(NO_SEAT)
        offer(frame, place, free, by=by)
    return served(frame, by, place)


def _next(frame: Frame, by: Actor) -> Turn | None:
    """Return the first of the line with a seat, after giving out what is free."""
    if not any(turn.offer_id for turn in frame.turns):
        serve(frame, by=by)
    return next((turn for turn in frame.turns if turn.offer_id), None)


@transaction.atomic
def skip(*, turn: Turn, by: Actor, now: datetime, place_at: datetime | None = None) -> Turn:
    """Let the next person go first; a seat that was held is given to them.

    `place_at` is the place as the page showed it: once skipped, the same click changes nothing. Raises Refused
    `nobody_else` where nobody is behind, `offer_over` for a place that has ended.
    """
    frame, place = place_of(turn, now)
    if place.ended_at:
        raise Refused(offer_over(place, now, by))
    if place_at is not None and place_at != place.place_at:
        return place
    device = place.offer.device if place.offer else None
    withdraw(place, by=by, now=now)
    free = next((free for free in free_seats(frame) if device and free.device.pk == device.pk), None)
    after = head_for(frame, free, but=place) if free else _behind(frame, place)
    if after is None:
        raise Refused(NOBODY_ELSE)
    before = place.place_at
    place.place_at = max(place.place_at, after.place_at + INSTANT)
    place.save(update_fields=["place_at"])
    turn_event(place, "skipped", by=by, now=now, place_at=before.isoformat()).save(force_insert=True)
    frame.turns = sorted(frame.turns, key=lambda each: (each.place_at, each.pk))
    if free:
        offer(frame, after, free, by=by)
    return served(frame, by, place)


def _behind(frame: Frame, place: Turn) -> Turn | None:
    """Return the next waiting place behind `place`."""
    later = (turn for turn in frame.turns if is_waiting(turn) and (turn.place_at, turn.pk) > (place.place_at, place.pk))
    return next(later, None)


@transaction.atomic
def change(
    *,
    turn: Turn,
    by: Actor,
    now: datetime,
    class_code: str | None = None,
    needs: frozenset[str] | None = None,
    minutes: int | None = None,
) -> Turn:
    """Change what a place in line asks for; None keeps it. The place stays, a seat that no longer serves is given on.

    Minutes beyond the longest session are cut to it. Raises Refused `no_such_seat`, `too_short` for less than the
    shortest useful slot, `offer_over` for a place that has ended.
    """
    frame, place = place_of(turn, now)
    if place.ended_at:
        raise Refused(offer_over(place, now, by))
    wish(
        frame,
        place,
        class_code=_code(place) if class_code is None else class_code,
        needs=frozenset(place.needs) if needs is None else needs,
        minutes=place.minutes if minutes is None else minutes,
    )
    if minutes is not None and minutes < place.minutes:
        raise Refused(_too_short(place.minutes))
    place.save(update_fields=["device_class", "needs", "minutes"])
    if place.offer:
        place.offer.needs = place.needs
        place.offer.save(update_fields=["needs"])
    turn_event(place, "changed", by=by, now=now, minutes=place.minutes).save(force_insert=True)
    if place.offer and not _serves(frame, place, place.offer.device):
        withdraw(place, by=by, now=now)
    return served(frame, by, place)


def _too_short(least: int) -> Problem:
    sentence = _("A place in line asks for at least %(length)s.") % {"length": words.length(least)}
    return Problem(
        "too_short", sentence, _("Shortest useful slot"), words.length(least), next_minutes=least, lift_by=""
    )


def _code(place: Turn) -> str:
    return place.device_class.code if place.device_class else ""


def _serves(frame: Frame, place: Turn, device: Device) -> bool:
    seat = next(seat for seat in seats_in_line(frame) if seat.device_id == device.pk)
    return serves(seat, asks(frame, place))


@transaction.atomic
def rejoin(*, turn: Turn, by: Actor, now: datetime) -> Turn:
    """Give a place back that missed its call or was left within a quarter of an hour; an open place simply stays.

    Raises Refused `offer_over`, `in_line` for somebody who has joined anew, `elsewhere` for somebody who sits.
    """
    frame, place = place_of(turn, now)
    if place.ended_at is None:
        return place
    if not may_rejoin(place, now, by) or place.on != frame.calendar.branch_day(now) or frame.patron is None:
        raise Refused(offer_over(place, now, by))
    if blocked := blocked_now(frame):
        raise Refused(*blocked)
    put_back(frame, place)
    turn_event(place, "rejoined", by=by, now=now).save(force_insert=True)
    return served(frame, by, place)
