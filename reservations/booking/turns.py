"""The open places in line of a locked branch: read, settled, ended. Verbs are in line.py and dispatch.py."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from helpdesk.actor import SYSTEM, Actor
from reservations.booking.events import CLOSED_FIELDS, close, event, turn_event
from reservations.models import Booking, Turn, TurnEvent
from reservations.models.booking import Kind, Outcome
from reservations.models.line import TurnOutcome


def turns_of(branch_id: int, turn_id: int | None, key: UUID | None) -> list[Turn]:
    """Return the open places of a branch in order, and those that are asked for by id or request key. One query."""
    asked = Q(branch_id=branch_id, ended_at=None)
    if turn_id:
        asked |= Q(pk=turn_id)
    if key:
        asked |= Q(request_key=key)
    return list(Turn.objects.filter(asked).select_related("patron", "device_class").in_order())


def settle_turns(turns: Iterable[Turn], rows: Iterable[Booking]) -> list[Turn]:
    """Bring places in line up to their settled offers; return those that changed.

    An offer that nobody came for ends its place as missed; one that was taken away by a fault puts it back in line.
    """
    known = {row.pk: row for row in rows}
    changed: list[Turn] = []
    told: list[TurnEvent] = []
    for turn in turns:
        offer = known.get(turn.offer_id or 0)
        if offer is None:
            continue
        turn.offer = offer
        if turn.ended_at or not offer.ended_at:
            continue
        if offer.kind == Kind.OFFER and offer.outcome in {Outcome.NO_SHOW, Outcome.RAN_OUT}:
            end(turn, TurnOutcome.MISSED, at=offer.ended_at)
        else:
            turn.offer = None
        changed.append(turn)
        what = "missed" if turn.ended_at else "seat_lost"
        told.append(turn_event(turn, what, by=SYSTEM, now=offer.ended_at, from_seat=offer.device.label))
    if changed:
        Turn.objects.bulk_update(changed, ["offer", "ended_at", "outcome"])
        TurnEvent.objects.bulk_create(told)
    return changed


def end(turn: Turn, outcome: TurnOutcome, *, at: datetime) -> None:
    """End a place in line in memory."""
    turn.ended_at, turn.outcome = at, outcome


def is_waiting(turn: Turn) -> bool:
    """Return whether no seat is held for an open place yet."""
    return turn.ended_at is None and turn.offer_id is None


def withdraw(turn: Turn, *, by: Actor, now: datetime, reason: str = "") -> None:
    """Take the seat that is held for a place in line back; the place waits again."""
    offer = turn.offer
    if offer is None:
        return
    close(offer, at=max(now, offer.start), outcome=Outcome.CANCELLED)
    offer.save(update_fields=CLOSED_FIELDS)
    event(offer, "offer_withdrawn", by=by, now=now, reason=reason, number=turn.number).save(force_insert=True)
    turn.offer = None
    turn.save(update_fields=["offer"])


def sit_down(turn: Turn, booking: Booking, *, by: Actor, now: datetime) -> None:
    """End a place in line because its person sits at `booking` now."""
    turn.offer, turn.called_at = booking, turn.called_at or now
    end(turn, TurnOutcome.SEATED, at=now)
    turn.save(update_fields=["offer", "called_at", "ended_at", "outcome"])
    turn_event(turn, "seated", by=by, now=now, to_seat=booking.device.label).save(force_insert=True)
