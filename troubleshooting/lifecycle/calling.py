"""Call a person to a seat or a screen from a kiosk: one open call for each, however often it is asked for."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from helpdesk.actor import Actor
from reservations.public import lock_branch
from troubleshooting.lifecycle.answering import record_tried
from troubleshooting.lifecycle.intake import log
from troubleshooting.lifecycle.steps import HELPED
from troubleshooting.models import Ticket
from troubleshooting.models.category import Tier
from troubleshooting.models.ticket import Channel


@transaction.atomic
def call(
    *,
    branch_id: int,
    device_id: int | None,
    text: str,
    category: str,
    request_key: UUID,
    by: Actor,
    now: datetime,
    tried: Mapping[int, str] | None = None,
) -> Ticket:
    """Log a call for help at a seat, or at the kiosk of `by` where `device_id` is None, and return it.

    While a call from a kiosk for the same place is open and a person is to come, that one is returned, whatever the
    complaint; a fault that IT has does not count. What was `tried` at the kiosk is kept on it.
    Raises TicketRefused as `log` does.
    """
    lock_branch(branch_id)
    repeated = Ticket.objects.filter(request_key=request_key).exists()
    if not repeated and (open_call := _open_call(branch_id, device_id, by)):
        record_tried(open_call, tried or {}, by, now)
        return open_call
    return log(
        branch_id=branch_id,
        text=text,
        category=category,
        tier=Tier.DESK,
        channel=Channel.KIOSK,
        device_id=device_id,
        tried=tried,
        request_key=request_key,
        by=by,
        now=now,
    )


def _open_call(branch_id: int, device_id: int | None, by: Actor) -> Ticket | None:
    """Return the call that somebody will answer at the seat, or at this kiosk."""
    calls = Ticket.objects.open().filter(branch_id=branch_id, channel=Channel.KIOSK, tier__in=HELPED)
    if device_id is not None:
        calls = calls.filter(device_id=device_id)
    else:
        calls = calls.filter(device=None, events__what="logged", events__by_kiosk_id=by.kiosk_id)
    return calls.order_by("pk").first()
