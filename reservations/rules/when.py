"""Rules about the time: past, opening, closing, length. No ORM, no clock."""

from datetime import datetime, timedelta

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helpdesk import words
from reservations.rules.facts import Asked
from reservations.rules.problem import Problem

MINUTE = timedelta(minutes=1)
STOPPED = gettext_lazy("The computers have stopped for today.")


def past(asked: Asked) -> Problem | None:
    """A booking for a time that is over."""
    if asked.slot.start >= asked.now or asked.walk_up:
        return None
    return Problem(
        "past",
        _("%(time)s is over.") % {"time": _then(asked.slot.start, asked.now)},
        _("A booking starts now or later"),
        next_at=asked.now,
        lift_by="",
    )


def _then(at: datetime, now: datetime) -> str:
    """Return a moment that is over, with its year where that is another one."""
    if timezone.localtime(at).year == timezone.localtime(now).year:
        return words.moment(at, now)
    return formats.date_format(timezone.localtime(at), "D j M Y H:i")


def closed(asked: Asked) -> Problem | None:
    """The branch is not open then: hours, lunch, holiday."""
    if asked.calendar.span_at(asked.slot.start):
        return None
    opening = asked.calendar.next_opening(asked.slot.start)
    return Problem(
        "closed",
        _("The library is closed %(when)s.") % {"when": words.when(asked.slot.start, asked.now)},
        _("Opening hours"),
        next_at=opening,
        lift_by="manager",
    )


def closing(asked: Asked) -> Problem | None:
    """The computers stop before closing; nobody sits longer, however they came."""
    end = _end(asked, asked.policy.stop)
    if end is None or asked.slot.end <= end:
        return None
    next_at, next_minutes = _instead(asked)
    beyond = _("%(length)s at %(time)s goes past %(end)s, when the computers stop.") % _said(asked, end)
    return Problem(
        "closing",
        STOPPED if end <= asked.now else beyond,
        _("Computers stop before closing"),
        words.length(asked.policy.stop),
        next_at=next_at,
        next_minutes=next_minutes,
        lift_by="manager",
    )


def last_booking(asked: Asked) -> Problem | None:
    """Bookings for later end some time before the computers stop, where the policy says so."""
    stop, end = _end(asked, asked.policy.stop), _end(asked, asked.policy.booked_stop)
    if asked.walk_up or stop is None or end is None or not end < asked.slot.end <= stop:
        return None
    next_at, next_minutes = _instead(asked)
    return Problem(
        "last_booking",
        _("%(length)s at %(time)s goes past %(end)s, when the last booking ends.") % _said(asked, end),
        _("Bookings end before closing"),
        words.length(asked.policy.booked_stop),
        next_at=next_at,
        next_minutes=next_minutes,
    )


def _end(asked: Asked, stop: int) -> datetime | None:
    """Return when the opening of the start ends, less `stop` minutes if it is the day's last; None while closed."""
    span = asked.calendar.span_at(asked.slot.start)
    if span is None:
        return None
    usable = asked.calendar.cut(span, stop)
    return usable[1] if usable else span[0]


def _said(asked: Asked, end: datetime) -> dict[str, str]:
    return {
        "length": words.length(asked.slot.minutes),
        "time": words.clock(asked.slot.start),
        "end": words.clock(end),
    }


def _instead(asked: Asked) -> tuple[datetime | None, int | None]:
    """Return the asked start with the minutes that closing leaves of it, else the next opening."""
    end = _end(asked, asked.policy.stop if asked.walk_up else asked.policy.booked_stop)
    left = (end - asked.slot.start) // MINUTE if end else 0
    if left >= asked.policy.min_slot:
        return asked.slot.start, left
    span = asked.calendar.span_at(asked.slot.start)
    after = span[1] if span else asked.slot.start
    return next((start for start, _end in asked.calendar.spans_from(after) if start >= after), None), None


def too_short(asked: Asked) -> Problem | None:
    """Less than the shortest useful slot."""
    least = asked.policy.min_slot
    if asked.slot.minutes >= least:
        return None
    return Problem(
        "too_short",
        _("A booking takes at least %(length)s.") % {"length": words.length(least)},
        _("Shortest useful slot"),
        words.length(least),
        next_at=asked.slot.start,
        next_minutes=least,
    )


def too_long(asked: Asked) -> Problem | None:
    """More than one session of guest, card or class."""
    most = asked.policy.session
    if asked.slot.minutes <= most:
        return None
    return Problem(
        "too_long",
        _("%(length)s is longer than one booking of %(most)s.")
        % {"length": words.length(asked.slot.minutes), "most": words.length(most)},
        _("Session length"),
        words.length(most),
        next_at=asked.slot.start,
        next_minutes=most,
    )


def least_left(asked: Asked) -> Problem | None:
    """Too little time is left to sit down for, as walk-up or at a late check-in."""
    least = asked.policy.least_left
    if not asked.walk_up or asked.slot.minutes >= least:
        return None
    return Problem(
        "least_left",
        _("Only %(left)s are left at %(seat)s, and sitting down takes at least %(least)s.")
        % {
            "left": words.length(asked.slot.minutes),
            "seat": asked.device.label,
            "least": words.length(least),
        },
        _("Time that must be left to sit down"),
        words.length(least),
        next_at=asked.slot.start,
        next_minutes=least,
    )
