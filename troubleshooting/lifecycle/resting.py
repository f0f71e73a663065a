"""Before someone goes: keep a question until they are back, hand it on to a colleague, or park it."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from helpdesk import words
from helpdesk.actor import Actor
from troubleshooting.lifecycle import steps
from troubleshooting.lifecycle.moves import TicketRefused
from troubleshooting.lifecycle.settling import keepers
from troubleshooting.lifecycle.words import clean_text
from troubleshooting.models import Ticket

LONGEST_REST = timedelta(days=30)


@transaction.atomic
def keep(*, ticket_id: int, until: datetime, by: Actor, now: datetime, note: str = "") -> Ticket:
    """Keep one's question until one is back at `until`; it stays one's own and rests till then. Return it.

    Raises TicketRefused: already_done, not_claimed, not_yours, not_ahead, text_too_long.
    """
    ticket = steps.lock_ticket("keep", ticket_id, by)
    text = _until_text(until, now, note)
    ticket.rests_until = until
    steps.save(ticket)
    steps.record(ticket, "kept", by, now, text=text)
    return ticket


@transaction.atomic
def hand_on(*, ticket_id: int, to_id: int, by: Actor, now: datetime, note: str = "") -> Ticket:
    """Hand one's question on to a colleague of its level who is there, with a `note`; return it.

    This is no bounce: the level stays, and so does the promise. Raises TicketRefused: already_done, not_claimed,
    not_yours, unknown_keeper, text_too_long.
    """
    ticket = steps.lock_ticket("hand_on", ticket_id, by)
    text = clean_text(note)
    colleague = next(
        (user for user in keepers(ticket.branch_id, {ticket.tier}, by.user_id, now) if user.pk == to_id), None
    )
    if colleague is None or colleague.pk == ticket.owner_id:
        raise TicketRefused("unknown_keeper", _("Choose a colleague who is here."))
    steps.give_to(ticket, colleague.pk, now)
    steps.save(ticket)
    steps.record(ticket, "handed_on", by, now, text=f"{colleague.username}. {text}" if text else colleague.username)
    return ticket


@transaction.atomic
def park(*, ticket_id: int, until: datetime, reason: str, by: Actor, now: datetime) -> Ticket:
    """Park one's question until `until`, with the `reason`: nobody has it, and it is not late before then.

    It comes back by itself, with a promise that counts from that moment. Returns it. Raises TicketRefused:
    already_done, not_claimed, not_yours, stopped, no_reason, not_ahead, text_too_long.
    """
    ticket = steps.lock_ticket("park", ticket_id, by)
    if not clean_text(reason):
        raise TicketRefused("no_reason", _("Say in a few words what it waits for."))
    text = _until_text(until, now, reason)
    steps.back_to_waiting(ticket, ticket.tier, now, start=until)
    ticket.rests_until = until
    ticket.step += 1
    steps.save(ticket)
    steps.record(ticket, "parked", by, now, text=text)
    return ticket


def _until_text(until: datetime, now: datetime, note: str) -> str:
    """Return what the story says: "until tomorrow 10:00. The file must arrive first"."""
    if not now < until <= now + LONGEST_REST:
        raise TicketRefused(
            "not_ahead",
            _("Choose a moment after now, at most %(days)d days ahead.") % {"days": LONGEST_REST.days},
        )
    said = _("until %(moment)s") % {"moment": words.moment(until, now)}
    text = clean_text(note)
    return clean_text(f"{said}. {text}") if text else said
