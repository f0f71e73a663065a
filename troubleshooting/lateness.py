"""A hand-over that nobody answers escalates by its clock: reference is told again, and so are the managers."""

import logging
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from helpdesk.bell import ring
from helpdesk.live import touch
from troubleshooting.lifecycle.steps import BELLS
from troubleshooting.models import Handoff, Ticket
from troubleshooting.models.category import Tier
from troubleshooting.models.handoff import Why
from troubleshooting.models.ticket import State, TicketQuerySet

log = logging.getLogger(__name__)


def tell_again(now: datetime, limit: int) -> int:
    """Write an outbox row for each hand-over to reference whose promise has passed unanswered; return how many.

    Once for each promise, however often and by however many workers this runs: each question is locked (one that
    somebody else holds is left for the next time), looked at again, and the row is unique. At the desk nothing moves
    by itself.
    """
    late = _unanswered(now).exclude(_told()).order_by("promised_at", "pk").values_list("pk", flat=True)
    return sum(_tell(pk, now) for pk in list(late[:limit]))


def _unanswered(now: datetime) -> TicketQuerySet:
    return Ticket.objects.filter(tier=Tier.REFERENCE, state=State.WAITING, promised_at__lt=now)


def _told() -> Exists:
    return Exists(Handoff.objects.filter(ticket=OuterRef("pk"), step=OuterRef("step"), why=Why.LATE))


def _tell(ticket_id: int, now: datetime) -> bool:
    try:
        with transaction.atomic():
            locked = _unanswered(now).select_for_update(no_key=True, of=("self",), skip_locked=True)
            ticket = locked.filter(pk=ticket_id).first()
            if ticket is None or ticket.handoffs.filter(step=ticket.step, why=Why.LATE).exists():
                return False
            late = Handoff.objects.create(
                ticket=ticket, step=ticket.step, to_tier=ticket.tier, why=Why.LATE, created_at=now
            )
            ring(BELLS[Tier(ticket.tier)], late.pk)
            touch(f"desk:{ticket.branch_id}", f"reference:{ticket.branch_id}")
    except Exception:  # one bad row must never keep the others from being told of
        log.exception("question %s is late and could not be told again", ticket_id)
        return False
    return True
