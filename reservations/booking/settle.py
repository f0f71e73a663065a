"""Closes what the rules have already ended, with the moment the rule bit, not the moment it was noticed."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from helpdesk import bell, live
from helpdesk.actor import SYSTEM
from reservations.booking.events import CLOSED_FIELDS, close, event
from reservations.locks import lock_branch
from reservations.models import Booking, BookingEvent
from reservations.models.booking import Kind, Outcome
from reservations.scopes import board_scope

ADVANCE = "reservations.advance"  # the task that gives a freed seat to the head of the line


def settle_rows(rows: Iterable[Booking], now: datetime) -> list[Booking]:
    """Close those of the locked `rows` that a rule has ended at `now`; return them. Opens every write verb."""
    closed: list[Booking] = []
    for row in rows:
        at = None if row.ended_at else row.effective_end(now)
        if at is None:
            continue
        missed = row.checked_in_at is None and row.check_in_by == at
        close(row, at=at, outcome=Outcome.NO_SHOW if missed else Outcome.RAN_OUT)
        closed.append(row)
    if closed:
        Booking.objects.bulk_update(closed, CLOSED_FIELDS)
        BookingEvent.objects.bulk_create(event(row, _what(row), by=SYSTEM, now=row.ended_at or now) for row in closed)
    return closed


def _what(row: Booking) -> str:
    """Return what a settled row's story says of its end."""
    return "offer_missed" if row.kind == Kind.OFFER else row.outcome


@transaction.atomic
def settle_branch(*, branch_id: int, now: datetime) -> int:
    """Settle every stale row of a branch; return how many. Housekeeping only: nothing depends on its running."""
    branch = lock_branch(branch_id)
    stale = Booking.objects.stale(now).filter(branch_id=branch_id).order_by("pk")
    closed = settle_rows(stale.select_for_update(no_key=True, of=("self",)), now)
    if closed:
        live.touch(board_scope(branch_id))
    if closed and branch.has_line:  # type: ignore[attr-defined]
        bell.ring(ADVANCE, branch_id)
    return len(closed)
