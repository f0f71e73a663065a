"""The page of one question: its story for whoever may see it, and the way to open it again."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from helpdesk import clock
from helpdesk.htmx import render_page
from helpdesk.roles import ALL_ROLES, actor_of, staff_view, user_of
from troubleshooting import cards, lifecycle, worklist
from troubleshooting.forms_answer import ReopenForm
from troubleshooting.guides.tried import way_on
from troubleshooting.lifecycle import TicketRefused
from troubleshooting.lifecycle.closing import REOPEN_WITHIN
from troubleshooting.models import Ticket
from troubleshooting.models.ticket import State
from troubleshooting.refusals import status_of
from troubleshooting.worklist import Card

TEMPLATE = "troubleshooting/ticket.html"


@never_cache
@staff_view("GET", ALL_ROLES)
def question(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a question with its story."""
    return _page(request, worklist.ticket_for(user_of(request), pk))


@staff_view("POST", ALL_ROLES)
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a question again that was done within 14 days."""
    ticket = worklist.ticket_for(user_of(request), pk)
    form = ReopenForm(request.POST)
    if not form.is_valid():
        return _page(request, ticket, form=form, status=422)
    data = form.cleaned_data
    try:
        lifecycle.reopen(
            ticket_id=pk, by=actor_of(request), now=clock.now(), note=data["answer"], version=data["version"]
        )
    except TicketRefused as refused:
        fresh = worklist.ticket_for(user_of(request), pk)
        return _page(request, fresh, form=form, refused=refused, status=status_of(refused))
    messages.success(request, _("Question %(number)s is open again.") % {"number": ticket.number})
    return redirect("question", pk)


def _page(
    request: HttpRequest,
    ticket: Ticket,
    *,
    form: ReopenForm | None = None,
    refused: TicketRefused | None = None,
    status: int = 200,
) -> HttpResponse:
    now = clock.now()
    card = Card(ticket, now, mine=ticket.owner_id == user_of(request).pk)
    within = ticket.done_at is not None and now - ticket.done_at <= REOPEN_WITHIN
    may_reopen = ticket.state == State.DONE and within and not cards.was_withdrawn(ticket)
    context = {
        "branch": ticket.branch,
        "ticket": ticket,
        "card": card,
        "label": cards.label_of(ticket),
        "asked": cards.asked_words(card),
        "stands": cards.state_words(ticket, now, mine=card.mine),
        "story": cards.story_lines(worklist.story(ticket), now),
        "tried": way_on(ticket).tried,
        "form": form or (ReopenForm() if may_reopen else None),
        "refused": refused,
    }
    return render_page(request, TEMPLATE, context, status=status)
