"""Coming back to a seat that one had left or missed: what its person has taken meanwhile counts."""

from collections.abc import Callable

from reservations.booking.frame import Frame
from reservations.models import Booking
from reservations.rules import limits
from reservations.rules.facts import Asked
from reservations.rules.problem import Problem
from reservations.rules.slot import Slot
from reservations.rules.who import blocked_at

Rule = Callable[[Asked], Problem | None]
MINUTES: tuple[Rule, ...] = (limits.day_limit, limits.week_limit, limits.class_day_limit)
SESSIONS: tuple[Rule, ...] = (limits.day_sessions, limits.class_sessions, limits.in_a_row, limits.pause)


def limits_again(frame: Frame, row: Booking, slot: Slot, *, same_session: bool) -> list[Problem]:
    """Return the limits of its person that going back to the ended `row` for `slot` breaks.

    None where they have taken nothing else since it ended: what was allowed once still is. `same_session`: the minutes
    used so far stay used and no new session begins.
    """
    if not _has_taken_more(frame, row):
        return []
    without = None if same_session else row.pk
    asked = frame.asked(frame.device(row.device_id), slot, walk_up=True, without=without)
    rules = MINUTES if same_session else MINUTES + SESSIONS
    return [problem for rule in rules if (problem := rule(asked)) is not None]


def blocked_now(frame: Frame) -> list[Problem]:
    """Return the problem of a card that staff have blocked, as the locked patron says; none where it is free."""
    problem = blocked_at(frame.patron_facts(), frame.now, frame.now) if frame.patron else None
    return [problem] if problem else []


def _has_taken_more(frame: Frame, row: Booking) -> bool:
    """Return whether the person of the ended `row` has booked a seat or sat down since."""
    since = row.ended_at
    others = (other for other in frame.rows if other.patron_id == row.patron_id and other.pk != row.pk)
    return since is not None and any(max(o.created_at, o.checked_in_at or o.created_at) >= since for o in others)
