"""Reads of open questions: the desk's calls, the reference queue, the IT work list, counts for the tabs."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, F, OuterRef, Q, Subquery
from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from helpdesk.models import User
from troubleshooting.absent import owner_is_off
from troubleshooting.late_calls import late_call
from troubleshooting.models import Ticket, TicketEvent
from troubleshooting.models.category import Tier
from troubleshooting.models.ticket import State, TicketQuerySet

SHOWN = 200  # cards of one list; more open questions than that are counted, not drawn
RECENT = timedelta(hours=12)
MINUTE = timedelta(minutes=1)

DANGER = frozenset({"danger", "privacy_incident"})  # smell, sparks, liquid; someone else's data on the screen
LINE_DOWN = frozenset({"network_outage", "library_system"})
LINE_KINDS = frozenset({"kiosk", "network"})
EASY_ACCESS = frozenset({"accessible", "easy-access", "easy_access"})


@dataclass(frozen=True)
class Card:
    """A question as a list shows it at `now`. Minutes are whole and rounded up. `note`: why it came back.

    `owner_off`: whoever has it does not work today, so it is free to take.
    """

    ticket: Ticket
    now: datetime
    mine: bool = False
    note: str = ""
    owner_off: bool = False

    @property
    def is_late(self) -> bool:
        return self.ticket.promised_at is not None and self.ticket.promised_at < self.now

    @property
    def minutes_left(self) -> int | None:
        """Minutes until the promised time; None without a promise or when late."""
        if self.ticket.promised_at is None or self.is_late:
            return None
        return -((self.now - self.ticket.promised_at) // MINUTE)

    @property
    def minutes_late(self) -> int | None:
        """Minutes since the promised time; None while in time."""
        if self.ticket.promised_at is None or not self.is_late:
            return None
        return -((self.ticket.promised_at - self.now) // MINUTE)

    @property
    def waited_minutes(self) -> int:
        return max(0, -((self.ticket.opened_at - self.now) // MINUTE))

    @property
    def is_claimed(self) -> bool:
        return self.ticket.state == State.CLAIMED

    @property
    def rests(self) -> bool:
        """Parked, or kept for later: nobody has to come now."""
        return self.ticket.rests(self.now)

    @property
    def is_free(self) -> bool:
        """Somebody should take it now: it waits, or its owner is off today."""
        return not self.rests and (not self.is_claimed or (self.owner_off and not self.mine))

    @property
    def may_be_taken(self) -> bool:
        """Somebody may take it: it is free, or parked and could be taken before its moment."""
        return not self.is_claimed or (self.owner_off and not self.mine)

    @property
    def worked_minutes(self) -> int:
        """Minutes since its owner took it; 0 while nobody has it."""
        taken = self.ticket.claimed_at if self.is_claimed else None
        return max(0, (self.now - taken) // MINUTE) if taken else 0

    @property
    def box_is_over(self) -> bool:
        """A desk question was worked on for longer than its category's box, and nobody has said yet how to go on."""
        asks = self.is_claimed and self.ticket.tier <= Tier.DESK and self.ticket.box_answered_at is None
        return asks and not self.rests and self.worked_minutes >= self.ticket.category.box_minutes


class Rank(NamedTuple):
    """Why a fault stands where it stands: False sorts first, so each key says "not ..."; then the oldest."""

    not_danger: bool
    not_line_down: bool
    not_easy_access: bool
    opened_at: datetime

    @property
    def reason(self) -> str:
        """The key that decided: danger, line_down, easy_access or oldest."""
        for name in ("danger", "line_down", "easy_access"):
            if not getattr(self, f"not_{name}"):
                return name
        return "oldest"


REASONS: dict[str, Promise] = {
    "danger": _("Danger first"),
    "line_down": _("Kiosk or network down"),
    "easy_access": _("Easy access seat"),
    "oldest": _("Oldest first"),
}


@dataclass(frozen=True)
class Fault(Card):
    """A question at IT with its rank."""

    @property
    def rank(self) -> Rank:
        device, code = self.ticket.device, self.ticket.category.code
        kind = device.device_class.kind if device else ""
        group = device.device_class.code if device else ""
        return Rank(
            not_danger=code not in DANGER,
            not_line_down=code not in LINE_DOWN and kind not in LINE_KINDS,
            not_easy_access=group not in EASY_ACCESS,
            opened_at=self.ticket.opened_at,
        )

    @property
    def reason(self) -> Promise:
        """What decided its place, for the card."""
        return REASONS[self.rank.reason]


@dataclass(frozen=True)
class Counts:
    """Open questions per level, in all and by branch id."""

    desk: dict[int, int]
    reference: dict[int, int]
    it: dict[int, int]

    @property
    def desk_total(self) -> int:
        return sum(self.desk.values())

    @property
    def reference_total(self) -> int:
        return sum(self.reference.values())

    @property
    def it_total(self) -> int:
        return sum(self.it.values())


def card_of(ticket: Ticket, now: datetime, user: User | None = None) -> Card:
    """Return a question that `_shown` found as a card for `user`."""
    return Card(ticket, now, mine=_is_of(ticket, user), owner_off=getattr(ticket, "owner_off", False))


