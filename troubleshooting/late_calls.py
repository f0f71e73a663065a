"""Calls that nobody at the desk has taken in time: the next desk is rung, once, and the call stays where it is.

Somebody has to walk to the seat, so the reference staff of the branch are rung first. A branch without any rings its
managers, who see every branch and can phone. Nothing is passed on: whoever comes takes the call at the desk's level.
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from helpdesk.actor import SYSTEM
from helpdesk.bell import ring
from helpdesk.models import Role, User
from reservations.public import staff_at
from troubleshooting.lifecycle import steps
from troubleshooting.models import Handoff, Ticket
from troubleshooting.models.category import Tier
from troubleshooting.models.handoff import Why
from troubleshooting.models.ticket import State, asked_by_patron

log = logging.getLogger(__name__)

STILL_HERE = timedelta(hours=12)  # who asked before that does not sit there any more
RUNG = "rang_next"  # the line of the story


def late_call(now: datetime) -> Q:
    """Return the condition that a patron at a seat or kiosk waits longer for the desk than promised."""
    waits = Q(state=State.WAITING, tier__lte=Tier.DESK, promised_at__lt=now, opened_at__gt=now - STILL_HERE)
    return waits & ~Q(rests_until__gt=now) & asked_by_patron()


def ring_late_calls(now: datetime, limit: int) -> int:
    """Ring at the next desk for each late call that has not rung yet; return how many this call rang for.

    One call per transaction: it is locked, skipped where somebody else holds it, and looked at again. A call that
    raises is logged and does not stop the others. Running twice changes nothing.
    """
    rung = 0
    for pk in list(_silent(now).order_by("promised_at").values_list("pk", flat=True)[:limit]):
        try:
            rung += _ring(pk, now)
        except Exception:  # one bad row must never keep the others from being heard
            log.exception("call %s could not ring at the next desk", pk)
    return rung


def _silent(now: datetime) -> QuerySet[Ticket]:
    """Return the late calls that have not rung."""
    rung = Handoff.objects.filter(ticket=OuterRef("pk"), why=Why.CALL)
    return Ticket.objects.filter(late_call(now) & ~Exists(rung))


@transaction.atomic
def _ring(ticket_id: int, now: datetime) -> bool:
    """Write the outbox row of one late call with its line in the story; return whether it still had to ring."""
    locked = Ticket.objects.select_for_update(no_key=True, of=("self",), skip_locked=True)
    ticket = locked.filter(pk=ticket_id).first()
    if ticket is None or not _silent(now).filter(pk=ticket_id).exists():
        return False
    row = Handoff.objects.create(ticket=ticket, step=ticket.step, to_tier=Tier.REFERENCE, why=Why.CALL, created_at=now)
    steps.record(ticket, RUNG, SYSTEM, now)
    ring(steps.BELLS[Tier.REFERENCE], row.pk)
    return True


def rung_for(branch_id: int) -> list[User]:
    """Return whom a late call of the branch rings: reference, else the managers."""
    return list(staff_at(branch_id, {Role.REFERENCE})) or list(staff_at(branch_id, {Role.MANAGER}))
