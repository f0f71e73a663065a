"""Count what was asked and answered at once: finished questions without words, one by one or several of one kind."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from helpdesk.actor import Actor
from helpdesk.db import refused_by
from troubleshooting.lifecycle import steps
from troubleshooting.lifecycle.intake import ONCE
from troubleshooting.lifecycle.moves import TicketRefused, check
from troubleshooting.models import Category, Ticket, TicketEvent
from troubleshooting.models.category import Tier
from troubleshooting.models.ticket import Duration, Outcome, State

TAPPED, LATER = "tallied", "tallied_late"  # the first line of its story: counted at once, or entered later
READ = 1  # library-practice.md section 2.1: nothing was looked up, and it took less than five minutes
LATEST = timedelta(days=7)  # so long a tap may wait for the network, and a count may be entered later
AHEAD = timedelta(minutes=2)  # a computer's clock may be ahead by so much; what it counts is of now
KEYS = 256  # request keys that belong together: they differ in their last byte


class _RepeatedError(Exception):
    """Another transaction counted the same request first."""


@transaction.atomic
def count(
    *,
    branch_id: int,
    category: Category,
    channel: str,
    request_key: UUID,
    by: Actor,
    now: datetime,
    at: datetime,
    many: int = 1,
    what: str = TAPPED,
) -> list[Ticket]:
    """Count `many` questions of `category` that were asked and answered at `at`, and return them.

    Each is a question of its own, done at desk level with READ 1; `what` (TAPPED or LATER) and `now` stand in its
    story, with who counted it. The same `request_key` returns what it counted first and writes nothing.
    Raises TicketRefused "already_used" where that was something else, "from_the_future", "too_old".
    """
    keys = keys_of(request_key, many)
    if repeated := counted_under(request_key):
        return _same(repeated, branch_id, category, what)
    moment = _checked(at, now)
    fields: dict[str, Any] = {"branch_id": branch_id, "category": category, "channel": channel, "owner_id": by.user_id}
    tickets = [_finished(moment, request_key=key, **fields) for key in keys]
    try:
        with refused_by(ONCE, _RepeatedError()):
            Ticket.objects.bulk_create(tickets)
    except _RepeatedError:
        return _same(counted_under(request_key), branch_id, category, what)
    _record(tickets, what, by, now)
    return tickets


def _finished(at: datetime, *, category: Category, **fields: Any) -> Ticket:
    return Ticket(
        **fields,
        category=category,
        tier=min(category.tier, Tier.DESK),
        kind=category.kind,
        counts_as_reference=category.counts_as_reference,
        read_level=READ,
        duration=Duration.UNDER_1,
        opened_at=at,
        done_at=at,
        state=State.DONE,
        outcome=Outcome.ANSWERED,
    )


@transaction.atomic
def take_back(*, ticket_ids: Collection[int], by: Actor, now: datetime) -> list[Ticket]:
    """Take finished questions out of the count, all of them or none; doing it twice changes nothing.

    Raises TicketRefused "not_done" where one was opened again.
    """
    found = Ticket.objects.select_related("category").filter(pk__in=ticket_ids).order_by("pk")
    tickets = list(found.select_for_update(no_key=True, of=("self",)))
    for ticket in tickets:
        check("take_back", ticket, by)
    counted = [ticket for ticket in tickets if ticket.outcome != Outcome.WITHDRAWN]
    for ticket in counted:
        ticket.outcome, ticket.version = Outcome.WITHDRAWN, ticket.version + 1
    Ticket.objects.bulk_update(counted, ["outcome", "version"])
    _record(counted, "taken_back", by, now)
    return tickets


def keys_of(request_key: UUID, many: int) -> list[UUID]:
    """Return the keys of `many` questions of one request: its own, or those that differ in the last byte only."""
    if many == 1:
        return [request_key]
    first = request_key.int & ~(KEYS - 1)
    return [UUID(int=first + place) for place in range(many)]


def counted_under(request_key: UUID) -> list[Ticket]:
    """Return the questions that were counted by one request, the first one first; one query."""
    first = request_key.int & ~(KEYS - 1)
    keys = (UUID(int=first), UUID(int=first + KEYS - 1))
    return list(Ticket.objects.filter(request_key__range=keys).select_related("category").order_by("request_key"))


def _checked(at: datetime, now: datetime) -> datetime:
    """Return when something was asked: `at`, or `now` for a clock that is a little ahead."""
    if at > now + AHEAD:
        raise TicketRefused("from_the_future", _("This time has not come yet. Look at the clock of this computer."))
    if at < now - LATEST:
        raise TicketRefused("too_old", _("This was more than 7 days ago. The figures of that day are closed."))
    return min(at, now)


def _same(first: list[Ticket], branch_id: int, category: Category, what: str) -> list[Ticket]:
    """Return what was counted `first`; another branch, button or kind of entry is another request."""
    asked = {(branch_id, category.tally_group, what)}
    said = dict(TicketEvent.objects.filter(ticket__in=first, what__in=[TAPPED, LATER]).values_list("ticket", "what"))
    if {(row.branch_id, row.category.tally_group, said.get(row.pk)) for row in first} != asked:
        raise TicketRefused("already_used", _("This form has already counted something else. Open the page again."))
    return first


def _record(tickets: Collection[Ticket], what: str, by: Actor, now: datetime) -> None:
    """Append the same line to the story of each, and wake the desk once."""
    if not tickets:
        return
    TicketEvent.objects.bulk_create(
        TicketEvent(ticket=ticket, at=now, what=what, to_tier=ticket.tier, **by.columns()) for ticket in tickets
    )
    steps.wake(next(iter(tickets)))
