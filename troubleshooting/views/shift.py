"""The end of a shift: what I have, and keep, hand on or park for each of it."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from helpdesk import clock
from helpdesk.actor import Actor
from helpdesk.htmx import render_page
from helpdesk.roles import ALL_ROLES, actor_of, staff_view, user_of
from troubleshooting import lifecycle, worklist
from troubleshooting.cards import place_of
from troubleshooting.forms_shift import HAND_ON, KEEP, RestForm
from troubleshooting.lifecycle import TicketRefused
from troubleshooting.models import Ticket
from troubleshooting.refusals import status_of
from troubleshooting.shift_page import my_questions

TEMPLATE = "troubleshooting/shift_end.html"


@never_cache
@staff_view("GET", ALL_ROLES)
def mine(request: HttpRequest) -> HttpResponse:
    """Show what I have."""
    return _page(request, clock.now(), {})


@staff_view("POST", ALL_ROLES)
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep, hand on or park one question of mine."""
    user, now = user_of(request), clock.now()
    ticket = worklist.ticket_for(user, pk)
    row = next((row for row in my_questions(user, now, {pk: request.POST}) if row.card.ticket.pk == pk), None)
    if row is None:
        sentence = _("Question %(number)s is not yours any more.") % {"number": ticket.number}
        return _page(request, now, {}, sentence=sentence, status=409)
    if not row.form.is_valid():
        return _page(request, now, {pk: request.POST}, status=422)
    try:
        said = _leave(ticket, row.form, actor_of(request), now)
    except TicketRefused as refused:
        return _page(request, now, {pk: request.POST}, sentence=refused.sentence, at=pk, status=status_of(refused))
    messages.success(request, said % {"place": place_of(ticket), "number": ticket.number})
    return redirect("shift-end")


def _leave(ticket: Ticket, form: RestForm, by: Actor, now: datetime) -> str:
    """Call the verb that was chosen and return what is said of it."""
    data = form.cleaned_data
    who: dict[str, Any] = {"ticket_id": ticket.pk, "by": by, "now": now}
    if data["do"] == KEEP:
        lifecycle.keep(until=data["until"], note=data["note"], **who)
        return _("%(place)s, question %(number)s stays yours.")
    if data["do"] != HAND_ON:
        lifecycle.park(until=data["until"], reason=data["note"], **who)
        return _("%(place)s, question %(number)s comes back by itself.")
    if data["to"] is not None:
        lifecycle.hand_on(to_id=data["to"], note=data["note"], **who)
        return _("%(place)s, question %(number)s is handed on.")
    if data["note"]:
        lifecycle.add_note(text=data["note"], **who)
    lifecycle.put_back(**who)
    return _("%(place)s, question %(number)s waits in line again.")


def _page(
    request: HttpRequest, now: datetime, sent: dict[int, Any], *, sentence: str = "", at: int = 0, status: int = 200
) -> HttpResponse:
    """Render the page; `sentence` is a refusal, about question `at`."""
    rows = my_questions(user_of(request), now, sent)
    if at and not any(row.card.ticket.pk == at for row in rows):
        at = 0
    context = {"tab": "shift-end", "rows": rows, "sentence": sentence, "refused_at": at}
    return render_page(request, TEMPLATE, context, status=status)