def _is_of(ticket: Ticket, user: User | None) -> bool:
    return user is not None and ticket.owner_id == user.pk


def _drawn() -> TicketQuerySet:
    """Return tickets with all that a page draws, in one query."""
    return Ticket.objects.with_guide().select_related(
        "category", "branch", "owner", "device__device_class", "device__area"
    )


def _shown(now: datetime) -> TicketQuerySet:
    """Return tickets with all that a card draws, in one query."""
    return _drawn().annotate(owner_off=owner_is_off(now))


def _open_cards(where: Q, now: datetime, user: User | None = None) -> list[Card]:
    """Return open questions by promised time, late ones first, without promise last; one query."""
    tickets = _shown(now).filter(where).exclude(state=State.DONE)
    ordered = tickets.order_by(F("promised_at").asc(nulls_last=True), "pk")[:SHOWN]
    return [card_of(t, now, user) for t in ordered]


def reference_queue(branch_ids: Collection[int], user: User, now: datetime) -> list[Card]:
    """Return the open reference questions of the branches by promised time, late first; one query.

    Among them are calls that the desk has not come to, still at the desk's level.
    """
    return _open_cards(Q(branch_id__in=branch_ids) & (Q(tier=Tier.REFERENCE) | late_call(now)), now, user)


def it_list(branch_ids: Collection[int], now: datetime, user: User | None = None) -> list[Fault]:
    """Return the open faults by rank: danger, line down, easy access seat, oldest; one query."""
    tickets = _shown(now).filter(branch_id__in=branch_ids, tier=Tier.IT).exclude(state=State.DONE)
    faults = [
        Fault(ticket, now, mine=_is_of(ticket, user), owner_off=getattr(ticket, "owner_off", False))
        for ticket in tickets.annotate(came_from=_came_from())
    ]
    return sorted(faults, key=lambda fault: (fault.rank, fault.ticket.pk))


def owned_by(user: User, now: datetime) -> list[Card]:
    """Return what `user` has at any level and branch, by promised time; one query."""
    return _open_cards(Q(owner=user, state=State.CLAIMED), now, user)


def _came_from() -> Subquery:
    """Return the level from which a question came to IT; null where it was logged for IT."""
    escalated = TicketEvent.objects.filter(ticket=OuterRef("pk"), what="escalated").order_by("-pk")
    return Subquery(escalated.values("from_tier")[:1])


def back_tier(ticket: Ticket) -> int:
    """Return the level to which IT's question goes back, as the list found it; the desk where it was logged for IT."""
    return max(getattr(ticket, "came_from", None) or Tier.DESK, Tier.DESK)


def counts(branch_ids: Collection[int]) -> Counts:
    """Return the open questions of the branches, per level and branch; one query."""
    found = Counts({}, {}, {})
    shelf = {Tier.REFERENCE: found.reference, Tier.IT: found.it}
    rows = (
        Ticket.objects.filter(branch_id__in=branch_ids)
        .exclude(state=State.DONE)
        .values_list("tier", "branch_id")
        .annotate(many=Count("pk"))
    )
    for tier, branch_id, many in rows:
        by_branch = shelf.get(tier, found.desk)
        by_branch[branch_id] = by_branch.get(branch_id, 0) + many
    return found


def next_lateness(cards: Collection[Card]) -> datetime | None:
    """Return the next moment at which time alone changes a list: a promise passes, a rest or a box ends."""
    return min((at for card in cards for at in _edges(card) if at > card.now), default=None)


def _edges(card: Card) -> Iterator[datetime]:
    ticket = card.ticket
    yield from (at for at in (ticket.promised_at, ticket.rests_until) if at)
    if card.is_claimed and ticket.claimed_at and ticket.tier <= Tier.DESK:
        yield ticket.claimed_at + ticket.category.box_minutes * MINUTE


def ticket_for(user: User, ticket_id: int, now: datetime | None = None) -> Ticket:
    """Return the question if `user` may see it, with what its page draws; else Http404.

    With `now` also whether its owner is off today, and from which level it came to IT.
    """
    tickets = _drawn() if now is None else _shown(now).annotate(came_from=_came_from())
    ticket = tickets.visible_to(user).filter(pk=ticket_id).first()
    if ticket is None:
        raise Http404
    return ticket


def kiosk_call(branch_id: int, key: UUID) -> Ticket:
    """Return what patrons of the branch asked themselves under the unguessable `key` they were given; else Http404."""
    return call_under(key, branch_id=branch_id)


def call_under(key: UUID, **place: int) -> Ticket:
    """Return what a patron asked at a `place` (branch_id, device_id) under the `key` they were given; else Http404."""
    ticket = _drawn().called().filter(request_key=key, **place).first()
    if ticket is None:
        raise Http404
    return ticket


def story(ticket: Ticket) -> list[TicketEvent]:
    """Return the lines of a question's story, oldest first; a half's begins with what came before it. One query."""
    told = Q(ticket=ticket)
    if ticket.split_from_id:
        own = TicketEvent.objects.filter(ticket=ticket).order_by("pk").values("pk")[:1]
        told |= Q(ticket=ticket.split_from_id, pk__lt=Subquery(own))
    return list(TicketEvent.objects.filter(told).select_related("by_user"))
