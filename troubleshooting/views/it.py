"""The IT work list: faults of all branches, one thumb on a phone, a list and a sheet on a desk."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from helpdesk import clock
from helpdesk.htmx import render_page
from helpdesk.roles import IT_ROLES, actor_of, staff_view, user_of
from troubleshooting import lifecycle, worklist
from troubleshooting.fault_page import FaultPage, fixed_form, goes_back_at_once
from troubleshooting.forms_answer import FixedForm
from troubleshooting.lifecycle import TicketRefused
from troubleshooting.models import Ticket
from troubleshooting.models.category import Tier
from troubleshooting.models.ticket import Outcome
from troubleshooting.outcome import still_out
from troubleshooting.refusals import check_here, is_fragment, is_repeat, number_in, status_of

TEMPLATE = "troubleshooting/it.html"
HERE = (Tier.IT,)


@never_cache
@staff_view("GET", IT_ROLES)
def work_list(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Show the faults by rank or, with `?by=branch`, by branch; `pk` or `?open=` names the open one."""
    return _page(request, number_in(request, "open") if pk is None else pk)


@staff_view("POST", IT_ROLES)
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a waiting fault; of two the loser is told who has it."""
    return _move(request, pk, lifecycle.claim)


@staff_view("POST", IT_ROLES)
def put_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a taken fault back on the list."""
    return _move(request, pk, lifecycle.put_back)


@staff_view("POST", IT_ROLES)
def fixed(request: HttpRequest, pk: int) -> HttpResponse:
    """Finish a fault as fixed; the device it held goes back into booking."""

    def verb(data: dict[str, Any], **who: Any) -> Ticket:
        return lifecycle.resolve(outcome=Outcome.FIXED, answer=data["answer"], version=data["version"], **who)

    return _finished(request, pk, verb, "resolved", _("Fault %(number)s is fixed."))


@staff_view("POST", IT_ROLES)
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a question back to where it came from: a librarian's in one tap, a fault with the reason.

    A device it holds stays out until it is fixed.
    """

    def verb(data: dict[str, Any], **who: Any) -> Ticket:
        ticket = worklist.ticket_for(user_of(request), pk)
        if not data["answer"] and not goes_back_at_once(ticket):
            raise TicketRefused("no_reason", _("Say in a few words why it goes back."))
        note = data["answer"] or _("Nothing is broken: this is for a librarian.")
        return lifecycle.send_back(note=note, keeper_id=data.get("keeper"), version=data["version"], **who)

    return _finished(request, pk, verb, "sent_back", _("Question %(number)s went back."))


def _move(request: HttpRequest, pk: int, verb: Callable[..., Ticket]) -> HttpResponse:
    ticket = worklist.ticket_for(user_of(request), pk)
    try:
        check_here(ticket, HERE)
        verb(ticket_id=pk, by=actor_of(request), now=clock.now())
    except TicketRefused as refused:
        return _page(request, pk, refused=refused)
    return redirect("it-fault", pk)


def _finished(request: HttpRequest, pk: int, verb: Callable[..., Ticket], what: str, said: str) -> HttpResponse:
    """Run a verb that takes a fault off the list; `what` is its line in the story.

    A second click gets the first result; any other refusal shows the page again with the words kept.
    """
    now = clock.now()
    ticket = worklist.ticket_for(user_of(request), pk, now)
    form = fixed_form(ticket, user_of(request), now, request.POST)
    if not form.is_valid():
        return _page(request, pk, form=form, status=422)
    try:
        check_here(ticket, HERE)
        verb(form.cleaned_data, ticket_id=pk, by=actor_of(request), now=now)
    except TicketRefused as refused:
        if not is_repeat(refused, pk, user_of(request), what):
            return _page(request, pk, form=form, refused=refused)
    stays = still_out(ticket) if what == "resolved" else []
    messages.success(request, " ".join([said % {"number": ticket.number}, *stays]))
    return redirect("it")


def _page(
    request: HttpRequest,
    open_id: int | None,
    *,
    form: FixedForm | None = None,
    refused: TicketRefused | None = None,
    status: int = 200,
) -> HttpResponse:
    page = FaultPage(user_of(request), open_id, request.GET.get("by", ""), clock.now())
    context = page.live_part()
    if not is_fragment(request):
        context |= page.open_part(form) | {"refused": refused}
    code = status_of(refused) if refused else status
    return render_page(request, TEMPLATE, context, partial="live", status=code)
