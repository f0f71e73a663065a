"""Split a question that is two: one half stays, the other goes its own way, and the patron hears one story."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from helpdesk.actor import Actor
from reservations.public import lock_branch
from troubleshooting.lifecycle import steps
from troubleshooting.lifecycle.closing import withdraw
from troubleshooting.lifecycle.moves import TicketRefused, stale
from troubleshooting.lifecycle.words import check_choice, clean_short
from troubleshooting.models import Ticket
from troubleshooting.models.category import Tier
from troubleshooting.models.ticket import PART_LIMIT, State, TicketQuerySet


def halves_of(ticket: Ticket) -> TicketQuerySet:
    """Return the question that was split with all its halves, in the order of their numbers; itself if it is whole."""
    return Ticket.objects.filter(Q(pk=ticket.whole_id) | Q(split_from=ticket.whole_id)).order_by("pk")


@transaction.atomic
def split(
    *,
    ticket_id: int,
    keeps: str,
    other: str,
    category: str,
    request_key: UUID,
    by: Actor,
    now: datetime,
    tier: int | None = None,
    device_id: int | None = None,
    version: int | None = None,
) -> Ticket:
    """Split a question and return the new half; the first half stays where and whose it is.

    `keeps` and `other` say in a few words what each half is about ("The citation", "The printer"). The new half is of
    `category` (a code), at `tier` (the category's level), about the machine `device_id` (the same seat), and begins
    with the same story. The same `request_key` again returns the first result. Raises TicketRefused: already_done,
    already_used, not_yours, stale, no_part, part_too_long, unknown_category, unknown_choice, wrong_device.
    """
    ticket = steps.lock_ticket("split", ticket_id, by, room=True)
    if first := Ticket.objects.filter(request_key=request_key).first():
        return _same(first, ticket)
    if version is not None and version != ticket.version:
        raise stale()
    ticket.part = clean_short(keeps, PART_LIMIT) or ticket.part
    half = _half(ticket, clean_short(other, PART_LIMIT), category, tier, now)
    if not (ticket.part and half.part):
        raise TicketRefused("no_part", _("Say in a few words what each half is about."))
    if device_id is not None and device_id != half.device_id:
        steps.place_device(half, device_id)
    half.request_key = request_key
    _save(ticket, half, by, now)
    return half


def _same(first: Ticket, ticket: Ticket) -> Ticket:
    if first.split_from_id != ticket.whole_id:
        sentence = _("This form has already saved question %(number)s. Open the page again.")
        raise TicketRefused("already_used", sentence % {"number": first.number})
    return first


def _half(ticket: Ticket, part: str, category: str, tier: int | None, now: datetime) -> Ticket:
    """Return the new half, not saved yet. Of a split question only one half counts as a reference transaction."""
    about = steps.category_of(category)
    level = about.tier if tier is None else tier
    check_choice(level, Tier.values, _("level"))
    counted = halves_of(ticket).counted().filter(counts_as_reference=True).exists()
    half = Ticket(
        branch=ticket.branch,
        device=ticket.device,
        category=about,
        kind=about.kind,
        read_level=about.read_level,
        counts_as_reference=about.counts_as_reference and not counted,
        channel=ticket.channel,
        text=ticket.text,
        part=part,
        split_from_id=ticket.whole_id,
        opened_at=now,
        step=1 if level in steps.BELLS else 0,
    )
    steps.back_to_waiting(half, level, now)
    return half


def _save(ticket: Ticket, half: Ticket, by: Actor, now: datetime) -> None:
    half.save()
    steps.begin_wait(half, by, now)
    steps.hold_device(half, by, now, tier=half.tier)
    half.save(update_fields=["holds_device"])
    steps.write_handoff(half, now)
    steps.save(ticket)
    went = _("%(part)s: question %(number)s, %(level)s")
    text = went % {"part": half.part, "number": half.number, "level": half.get_tier_display()}
    steps.record(ticket, "split", by, now, text=text)
    steps.record(half, "split_off", by, now, text=half.part)


@transaction.atomic
def withdraw_all(*, ticket_id: int, by: Actor, now: datetime) -> Ticket:
    """Withdraw a question and every half of it for which somebody would still come; return it.

    Raises TicketRefused as `withdraw` does, where nobody would come any more.
    """
    ticket = Ticket.objects.get(pk=ticket_id)
    lock_branch(ticket.branch_id)
    coming = halves_of(ticket).exclude(state=State.DONE).filter(tier__in=steps.HELPED)
    for pk in list(coming.values_list("pk", flat=True)) or [ticket_id]:
        withdraw(ticket_id=pk, by=by, now=now)
    return ticket
