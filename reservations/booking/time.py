"""Time that bends: a running session is made longer or shorter."""

from datetime import datetime, timedelta

from django.db import transaction

from helpdesk.actor import Actor
from reservations.booking.events import event
from reservations.booking.frame import Frame
from reservations.booking.override import check, reason_given, without_person
from reservations.booking.running import (
    MINUTE,
    cut,
    end_of,
    repeated,
    running_row,
    save_running,
    set_end,
    stretch_of,
)
from reservations.models import Booking
from reservations.rules.extending import stretch_problems

SOON = timedelta(minutes=5)  # so long before its end a session is made longer by itself


@transaction.atomic
def extend(
    *,
    booking: Booking,
    by: Actor,
    now: datetime,
    minutes: int | None = None,
    reason: str = "",
    override: str = "",
) -> Booking:
    """Make a running session longer and return it.

    `minutes` None is one extension of the policy; a patron may ask for fewer. Staff may give any length with a
    `reason`, which lifts the rules that their role may lift, as `override` does. A second ask by the same actor within
    seconds changes nothing. Raises Refused `over`, `reason_needed`, and every rule that is broken; a problem's
    `next_minutes` is what it would still allow.
    """
    frame, row = running_row(booking, now)
    if repeated(row, "extended", by, now):
        return row
    freely = by.kind == "staff" and minutes is not None
    if freely:
        override = reason_given(override or reason)
    reason = without_person(reason)
    usual = frame.policy_facts(frame.device(row.device_id)).extension_minutes
    stretch = stretch_of(frame, row, usual if minutes is None else minutes, by, freely=freely)
    lifted = check(stretch_problems(stretch), by=by, override=override)
    if lifted:
        event(row, "overridden", by=by, now=now, reason=override[:200], codes=lifted).save()
    lengthen(frame, row, stretch.minutes, "extended", by=by, now=now, reason=reason)
    return row


def lengthen(
    frame: Frame, row: Booking, minutes: int, what: str, *, by: Actor, now: datetime, reason: str = ""
) -> None:
    """Give a running session `minutes` more, count it as an extension, and say `what` happened in its story."""
    set_end(row, end_of(row) + minutes * MINUTE)
    row.extensions += 1
    save_running(frame, row, fields=["extensions"])
    until = end_of(row).isoformat()
    event(row, what, by=by, now=now, reason=reason[:200], minutes=minutes, until=until).save(force_insert=True)


@transaction.atomic
def shorten(*, booking: Booking, end: datetime, by: Actor, now: datetime, reason: str = "") -> Booking:
    """End a running session at `end` instead of later; a minute to save one's work is always left.

    Never makes it longer. Raises Refused `over`.
    """
    frame, row = running_row(booking, now)
    before = end_of(row)
    cut(row, end, now)
    if end_of(row) < before:
        save_running(frame, row)
        until = end_of(row).isoformat()
        event(row, "shortened", by=by, now=now, reason=reason[:200], until=until).save(force_insert=True)
    return row
