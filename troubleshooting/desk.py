"""Reads of the desk page: calls for help, people to tell, the next thing to do, what was just logged."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING

from django.db.models import OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from helpdesk import words
from helpdesk.live import watch
from helpdesk.models import User
from reservations.public import Board, BranchFree, board, board_scope, branches_with_free, open_calls
from troubleshooting import sla
from troubleshooting.cards import place_of
from troubleshooting.models import Category, Ticket, TicketEvent
from troubleshooting.models.category import Tier
from troubleshooting.models.ticket import State
from troubleshooting.tally import TallyDay, tally_day
from troubleshooting.worklist import RECENT, Card, next_lateness

if TYPE_CHECKING:
    from reservations.models import Booking, Branch, Call, Device

JUST_LOGGED = 3
CAME_BACK = ("sent_back", "reopened")  # lines of the story whose words the desk must see again
SHOWN = 50  # calls for help drawn; a branch with more waiting has other worries


@dataclass(frozen=True)
class Next:
    """The one brass sentence of the page: what, why, and a button that posts to `url` or leads to `href`."""

    what: str
    why: str
    verb: str
    url: str = ""
    href: str = ""
    key: str = "n"
    target: str = ""


@dataclass(frozen=True)
class Desk:
    """Everything the desk page of one branch shows at `now`; `live` is the signed value of its poll URL."""

    branches: list[BranchFree]
    branch: "Branch"
    board: Board
    calls: list[Card]
    to_tell: "list[Call]"
    recent: list[Ticket]
    tally: TallyDay
    next: Next | None
    live: str
    now: datetime

    @property
    def oldest_wait(self) -> int | None:
        """Minutes the longest waiting call has waited; None where nobody waits."""
        return max((card.waited_minutes for card in self.waiting), default=None)

    @property
    def waiting(self) -> list[Card]:
        return [card for card in self.calls if not card.is_claimed]

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
    """Return the desk page of the branch `slug`, of the first branch without one. Seven queries.

    Raises Http404 for a branch where `user` does not work.
    """
    branches = branches_with_free(user, now=now)
    here = next((free for free in branches if slug in (None, "", free.branch.slug)), None)
    if here is None:
        raise Http404
    branch = here.branch
    watched = watch(board_scope(branch.pk), f"desk:{branch.pk}")
    room = board(branch, now=now, seat_url="desk-seat", calendar=here.calendar)
    calls, recent = _tickets(branch.pk, now, user)
    to_tell = list(open_calls(branch))
    edges = [room.next_change_at, next_lateness(calls)]
    return Desk(
        branches=branches,
        branch=branch,
        board=room,
        calls=calls,
        to_tell=to_tell,
        recent=recent,
        tally=tally_day(branch.pk, room.calendar, now),
        next=next_thing(calls, to_tell, room, now),
        live=watched.signed(min(edge for edge in edges if edge), now),
        now=now,
    )


def _tickets(branch_id: int, now: datetime, user: User) -> tuple[list[Card], list[Ticket]]:
    """Return the open calls of the desk, first promised first, and what was logged last; one query."""
    at_branch = Ticket.objects.filter(branch_id=branch_id)
    logged = at_branch.counted().filter(opened_at__gt=now - RECENT).exclude(text="", state=State.DONE)
    last = logged.order_by("-opened_at", "-pk").values("pk")[:JUST_LOGGED]
    at_desk = Q(tier__lte=Tier.DESK) & ~Q(state=State.DONE)
    back = TicketEvent.objects.filter(ticket=OuterRef("pk"), what__in=CAME_BACK).order_by("-pk").values("text")[:1]
    found = at_branch.filter(at_desk | Q(pk__in=last)).annotate(note=Coalesce(Subquery(back), Value("")))
    tickets = list(found.select_related("category", "device", "owner", "branch").order_by("opened_at", "pk"))
    here = [t for t in tickets if t.tier <= Tier.DESK and t.state != State.DONE]
    calls = [Card(t, now, mine=t.owner_id == user.pk, note=getattr(t, "note", "")) for t in here]
    calls.sort(key=lambda card: (card.ticket.promised_at or card.ticket.opened_at, card.ticket.pk))
    recent = [ticket for ticket in reversed(tickets) if ticket.opened_at > now - RECENT]
    return calls[:SHOWN], recent[:JUST_LOGGED]


def next_thing(calls: list[Card], to_tell: "list[Call]", room: Board, now: datetime) -> Next | None:
    """Return the most urgent true thing: help waiting longest, someone to tell, a check-in due; or nothing."""
    waiting = [card for card in calls if not card.is_claimed]
    if waiting:
        return _help(min(waiting, key=lambda card: (card.ticket.opened_at, card.ticket.pk)))
    if to_tell:
        return _tell(to_tell[0], now)
    return _check_in_due(room)


def _help(card: Card) -> Next:
    asked = _("Asked for help {minutes} ago.").format(minutes=words.length(card.waited_minutes))
    if card.waited_minutes == 0:
        asked = _("Asked for help just now.")
    return Next(
        what=place_of(card.ticket),
        why=f"{asked} {short(card.ticket.title)}",
        verb=_("Take it"),
        url=reverse("desk-take", args=[card.ticket.pk]),
        target="#board",
    )


def _tell(call: "Call", now: datetime) -> Next:
    booked = call.booking
    at = words.moment(booked.booked_period.lower, now)
    return Next(
        what=_("Tell {who}").format(who=booked.who),
        why=_("{seat} at {time} is cancelled: out of service.").format(seat=booked.device.said, time=at),
        verb=_("Told"),
        url=reverse("call-done", args=[call.pk]),
        target="#board",
    )


def _check_in_due(room: Board) -> Next | None:
    due = [seat for zone in room.zones for seat in zone.seats if seat.state == "wait" and seat.current]
    first = min(due, key=lambda seat: _by(seat.current), default=None)
    if first is None:
        return None
    why = _("Check-in due {by}: {who}.").format(by=first.detail, who=first.extra)
    return Next(what=first.device.said, why=why, verb=_("Open"), href=first.url)


def _by(booking: "Booking | None") -> datetime:
    assert booking is not None
    return booking.check_in_by or booking.start


def short(text: str, limit: int = 60) -> str:
    """Return `text` on one line, cut at `limit` characters with an ellipsis."""
    line = " ".join(text.split())
    return line if len(line) <= limit else f"{line[: limit - 1].rstrip()}…"


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
    """Return how many people must be told that their booking on a device was cancelled since then; one query."""
    return sum(1 for call in open_calls(branch) if call.booking.device_id == device_id and call.made_at >= since)
