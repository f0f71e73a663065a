"""Why a booking may not be made: every rule, in the order of telling. No ORM, no clock."""

from collections.abc import Callable, Sequence

from reservations.rules import ahead, away, limits, when, where, who
from reservations.rules.facts import Asked
from reservations.rules.problem import Problem

Rule = Callable[[Asked], Problem | None]

# The order is the order of telling: who and what before when, limits before the seat itself.
PERSONAL: tuple[Rule, ...] = (
    where.not_bookable,
    when.past,
    who.blocked,
    who.missed,
    away.library_away,
    who.guests,
    who.pass_ended,
    who.age,
    who.staff_book,
    who.supervised,
    who.needs,
    ahead.walk_up_class,
    ahead.walk_up_patron,
    ahead.never,
    where.line,
    ahead.while_free,
    ahead.horizon,
    when.closed,
    when.closing,
    when.last_booking,
    when.too_short,
    when.too_long,
    when.least_left,
    ahead.open_bookings,
    away.away_limit,
    limits.day_limit,
    limits.week_limit,
    limits.class_day_limit,
    limits.day_sessions,
    limits.class_sessions,
    limits.in_a_row,
    limits.pause,
    where.elsewhere,
)
# What depends on the rows of the device alone.
SEAT: tuple[Rule, ...] = (where.taken, where.gap, where.broken)
# What depends on the seat somebody moves to, and on its class where that is another one: what was allowed stays so.
MOVING: tuple[Rule, ...] = (where.not_bookable, where.line, where.taken, where.gap, where.lacks)
OTHER_CLASS: tuple[Rule, ...] = (
    who.guests,
    who.age,
    who.supervised,
    who.needs,
    ahead.walk_up_class,
    when.too_long,
    limits.day_limit,
    limits.week_limit,
    limits.class_day_limit,
    limits.day_sessions,
    limits.class_sessions,
)
# What may have changed while somebody was without the seat that they had been allowed.
AGAIN: tuple[Rule, ...] = (
    who.blocked,
    who.pass_ended,
    when.closed,
    when.closing,
    limits.day_limit,
    limits.week_limit,
    limits.class_day_limit,
    limits.day_sessions,
    limits.class_sessions,
    where.elsewhere,
    where.line,
    *SEAT,
)
RULES: tuple[Rule, ...] = PERSONAL + SEAT


def booking_problems(asked: Asked) -> list[Problem]:
    """Return every rule that `asked` breaks, the most telling first; empty when it may be booked."""
    return [problem for rule in RULES if (problem := rule(asked)) is not None]


def personal_problems(asked: Asked) -> list[Problem]:
    """Return every rule broken that another seat of the same class would break as well."""
    return [problem for rule in PERSONAL if (problem := rule(asked)) is not None]


def seat_problems(asked: Asked) -> list[Problem]:
    """Return the rules broken that only this device breaks: by who has it, by the cleaning."""
    return [problem for rule in SEAT if (problem := rule(asked)) is not None]


def moving_problems(asked: Asked, kind: int) -> list[Problem]:
    """Return the rules that keep somebody who has a seat of class `kind` at this time from having this one instead."""
    rules = MOVING if asked.device.kind == kind else OTHER_CLASS + MOVING
    return [problem for rule in rules if (problem := rule(asked)) is not None]


def again_problems(asked: Asked) -> list[Problem]:
    """Return the rules that keep somebody from having back what a fault had taken from them."""
    return [problem for rule in AGAIN if (problem := rule(asked)) is not None]


def in_all(told: Sequence[Sequence[Problem]]) -> list[Problem]:
    """Return the problems that every seat of `told` has, in the words of the first; none where there is no seat."""
    first = told[0] if told else ()
    shared = set.intersection(*({problem.code for problem in each} for each in told)) if told else set()
    return [problem for problem in first if problem.code in shared]
