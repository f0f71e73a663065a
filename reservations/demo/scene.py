"""One branch of the demo while people come and go: what happens when, and who can still be sent in."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from reservations.calendar import Calendar, Span
from reservations.demo.library import Library
from reservations.models import Booking, Branch, Device
from reservations.rules.problem import Refused

MINUTE = timedelta(minutes=1)
# What may stand in the way near opening and closing time; any other refusal is a mistake of the demo.
MAY_REFUSE = frozenset(
    [
        "closed",
        "closing",
        "last_booking",
        "too_short",
        "too_long",
        "too_many",
        "too_far",
        "day_limit",
        "day_sessions",
        "week_limit",
        "break",
        "class_day_limit",
        "class_sessions",
        "elsewhere",
        "taken",
        "gap",
        "seat_free",
    ]
)
Made = TypeVar("Made")
Step = tuple[datetime, Callable[[], None]]


@dataclass
class Scene:
    """A branch, its usable opening, and the steps that fill it, each at its moment."""

    library: Library
    branch: Branch
    calendar: Calendar
    now: datetime
    seats: dict[str, Device]
    open: Span | None
    steps: list[Step] = field(default_factory=list)
    running: dict[str, Booking] = field(default_factory=dict)

    def at(self, minutes: int) -> datetime | None:
        """Return the moment so many minutes ago, but not before opening; None while closed."""
        return max(self.open[0], self.now - MINUTE * minutes) if self.open else None

    def play(self) -> None:
        """Let everything happen in the order of its moments."""
        for _moment, step in sorted(self.steps, key=lambda planned: planned[0]):
            step()


def unless_refused(verb: Callable[[], Made]) -> Made | None:
    """Return what `verb` made, or None where one of the expected rules stood in the way."""
    try:
        return verb()
    except Refused as refused:
        if set(refused.codes) <= MAY_REFUSE:
            return None
        raise
