"""End a question, open it again, or withdraw it."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from helpdesk.actor import Actor
from troubleshooting.lifecycle import steps
from troubleshooting.lifecycle.moves import TicketRefused
from troubleshooting.lifecycle.words import check_choice, check_read_level, clean_short, clean_text
from troubleshooting.models import Ticket
from troubleshooting.models.category import Tier
from troubleshooting.models.ticket import PART_LIMIT, Duration, Outcome, State

REOPEN_WITHIN = timedelta(days=14)
ENDS = [outcome for outcome in Outcome.values if outcome != Outcome.WITHDRAWN]


@transaction.atomic
def resolve(
    *,
    ticket_id: int,
    outcome: str,
    by: Actor,
    now: datetime,
    answer: str = "",
    referred_to: str = "",
    duration: str = "",
    read_level: int | None = None,
    counts_as_reference: bool | None = None,
    version: int | None = None,
) -> Ticket:
    """Finish a question with what helped, and return it.

    `referred_to` says to whom it was referred on. `read_level` and the reference flag change only if given; of the
    halves of a split question only one is counted
    as a reference transaction.

    A device that the fault held goes back into booking unless another open fault holds it too.
    Raises TicketRefused: already_done, not_yours, stale, no_whom, part_too_long, text_too_long, unknown_choice.
    """
    check_choice(outcome, ENDS, _("how it ended"))
    check_choice(duration, ["", *Duration.values], _("how long"))
    check_read_level(read_level)
    ticket = steps.lock_ticket("resolve", ticket_id, by, version=version, room=True)
    ticket.answer, ticket.referred_to = clean_text(answer), _whom(outcome, referred_to)
    ticket.duration = duration or ticket.duration
    if read_level is not None:
        ticket.read_level = read_level
    if counts_as_reference is not None:
        ticket.counts_as_reference = counts_as_reference and not _other_half_counts(ticket)
    _finish(ticket, outcome, "resolved", by, now)
    return ticket


@transaction.atomic
def reopen(*, ticket_id: int, by: Actor, now: datetime, note: str = "", version: int | None = None) -> Ticket:
    """Put a question done within 14 days back in line at its level, with a new handoff; return it.

    A hardware fault takes its device out of booking again.
    Raises TicketRefused: not_done, too_late, withdrawn, stale, text_too_long.
    """
    ticket = steps.lock_ticket("reopen", ticket_id, by, version=version, room=True)
    if ticket.done_at and now - ticket.done_at > REOPEN_WITHIN:
        raise TicketRefused("too_late", _("This question was done more than 14 days ago. Log a new one."))
    text, keeper_id = clean_text(note), ticket.owner_id or by.user_id
    steps.back_to_waiting(ticket, ticket.tier, now)
    ticket.step += 1
    if ticket.is_settled:  # it stopped moving for good: whoever kept it has it again
        steps.give_to(ticket, keeper_id, now)
    steps.hold_device(ticket, by, now, tier=Tier.IT if steps.was_fault(ticket) else ticket.tier)
    steps.save(ticket)
    steps.write_handoff(ticket, now)
    steps.record(ticket, "reopened", by, now, text=text, from_tier=ticket.tier)
    return ticket


@transaction.atomic
def withdraw(*, ticket_id: int, by: Actor, now: datetime, version: int | None = None) -> Ticket:
    """Withdraw an open question, by the patron who asked or by staff for them; it is not counted. Return it.

    Raises TicketRefused: already_done, stale; not_yours when a patron would withdraw a fault from IT.
    """
    ticket = steps.lock_ticket("withdraw", ticket_id, by, version=version, room=True)
    if by.kind == "patron" and ticket.tier == Tier.IT:
        raise TicketRefused("not_yours", _("This is with IT now. Ask a person at the desk."))
    _finish(ticket, Outcome.WITHDRAWN, "withdrawn", by, now)
    return ticket


def _whom(outcome: str, referred_to: str) -> str:
    """Return to whom a question was referred on, '' for one that was not."""
    if outcome != Outcome.REFERRED:
        return ""
    if whom := clean_short(referred_to, PART_LIMIT):
        return whom
    raise TicketRefused("no_whom", _("Say to whom it was referred: an office, a branch, a service."))


def _other_half_counts(ticket: Ticket) -> bool:
    """Return whether another half of the same question is its reference transaction. Needs the branch lock."""
    halves = Ticket.objects.counted().filter(Q(pk=ticket.whole_id) | Q(split_from=ticket.whole_id))
    return halves.filter(counts_as_reference=True).exclude(pk=ticket.pk).exists()


def _finish(ticket: Ticket, outcome: str, what: str, by: Actor, now: datetime) -> None:
    steps.end_wait(ticket, by, now)
    steps.release_device(ticket, by, now)
    ticket.state, ticket.rests_until = State.DONE, None
    ticket.outcome = outcome
    ticket.done_at = max(now, ticket.opened_at)  # now was read before waiting for the lock
    ticket.owner_id = by.user_id or ticket.owner_id
    steps.save(ticket)
    steps.record(ticket, what, by, now)
