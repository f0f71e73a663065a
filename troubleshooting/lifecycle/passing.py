"""Pass a question on: to the reference librarian, to IT, and back from IT."""

from datetime import datetime

from django.db import transaction

from helpdesk.actor import Actor
from troubleshooting.lifecycle import steps
from troubleshooting.lifecycle.settling import keeper_of, level_of
from troubleshooting.lifecycle.words import clean_text
from troubleshooting.models import Ticket
from troubleshooting.models.category import Tier


@transaction.atomic
def hand_over(
    *,
    ticket_id: int,
    by: Actor,
    now: datetime,
    note: str = "",
    category: str = "",
    keeper_id: int | None = None,
    version: int | None = None,
) -> Ticket:
    """Hand a desk question over to reference, with a `note`; the outbox row is written with it.

    `category` (a code) corrects what it is about; `keeper_id` says who keeps it if it stops moving with this.
    Raises TicketRefused: already_there, already_done, not_yours, stale, stopped, text_too_long, unknown_category,
    unknown_keeper.
    """
    ticket = steps.lock_ticket("hand_over", ticket_id, by, version=version)
    if category:
        ticket.category = steps.category_of(category)
    _pass(ticket, Tier.REFERENCE, "handed_over", by, now, note, keeper_id)
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
    keeper_id: int | None = None,
    version: int | None = None,
) -> Ticket:
    """Escalate a question to IT; a hardware fault takes its device out of booking in the same transaction.

    `category` (a code) and `device_id` say what was found at the seat, `keeper_id` who keeps it if it stops moving
    with this. Raises TicketRefused: already_there, already_done, not_yours, stale, stopped, text_too_long,
    unknown_category, unknown_keeper, wrong_device.
    """
    ticket = steps.lock_ticket("escalate", ticket_id, by, version=version, room=True)
    steps.end_wait(ticket, by, now)
    if category:
        ticket.category = steps.category_of(category)
    if device_id is not None and device_id != ticket.device_id:
        steps.release_device(ticket, by, now)
        steps.place_device(ticket, device_id)
    steps.hold_device(ticket, by, now, tier=Tier.IT)
    _pass(ticket, Tier.IT, "escalated", by, now, note, keeper_id)
    steps.begin_wait(ticket, by, now)  # somebody comes to the seat after all where a librarian keeps it
    return ticket


@transaction.atomic
def send_back(
    *,
    ticket_id: int,
    by: Actor,
    now: datetime,
    note: str = "",
    keeper_id: int | None = None,
    version: int | None = None,
) -> Ticket:
    """Send IT's question back to the level it came from, to the desk where it was logged for IT; return it.

    A device it holds stays out: only the end of the fault returns it. `keeper_id` says who keeps it if it stops
    moving with this. Raises TicketRefused: not_with_it, already_done, not_yours, stale, stopped, text_too_long,
    unknown_keeper.
    """
    ticket = steps.lock_ticket("send_back", ticket_id, by, version=version)
    escalated = ticket.events.filter(what="escalated").order_by("-pk")
    came_from = escalated.values_list("from_tier", flat=True).first()
    _pass(ticket, max(came_from or Tier.DESK, Tier.DESK), "sent_back", by, now, note, keeper_id)
    return ticket


def _pass(ticket: Ticket, tier: int, what: str, by: Actor, now: datetime, note: str, keeper_id: int | None) -> None:
    """Move the question to `tier`: new promise, row, outbox row, story. A device it holds stays held.

    Every time after the first is a bounce; with the second it stops moving and stays with one person.
    """
    text, from_tier = clean_text(note), ticket.tier
    ticket.bounces += ticket.handoffs.exists()
    keeper = keeper_of(ticket, tier, keeper_id, by, now) if ticket.is_settled else None
    steps.back_to_waiting(ticket, level_of(keeper, tier, from_tier) if keeper else tier, now)
    ticket.step += 1
    if keeper:
        steps.give_to(ticket, keeper.pk, now)
    steps.save(ticket)
    steps.write_handoff(ticket, now)
    steps.record(ticket, what, by, now, text=text, from_tier=from_tier)
    if keeper:
        steps.record(ticket, "settled", by, now, text=keeper.username, from_tier=from_tier)
