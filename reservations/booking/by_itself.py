"""Sessions that are made longer by themselves while nobody waits; a family goes on together or not at all."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from helpdesk.actor import SYSTEM
from reservations.booking.frame import Frame, frame_of
from reservations.booking.running import MINUTE, end_of, is_running, repeated, stretch_of
from reservations.booking.time import lengthen
from reservations.locks import lock_branch
from reservations.models import Booking
from reservations.models.booking import Kind
from reservations.models.choices import Extension
from reservations.rules.extending import fitting, stretch_problems

SOON = timedelta(minutes=5)  # so long before its end a session is made longer by itself
WHAT = "extended_itself"


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

    One transaction a family, everything asked again under the lock: running twice changes nothing.
    """
    families: dict[int, list[Booking]] = {}
    for row in _ending(Booking.objects.filter(branch_id=branch_id), now).order_by("pk"):
        families.setdefault(row.responsible_id or row.patron_id or 0, []).append(row)
    return sum(_extend_together(rows, now) for rows in families.values())


@transaction.atomic
def _extend_together(bookings: Sequence[Booking], now: datetime) -> int:
    """Make the sessions of one family longer, all by the same minutes, as much of an extension as every rule allows.

    Return how many were: all of those that still run, or none.
    """
    lock_branch(bookings[0].branch_id)
    frames = [(frame, frame.row(each)) for each in bookings for frame in [frame_of(each, now)]]
    due = [(frame, row) for frame, row in frames if is_running(row) and end_of(row) <= now + SOON]
    if not due or any(repeated(row, WHAT, SYSTEM, now) for _frame, row in due):
        return 0
    minutes = min(_minutes(frame, row, [each for _frame, each in due]) for frame, row in due)
    if minutes <= 0:
        return 0
    for frame, row in due:
        lengthen(frame, row, minutes, WHAT, by=SYSTEM, now=now)
    return len(due)


def _minutes(frame: Frame, row: Booking, together: Sequence[Booking]) -> int:
    """Return by how many minutes every rule lets `row` go on, 0 where none does; nobody stays longer than their adult.

    Whose adult is one of those who go on `together` may go on with them.
    """
    usual = frame.policy_facts(frame.device(row.device_id)).extension_minutes
    problems = stretch_problems(stretch_of(frame, row, usual, SYSTEM))
    minutes = (fitting(problems) or 0) if problems else usual
    if row.responsible_id is None or any(each.patron_id == row.responsible_id for each in together):
        return minutes
    here = Booking.objects.live(frame.now).filter(patron=row.responsible_id, checked_in_at__isnull=False)
    adult = here.filter(branch=row.branch_id, kind=Kind.PATRON).first()
    return min(minutes, (end_of(adult) - end_of(row)) // MINUTE) if adult else minutes
