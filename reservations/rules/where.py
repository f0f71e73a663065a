"""Rules about the device: bookable, walk up only, taken, being cleaned."""

from datetime import timedelta

from django.utils.translation import gettext as _

from helpdesk import words
from reservations.rules.facts import Asked
from reservations.rules.problem import Problem


def not_bookable(asked: Asked) -> Problem | None:
    if asked.device.bookable:
        return None
    return Problem(
        "not_bookable",
        _("%(seat)s is not booked by the minute.") % {"seat": asked.device.label},
        _("Device class: bookable"),
        lift_by="",
    )


def walk_up_class(asked: Asked) -> Problem | None:
    if asked.walk_up or not asked.device.walk_up_only:
        return None
    return Problem(
        "walk_up_class",
        _("%(seat)s cannot be booked ahead. Sit down there when it is free.") % {"seat": asked.device.label},
        _("Device class: walk up only"),
        next_at=asked.now,
    )


def taken(asked: Asked) -> Problem | None:
    hit = next((b for b in asked.device.busy if not b.over and asked.slot.meets(b.start, b.end)), None)
    if hit is None:
        return None
    values = {"seat": asked.device.label, "when": words.when(asked.slot.start, asked.now)}
    if hit.repair:
        return Problem(
            "out",
            _("%(seat)s is out of service.") % values,
            _("Out of service"),
            next_at=hit.end,
            lift_by="",
        )
    free_at = hit.end + timedelta(minutes=asked.policy.gap) if hit.end else None
    return Problem("taken", _("%(seat)s is taken %(when)s.") % values, _("Taken"), next_at=free_at, lift_by="")


def gap(asked: Asked) -> Problem | None:
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
