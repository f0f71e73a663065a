"""What every page of one question shows beside its own: its halves, what the patron is told, what all may do."""

from datetime import datetime
from typing import Any

from django.forms import Form
from django.urls import reverse

from helpdesk.actor import staff
from helpdesk.models import User
from helpdesk.roles import DESK_ROLES, IT_ROLES, REFERENCE_ROLES
from reservations.public import devices_of
from troubleshooting import cards, telling, worklist
from troubleshooting.forms_answer import ReopenForm
from troubleshooting.forms_together import NoteForm, SplitForm, TakeOverForm
from troubleshooting.guides.tried import way_on
from troubleshooting.lifecycle import TicketRefused
from troubleshooting.lifecycle.closing import REOPEN_WITHIN
from troubleshooting.lifecycle.moves import check
from troubleshooting.meanwhile import last_seen, meanwhile
from troubleshooting.models import Category, Ticket
from troubleshooting.models.category import Tier
from troubleshooting.models.ticket import State
from troubleshooting.shares import shares
from troubleshooting.worklist import card_of


def home_of(ticket: Ticket, user: User) -> str:
    """Return the page on which `user` works on a question, where they work at its level; else its shared page."""
    if ticket.state != State.DONE:
        if ticket.tier <= Tier.DESK and user.role in DESK_ROLES:
            return reverse("desk-question", args=[ticket.pk])
        if ticket.tier == Tier.REFERENCE and user.role in REFERENCE_ROLES:
            return reverse("reference-branch", args=[ticket.branch.slug]) + f"?open={ticket.pk}"
        if ticket.tier == Tier.IT and user.role in IT_ROLES:
            return reverse("it-fault", args=[ticket.pk])
    return reverse("question", args=[ticket.pk])


def halves_part(ticket: Ticket, now: datetime) -> dict[str, Any]:
    """Return the other halves of a split question and the one story for the patron; a query only where it is split."""
    family = telling.halves(ticket) if ticket.part or ticket.split_from_id else []
    others = [(half, telling.stands(half, now)) for half in family if half.pk != ticket.pk]
    counts = next(
        (half for half, _stands in others if half.counts_as_reference and not cards.was_withdrawn(half)), None
    )
    return {"halves": others, "told": telling.told(family, now) if family else "", "counted_in": counts}


def may_split(ticket: Ticket, user: User) -> bool:
    """Return whether `user` may split the question: it is open, and nobody else has it."""
    return _may("split", ticket, user)


def split_form(ticket: Ticket, data: Any = None) -> SplitForm:
    """Return the form that splits a question; two queries."""
    return SplitForm(data, ticket=ticket, devices=devices_of(ticket.branch), categories=Category.objects.offered())


def shared_page(ticket: Ticket, user: User, now: datetime, forms: dict[str, Any]) -> dict[str, Any]:
    """Return the shared page of a question: its story, each level's share, and the forms that `user` may use.

    `forms` are those that were sent and refused.
    """
    card = card_of(ticket, now, user)
    home = home_of(ticket, user)
    events = worklist.story(ticket)
    sent = next((form for form in forms.values() if isinstance(form, Form)), None)
    return {
        "branch": ticket.branch,
        "ticket": ticket,
        "card": card,
        "label": cards.label_of(ticket),
        "asked": cards.asked_words(card),
        "stands": cards.state_words(card),
        "story": cards.story_lines(events, now),
        "seen": last_seen(events),
        "meanwhile": meanwhile(events, sent, now),
        "tried": way_on(ticket).tried,
        "shares": shares(events, ticket.done_at or now) if ticket.is_settled else [],
        "works_at": home if (card.mine or card.may_be_taken) and home != reverse("question", args=[ticket.pk]) else "",
        **halves_part(ticket, now),
        **_forms(ticket, user, now),
        **forms,
    }


def _forms(ticket: Ticket, user: User, now: datetime) -> dict[str, Any]:
    within = ticket.done_at is not None and now - ticket.done_at <= REOPEN_WITHIN
    takes_over = ticket.is_settled and ticket.state != State.DONE and ticket.owner_id != user.pk
    return {
        "form": ReopenForm() if within and not cards.was_withdrawn(ticket) else None,
        "note_form": NoteForm() if _may("add_note", ticket, user) else None,
        "over_form": TakeOverForm(initial={"version": ticket.version}) if takes_over else None,
        "split_form": split_form(ticket) if may_split(ticket, user) else None,
    }


def _may(verb: str, ticket: Ticket, user: User) -> bool:
    try:
        check(verb, ticket, staff(user.pk, user.role))
    except TicketRefused:
        return False
    return True
