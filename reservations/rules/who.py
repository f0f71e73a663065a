"""Rules about the patron: blocks, guests, ages, needs, missed bookings. No ORM, no clock."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helpdesk import words
from reservations.rules.facts import ACCESS, Asked, PatronFacts, PolicyFacts
from reservations.rules.problem import Problem

MINUTE = timedelta(minutes=1)


def blocked(asked: Asked) -> Problem | None:
    """A card that staff blocked; it works again when the library opens after that."""
    problem = blocked_at(asked.patron, asked.slot.start, asked.now)
    if problem is None or problem.next_at is None:
        return problem
    return replace(problem, next_at=asked.calendar.next_opening(problem.next_at))


def blocked_at(patron: PatronFacts, start: datetime, now: datetime) -> Problem | None:
    """Return the problem of a card that is blocked beyond `start`. The sentence is neutral: others read it too."""
    until = patron.blocked_until
    if until is None or until <= start:
        return None
    return Problem(
        "blocked",
        _("Booking with this card needs a word with our staff first."),
        _("Card blocked until"),
        words.last_day(until, now),
        next_at=until,
        lift_by="manager",
    )


def pass_ended(asked: Asked) -> Problem | None:
    """A guest pass that ends before the slot does."""
    until = asked.patron.valid_until
    if until is None or asked.slot.end <= until:
        return None
    left = (until - asked.slot.start) // MINUTE
    fits = left >= asked.policy.min_slot
    sentence = _("A guest number is good for the day it was given. Ask at the desk for a library card.")
    if until != asked.calendar.day_bounds(asked.today)[1]:  # it was given for hours, or for days
        sentence = _("This guest number is good until %(moment)s. Ask at the desk for a library card.")
    return Problem(
        "pass_ended",
        sentence % {"moment": words.moment(until, asked.now)},
        _("Guest pass valid until"),
        words.moment(until, asked.now),
        next_at=asked.slot.start if fits else None,
        next_minutes=left if fits else None,
        lift_by="",
    )


def guests(asked: Asked) -> Problem | None:
    """Guest passes that the policy, or this class, does not take."""
    if not asked.patron.is_guest or asked.policy.guests_allowed:
        return None
    return Problem(
        "no_guests",
        _("%(seat)s needs a library card. Ask at the desk for one, or choose another seat.")
        % {"seat": asked.device.label},
        _("Guest passes may book"),
        _("no"),
    )


def age(asked: Asked) -> Problem | None:
    """A seat for other ages; the whole age band must fit, since more is not known."""
    low, high = asked.patron.ages
    if low >= asked.device.least_age and high <= asked.device.greatest_age:
        return None
    return Problem(
        "age",
        _("%(seat)s is kept for another age group.") % {"seat": asked.device.label},
        _("Device class: ages"),
        f"{asked.device.least_age} - {asked.device.greatest_age}",
    )


def staff_book(asked: Asked) -> Problem | None:
    """Young people for whom staff book."""
    least = asked.policy.staff_below_age
    if asked.by_staff or asked.patron.ages[0] >= least:
        return None
    return Problem(
        "staff_book",
        _("Our staff book for people younger than %(age)d. Ask at the desk.") % {"age": least},
        _("Staff book for people younger than"),
        str(least),
    )


def supervised(asked: Asked) -> Problem | None:
    """Children who sit there with an adult; staff see the adult and lift it."""
    least = asked.device.supervised_below
    if asked.with_adult or asked.patron.ages[0] >= least:
        return None
    return Problem(
        "supervised",
        _("Children younger than %(age)d use %(seat)s with an adult. Ask at the desk together.")
        % {"age": least, "seat": asked.device.label},
        _("With an adult below age"),
        str(least),
    )


def needs(asked: Asked) -> Problem | None:
    """An accessible seat, kept for those who name a need of it. Nobody is asked for a proof."""
    if _is_needed(asked) or asked.device.access == "anyone":
        return None
    is_first = asked.device.access == "first"
    if is_first and (asked.walk_up or asked.by_staff):
        return None
    return Problem(
        "kept_for_need",
        _("This seat is kept for people who need it. Choose what you need, or another seat."),
        _("Who sits there"),
        _("people who need it first") if is_first else _("people who need it"),
        next_at=asked.now if is_first else None,
    )


def yields(asked: Asked) -> bool:
    """Return whether who sits down makes room as soon as somebody needs the seat."""
    return asked.device.access == "first" and not _is_needed(asked)


def _is_needed(asked: Asked) -> bool:
    return not ACCESS.isdisjoint(asked.needs)


def missed(asked: Asked) -> Problem | None:
    """The consequence of bookings that nobody came to: walk-up only, or only with staff, for some days."""
    until = penalty_until(asked.patron, asked.policy)
    if until is None or asked.today >= until:
        return None
    ends_at = asked.calendar.day_bounds(until)[0]
    if asked.policy.no_show_result == "block":
        return _missed(asked, until, ends_at) if asked.slot.start < ends_at else None
    return None if asked.walk_up else _missed(asked, until, asked.now)


def penalty_until(patron: PatronFacts, policy: PolicyFacts) -> date | None:
    """Return the first day without the consequence of missed bookings; None where too few were missed."""
    count = policy.no_shows
    if count is None:
        return None
    days = sorted(use.day for use in patron.uses for _each in range(use.no_shows))
    reached = [
        last for first, last in zip(days, days[count - 1 :], strict=False) if (last - first).days < policy.no_show_days
    ]
    return max(reached) + timedelta(days=policy.no_show_penalty_days) if reached else None


def _missed(asked: Asked, until: date, next_at: datetime) -> Problem:
    count = asked.policy.no_shows or 0
    sentence = ngettext(
        "%(count)d booking was missed. Until %(day)s this card can use seats that are free now, not book ahead.",
        "%(count)d bookings were missed. Until %(day)s this card can use seats that are free now, not book ahead.",
        count,
    )
    if asked.policy.no_show_result == "block":
        sentence = ngettext(
            "%(count)d booking was missed. Until %(day)s our staff find a seat for this card. Ask at the desk.",
            "%(count)d bookings were missed. Until %(day)s our staff find a seat for this card. Ask at the desk.",
            count,
        )
    return Problem(
        "missed",
        sentence % {"count": count, "day": words.day(until, asked.today)},
        _("Missed bookings before a consequence"),
        _("%(count)d in %(days)d days") % {"count": count, "days": asked.policy.no_show_days},
        next_at=next_at,
    )
