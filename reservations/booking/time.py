"""Time that bends: a running session is made longer or shorter."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from helpdesk.actor import SYSTEM, Actor
from reservations.booking.events import event
from reservations.booking.frame import Frame, frame_of
from reservations.booking.override import check, reason_given, without_person
from reservations.booking.running import (
    MINUTE,
    cut,
    end_of,
    is_running,
    repeated,
    running_row,
    save_running,
    set_end,
    stretch_of,
)
from reservations.models import Booking
from reservations.models.booking import Kind
from reservations.models.choices import Extension
from reservations.rules.extending import fitting, stretch_problems

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
    _lengthen(frame, row, stretch.minutes, "extended", by=by, now=now, reason=reason)
    return row


def _lengthen(
    frame: Frame, row: Booking, minutes: int, what: str, *, by: Actor, now: datetime, reason: str = ""
) -> None:
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


def due_branches(now: datetime) -> list[int]:
    """Return the branches with sessions that may soon be made longer by themselves. One query."""
    rows = Booking.objects.filter(branch__policy__extension=Extension.AUTOMATIC)
    return list(_ending(rows, now).order_by("branch_id").values_list("branch_id", flat=True).distinct())


def _ending(rows: QuerySet[Booking], now: datetime) -> QuerySet[Booking]:
    """Return the sessions among `rows` that run at `now` and no longer than SOON."""
    running = rows.filter(kind=Kind.PATRON, ended_at=None, checked_in_at__isnull=False, period__contains=now)
    return running.exclude(period__contains=now + SOON)


def extend_due(*, branch_id: int, now: datetime) -> int:
    """Make the branch's sessions that end within SOON longer where the policy does so; return how many.

    One transaction a session, everything asked again under the lock: running twice changes nothing.
    """
    due = _ending(Booking.objects.filter(branch_id=branch_id), now).order_by("pk")
    return sum(_extend_itself(row, now) for row in list(due))


@transaction.atomic
def _extend_itself(booking: Booking, now: datetime) -> bool:
    """Make one session longer by as much of an extension as every rule allows; return whether it was."""
    frame = frame_of(booking, now)
    row = frame.row(booking)
    if not is_running(row) or end_of(row) > now + SOON or repeated(row, "extended_itself", SYSTEM, now):
        return False
    usual = frame.policy_facts(frame.device(row.device_id)).extension_minutes
    problems = stretch_problems(stretch_of(frame, row, usual, SYSTEM))
    minutes = fitting(problems) if problems else usual
    if minutes is None:
        return False
    _lengthen(frame, row, minutes, "extended_itself", by=SYSTEM, now=now)
    return True
