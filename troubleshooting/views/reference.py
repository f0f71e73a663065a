"""The reference queue: questions by promised time, the open one in the middle, the promise on the right."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from helpdesk import clock
from helpdesk.htmx import render_page
from helpdesk.roles import REFERENCE_ROLES, actor_of, staff_view, user_of
from troubleshooting import lifecycle, worklist
from troubleshooting.bulk import ticked_in
from troubleshooting.forms_answer import AnswerForm
from troubleshooting.lifecycle import TicketRefused
from troubleshooting.models import Ticket
from troubleshooting.models.category import Tier
from troubleshooting.queue_page import QueuePage, record_form
from troubleshooting.refusals import check_here, is_fragment, is_repeat, number_in, status_of

TEMPLATE = "troubleshooting/reference.html"
HERE = (Tier.REFERENCE,)


@never_cache
@staff_view("GET", REFERENCE_ROLES)
def queue(request: HttpRequest, branch: str = "") -> HttpResponse:
    """Show a branch's queue; `?open=` names the question in the middle, without one the first is open."""
    return _page(request, branch, number_in(request, "open"))


@staff_view("POST", REFERENCE_ROLES)
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a waiting question; of two the loser is told who has it."""
    return _move(request, pk, lifecycle.claim)


@staff_view("POST", REFERENCE_ROLES)
def put_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a taken question back in line."""
    return _move(request, pk, lifecycle.put_back)


@staff_view("POST", REFERENCE_ROLES)
def done(request: HttpRequest, pk: int) -> HttpResponse:
    """Save the record, finish the question and open the next one."""

    def verb(form: AnswerForm, **who: Any) -> Ticket:
        data = form.cleaned_data
        return lifecycle.resolve(
            outcome=data["outcome"],
            answer=data["answer"],
            referred_to=data["referred_to"],
            duration=data["duration"],
            read_level=data["read_level"],
            counts_as_reference=data["counts"],
            version=data["version"],
            **who,
        )

    return _recorded(request, pk, verb, "resolved", _("Question %(number)s is done."))


@staff_view("POST", REFERENCE_ROLES)
def to_it(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the question to IT with what was tried so far, and open the next one."""

    def verb(form: AnswerForm, **who: Any) -> Ticket:
        data = form.cleaned_data
        return lifecycle.escalate(
            note=data["answer"],
            category=data["category"],
            device_id=data["device"],
            keeper_id=data.get("keeper"),
            version=data["version"],
            **who,
        )

    return _recorded(request, pk, verb, "escalated", _("Question %(number)s is with IT now."))


def _move(request: HttpRequest, pk: int, verb: Callable[..., Ticket]) -> HttpResponse:
    ticket = worklist.ticket_for(user_of(request), pk)
    try:
        check_here(ticket, HERE)
        verb(ticket_id=pk, by=actor_of(request), now=clock.now())
    except TicketRefused as refused:
        return _page(request, ticket.branch.slug, pk, refused=refused)
    return _lead(ticket.branch.slug, pk)


def _recorded(request: HttpRequest, pk: int, verb: Callable[..., Ticket], what: str, said: str) -> HttpResponse:
    """Run a verb that ends the question here; `what` is its line in the story.

    A second click gets the first result; any other refusal shows the page again with the words kept.
    """
    ticket, now = worklist.ticket_for(user_of(request), pk), clock.now()
    form = record_form(ticket, user_of(request), now, request.POST)
    try:
        check_here(ticket, HERE)
        if not form.is_valid():
            return _page(request, ticket.branch.slug, pk, form=form, status=422)
        verb(form, ticket_id=pk, by=actor_of(request), now=now)
    except TicketRefused as refused:
        if not is_repeat(refused, pk, user_of(request), what):
            return _page(request, ticket.branch.slug, pk, form=form, refused=refused)
    messages.success(request, said % {"number": ticket.number})
    return _lead(ticket.branch.slug, None)


def _lead(slug: str, pk: int | None) -> HttpResponseRedirect:
    query = f"?open={pk}" if pk else ""
    return redirect(reverse("reference-branch", args=[slug]) + query)


def _page(
    request: HttpRequest,
    slug: str,
    open_id: int | None,
    *,
    form: AnswerForm | None = None,
    refused: TicketRefused | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render the queue, or for a poll only what changes by itself; the open question's form stays as it is."""
    page = QueuePage(user_of(request), slug, open_id, clock.now(), ticked_in(request.GET))
    context = page.live_part()
    if not is_fragment(request):
        context |= page.open_part(form) | page.side_part() | {"refused": refused}
    code = status_of(refused) if refused else status
    return render_page(request, TEMPLATE, context, partial="live", status=code)
