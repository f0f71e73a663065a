"""Reads of open questions: the desk's calls, the reference queue, the IT work list, counts for the tabs."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, F, Q
from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from helpdesk.models import User
from troubleshooting.models import Ticket, TicketEvent
from troubleshooting.models.category import Tier
from troubleshooting.models.ticket import Channel, State, TicketQuerySet

SHOWN = 200  # cards of one list; more open questions than that are counted, not drawn
RECENT = timedelta(hours=12)
MINUTE = timedelta(minutes=1)

DANGER = frozenset({"danger", "privacy_incident"})  # smell, sparks, liquid; someone else's data on the screen
LINE_DOWN = frozenset({"network_outage", "library_system"})
LINE_KINDS = frozenset({"kiosk", "network"})
EASY_ACCESS = frozenset({"accessible", "easy-access", "easy_access"})


@dataclass(frozen=True)
class Card:
    """A question as a list shows it at `now`. Minutes are whole and rounded up. `note`: why it came back."""

    ticket: Ticket
    now: datetime
    mine: bool = False
    note: str = ""

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


def _shown() -> TicketQuerySet:
    """Return tickets with all that a card and its page draw, in one query."""
    with_device = ("device__device_class", "device__area")
    return Ticket.objects.with_guide().select_related("category", "branch", "owner", *with_device)


def _open_cards(where: Q, now: datetime, user: User | None = None) -> list[Card]:
    """Return open questions by promised time, late ones first, without promise last; one query."""
    tickets = _shown().filter(where).exclude(state=State.DONE)
    ordered = tickets.order_by(F("promised_at").asc(nulls_last=True), "pk")[:SHOWN]
    return [Card(t, now, mine=user is not None and t.owner_id == user.pk) for t in ordered]


def reference_queue(branch_ids: Collection[int], user: User, now: datetime) -> list[Card]:
    """Return the open reference questions of the branches by promised time, late first; one query."""
    return _open_cards(Q(branch_id__in=branch_ids, tier=Tier.REFERENCE), now, user)


def it_list(branch_ids: Collection[int], now: datetime, user: User | None = None) -> list[Fault]:
    """Return the open faults by rank: danger, line down, easy access seat, oldest; one query."""
    tickets = _shown().filter(branch_id__in=branch_ids, tier=Tier.IT).exclude(state=State.DONE)
    faults = [Fault(t, now, mine=user is not None and t.owner_id == user.pk) for t in tickets]
    return sorted(faults, key=lambda fault: (fault.rank, fault.ticket.pk))


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
    """Return the next promised time to come: the moment at which time alone changes a list."""
    return min((c.ticket.promised_at for c in cards if c.ticket.promised_at and not c.is_late), default=None)


def ticket_for(user: User, ticket_id: int) -> Ticket:
    """Return the question if `user` may see it, with what its page draws; else Http404."""
    ticket = _shown().visible_to(user).filter(pk=ticket_id).first()
    if ticket is None:
        raise Http404
    return ticket


def kiosk_call(branch_id: int, key: UUID) -> Ticket:
    """Return what was asked at a kiosk of the branch under the unguessable `key` it was given; else Http404."""
    ticket = _shown().filter(branch_id=branch_id, channel=Channel.KIOSK, request_key=key).first()
    if ticket is None:
        raise Http404
    return ticket


def story(ticket: Ticket) -> list[TicketEvent]:
    """Return the lines of a question's story, oldest first; one query."""
    return list(ticket.events.select_related("by_user").all())
