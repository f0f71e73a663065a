"""What the IT page shows: faults of all branches by rank or by branch, and the open one with its story."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from helpdesk import live
from helpdesk.models import Role, User
from reservations.public import branches_for, expected_back
from troubleshooting import cards, worklist
from troubleshooting.forms_answer import FixedForm
from troubleshooting.guides.tried import way_on
from troubleshooting.here import come, scope
from troubleshooting.lifecycle.settling import keepers
from troubleshooting.meanwhile import last_seen, meanwhile
from troubleshooting.models import Ticket
from troubleshooting.models.category import Tier
from troubleshooting.models.ticket import SETTLED_AT, State
from troubleshooting.question_page import halves_part
from troubleshooting.worklist import Card, Fault

BY_RANK, BY_BRANCH = "rank", "branch"
ORDERS = frozenset({BY_RANK, BY_BRANCH})


@dataclass
class Group:
    """Faults under one heading: a reason of the ranking, or a branch."""

    title: str
    jobs: list[dict[str, Any]] = field(default_factory=list)


def fixed_form(ticket: Ticket, user: User, now: datetime, data: Any = None) -> FixedForm:
    """Return the form that ends a fault; where it stops with the next hand-over it also asks who keeps it."""
    stops = ticket.bounces == SETTLED_AT - 1
    levels = (worklist.back_tier(ticket), Tier.IT)
    return FixedForm(data, keepers=keepers(ticket.branch_id, levels, user.pk, now) if stops else ())


def goes_back_at_once(ticket: Ticket) -> bool:
    """Return whether one tap sends the question back: it is a librarian's by its kind, and holds no machine."""
    return ticket.category.tier < Tier.IT and not (ticket.is_settled or ticket.holds_device or ticket.category.hardware)


def back_words(ticket: Ticket) -> str:
    """Return what the button says that sends a question back; '' where it no longer moves."""
    if ticket.is_settled:
        return ""
    return _("Back to reference") if worklist.back_tier(ticket) == Tier.REFERENCE else _("Back to the desk")


