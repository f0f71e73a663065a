"""Rules about the patron: blocks, ages, how much they have and where they already sit."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helpdesk import words
from reservations.rules.facts import Asked
from reservations.rules.problem import Problem


def blocked(asked: Asked) -> Problem | None:
    until = asked.patron.blocked_until
    if until is None or until <= asked.slot.start:
        return None
    return Problem(
        "blocked",
        _("Booking with this card needs a word with our staff first."),
        _("Card blocked until"),
        words.moment(until, asked.now),
        next_at=until,
        lift_by="manager",
    )


def pass_ended(asked: Asked) -> Problem | None:
    until = asked.patron.valid_until
    if until is None or asked.slot.end <= until:
        return None
    return Problem(
        "pass_ended",
        _("A guest number is good for the day it was given. Ask at the desk for a library card."),
        _("Guest pass valid until"),
        words.moment(until, asked.now),
        lift_by="",
    )


def age(asked: Asked) -> Problem | None:
    low, high = asked.patron.ages
    if low >= asked.device.least_age and high <= asked.device.greatest_age:
        return None
    return Problem(
        "age",
        _("%(seat)s is kept for another age group.") % {"seat": asked.device.label},
        _("Device class: ages"),
        f"{asked.device.least_age} - {asked.device.greatest_age}",
    )


def walk_up_patron(asked: Asked) -> Problem | None:
    until = asked.patron.walk_up_only_until
    if asked.walk_up or until is None or until <= asked.now:
        return None
    return Problem(
        "walk_up_patron",
        _("Until %(time)s this card can use seats that are free now, not book ahead.")
        % {"time": words.moment(until, asked.now)},
        _("Walk-up only after missed bookings"),
        next_at=asked.now,
    )


def open_bookings(asked: Asked) -> Problem | None:
    most = asked.policy.open_bookings
    if asked.walk_up or asked.patron.open_bookings < most:
        return None
    sentence = ngettext(
        "You have %(count)d booking, and %(count)d is the most at a time.",
        "You have %(count)d bookings, and %(count)d are the most at a time.",
        most,
    )
    return Problem("too_many", sentence % {"count": most}, _("Open bookings"), str(most))


def day_limit(asked: Asked) -> Problem | None:
    left = asked.day_left()
    if not asked.device.counts_toward_day or asked.slot.minutes <= left:
        return None
    fits = left >= asked.policy.min_slot
    return Problem(
        "day_limit",
        _day_sentence(asked),
        _("Minutes a day"),
        words.length(asked.policy.day),
        next_at=asked.slot.start if fits else _next_day(asked),
        next_minutes=left if fits else None,
        sums={
            "used": asked.policy.day - left,
            "left": left,
            "over": asked.slot.minutes - left,
            "limit": asked.policy.day,
        },
    )


def _day_sentence(asked: Asked) -> str:
    sentence = _("%(length)s at %(time)s does not fit in that day's %(limit)s.")
    if asked.day == asked.today:
        sentence = _("%(length)s at %(time)s does not fit in today's %(limit)s.")
    return sentence % {
        "length": words.length(asked.slot.minutes),
        "time": words.clock(asked.slot.start),
        "limit": words.length(asked.policy.day),
    }


def _next_day(asked: Asked) -> datetime | None:
    """Return the first opening after the asked day."""
    openings = asked.calendar.spans_from(asked.slot.start)
    return next((start for start, _end in openings if asked.calendar.branch_day(start) > asked.day), None)


def elsewhere(asked: Asked) -> Problem | None:
    hit = next((b for b in asked.patron.busy if not b.over and asked.slot.meets(b.start, b.end)), None)
    if hit is None:
        return None
    return Problem(
        "elsewhere",
        _("You already have a seat %(when)s.") % {"when": words.when(hit.start, asked.now)},
        _("One seat at a time"),
        next_at=hit.end,
        lift_by="",
    )
