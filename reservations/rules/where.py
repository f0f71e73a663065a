"""Rules about the device: bookable, waited for, taken, being cleaned, one seat at a time. No ORM, no clock."""

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helpdesk import words
from reservations.needs import need_word
from reservations.rules.facts import Asked, Busy
from reservations.rules.problem import Problem

MINUTE = timedelta(minutes=1)


def not_bookable(asked: Asked) -> Problem | None:
    """A printer or the like, or a retired device."""
    if asked.device.bookable:
        return None
    return Problem(
        "not_bookable",
        _("%(seat)s is not booked by the minute.") % {"seat": asked.device.label},
        _("Device class: bookable"),
        lift_by="",
    )


def line(asked: Asked) -> Problem | None:
    """People wait for such a seat: the next session's length of every seat that serves them is theirs."""
    after = asked.now + timedelta(minutes=asked.policy.session)
    if asked.waiting < 1 or (not asked.walk_up and asked.slot.start >= after):
        return None
    sentence = ngettext(
        "%(count)d person waits for a seat like this.", "%(count)d people wait for a seat like this.", asked.waiting
    )
    return Problem(
        "line",
        sentence % {"count": asked.waiting},
        _("People in line"),
        str(asked.waiting),
        next_at=None if asked.walk_up else after,
    )


def elsewhere(asked: Asked) -> Problem | None:
    """The same person already has a seat at that time."""
    hits = [b for b in asked.patron.busy if not b.over and asked.slot.meets(b.start, b.end)]
    if not hits:
        return None
    hit = min(hits, key=lambda busy: busy.start)
    left = (hit.start - asked.slot.start) // MINUTE
    fits = left >= asked.policy.min_slot
    return Problem(
        "elsewhere",
        _("You already have a seat %(when)s.") % {"when": words.when(hit.start, asked.now)},
        _("One seat at a time"),
        next_at=asked.slot.start if fits else hit.end,
        next_minutes=left if fits else None,
        lift_by="",
    )


def taken(asked: Asked) -> Problem | None:
    """Somebody else has the device then, or it is broken."""
    hit = next((b for b in asked.device.busy if not b.over and asked.slot.meets(b.start, b.end)), None)
    if hit is None:
        return None
    values = {"seat": asked.device.label, "when": words.when(asked.slot.start, asked.now)}
    if hit.repair:
        return Problem(
            "out",
            _out(asked, hit),
            _("Out of service"),
            next_at=hit.end,
            lift_by="",
        )
    free_at = hit.end + timedelta(minutes=asked.policy.gap) if hit.end else None
    return Problem("taken", _("%(seat)s is taken %(when)s.") % values, _("Taken"), next_at=free_at, lift_by="")


def _out(asked: Asked, hit: Busy) -> str:
    if hit.end is None or hit.end == asked.calendar.day_bounds(asked.today)[1]:  # a repair that was not back in time
        return _("%(seat)s is out of service.") % {"seat": asked.device.label}
    until = words.moment(hit.end, asked.now)
    return _("%(seat)s is out of service until %(moment)s.") % {"seat": asked.device.label, "moment": until}


def broken(asked: Asked) -> Problem | None:
    """Something that was asked for does not work here at the moment."""
    return _lacking(asked, asked.needs & asked.device.lacks)


def lacks(asked: Asked) -> Problem | None:
    """The seat does not have something that was asked for, or it does not work."""
    return _lacking(asked, asked.needs - asked.device.features)


def _lacking(asked: Asked, missing: frozenset[str]) -> Problem | None:
    if not missing:
        return None
    words_of = ", ".join(need_word(need) for need in sorted(missing))
    return Problem(
        "lacks",
        _("%(seat)s cannot offer this now: %(needs)s.") % {"seat": asked.device.label, "needs": words_of},
        _("What the seat can do"),
        words_of,
    )


def gap(asked: Asked) -> Problem | None:
    """Too close to the person before or after, with the cleaning between."""
    gap = timedelta(minutes=asked.policy.gap)
    slot = asked.slot
    if any(not b.over and slot.meets(b.start, b.end) for b in asked.device.busy):
        return None  # taken says it all
    before = [b for b in asked.device.busy if b.end and b.end <= slot.start < b.end + gap and not b.repair]
    after = [b for b in asked.device.busy if not b.over and slot.end <= b.start < slot.end + gap and not b.repair]
    if not gap or not (before or after):
        return None
    return Problem(
        "gap",
        _("%(seat)s is cleaned between two people.") % {"seat": asked.device.label},
        _("Cleaning gap"),
        words.length(asked.policy.gap),
        next_at=max(b.end for b in before if b.end) + gap if before else None,
    )
