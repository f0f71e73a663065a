"""Open calls of the desk: take one, put it back, finish it or pass it on."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from helpdesk import clock
from helpdesk.actor import Actor
from helpdesk.htmx import render_page
from helpdesk.roles import DESK_ROLES, actor_of, staff_view, user_of
from reservations.public import devices_of
from troubleshooting.cards import place_of, state_words, story_lines
from troubleshooting.forms import IT, REFERENCE, SAVE, QuestionForm
from troubleshooting.guides.tried import way_on
from troubleshooting.lifecycle import TicketRefused, claim, escalate, hand_over, put_back, resolve
from troubleshooting.models import Category, Ticket
from troubleshooting.models.category import Kind, Tier
from troubleshooting.models.ticket import Outcome
from troubleshooting.outcome import said_of
from troubleshooting.refusals import check_here, is_repeat, status_of
from troubleshooting.views.desk import answer, refused
from troubleshooting.worklist import Card, story, ticket_for

PAGE = "troubleshooting/desk_question.html"
HERE = (Tier.SELF_HELP, Tier.DESK)
HAPPENS = {SAVE: "resolved", REFERENCE: "handed_over", IT: "escalated"}  # the line of the story that a button leaves


@staff_view("GET", DESK_ROLES)
def question(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one question with its story; an open call of the desk can be finished or passed on here."""
    ticket = ticket_for(user_of(request), pk)
    initial = {"device": ticket.device_id, "category": ticket.category.code}
    return render_page(request, PAGE, _context(request, ticket, _form(ticket, initial=initial), clock.now()))


@staff_view("POST", DESK_ROLES)
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a waiting call; whoever comes second is told who has it."""
    now = clock.now()
    ticket = ticket_for(user_of(request), pk)
    try:
        check_here(ticket, HERE)
        claim(ticket_id=ticket.pk, by=actor_of(request), now=now)
    except TicketRefused as refusal:
        return refused(request, ticket.branch, now, refusal.sentence)
    messages.success(request, _("%(place)s is yours now.") % {"place": place_of(ticket)})
    return answer(request, ticket.branch, now, partial="live")


@staff_view("POST", DESK_ROLES)
def let_go(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a taken call back in line."""
    now = clock.now()
    ticket = ticket_for(user_of(request), pk)
    try:
        check_here(ticket, HERE)
        put_back(ticket_id=ticket.pk, by=actor_of(request), now=now)
    except TicketRefused as refusal:
        return refused(request, ticket.branch, now, refusal.sentence)
    messages.success(request, _("%(place)s waits again.") % {"place": place_of(ticket)})
    return answer(request, ticket.branch, now, partial="live")


@staff_view("POST", DESK_ROLES)
def finish(request: HttpRequest, pk: int) -> HttpResponse:
    """Finish a call, or pass it to reference or IT with what was found at the seat."""
    now = clock.now()
    ticket = ticket_for(user_of(request), pk)
    form = _form(ticket, data=request.POST)
    if not form.is_valid():
        return _again(request, ticket, form, now, status=422)
    try:
        check_here(ticket, HERE)
        _move(ticket, form.cleaned_data, actor_of(request), now)
    except TicketRefused as refusal:
        if not is_repeat(refusal, pk, user_of(request), HAPPENS[form.cleaned_data["do"]]):
            form.add_error(None, refusal.sentence)
            return _again(request, ticket, form, now, status=status_of(refusal))
    moved = ticket_for(user_of(request), pk)
    messages.success(request, said_of(moved))
    return answer(request, moved.branch, now, partial="live")


def _again(request: HttpRequest, ticket: Ticket, form: QuestionForm, now: datetime, *, status: int) -> HttpResponse:
    """Answer a refusal: the board with the sentence for htmx, else the page as it is now with the words kept."""
    if request.htmx:  # type: ignore[attr-defined]
        return refused(request, ticket.branch, now, " ".join(_sentences(form)))
    fresh = ticket_for(user_of(request), ticket.pk)
    return render_page(request, PAGE, _context(request, fresh, form, now), status=status)


def _move(ticket: Ticket, data: dict[str, Any], by: Actor, now: datetime) -> Ticket:
    """Call the verb of the button that was pressed."""
    who: dict[str, Any] = {"ticket_id": ticket.pk, "by": by, "now": now, "version": data["version"]}
    if data["do"] == REFERENCE:
        return hand_over(note=data["text"], category=data["category"], **who)
    if data["do"] == IT:
        return escalate(note=data["text"], category=data["category"], device_id=data["device"], **who)
    outcome = Outcome.FIXED if ticket.kind == Kind.TECH_HELP else Outcome.ANSWERED
    return resolve(outcome=outcome, answer=data["text"], **who)


def _form(ticket: Ticket, **options: Any) -> QuestionForm:
    own = Category.objects.filter(pk=ticket.category_id)  # which it keeps, also where it is not offered any more
    return QuestionForm(devices=devices_of(ticket.branch), categories=Category.objects.offered() | own, **options)


def _sentences(form: QuestionForm) -> list[str]:
    return [str(sentence) for sentences in form.errors.values() for sentence in sentences]


def _context(request: HttpRequest, ticket: Ticket, form: QuestionForm, now: datetime) -> dict[str, Any]:
    card = Card(ticket, now, mine=ticket.owner_id == user_of(request).pk)
    at_desk = ticket.tier <= Tier.DESK and ticket.done_at is None
    return {
        "tab": "desk",
        "branch": ticket.branch,
        "ticket": ticket,
        "card": card,
        "place": place_of(ticket),
        "form": form,
        "at_desk": at_desk,
        "category": ticket.category,
        "tier": ticket.category.tier,
        "stands": state_words(ticket, now, mine=card.mine),
        "way": way_on(ticket),
        "story": story_lines(story(ticket), now),
        "now": now,
    }
