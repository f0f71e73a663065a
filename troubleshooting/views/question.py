"""Open calls of the desk: take one, put it back, finish it or pass it on."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from helpdesk import clock
from helpdesk.actor import Actor
from helpdesk.htmx import render_page
from helpdesk.models import User
from helpdesk.roles import DESK_ROLES, actor_of, staff_view, user_of
from reservations.public import devices_of
from troubleshooting import lifecycle
from troubleshooting.cards import place_of, state_words, story_lines
from troubleshooting.forms import IT, REFERENCE, SAVE, QuestionForm
from troubleshooting.forms_together import keeper_field
from troubleshooting.guides.tried import way_on
from troubleshooting.lifecycle import TicketRefused
from troubleshooting.lifecycle.settling import keepers
from troubleshooting.meanwhile import last_seen, meanwhile
from troubleshooting.models import Category, Ticket
from troubleshooting.models.category import Kind, Tier
from troubleshooting.models.ticket import SETTLED_AT, Outcome
from troubleshooting.outcome import said_of
from troubleshooting.question_page import halves_part, may_split
from troubleshooting.refusals import check_here, is_repeat, status_of
from troubleshooting.views.desk import answer, refused
from troubleshooting.views.story import here_part
from troubleshooting.worklist import card_of, story, ticket_for

PAGE = "troubleshooting/desk_question.html"
HERE = (Tier.SELF_HELP, Tier.DESK)
HAPPENS = {SAVE: "resolved", REFERENCE: "handed_over", IT: "escalated"}  # the line of the story that a button leaves


@staff_view("GET", DESK_ROLES)
def question(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one question with its story; an open call of the desk can be finished or passed on here."""
    now = clock.now()
    ticket = ticket_for(user_of(request), pk, now)
    initial = {"device": ticket.device_id, "category": ticket.category.code}
    return render_page(
        request, PAGE, _context(request, ticket, _form(ticket, user_of(request), now, initial=initial), now)
    )


@staff_view("POST", DESK_ROLES)
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a waiting call; whoever comes second is told who has it."""
    now = clock.now()
    ticket = ticket_for(user_of(request), pk)
    try:
        check_here(ticket, HERE)
        lifecycle.claim(ticket_id=ticket.pk, by=actor_of(request), now=now)
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
        lifecycle.put_back(ticket_id=ticket.pk, by=actor_of(request), now=now)
    except TicketRefused as refusal:
        return refused(request, ticket.branch, now, refusal.sentence)
    messages.success(request, _("%(place)s waits again.") % {"place": place_of(ticket)})
    return answer(request, ticket.branch, now, partial="live")


@staff_view("POST", DESK_ROLES)
def keep_on(request: HttpRequest, pk: int) -> HttpResponse:
    """Go on with a call that took longer than its box; it is not asked again."""
    now = clock.now()
    ticket = ticket_for(user_of(request), pk)
    try:
        lifecycle.keep_on(ticket_id=ticket.pk, by=actor_of(request), now=now)
    except TicketRefused as refusal:
        return refused(request, ticket.branch, now, refusal.sentence)
    messages.success(request, _("Go on with %(place)s. It is not asked again.") % {"place": place_of(ticket)})
    return answer(request, ticket.branch, now, partial="live")


@staff_view("POST", DESK_ROLES)
def finish(request: HttpRequest, pk: int) -> HttpResponse:
    """Finish a call, or pass it to reference or IT with what was found at the seat."""
    now = clock.now()
    ticket = ticket_for(user_of(request), pk)
    form = _form(ticket, user_of(request), now, data=request.POST)
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
    fresh = ticket_for(user_of(request), ticket.pk, now)
    return render_page(request, PAGE, _context(request, fresh, form, now), status=status)


def _move(ticket: Ticket, data: dict[str, Any], by: Actor, now: datetime) -> Ticket:
    """Call the verb of the button that was pressed."""
    who: dict[str, Any] = {"ticket_id": ticket.pk, "by": by, "now": now, "version": data["version"]}
    if data["do"] in (REFERENCE, IT):
        who |= {"note": data["text"], "category": data["category"], "keeper_id": data.get("keeper")}
    if data["do"] == REFERENCE:
        return lifecycle.hand_over(**who)
    if data["do"] == IT:
        return lifecycle.escalate(device_id=data["device"], **who)
    outcome = Outcome.FIXED if ticket.kind == Kind.TECH_HELP else Outcome.ANSWERED
    return lifecycle.resolve(outcome=outcome, answer=data["text"], **who)


def _form(ticket: Ticket, user: User, now: datetime, **options: Any) -> QuestionForm:
    """Return the form; where the question stops with the next hand-over it also asks who keeps it."""
    if ticket.bounces == SETTLED_AT - 1:
        options["keeper"] = keeper_field(keepers(ticket.branch_id, (Tier.DESK, Tier.REFERENCE, Tier.IT), user.pk, now))
    own = Category.objects.filter(pk=ticket.category_id)  # which it keeps, also where it is not offered any more
    return QuestionForm(devices=devices_of(ticket.branch), categories=Category.objects.offered() | own, **options)


def _sentences(form: QuestionForm) -> list[str]:
    return [str(sentence) for sentences in form.errors.values() for sentence in sentences]


def _context(request: HttpRequest, ticket: Ticket, form: QuestionForm, now: datetime) -> dict[str, Any]:
    user = user_of(request)
    card = card_of(ticket, now, user)
    at_desk = ticket.tier <= Tier.DESK and ticket.done_at is None
    events = story(ticket)
    return {
        **here_part(request, ticket.pk, now),
        "tab": "desk",
        "branch": ticket.branch,
        "ticket": ticket,
        "card": card,
        "place": place_of(ticket),
        "form": form,
        "at_desk": at_desk,
        "asks_box": at_desk and card.mine and card.box_is_over,
        "may_take": at_desk and card.may_be_taken,
        "category": ticket.category,
        "tier": ticket.category.tier,
        "stands": state_words(card),
        "story": story_lines(events, now),
        "seen": last_seen(events),
        "meanwhile": meanwhile(events, form if form.non_field_errors() else None, now),
        "way": way_on(ticket),
        "may_split": at_desk and may_split(ticket, user),
        **halves_part(ticket, now),
    }
