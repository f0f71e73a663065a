"""Housekeeping of reservations. Nothing depends on it: verbs settle for themselves, reads use the effective end."""

import time

from celery import shared_task

from helpdesk import bell, clock
from reservations import pace
from reservations.booking import dispatch
from reservations.booking.by_itself import due_branches, extend_due
from reservations.booking.overdue import grow_overdue, overdue_devices
from reservations.booking.settle import settle_branch
from reservations.cards.importing import TASK, import_batch, left_alone
from reservations.models import Booking, Branch, Turn

IMPORTING = 20  # seconds of one task; the next one goes on, so that no task meets its time limit


@shared_task(name="reservations.settle")
def settle() -> int:
    """Settle every branch that has stale rows and let overdue repairs go on, one transaction each; return how many."""
    now = clock.now()
    branches = Booking.objects.stale(now).order_by("branch_id").values_list("branch_id", flat=True).distinct()
    settled = sum(settle_branch(branch_id=branch_id, now=now) for branch_id in list(branches))
    return settled + sum(grow_overdue(device_id=device_id, now=now) for device_id in overdue_devices(now))


@shared_task(name="reservations.extend")
def extend() -> int:
    """Make sessions longer by themselves where the policy does so and nobody waits (beat, every 30 seconds)."""
    now = clock.now()
    return sum(extend_due(branch_id=branch_id, now=now) for branch_id in due_branches(now))


@shared_task(name="reservations.advance")
def advance(branch_id: int) -> int:
    """Offer what is free at a branch to its line; return how many offers."""
    return dispatch.advance(branch_id=branch_id, now=clock.now())


@shared_task(name="reservations.lines")
def lines() -> int:
    """Do the same for every branch where people wait, one transaction each; what a lost bell did not say is found."""
    now = clock.now()
    waiting = Turn.objects.open().order_by("branch_id").values_list("branch_id", flat=True).distinct()
    return sum(dispatch.advance(branch_id=branch_id, now=now) for branch_id in list(waiting))


@shared_task(name="reservations.learn")
def learn() -> int:
    """Learn every branch's pace from its last weeks, one transaction each; return how many classes."""
    now = clock.now()
    return sum(pace.learn(branch_id=pk, now=now) for pk in Branch.objects.order_by("pk").values_list("pk", flat=True))


@shared_task(name=TASK)
def import_cards(pk: int) -> bool:
    """Turn staged rows of an import into cards for IMPORTING seconds, a batch a transaction; ring for the rest."""
    ends = time.monotonic() + IMPORTING
    while more := import_batch(pk=pk, now=clock.now()):
        if time.monotonic() > ends:
            bell.ring(TASK, pk)
            break
    return more


@shared_task(name="reservations.imports")
def imports() -> int:
    """Ring for imports whose bell was lost or whose worker died (beat, every 30 seconds); return how many."""
    found = left_alone(clock.now())
    for pk in found:
        bell.ring(TASK, pk)
    return len(found)
