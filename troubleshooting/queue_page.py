"""What the reference page shows: the waiting cards, the open question, the promise. Ten queries at most."""

from datetime import datetime
from functools import cached_property
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from helpdesk import live, words
from helpdesk.models import Role, User
from reservations.public import branches_for, devices_of
from troubleshooting import cards, worklist
from troubleshooting.bulk import CATEGORY, NOTHING, REFERENCE, VERBS, Ticked
from troubleshooting.forms_answer import AnswerForm, broken
from troubleshooting.guides.tried import way_on
from troubleshooting.here import come, scope
from troubleshooting.lifecycle.settling import keepers
from troubleshooting.meanwhile import last_seen, meanwhile
from troubleshooting.models import Appointment, Category, Ticket
from troubleshooting.models.category import Tier
from troubleshooting.models.ticket import SETTLED_AT, Outcome, State
from troubleshooting.one_to_ones.reads import next_at
from troubleshooting.promise import reached_today
from troubleshooting.question_page import halves_part, may_split
from troubleshooting.sla import REFERENCE_MINUTES
from troubleshooting.worklist import Card

BAR = 250  # units of the promise bar: twice the promise


def record_form(ticket: Ticket, user: User, now: datetime, data: Any = None) -> AnswerForm:
    """Return the record form of a question, filled with what its category suggests.

    Where the question stops with the next hand-over it also asks who keeps it.
    """
    initial = {
        "duration": ticket.duration,
        "read_level": ticket.read_level,
        "counts": "yes" if ticket.counts_as_reference else "no",
        "outcome": Outcome.ANSWERED,
        "answer": ticket.answer,
    }
    devices = [] if ticket.device else [(d.pk, d.label) for d in devices_of(ticket.branch)]
    stops = ticket.bounces == SETTLED_AT - 1
    keep = keepers(ticket.branch_id, (Tier.REFERENCE, Tier.IT), user.pk, now) if stops else ()
    return AnswerForm(
        data, initial=initial, categories=broken(Category.objects.offered()), devices=devices, keepers=keep
    )


class QueuePage:
    """The page of one branch as `user` sees it at `now`; another's branch or question does not exist."""

    def __init__(self, user: User, slug: str, open_id: int | None, now: datetime, ticked: Ticked = NOTHING) -> None:
        self.user, self.open_id, self.now, self.ticked = user, open_id, now, ticked
        self.branches = branches_for(user)
        branch = next((b for b in self.branches if slug in ("", b.slug)), None)
        if branch is None:
            raise Http404
        self.branch = branch
        self.url = reverse("reference-branch", args=[branch.slug])
        named = [scope(open_id)] if open_id is not None else []
        self.watch = live.watch(f"reference:{branch.pk}", *named)
        found = worklist.reference_queue([branch.pk], user, now)
        self.cards = [card for card in found if card.ticket.tier == Tier.REFERENCE]
        self.late_calls = [card for card in found if card.ticket.tier != Tier.REFERENCE]

    @cached_property
    def opened(self) -> Card | None:
        """The question in the middle: the named one, else one's own, else the first that waits."""
        if self.open_id is None:
            own = [card for card in self.cards if card.mine and not card.rests]
            free = [card for card in self.cards if card.is_free]
            return next(iter(own + free + self.cards), None)
        found = next((card for card in self.cards if card.ticket.pk == self.open_id), None)
        if found:
            return found
        ticket = worklist.ticket_for(self.user, self.open_id, self.now)
        if ticket.branch_id != self.branch.pk:
            raise Http404
        return worklist.card_of(ticket, self.now, self.user)

    def live_part(self) -> dict[str, Any]:
        """Return what a poll refreshes: cards, next bar, how the open question stands."""
        opened = self.opened
        late = [card for card in self.cards if card.is_late and card.is_free]
        here = come(opened.ticket.pk, self.user, self.now) if opened else None
        changes = [worklist.next_lateness(self.cards), here.next_change_at if here else None]
        signed = self.watch.signed(min((at for at in changes if at), default=None), self.now)
        named = f"open={opened.ticket.pk}&here={here.poll}&" if opened and here else ""
        return {
            "tab": "reference",
            "branch": self.branch,
            "branches": self._branch_tabs(),
            "cards": self._shown(),
            "late_calls": self.late_calls,
            "waiting": sum(1 for card in self.cards if card.is_free),
            "late": cards.place_of(late[-1].ticket) if late else "",
            "next": self._next(),
            "stands": cards.state_words(opened) if opened else "",
            "poll_url": f"{self.url}?{named}live={signed}",
            "present": here,
        }

    def open_part(self, form: AnswerForm | None = None) -> dict[str, Any]:
        """Return the open question with its story, and the record form for whoever may finish it."""
        card = self.opened
        if card is None:
            return {"card": None}
        ticket = card.ticket
        story = worklist.story(ticket)
        here = ticket.tier == Tier.REFERENCE and ticket.state != State.DONE
        may_record = here and (card.mine or (card.is_claimed and self.user.role == Role.MANAGER))
        return {
            "card": card,
            "ticket": ticket,
            "label": cards.label_of(ticket),
            "asked": cards.asked_words(card),
            "story": cards.story_lines(story, self.now),
            "seen": last_seen(story),
            "meanwhile": meanwhile(story, form, self.now),
            "way": way_on(ticket),
            "may_take": here and card.may_be_taken,
            "form": form or (record_form(ticket, self.user, self.now) if may_record else None),
            "may_split": here and may_split(ticket, self.user),
            **halves_part(ticket, self.now),
        }

    def side_part(self) -> dict[str, Any]:
        """Return the promise with today's measure."""
        reached = reached_today(self.branch.pk, [Tier.REFERENCE], self.now)
        share = min(1.0, (reached.minutes or 0) / (2 * REFERENCE_MINUTES))
        return {
            "reached": reached,
            "promise": REFERENCE_MINUTES,
            "bar": round(BAR * share),
            "verbs": [verb for verb in VERBS.items() if verb[0] not in (CATEGORY, REFERENCE)],
            "here": self.url,
            "ticked": self.ticked,
        }

    def _shown(self) -> list[dict[str, Any]]:
        return [
            cards.queue_card(
                card,
                url=f"{self.url}?open={card.ticket.pk}#open",
                is_open=self._is_open(card),
                ticked=card.ticket.pk in self.ticked,
            )
            for card in self.cards
        ]

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
        """Return the one brass sentence: who waits longer than promised, a one-to-one, then who waits."""
        card = next((card for card in self.cards if card.is_free), None)
        one = next_at(self.branch.pk, self.now)
        if one is not None and not (card and card.is_late):
            return _one_to_one(one)
        if card is None:
            return None
        late = card.minutes_late
        wait = _("waits %(minutes)d min longer than promised") % {"minutes": late} if late is not None else ""
        return {
            "what": cards.place_of(card.ticket),
            "says": _("its owner is off today") if card.owner_off else wait or cards.promise_words(card),
            "why": f"{card.ticket.number}: {card.ticket.title[:80]}",
            "verb": _("Take it"),
            "url": reverse("reference-take", args=[card.ticket.pk]),
            "key": "n",
        }


def _one_to_one(one: Appointment) -> dict[str, Any]:
    """Return the brass sentence of a one-to-one that begins in a moment, or has begun."""
    return {
        "what": _("One-to-one %(number)s") % {"number": one.number},
        "to": "",
        "why": f"{words.clock(one.start)}, {one.place}: {one.category.label}",
        "verb": _("They are here"),
        "url": reverse("appointment-here", args=[one.pk]),
        "key": "n",
    }
