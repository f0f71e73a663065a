"""Why a booking may not be made: every rule, in the order of telling. No ORM, no clock."""

from collections.abc import Callable

from reservations.rules import when, where, who
from reservations.rules.facts import Asked
from reservations.rules.problem import Problem

Rule = Callable[[Asked], Problem | None]

# The order is the order of telling: who and what before when, limits before the seat itself.
RULES: tuple[Rule, ...] = (
    where.not_bookable,
    when.past,
    who.blocked,
    who.pass_ended,
    who.age,
    where.walk_up_class,
    who.walk_up_patron,
    when.horizon,
    when.closed,
    when.closing,
    when.too_short,
    when.too_long,
    who.open_bookings,
    who.day_limit,
    who.elsewhere,
    where.taken,
    where.gap,
)


def booking_problems(asked: Asked) -> list[Problem]:
    """Return every rule that `asked` breaks, the most telling first; empty when it may be booked."""
    return [problem for rule in RULES if (problem := rule(asked)) is not None]
