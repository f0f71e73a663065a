"""What a one-to-one does to the question that it was made from: promised for its time, waiting again, counted once."""

from datetime import datetime
from typing import Any
from uuid import uuid5

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from helpdesk import words
from helpdesk.actor import Actor
from reservations.public import calendars_of
from troubleshooting import sla
from troubleshooting.lifecycle import log, resolve, steps, withdraw
from troubleshooting.lifecycle.moves import TicketRefused
from troubleshooting.models import Appointment, Ticket
from troubleshooting.models.category import Tier
from troubleshooting.models.ticket import Outcome, State

PROMISED, OFF, HELD = "one_to_one", "one_to_one_off", "one_to_one_held"  # lines of its story


def promise(row: Appointment, ticket_id: int, by: Actor, now: datetime) -> Ticket:
    """Promise the question for the start of the one-to-one, at reference level, and return it. Needs the branch lock.

    It stays open and linked, and is not late before. Whoever asked at a seat no longer waits for a person, so the help
    clock ends. Raises TicketRefused: other_branch, booked_already, and what the table of moves refuses.
    """
    ticket = steps.lock_ticket("promise", ticket_id, by)
    if ticket.branch_id != row.branch_id:
        raise TicketRefused("other_branch", _("This question is at another branch. Book it there."))
    if Appointment.objects.open().filter(ticket=ticket).exclude(pk=row.pk).exists():
        raise TicketRefused("booked_already", _("This question has a one-to-one already. Move that one."))
    steps.end_wait(ticket, by, now)
    from_tier = ticket.tier
    passes = from_tier < Tier.REFERENCE
    if passes:
        steps.back_to_waiting(ticket, Tier.REFERENCE, now)
        ticket.step += 1
    ticket.promised_at = row.start
    steps.save(ticket)
    if passes:
        steps.write_handoff(ticket, now)
    with translation.override(settings.LANGUAGE_CODE):  # staff read it
        said = words.moment(row.start, now)
    steps.record(ticket, PROMISED, by, now, text=said, from_tier=from_tier)
    return ticket


def wait_again(ticket_id: int, by: Actor, now: datetime) -> None:
    """Give an open question the usual promise again, from now on; one that is done stays so."""
    if not is_open(ticket_id):
        return
    ticket = steps.lock_ticket("promise", ticket_id, by)
    calendar = calendars_of([ticket.branch_id])[ticket.branch_id]
    ticket.promised_at = sla.due(calendar, now, sla.promised_minutes(ticket.category, ticket.tier))
    steps.save(ticket)
    steps.record(ticket, OFF, by, now)


def give_up(ticket_id: int, by: Actor, now: datetime) -> None:
    """Withdraw the question of somebody who did not come: it is not counted."""
    if is_open(ticket_id):
        withdraw(ticket_id=ticket_id, by=by, now=now)


def record(row: Appointment, by: Actor, now: datetime, **how: Any) -> Ticket:
    """Return the one record by which a one-to-one that took place is counted: its own question, else a new one.

    `how` are answer, duration, read_level and counts_as_reference. What is not said comes from the topic: one about
    information sources counts as a reference transaction (IMLS element 502, note 1), whatever its length (note 6).
    Raises TicketRefused as `resolve` and `log` do.
    """
    if row.ticket_id is not None and is_open(row.ticket_id):
        return resolve(ticket_id=row.ticket_id, outcome=Outcome.ANSWERED, by=by, now=now, **how)
    return log(
        branch_id=row.branch_id,
        text="",
        category=row.category.code,
        tier=Tier.REFERENCE,
        solved=True,
        request_key=uuid5(row.request_key, HELD),
        what=HELD,
        by=by,
        now=now,
        **how,
    )


def is_open(ticket_id: int) -> bool:
    return Ticket.objects.filter(pk=ticket_id).exclude(state=State.DONE).exists()
