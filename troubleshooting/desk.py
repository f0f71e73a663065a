"""Reads of the desk page: the room, the line, calls for help, people to tell, what was just logged."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING

from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import Http404

from helpdesk.live import watch
from helpdesk.models import User
from reservations.public import (
    Board,
    BranchFree,
    DeskLine,
    DeskRow,
    ToTell,
    board,
    board_scope,
    branches_with_free,
    desk_line,
    open_calls,
)
from troubleshooting import sla
from troubleshooting.absent import owner_is_off
from troubleshooting.desk_next import Next, next_thing
from troubleshooting.models import Category, Ticket, TicketEvent
from troubleshooting.models.category import Tier
from troubleshooting.models.ticket import State
from troubleshooting.tally import TallyDay, tally_day
from troubleshooting.worklist import RECENT, Card, next_lateness

if TYPE_CHECKING:
    from reservations.models import Branch, Device

JUST_LOGGED = 3
CAME_BACK = ("sent_back", "reopened")  # lines of the story whose words the desk must see again
AT_SIDE = 3  # calls for help and people to tell that stand beside the line; the rest unfolds
SHOWN = 50  # calls for help drawn; a branch with more waiting has other worries


@dataclass(frozen=True)
class Desk:
    """Everything the desk page of one branch shows at `now`; `live` is the signed value of its poll URL."""

    branches: list[BranchFree]
    branch: "Branch"
    board: Board
    calls: list[Card]
    late: list[Card]  # at reference, longer than promised
    to_tell: list[ToTell]
    recent: list[Ticket]
    tally: TallyDay
    line: DeskLine
    next: Next | None
    live: str
    now: datetime

    @property
    def oldest_wait(self) -> int | None:
        """Minutes the longest waiting call has waited; None where nobody waits."""
        return max((card.waited_minutes for card in self.waiting), default=None)

    @property
    def waiting(self) -> list[Card]:
        return [card for card in self.calls if card.is_free]

    @property
    def keyed(self) -> DeskRow | None:
        """The number that the keys C and X are about where the brass bar is about something else."""
        if self.next and self.next.turn_id:
            return None
        return self.line.next or next(iter(self.line.rows), None)

    @property
    def told_first(self) -> int:
        """How many people to tell stand in sight: one at least, before the calls for help."""
        return min(len(self.to_tell), max(1, AT_SIDE - len(self.calls)))

    @property
    def helped_first(self) -> int:
        """How many calls for help stand in sight."""
        return AT_SIDE - self.told_first

    @property
    def more_calls(self) -> list[Card]:
        return self.calls[self.helped_first :]

    @property
    def more_to_tell(self) -> list[ToTell]:
        return self.to_tell[self.told_first :]

    @property
    def news(self) -> int:
        """How many lines wait for someone: the number in the title."""
        return len(self.waiting) + len(self.to_tell)

    @property
    def promise(self) -> int:
        """Minutes within which someone comes to the seat."""
        return sla.DESK_MINUTES

    @property
    def devices(self) -> "list[Device]":
        """Return what a question can be about: the seats in the room's order, then the machines."""
        seats = [seat.device for zone in self.board.zones for seat in zone.seats]
        return seats + [machine.device for machine in self.board.machines]


def desk_page(user: User, slug: str | None, *, now: datetime) -> Desk:
    """Return the desk page of the branch `slug`, of the first branch without one. Eight queries.

    Raises Http404 for a branch where `user` does not work.
    """
    branches = branches_with_free(user, now=now)
    here = next((free for free in branches if slug in (None, "", free.branch.slug)), None)
    if here is None:
        raise Http404
    branch = here.branch
    watched = watch(board_scope(branch.pk), f"desk:{branch.pk}")
    room = board(branch, now=now, seat_url="desk-seat", calendar=here.calendar)
    line = desk_line(branch, now)
    calls, late, recent = _tickets(branch.pk, now, user)
    edges = [room.next_change_at, next_lateness(calls), line.next_change_at]
    return Desk(
        branches=branches,
        branch=branch,
        board=room,
        calls=calls,
        late=late,
        to_tell=room.to_tell,
        line=line,
        recent=recent,
        tally=tally_day(branch.pk, room.calendar, now),
        next=next_thing(calls, late, room.to_tell, room, line, now),
        live=watched.signed(min(edge for edge in edges if edge), now),
        now=now,
    )


def _tickets(branch_id: int, now: datetime, user: User) -> tuple[list[Card], list[Card], list[Ticket]]:
    """Return the open calls of the desk, what is late at reference, and what was logged last; one query.

    Calls are in the order of their promises, those that rest last; the latest of the late comes first.

    The numbers of each come from their own indexes: joined by OR they would be looked for in the branch's whole past.
    """
    at_branch = Ticket.objects.filter(branch_id=branch_id)
    logged = at_branch.counted().filter(opened_at__gt=now - RECENT).exclude(text="", state=State.DONE)
    last = logged.order_by("-opened_at", "-pk").values("pk")[:JUST_LOGGED]
    at_desk = at_branch.open().filter(tier__lte=Tier.DESK).values("pk")
    is_late = at_branch.filter(tier=Tier.REFERENCE, state=State.WAITING, promised_at__lt=now).values("pk")
    back = TicketEvent.objects.filter(ticket=OuterRef("pk"), what__in=CAME_BACK).order_by("-pk").values("text")[:1]
    found = Ticket.objects.filter(pk__in=at_desk.union(is_late, last)).annotate(
        note=Coalesce(Subquery(back), Value("")), owner_off=owner_is_off(now)
    )
    tickets = list(found.select_related("category", "device", "owner", "branch").order_by("opened_at", "pk"))
    cards = [_card(ticket, now, user) for ticket in tickets if ticket.state != State.DONE]
    calls = [card for card in cards if card.ticket.tier <= Tier.DESK]
    calls.sort(key=lambda card: (card.rests, card.ticket.promised_at or card.ticket.opened_at, card.ticket.pk))
    late = [card for card in cards if card.ticket.tier == Tier.REFERENCE and not card.is_claimed and card.is_late]
    late.sort(key=lambda card: (card.ticket.promised_at or now, card.ticket.pk))
    recent = [ticket for ticket in reversed(tickets) if ticket.opened_at > now - RECENT]
    return calls[:SHOWN], late, recent[:JUST_LOGGED]


def _card(ticket: Ticket, now: datetime, user: User) -> Card:
    note, owner_off = getattr(ticket, "note", ""), getattr(ticket, "owner_off", False)
    return Card(ticket, now, mine=ticket.owner_id == user.pk, note=note, owner_off=owner_off)


def grouped(categories: Iterable[Category]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return categories as choices in groups by level: "1 Desk" and its (code, label) pairs."""
    ordered = sorted(categories, key=lambda category: (category.tier, category.position))
    by_tier = groupby(ordered, key=lambda category: category.tier)
    return [(f"{tier} {Tier(tier).label}", [(row.code, row.label) for row in rows]) for tier, rows in by_tier]


def open_at(device: "Device", *, holding: bool = False) -> list[Ticket]:
    """Return the open questions and faults of a device, or only those that hold it, oldest first; one query."""
    found = Ticket.objects.open().filter(device=device, holds_device__in=[True] if holding else [True, False])
    return list(found.select_related("category", "owner").order_by("opened_at", "pk"))


def people_to_tell(branch: "Branch", device_id: int | None, since: datetime) -> int:
    """Return how many people must be told that a device took their booking, or moved it, since then; one query."""
    causes = (call.booking.displaced_by for call in open_calls(branch) if call.made_at >= since)
    return sum(1 for cause in causes if cause and cause.device_id == device_id)
