"""What the reference page shows: the waiting cards, the open question, the promise. Ten queries at most."""

from datetime import datetime
from functools import cached_property
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from helpdesk import live
from helpdesk.models import Role, User
from reservations.public import branches_for, devices_of
from troubleshooting import cards, worklist
from troubleshooting.forms_answer import AnswerForm, broken_categories
from troubleshooting.guides.tried import way_on
from troubleshooting.models import Ticket
from troubleshooting.models.category import Tier
from troubleshooting.models.ticket import Outcome, State
from troubleshooting.promise import reached_today
from troubleshooting.sla import REFERENCE_MINUTES
from troubleshooting.worklist import Card

FAULTS_SHOWN = 6
BAR = 250  # units of the promise bar: twice the promise


def record_form(ticket: Ticket, data: Any = None) -> AnswerForm:
    """Return the record form of a question, filled with what its category suggests."""
    initial = {
        "duration": ticket.duration,
        "read_level": ticket.read_level,
        "counts": "yes" if ticket.counts_as_reference else "no",
        "outcome": Outcome.ANSWERED,
        "answer": ticket.answer,
    }
    devices = [] if ticket.device else [(d.pk, d.label) for d in devices_of(ticket.branch)]
    return AnswerForm(data, initial=initial, categories=broken_categories(), devices=devices)


class QueuePage:
    """The page of one branch as `user` sees it at `now`; another's branch or question does not exist."""

    def __init__(self, user: User, slug: str, open_id: int | None, now: datetime) -> None:
        self.user, self.open_id, self.now = user, open_id, now
        self.branches = branches_for(user)
        branch = next((b for b in self.branches if slug in ("", b.slug)), None)
        if branch is None:
            raise Http404
        self.branch = branch
        self.url = reverse("reference-branch", args=[branch.slug])
        self.watch = live.watch(f"reference:{branch.pk}")
        self.cards = worklist.reference_queue([branch.pk], user, now)

    @cached_property
    def opened(self) -> Card | None:
        """The question in the middle: the named one, else one's own, else the first that waits."""
        if self.open_id is None:
            own = [card for card in self.cards if card.mine]
            free = [card for card in self.cards if not card.is_claimed]
            return next(iter(own + free + self.cards), None)
        found = next((card for card in self.cards if card.ticket.pk == self.open_id), None)
        if found:
            return found
        ticket = worklist.ticket_for(self.user, self.open_id)
        if ticket.branch_id != self.branch.pk:
            raise Http404
        return Card(ticket, self.now, mine=ticket.owner_id == self.user.pk)

    def live_part(self) -> dict[str, Any]:
        """Return what a poll refreshes: cards, next bar, how the open question stands."""
        opened = self.opened
        late = [card for card in self.cards if card.is_late and not card.is_claimed]
        shown = [
            cards.queue_card(card, url=f"{self.url}?open={card.ticket.pk}#open", is_open=self._is_open(card))
            for card in self.cards
        ]
        signed = self.watch.signed(worklist.next_lateness(self.cards), self.now)
        named = f"open={opened.ticket.pk}&" if opened else ""
        return {
            "tab": "reference",
            "branch": self.branch,
            "branches": self._branch_tabs(),
            "cards": shown,
            "waiting": sum(1 for card in self.cards if not card.is_claimed),
            "late": cards.place_of(late[-1].ticket) if late else "",
            "next": self._next(),
            "stands": cards.state_words(opened.ticket, self.now, mine=opened.mine) if opened else "",
            "poll_url": f"{self.url}?{named}live={signed}",
        }

    def open_part(self, form: AnswerForm | None = None) -> dict[str, Any]:
        """Return the open question with its story, and the record form for whoever may finish it."""
        card = self.opened
        if card is None:
            return {"card": None}
        ticket = card.ticket
        here = ticket.tier == Tier.REFERENCE and ticket.state != State.DONE
        may_record = here and (card.mine or (card.is_claimed and self.user.role == Role.MANAGER))
        return {
            "card": card,
            "ticket": ticket,
            "label": cards.label_of(ticket),
            "asked": cards.asked_words(card),
            "story": cards.story_lines(worklist.story(ticket), self.now),
            "way": way_on(ticket),
            "may_take": here and not card.is_claimed,
            "form": form or (record_form(ticket) if may_record else None),
        }

    def side_part(self) -> dict[str, Any]:
        """Return the promise with today's measure, and what is broken at the branch."""
        reached = reached_today(self.branch.pk, [Tier.REFERENCE], self.now)
        share = min(1.0, (reached.minutes or 0) / (2 * REFERENCE_MINUTES))
        faults = worklist.it_list([self.branch.pk], self.now)
        return {
            "reached": reached,
            "promise": REFERENCE_MINUTES,
            "bar": round(BAR * share),
            "faults": [(fault.ticket, cards.place_of(fault.ticket)) for fault in faults[:FAULTS_SHOWN]],
        }

    def _is_open(self, card: Card) -> bool:
        return self.opened is not None and card.ticket.pk == self.opened.ticket.pk

    def _branch_tabs(self) -> list[dict[str, Any]]:
        if len(self.branches) < 2:
            return []
        waiting = worklist.counts([branch.pk for branch in self.branches]).reference
        return [
            {
                "name": branch.name,
                "url": reverse("reference-branch", args=[branch.slug]),
                "here": branch == self.branch,
                "count": waiting.get(branch.pk, 0),
            }
            for branch in self.branches
        ]

    def _next(self) -> dict[str, Any] | None:
        """Return the one brass sentence: the longest promised question that nobody has yet."""
        card = next((card for card in self.cards if not card.is_claimed), None)
        if card is None:
            return None
        late = card.minutes_late
        wait = _("waits %(minutes)d min longer than promised") % {"minutes": late} if late is not None else ""
        return {
            "what": cards.place_of(card.ticket),
            "to": wait or cards.promise_words(card),
            "why": f"{card.ticket.number}: {card.ticket.title[:80]}",
            "verb": _("Take it"),
            "url": reverse("reference-take", args=[card.ticket.pk]),
            "key": "n",
        }
