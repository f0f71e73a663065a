"""Pass a question on: to the reference librarian, to IT, and back from IT."""

from datetime import datetime

from django.db import transaction

from helpdesk.actor import Actor
from troubleshooting.lifecycle import steps
from troubleshooting.lifecycle.words import clean_text
from troubleshooting.models import Ticket, TicketEvent
from troubleshooting.models.category import Tier


@transaction.atomic
def hand_over(
    *,
    ticket_id: int,
    by: Actor,
    now: datetime,
    note: str = "",
    category: str = "",
    version: int | None = None,
) -> Ticket:
    """Hand a desk question over to reference, with a `note`; the outbox row is written with it.

    `category` (a code) corrects what it is about. Raises TicketRefused: already_there, already_done,
    not_yours, stale, text_too_long, unknown_category.
    """
    ticket = steps.lock_ticket("hand_over", ticket_id, by, version=version)
    if category:
        ticket.category = steps.category_of(category)
    _pass(ticket, Tier.REFERENCE, "handed_over", by, now, note)
    return ticket


@transaction.atomic
def escalate(
    *,
    ticket_id: int,
    by: Actor,
    now: datetime,
    note: str = "",
    category: str = "",
    device_id: int | None = None,
    version: int | None = None,
) -> Ticket:
    """Escalate a question to IT; a hardware fault takes its device out of booking in the same transaction.

    `category` (a code) and `device_id` say what was found at the seat. Raises TicketRefused: already_there,
    already_done, not_yours, stale, text_too_long, unknown_category, wrong_device.
    """
    ticket = steps.lock_ticket("escalate", ticket_id, by, version=version, room=True)
    steps.end_wait(ticket, by, now)
    if category:
        ticket.category = steps.category_of(category)
    if device_id is not None and device_id != ticket.device_id:
        steps.release_device(ticket, by, now)
        steps.place_device(ticket, device_id)
    steps.hold_device(ticket, by, now, tier=Tier.IT)
    _pass(ticket, Tier.IT, "escalated", by, now, note)
    return ticket


@transaction.atomic
def send_back(*, ticket_id: int, by: Actor, now: datetime, note: str = "", version: int | None = None) -> Ticket:
    """Send IT's question back to the level it came from, to the desk where it was logged for IT; return it.

    A device it holds stays out: only the end of the fault returns it. Raises TicketRefused: not_with_it,
    already_done, not_yours, stale, text_too_long.
    """
    ticket = steps.lock_ticket("send_back", ticket_id, by, version=version)
    came_from = (
        TicketEvent.objects.filter(ticket=ticket, what="escalated")
        .order_by("-pk")
        .values_list("from_tier", flat=True)
        .first()
    )
    _pass(ticket, max(came_from or Tier.DESK, Tier.DESK), "sent_back", by, now, note)
    return ticket


def _pass(ticket: Ticket, tier: int, what: str, by: Actor, now: datetime, note: str) -> None:
    """Move the question to `tier`: new promise, row, outbox row, story. A device it holds stays held."""
    text = clean_text(note)
    from_tier = ticket.tier
    steps.back_to_waiting(ticket, tier, now)
    ticket.step += 1
    steps.save(ticket)
    steps.write_handoff(ticket, now)
    steps.record(ticket, what, by, now, text=text, from_tier=from_tier)
