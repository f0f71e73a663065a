"""Take a question and put it back. Of two who reach for it one gets it, the other is told who has it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from helpdesk.actor import Actor
from troubleshooting.absent import owner_is_off
from troubleshooting.lifecycle import steps
from troubleshooting.lifecycle.moves import check, holder, stale
from troubleshooting.models import Ticket
from troubleshooting.models.ticket import State


@transaction.atomic
def claim(*, ticket_id: int, by: Actor, now: datetime) -> Ticket:
    """Claim a waiting question by compare-and-set and return it; claiming one's own again changes nothing.

    One whose owner is off today is free to take as well, and the story says why it changed hands: nothing sits on
    someone who is not here. Raises TicketRefused "already_claimed" (its sentence names the post that has it) or
    "already_done".
    """
    won = steps.claim_free(ticket_id, by.user_id, now)
    ticket = Ticket.objects.select_related("category", "owner").get(pk=ticket_id)
    if won:
        steps.record(ticket, "claimed", by, now)
    elif ticket.state != State.CLAIMED or ticket.owner_id != by.user_id:
        if taken := _from_absent(ticket_id, by, now):
            return taken
        check("claim", ticket, by)
        raise stale()  # lost it, and it was put back at once
    return ticket


def _from_absent(ticket_id: int, by: Actor, now: datetime) -> Ticket | None:
    """Take the question from an owner who is off today; None where its owner is here, or nobody has it."""
    ticket = (
        Ticket.objects.annotate(owner_off=owner_is_off(now))
        .select_related("category", "owner")
        .select_for_update(no_key=True, of=("self",))
        .filter(pk=ticket_id, owner_off=True)
        .first()
    )
    if ticket is None:
        return None
    left = holder(ticket)
    steps.give_to(ticket, by.user_id, now)
    steps.save(ticket)
    steps.record(ticket, "taken_over", by, now, text=_("%(who)s is off today.") % {"who": left})
    return ticket


@transaction.atomic
def put_back(*, ticket_id: int, by: Actor, now: datetime, version: int | None = None) -> Ticket:
    """Put a claimed question back in line, with the promise it had; return it.

    Raises TicketRefused: not_claimed, already_done, not_yours, stale, stopped.
    """
    ticket = steps.lock_ticket("put_back", ticket_id, by, version=version)
    ticket.state, ticket.owner, ticket.claimed_at = State.WAITING, None, None
    ticket.reached_at = ticket.rests_until = ticket.box_answered_at = None
    steps.save(ticket)
    steps.record(ticket, "put_back", by, now)
    return ticket
