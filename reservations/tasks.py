"""Housekeeping of reservations. Nothing depends on it: verbs settle for themselves, reads use the effective end."""

from celery import shared_task

from helpdesk import clock
from reservations.booking.settle import settle_branch
from reservations.booking.time import due_branches, extend_due
from reservations.models import Booking


@shared_task(name="reservations.settle")
def settle() -> int:
    """Settle every branch that has stale rows, one transaction each; return how many rows."""
    now = clock.now()
    branches = Booking.objects.stale(now).order_by("branch_id").values_list("branch_id", flat=True).distinct()
    return sum(settle_branch(branch_id=branch_id, now=now) for branch_id in list(branches))


@shared_task(name="reservations.extend")
def extend() -> int:
    """Make sessions longer by themselves where the policy does so and nobody waits (beat, every 30 seconds)."""
    now = clock.now()
    return sum(extend_due(branch_id=branch_id, now=now) for branch_id in due_branches(now))
