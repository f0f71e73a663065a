"""Rules about the time: past, horizon, opening, closing, length."""

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helpdesk import words
from reservations.rules.facts import Asked
from reservations.rules.problem import Problem


def past(asked: Asked) -> Problem | None:
    if asked.slot.start >= asked.now or asked.walk_up:
        return None
    return Problem(
        "past",
        _("%(time)s is over.") % {"time": words.moment(asked.slot.start, asked.now)},
        _("A booking starts now or later"),
        next_at=asked.now,
        lift_by="",
    )


def horizon(asked: Asked) -> Problem | None:
    days = asked.policy.horizon_days
    last = asked.today + timedelta(days=days)
    if asked.day <= last:
        return None
    sentence = ngettext("Seats can be booked %(days)d day ahead.", "Seats can be booked %(days)d days ahead.", days)
    opening = next(iter(asked.calendar.open_spans(last)), None)
    return Problem(
        "too_far",
        sentence % {"days": days},
        _("Days ahead"),
        str(days),
        next_at=opening[0] if opening else None,
    )


def closed(asked: Asked) -> Problem | None:
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
    span = asked.calendar.span_at(asked.slot.start)
    if span is None:
        return None
    usable = asked.calendar.cut(span, asked.policy.stop)
    end = usable[1] if usable else span[0]
    if asked.slot.end <= end:
        return None
    left = (end - asked.slot.start) // timedelta(minutes=1)
    fits = left >= asked.policy.min_slot
    following = next((s for s, _e in asked.calendar.spans_from(span[1]) if s >= span[1]), None)
    return Problem(
        "closing",
        _("%(length)s at %(time)s goes past %(end)s, when the computers stop.")
        % {
            "length": words.length(asked.slot.minutes),
            "time": words.clock(asked.slot.start),
            "end": words.clock(end),
        },
        _("Computers stop before closing"),
        words.length(asked.policy.stop),
        next_at=asked.slot.start if fits else following,
        next_minutes=left if fits else None,
        lift_by="manager",
    )


def too_short(asked: Asked) -> Problem | None:
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
