"""While a question is worked on: go on longer than its box, or note something for everybody."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from helpdesk.actor import Actor
from troubleshooting.lifecycle import steps
from troubleshooting.lifecycle.moves import TicketRefused
from troubleshooting.lifecycle.words import clean_text
from troubleshooting.models import Ticket


@transaction.atomic
def keep_on(*, ticket_id: int, by: Actor, now: datetime) -> Ticket:
    """Answer "keep on" where a desk question took longer than its box; it is not asked again. Return it.

    Answering twice changes nothing. Raises TicketRefused: already_done, already_there, not_claimed, not_yours.
    """
    ticket = steps.lock_ticket("keep_on", ticket_id, by)
    if ticket.box_answered_at is None:
        ticket.box_answered_at = now
        ticket.save(update_fields=["box_answered_at"])  # the version stays: nobody's form grows old by this
        steps.record(ticket, "kept_on", by, now)
    return ticket


@transaction.atomic
def add_note(*, ticket_id: int, text: str, by: Actor, now: datetime) -> Ticket:
    """Write a note into the story of an open question, for all levels; return it.

    The same note sent twice is one note, and nobody's form grows old by it. Raises TicketRefused: already_done,
    empty_note, text_too_long.
    """
    ticket = steps.lock_ticket("add_note", ticket_id, by)
    words = clean_text(text)
    if not words:
        raise TicketRefused("empty_note", _("Write a few words first."))
    last = ticket.events.order_by("-pk").values_list("what", "text", "by_user_id").first()
    if last != ("noted", words, by.user_id):
        steps.record(ticket, "noted", by, now, text=words)
    return ticket
