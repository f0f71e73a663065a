"""Takes back what a member of staff did to a place in line a moment ago, as long as nothing has happened since."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from helpdesk.actor import Actor
from reservations.booking.dispatch import asks, seats_in_line
from reservations.booking.events import turn_event
from reservations.booking.frame import Frame
from reservations.booking.place import place_of, put_back, served
from reservations.booking.undo import CANNOT, MOVED_ON, may_undo
from reservations.models import Turn, TurnEvent
from reservations.rules.problem import Problem, Refused
from reservations.rules.promise import serves


@transaction.atomic
def undo_turn(*, event_id: int, by: Actor, now: datetime) -> Turn:
    """Take back what the event says, done by the same member of staff within 10 seconds; return the place.

    A seat that somebody else was called to meanwhile stays theirs; who was taken out is in line again without it.
    Taking back twice is taking back once. Raises Refused `undo_not_yours`, `undo_too_late`, `undo_moved_on`,
    `undo_cannot`, `given_on`; `in_line` or `elsewhere` where the person has gone on meanwhile; TurnEvent.DoesNotExist
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


def _refuse_given_on(frame: Frame, place: Turn, since: datetime) -> None:
    """Raise Refused `given_on` where somebody else has got a seat since that would have been this place's."""
    wish = asks(frame, place)
    serving = [seat.device_id for seat in seats_in_line(frame) if serves(seat, wish)]
    others = Turn.objects.exclude(pk=place.pk).filter(branch=frame.branch, offer__created_at__gte=since)
    given = others.filter(offer__device__in=serving).select_related("offer__device").order_by("pk").first()
    if given and given.offer:
        said = {"seat": given.offer.device.said, "number": given.number}
        sentence = _("%(seat)s has been given to number %(number)s meanwhile and stays theirs.") % said
        raise Refused(Problem("given_on", sentence, _("Undo"), lift_by=""))


def _skipped(frame: Frame, place: Turn, done: TurnEvent) -> None:
    _refuse_given_on(frame, place, done.at)
    place.place_at = datetime.fromisoformat(done.detail["place_at"])
    place.save(update_fields=["place_at"])
    frame.turns = sorted(frame.turns, key=lambda each: (each.place_at, each.pk))


def _removed(frame: Frame, place: Turn, done: TurnEvent) -> None:
    if place.patron_id is None or place.on != frame.calendar.branch_day(frame.now):
        raise Refused(CANNOT)
    put_back(frame, place)


Undo = Callable[[Frame, Turn, TurnEvent], None]
UNDOES: dict[str, Undo] = {"skipped": _skipped, "removed": _removed}
