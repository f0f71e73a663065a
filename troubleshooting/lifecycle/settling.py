"""A question that was passed on once too often stops moving: one person keeps it, all levels help on one page."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from helpdesk.actor import Actor
from helpdesk.models import User
from helpdesk.roles import DESK_ROLES, IT_ROLES, REFERENCE_ROLES
from reservations.public import staff_at
from troubleshooting.absent import is_off
from troubleshooting.lifecycle import steps
from troubleshooting.lifecycle.moves import TicketRefused
from troubleshooting.lifecycle.words import clean_text
from troubleshooting.models import Ticket
from troubleshooting.models.category import Tier

ROLES_AT: dict[int, frozenset[str]] = {
    Tier.SELF_HELP: DESK_ROLES,
    Tier.DESK: DESK_ROLES,
    Tier.REFERENCE: REFERENCE_ROLES,
    Tier.IT: IT_ROLES,
}
TOOK = ("claimed", "taken_over", "handed_on")


def keepers(branch_id: int, tiers: Collection[int], user_id: int | None, now: datetime) -> list[User]:
    """Return who can keep a question of the branch: the staff of the levels `tiers` who are here today; one query.

    Whoever asks (`user_id`) is here, whatever their hours say.
    """
    roles = frozenset[str]().union(*(ROLES_AT[tier] for tier in tiers))
    return list(staff_at(branch_id, roles).filter(Q(pk=user_id) | ~is_off("pk", now)))


def keeper_of(ticket: Ticket, tier: int, keeper_id: int | None, by: Actor, now: datetime) -> User:
    """Return who keeps the question that goes to `tier` for the last time.

    The one who was named; else who had it at that level before; else whoever passes it on. Raises TicketRefused
    "unknown_keeper" for somebody who is not there, or where nobody is.
    """
    here = {user.pk: user for user in keepers(ticket.branch_id, {tier, ticket.tier}, by.user_id, now)}
    if keeper_id is None:
        had = ticket.events.filter(what__in=TOOK, to_tier=tier, by_user__in=here).order_by("-pk")
        here_at = [pk for pk in (had.values_list("by_user_id", flat=True).first(), by.user_id, *here) if pk in here]
        keeper_id = next(iter(here_at), None)
    if keeper_id not in here:
        raise TicketRefused("unknown_keeper", _("Choose who keeps it: somebody of the two levels who is here today."))
    return here[keeper_id]


def level_of(user: User, tier: int, other: int) -> int:
    """Return `tier` if `user` works at it, else the `other` level: a question lies where its owner is."""
    return tier if user.role in ROLES_AT[tier] else other


@transaction.atomic
def take_over(*, ticket_id: int, note: str, by: Actor, now: datetime, version: int | None = None) -> Ticket:
    """Become the owner of a question that has stopped moving, with a `note` why; return it.

    It lies at the new owner's level from then on. Taking over one's own changes nothing. Raises TicketRefused:
    already_done, not_settled, no_reason, stale, text_too_long.
    """
    ticket = steps.lock_ticket("take_over", ticket_id, by, version=version, room=True)
    if not ticket.is_settled:
        raise TicketRefused("not_settled", _("This question still moves. Take it from the line."))
    if ticket.owner_id == by.user_id:
        return ticket
    text, from_tier = clean_text(note), ticket.tier
    if not text:
        raise TicketRefused("no_reason", _("Say in a few words why you take it over."))
    tier = next(level for level in (from_tier, Tier.REFERENCE, Tier.DESK, Tier.IT) if by.role in ROLES_AT[level])
    if tier == Tier.IT:
        steps.end_wait(ticket, by, now)
    ticket.tier = tier
    steps.give_to(ticket, by.user_id, now)
    steps.save(ticket)
    steps.record(ticket, "taken_over", by, now, text=text, from_tier=from_tier)
    return ticket
