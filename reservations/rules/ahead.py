"""Rules about booking for later: whether at all, how far ahead, how many at a time. No ORM, no clock."""

from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helpdesk import words
from reservations.calendar import SEARCH_DAYS, Calendar
from reservations.rules.facts import Asked, PolicyFacts
from reservations.rules.problem import Problem

MOST_DAYS = SEARCH_DAYS + 90  # how far open days are counted


def walk_up_class(asked: Asked) -> Problem | None:
    """A class that nobody books ahead, such as express stations."""
    if asked.walk_up or not asked.device.walk_up_only:
        return None
    return Problem(
        "walk_up_class",
        _("%(seat)s cannot be booked ahead. Sit down there when it is free.") % {"seat": asked.device.label},
        _("Device class: walk up only"),
        next_at=asked.now,
    )


def walk_up_patron(asked: Asked) -> Problem | None:
    """A card that staff set to walk-ups for a while."""
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


def never(asked: Asked) -> Problem | None:
    """A branch where seats are not booked for later at all."""
    if asked.walk_up or asked.policy.ahead != "never":
        return None
    return Problem(
        "no_ahead",
        _("Seats here cannot be booked ahead. Take one that is free now, or a place in the line."),
        _("Booking for later"),
        next_at=asked.now,
    )


def while_free(asked: Asked) -> Problem | None:
    """A branch where seats are booked for later only while none is free now."""
    if asked.walk_up or asked.policy.ahead != "when_full" or asked.full:
        return None
    return Problem(
        "seats_free",
        _("Seats can be booked ahead only while none is free. One is free now: sit down there."),
        _("Booking for later"),
        _("only while full"),
        next_at=asked.now,
    )


def last_day(today: date, policy: PolicyFacts, calendar: Calendar) -> date:
    """Return the last branch day that can be booked; where open days count, closed ones are passed over."""
    if not policy.horizon_in_open_days:
        return today + timedelta(days=policy.horizon_days)
    last, left = today, policy.horizon_days
    for ahead in range(1, MOST_DAYS):
        if left == 0:
            break
        day = today + timedelta(days=ahead)
        if calendar.open_spans(day):
            last, left = day, left - 1
    return last


def horizon(asked: Asked) -> Problem | None:
    """Too many days ahead; a class may have its own number of days."""
    last = last_day(asked.today, asked.policy, asked.calendar)
    if asked.day <= last:
        return None
    days = asked.policy.horizon_days
    return Problem(
        "too_far",
        _horizon_sentence(asked) % {"days": days},
        _("Days ahead"),
        str(days),
        next_at=_last_opening(asked, last),
    )


def _horizon_sentence(asked: Asked) -> str:
    days = asked.policy.horizon_days
    if days == 0:
        return _("This seat can be booked for today only.")
    if asked.policy.horizon_in_open_days:
        return ngettext(
            "Seats can be booked %(days)d open day ahead.", "Seats can be booked %(days)d open days ahead.", days
        )
    return ngettext("Seats can be booked %(days)d day ahead.", "Seats can be booked %(days)d days ahead.", days)


def _last_opening(asked: Asked, last: date) -> datetime | None:
    """Return the first opening of the last open day up to `last`, not before now."""
    for back in range((last - asked.today).days + 1):
        for start, end in asked.calendar.open_spans(last - timedelta(days=back)):
            if end > asked.now:
                return max(start, asked.now)
    return None


def open_bookings(asked: Asked) -> Problem | None:
    """Bookings that nobody has checked in to yet, at all branches."""
    most = asked.policy.open_bookings
    if asked.walk_up or asked.patron.open_bookings < most:
        return None
    sentence = ngettext(
        "You have %(count)d booking, and %(count)d is the most at a time.",
        "You have %(count)d bookings, and %(count)d are the most at a time.",
        most,
    )
    return Problem("too_many", sentence % {"count": most}, _("Open bookings"), str(most))
