"""An answer to a step of a guide on a question: kept at once, or taken back; the ladder goes on."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from helpdesk import clock
from helpdesk.htmx import render_page
from helpdesk.roles import ALL_ROLES, actor_of, staff_view, user_of
from troubleshooting.guides.sent import ANSWER, UNDO, is_step, pair_in
from troubleshooting.guides.tried import way_on
from troubleshooting.lifecycle import TicketRefused, answer_step, undo_answer
from troubleshooting.models import Ticket
from troubleshooting.refusals import is_fragment, status_of
from troubleshooting.worklist import ticket_for

# The page that an answer was given on, where it leads back to without script.
PAGES: dict[str, Callable[[Ticket], str]] = {
    "desk": lambda ticket: reverse("desk-question", args=[ticket.pk]),
    "reference": lambda ticket: f"{reverse('reference-branch', args=[ticket.branch.slug])}?open={ticket.pk}",
    "it": lambda ticket: reverse("it-fault", args=[ticket.pk]),
}
ELSEWHERE = "desk"


@staff_view("POST", ALL_ROLES)
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep or take back one answer; the ladder as it stands then for htmx, else the page it came from."""
    ticket = ticket_for(user_of(request), pk)
    name = request.POST.get("page", "")
    page = name if name in PAGES else ELSEWHERE
    status = 200
    try:
        _record(request, ticket)
    except TicketRefused as refused:
        messages.error(request, refused.sentence)
        status = status_of(refused)
    if not is_fragment(request):
        return redirect(f"{PAGES[page](ticket)}#ladder")
    context = {
        "way": way_on(ticket_for(user_of(request), pk)),
        "may_answer": status == 200,
        "ticket_id": pk,
        "page": page,
    }
    return render_page(request, "troubleshooting/ladder_live.html", context, status=200 if status == 200 else 422)


def _record(request: HttpRequest, ticket: Ticket) -> None:
    """Call the verb of the button that was pressed. Raises TicketRefused."""
    by, now = actor_of(request), clock.now()
    undone = request.POST.get(UNDO, "")
    given = pair_in(request.POST.get(ANSWER, ""))
    if is_step(undone):
        undo_answer(ticket_id=ticket.pk, step_id=int(undone), by=by, now=now)
    elif given:
        answer_step(ticket_id=ticket.pk, step_id=given[0], answer=given[1], by=by, now=now)
    else:
        raise TicketRefused("unknown_choice", _("Answer the step with Yes or No."))
