"""What the verbs on a place in line share: its frame, what happens after, the way back into the line."""

from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helpdesk import live, words
from helpdesk.actor import Actor
from helpdesk.db import refused_by
from reservations.booking.dispatch import open_line, serve
from reservations.booking.frame import Frame
from reservations.booking.join import IN_LINE
from reservations.models import Booking, Turn
from reservations.models.line import TurnOutcome
from reservations.rules.problem import Problem, Refused
from reservations.scopes import board_scope

Result = TypeVar("Result", Turn, Booking)
REJOIN = timedelta(minutes=15)  # so long after a missed call, or after leaving, the place is still there


def place_of(turn: Turn, now: datetime) -> tuple[Frame, Turn]:
    """Return the frame around a place in line, and its locked and settled state."""
    frame = open_line(branch_id=turn.branch_id, now=now, patron_id=turn.patron_id, turn_id=turn.pk)
    if frame.turn is None:
        raise Turn.DoesNotExist
    return frame, frame.turn


def served(frame: Frame, by: Actor, result: Result) -> Result:
    """Serve who still waits, tell the screens, and return `result`."""
    frame.turns = [turn for turn in frame.turns if turn.ended_at is None]
    serve(frame, by=by)
    live.touch(board_scope(frame.branch.pk))
    return result


def offer_over(place: Turn, now: datetime, by: Actor | None = None) -> Problem:
    """Return the problem of a place that has ended: how it did, and who may put it back within a quarter of an hour."""
    said = {"number": place.number, "time": words.clock(place.ended_at or now), "reason": place.reason}
    sentence, rule = ENDED.get(place.outcome, ENDED[TurnOutcome.MISSED])
    if place.outcome == TurnOutcome.REMOVED and by is not None and by.kind == "staff":
        sentence = _("Number %(number)s was taken out of the line at %(time)s: %(reason)s")
    back = may_rejoin(place, now, by)
    return Problem("offer_over", sentence % said, rule, next_at=now if back else None, lift_by="")


ENDED: dict[str, tuple[Any, Any]] = {
    TurnOutcome.MISSED: (
        gettext_lazy("The seat was kept for number %(number)s until %(time)s, and is given on."),
        gettext_lazy("A called number is held for"),
    ),
    TurnOutcome.LEFT: (
        gettext_lazy("Number %(number)s has left the line at %(time)s."),
        gettext_lazy("Back to its place within 15 minutes"),
    ),
    TurnOutcome.REMOVED: (
        gettext_lazy("Number %(number)s was taken out of the line at %(time)s. Ask at the desk."),
        gettext_lazy("Staff put it back within 15 minutes"),
    ),
    TurnOutcome.CLOSED: (
        gettext_lazy("The line of number %(number)s ended at %(time)s, when the computers stopped."),
        gettext_lazy("Computers stop before closing"),
    ),
    TurnOutcome.SEATED: (
        gettext_lazy("Number %(number)s sat down at %(time)s."),
        gettext_lazy("One seat for a place in line"),
    ),
}


def may_rejoin(place: Turn, now: datetime, by: Actor | None = None) -> bool:
    """Return whether a place that missed its call, or was left by its patron, can be taken again.

    Staff also put back whom staff took out.
    """
    back = {TurnOutcome.MISSED, TurnOutcome.LEFT}
    if by is not None and by.kind == "staff":
        back.add(TurnOutcome.REMOVED)
    return place.outcome in back and place.ended_at is not None and now - place.ended_at < REJOIN


def put_back(frame: Frame, place: Turn) -> None:
    """Let an ended place stand in the line again where it was, without a seat.

    Raises Refused `in_line` for somebody who has joined anew, `elsewhere` for somebody who sits.
    """
    _refuse_seated(frame)
    place.ended_at, place.outcome, place.reason, place.offer = None, "", "", None
    with refused_by("turn_one_per_patron", Refused(IN_LINE)):
        place.save(update_fields=["ended_at", "outcome", "reason", "offer"])
    frame.turns = sorted([*frame.turns, place], key=lambda each: (each.place_at, each.pk))


def _refuse_seated(frame: Frame) -> None:
    """Raise Refused `elsewhere` where the frame's patron sits somewhere now."""
    here = next((b for b in frame.patron_facts().busy if not b.over and b.start <= frame.now), None)
    if here:
        sentence = _("You already have a seat %(when)s.") % {"when": words.when(here.start, frame.now)}
        raise Refused(Problem("elsewhere", sentence, _("One seat at a time"), next_at=here.end, lift_by=""))
