"""Read of what happened to a place in line, from its first event to its last, and why."""

from datetime import datetime

from helpdesk import words
from reservations.models import Turn
from reservations.story import Line
from reservations.story_words import IN_LINE, details_of, who_did


def turn_story(turn: Turn, *, now: datetime) -> list[Line]:
    """Return the events of a place in line in order. One query."""
    return [
        Line(
            at=event.at,
            when=words.moment(event.at, now),
            what=str(IN_LINE.get(event.what, event.what)),
            details=details_of(event, now),
            who=who_did(event),
            reason=event.reason,
        )
        for event in turn.events.select_related("by_user", "by_kiosk").order_by("pk")
    ]
