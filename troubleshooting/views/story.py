"""The page of one question that all levels share: its story, notes, taking over, splitting, opening it again."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from helpdesk import clock, live
from helpdesk.htmx import render_page
from helpdesk.roles import ALL_ROLES, actor_of, staff_view, user_of
from troubleshooting import lifecycle, worklist
from troubleshooting.forms_answer import ReopenForm
from troubleshooting.forms_together import NoteForm, TakeOverForm
from troubleshooting.here import come, scope
from troubleshooting.lifecycle import TicketRefused
from troubleshooting.models import Ticket
from troubleshooting.question_page import home_of, shared_page, split_form
from troubleshooting.refusals import status_of

TEMPLATE = "troubleshooting/ticket.html"


@never_cache
@staff_view("GET", ALL_ROLES)
def question(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a question with its story; where it was passed on too often, with each level's share."""
    now = clock.now()
    ticket = worklist.ticket_for(user_of(request), pk, now)
    context = shared_page(ticket, user_of(request), now, here_part(request, pk, now))
    return render_page(request, TEMPLATE, context)


@staff_view("POST", ALL_ROLES)
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a question again that was done within 14 days."""
    form = ReopenForm(request.POST)
    verb = _from(form, lifecycle.reopen, note="answer", version="version")
    return _done(request, pk, "form", form, verb, _("Question %(number)s is open again."))


@staff_view("POST", ALL_ROLES)
def note(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a note into the story, for all levels."""
    form = NoteForm(request.POST)
    verb = _from(form, lifecycle.add_note, text="note")
    return _done(request, pk, "note_form", form, verb, _("Noted on question %(number)s."))


@staff_view("POST", ALL_ROLES)
def take_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Become the owner of a question that has stopped moving."""
    form = TakeOverForm(request.POST)
    verb = _from(form, lifecycle.take_over, note="reason", version="version")
    return _done(request, pk, "over_form", form, verb, _("You keep question %(number)s now."))


@staff_view("POST", ALL_ROLES)
def split(request: HttpRequest, pk: int) -> HttpResponse:
    """Split a question in two; whoever splits goes on with the half that stays."""
    user = user_of(request)
    ticket = worklist.ticket_for(user, pk)
    form = split_form(ticket, request.POST)
    own = {name: name for name in ("keeps", "other", "category", "request_key", "version")}
    verb = _from(form, lifecycle.split, device_id="device", **own)
    said = _("Question %(number)s is split in two. Tell the patron the story below.")
    return _done(request, pk, "split_form", form, verb, said, then=home_of(ticket, user))


def _from(form: forms.Form, verb: Callable[..., Ticket], **fields: str) -> Callable[..., Ticket]:
    """Return `verb` as it takes its arguments from the valid `form`: by name, the field it stands in."""
    return lambda **who: verb(**{name: form.cleaned_data[field] for name, field in fields.items()}, **who)


@never_cache
@staff_view("GET", ALL_ROLES)
def here(request: HttpRequest, pk: int) -> HttpResponse:
    """Show who else has the question open now."""
    context = here_part(request, worklist.ticket_for(user_of(request), pk).pk, clock.now())
    return render(request, "troubleshooting/here.html", {**context, "poll": context["here_url"]})


def here_part(request: HttpRequest, pk: int, now: datetime) -> dict[str, Any]:
    """Note that the reader has the question open; return who else has, and the poll that keeps it fresh."""
    watched = live.watch(scope(pk))
    found = come(pk, user_of(request), now)
    signed = watched.signed(found.next_change_at, now)
    return {"present": found, "here_url": f"{reverse('question-here', args=[pk])}?here={found.poll}&live={signed}"}


def _done(
    request: HttpRequest,
    pk: int,
    name: str,
    form: forms.Form,
    verb: Callable[..., Ticket],
    said: str,
    *,
    then: str = "",
) -> HttpResponse:
    """Run a verb with what `form` (`name` on the page) says; a refusal shows the page as it is now, words kept."""
    user, now = user_of(request), clock.now()
    ticket = worklist.ticket_for(user, pk)
    refused, status = None, 422
    if form.is_valid():
        try:
            verb(ticket_id=ticket.pk, by=actor_of(request), now=now)
        except TicketRefused as refusal:
            refused, status = refusal, status_of(refusal)
        else:
            messages.success(request, said % {"number": ticket.number})
            return redirect(then or "question", *([] if then else [pk]))
    fresh = worklist.ticket_for(user, pk, now)
    context = shared_page(fresh, user, now, {name: form, "refused": refused} | here_part(request, ticket.pk, now))
    return render_page(request, TEMPLATE, context, status=status)