class FaultPage:
    """The work list as `user` sees it at `now`, grouped by `order`; `open_id` names the open fault."""

    def __init__(self, user: User, open_id: int | None, order: str, now: datetime) -> None:
        self.user, self.open_id, self.now = user, open_id, now
        self.order = order if order in ORDERS else BY_RANK
        self.branches = branches_for(user)
        self.watch = live.watch("it", *([scope(open_id)] if open_id is not None else []))
        self.faults = worklist.it_list([branch.pk for branch in self.branches], now, user)

    @cached_property
    def opened(self) -> Card | None:
        if self.open_id is None:
            return None
        found = next((fault for fault in self.faults if fault.ticket.pk == self.open_id), None)
        if found:
            return found
        ticket = worklist.ticket_for(self.user, self.open_id, self.now)
        return worklist.card_of(ticket, self.now, self.user)

    @cached_property
    def back(self) -> dict[int, datetime]:
        """When each device that a fault of the page holds is expected back; at most one query."""
        shown = [fault.ticket for fault in self.faults] + ([self.opened.ticket] if self.opened else [])
        return expected_back(
            {ticket.device_id for ticket in shown if ticket.holds_device and ticket.device_id}, self.now
        )

    def live_part(self) -> dict[str, Any]:
        """Return what a poll refreshes: the groups, the figures, the next bar, how the open fault stands."""
        opened = self.opened
        here = come(opened.ticket.pk, self.user, self.now) if opened else None
        changes = [worklist.next_lateness(self.faults), here.next_change_at if here else None]
        signed = self.watch.signed(min((moment for moment in changes if moment), default=None), self.now)
        named = f"&here={here.poll}" if here else ""
        at = reverse("it-fault", args=[opened.ticket.pk]) if opened else reverse("it")
        return {
            "tab": "it",
            "order": self.order,
            "here": at,
            "groups": self._groups(),
            "many": len(self.faults),
            "late": sum(1 for fault in self.faults if fault.is_late),
            "mine": sum(1 for fault in self.faults if fault.mine),
            "branch_count": len(self.branches),
            "next": self._next(),
            "stands": cards.state_words(opened) if opened else "",
            "poll_url": f"{at}?by={self.order}{named}&live={signed}",
            "present": here,
        }

    def open_part(self, form: FixedForm | None = None) -> dict[str, Any]:
        """Return the open fault with what was tried, and the form for whoever may finish it."""
        card = self.opened
        if card is None:
            return {"card": None}
        ticket = card.ticket
        story = worklist.story(ticket)
        here = ticket.tier == Tier.IT and ticket.state != State.DONE
        may_finish = here and (card.mine or (card.is_claimed and self.user.role == Role.MANAGER))
        return {
            "card": card,
            "ticket": ticket,
            "label": cards.label_of(ticket),
            "age": cards.age_words(card),
            "back_words": cards.back_words(ticket.device_id, self.back, self.now),
            "promised": cards.promise_words(card),
            "late_words": cards.wait_words(card) if card.is_late else "",
            "story": cards.story_lines(story, self.now),
            "seen": last_seen(story),
            "meanwhile": meanwhile(story, form, self.now),
            "way": way_on(ticket),
            "may_take": here and card.may_be_taken,
            "form": form or (fixed_form(ticket, self.user, self.now) if may_finish else None),
            "back": back_words(ticket) if here else "",
            "sends_back": here and goes_back_at_once(ticket),
            **halves_part(ticket, self.now),
        }

    def _groups(self) -> list[Group]:
        reports = Counter(fault.ticket.device_id for fault in self.faults)
        groups: dict[str, Group] = {}
        by_branch = self.order == BY_BRANCH
        if by_branch:
            groups = {branch.name: Group(branch.name) for branch in self.branches}
        for fault in self.faults:
            title = fault.ticket.branch.name if by_branch else str(fault.reason)
            group = groups.setdefault(title, Group(title))
            group.jobs.append(self._job(fault, reports[fault.ticket.device_id] if fault.ticket.device_id else 0))
        return [group for group in groups.values() if group.jobs]

    def _job(self, fault: Fault, reports: int) -> dict[str, Any]:
        ticket = fault.ticket
        return {
            "id": ticket.pk,
            "number": ticket.number,
            "url": f"{reverse('it-fault', args=[ticket.pk])}?by={self.order}",
            "is_open": ticket.pk == self.open_id,
            "branch": ticket.branch.name,
            "label": cards.label_of(ticket),
            "title": ticket.title,
            "category": ticket.category.label if ticket.text else "",
            "age": cards.age_words(fault),
            "due": cards.promise_words(fault),
            "late": cards.wait_words(fault) if fault.is_late else "",
            "reports": reports if reports > 1 else 0,
            "others_too": ticket.others_too,
            "reason": fault.reason if self.order == BY_BRANCH and fault.rank.reason != "oldest" else "",
            "holder": cards.holder_words(fault) if fault.is_claimed else "",
            "closed": ticket.holds_device,
            "version": ticket.version,
            "sends_back": back_words(ticket)
            if goes_back_at_once(ticket) and (fault.mine or not fault.is_claimed)
            else "",
            "back": cards.back_words(ticket.device_id, self.back, self.now),
        }

    def _next(self) -> dict[str, Any] | None:
        """Return the one brass sentence: the highest fault that nobody has yet."""
        fault = next((fault for fault in self.faults if fault.is_free), None)
        if fault is None:
            return None
        why = cards.wait_words(fault) if fault.is_late else cards.promise_words(fault)
        if fault.owner_off:
            why = _("Its owner is off today.")
        return {
            "what": f"{fault.ticket.branch.name} {cards.label_of(fault.ticket)}",
            "says": fault.ticket.title[:80],
            "why": f"{fault.reason} · {why}" if why else str(fault.reason),
            "verb": _("Take it"),
            "url": reverse("it-take", args=[fault.ticket.pk]),
            "key": "n",
        }
