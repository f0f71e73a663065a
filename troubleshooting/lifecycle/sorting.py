"""Say anew what a question is about."""

from datetime import datetime

from django.db import transaction

from helpdesk.actor import Actor
from troubleshooting.lifecycle import steps
from troubleshooting.models import Ticket


@transaction.atomic
def sort(*, ticket_id: int, category: str, by: Actor, now: datetime, version: int | None = None) -> Ticket:
    """Give a question, open or done, another category (a code) and return it; the same one again changes nothing.

    Level, kind and what is counted stay as staff left them, and a device that it holds stays held.
    Raises TicketRefused: unknown_category, not_yours, stale.
    """
    ticket = steps.lock_ticket("sort", ticket_id, by, version=version)
    wanted = steps.category_of(category)
    if wanted.pk != ticket.category_id:
        ticket.category = wanted
        steps.save(ticket)
        steps.record(ticket, "sorted", by, now, text=wanted.label)
    return ticket
