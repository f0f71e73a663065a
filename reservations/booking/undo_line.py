"""Takes back what a member of staff did to a place in line a moment ago, as long as nothing has happened since."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from helpdesk.actor import Actor
from reservations.booking.events import turn_event
from reservations.booking.frame import Frame
from reservations.booking.place import place_of, put_back, served
from reservations.booking.undo import CANNOT, MOVED_ON, may_undo
from reservations.models import Turn, TurnEvent
from reservations.rules.problem import Refused


@transaction.atomic
def undo_turn(*, event_id: int, by: Actor, now: datetime) -> Turn:
    """Take back what the event says, done by the same member of staff within 10 seconds; return the place.

    A seat that somebody else was called to meanwhile stays theirs; the place is in line again without it.
    Taking back twice is taking back once. Raises Refused `undo_not_yours`, `undo_too_late`, `undo_moved_on`,
    `undo_cannot`; `in_line` or `elsewhere` where the person has gone on meanwhile; TurnEvent.DoesNotExist
    for an unknown event.
    """
    done = TurnEvent.objects.select_related("turn").get(pk=event_id)
    frame, place = place_of(done.turn, now)
    latest = place.events.latest("pk")
    if latest.what == "undone" and latest.detail.get("event") == event_id:
        return place
    may_undo(done, by, now)
    if latest.pk != event_id:
        raise Refused(MOVED_ON)
    take_back = UNDOES.get(done.what)
    if take_back is None:
        raise Refused(CANNOT)
    take_back(frame, place, done)
    turn_event(place, "undone", by=by, now=now, undone=done.what, event=event_id).save(force_insert=True)
    return served(frame, by, place)


def _skipped(frame: Frame, place: Turn, done: TurnEvent) -> None:
    place.place_at = datetime.fromisoformat(done.detail["place_at"])
    place.save(update_fields=["place_at"])
    frame.turns = sorted(frame.turns, key=lambda each: (each.place_at, each.pk))


def _removed(frame: Frame, place: Turn, done: TurnEvent) -> None:
    if place.patron_id is None or place.on != frame.calendar.branch_day(frame.now):
        raise Refused(CANNOT)
    put_back(frame, place)


Undo = Callable[[Frame, Turn, TurnEvent], None]
UNDOES: dict[str, Undo] = {"skipped": _skipped, "removed": _removed}
