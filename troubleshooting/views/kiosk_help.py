"""Help at the kiosk: what is wrong, try this, someone comes. Nothing is typed, nobody needs to sign in."""

from collections.abc import Callable
from functools import partial
from uuid import UUID, uuid4

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from helpdesk import clock
from reservations.public import KioskRequest, actor_at, devices_of, is_poll, kiosk_view, render_step, seat_of
from troubleshooting import lifecycle
from troubleshooting.arrival import Arrival, arrival_of, watched_call
from troubleshooting.complaints import COMPLAINTS, Complaint, complaint_of
from troubleshooting.guides.sent import carried, tried_in
from troubleshooting.guides.tried import way_on
from troubleshooting.kiosk_steps import category_of, kiosk_step, patron_answers, query
from troubleshooting.lifecycle import TicketRefused
from troubleshooting.lifecycle.intake import OTHER
from troubleshooting.models import Ticket
from troubleshooting.models.category import Tier
from troubleshooting.models.ticket import Channel
from troubleshooting.refusals import status_of
from troubleshooting.telling import open_story
from troubleshooting.worklist import kiosk_call

HERE = "here"  # no seat: help is needed at this screen


@kiosk_view("GET")
def what(request: KioskRequest) -> HttpResponse:
    """First step: eight pictures, one question."""
    rows = [(complaint, _first(complaint)) for complaint in COMPLAINTS]
    return render_step(request, "troubleshooting/help_what.html", {"rows": rows}, now=clock.now())


@kiosk_view("GET")
def attempt(request: KioskRequest, slug: str) -> HttpResponse:
    """Second step: what people can try themselves, one thing a page; then a person."""
    complaint, now = _complaint(slug), clock.now()
    category = category_of(complaint)
    tried = patron_answers(category.pk, tried_in(request.GET))
    step = None if category.code == OTHER else kiosk_step(category.pk, tried, now)  # unsorted: a person sorts it
    if step is None:
        return redirect(reverse("kiosk-help-where", args=[slug]) + query(tried))
    context = {"complaint": complaint, "step": step, "request_key": uuid4()}
    return render_step(request, "troubleshooting/help_try.html", context, now=now)


@kiosk_view("POST")
def solved(request: KioskRequest, slug: str) -> HttpResponse:
    """It works now: counted as a question that people solved themselves."""
    verb = partial(lifecycle.log, tier=Tier.SELF_HELP, solved=True, channel=Channel.KIOSK)
    return _logged(request, _complaint(slug), verb)


@kiosk_view("GET", "POST")
def where(request: KioskRequest, slug: str) -> HttpResponse:
    """Third step: where help is needed. A tap calls somebody there; a second call for the same place is the first."""
    complaint = _complaint(slug)
    if request.method == "POST":
        seat = request.POST.get("seat", "")
        if seat == HERE or (seat.isascii() and seat.isdigit()):
            return _logged(request, complaint, partial(lifecycle.call, device_id=None if seat == HERE else int(seat)))
        return _where_page(request, complaint, _("Choose your seat, or this screen."), status=422)
    return _where_page(request, complaint)


@kiosk_view("GET")
def coming(request: KioskRequest, key: UUID) -> HttpResponse:
    """Say when someone comes; the address holds the key that only this screen was given."""
    return _coming_page(request, kiosk_call(request.kiosk.branch_id, key))


@kiosk_view("POST")
def withdraw(request: KioskRequest, key: UUID) -> HttpResponse:
    """Tell the librarian not to come."""
    ticket = kiosk_call(request.kiosk.branch_id, key)
    try:
        lifecycle.withdraw_all(ticket_id=ticket.pk, by=actor_at(request), now=clock.now())
    except TicketRefused as refused:
        ticket = kiosk_call(request.kiosk.branch_id, key)
        return _coming_page(request, ticket, refused.sentence, status=status_of(refused))
    return _see(ticket.request_key)


def _complaint(slug: str) -> Complaint:
    complaint = complaint_of(slug)
    if complaint is None:
        raise Http404
    return complaint


def _first(complaint: Complaint) -> str:
    """Return where a card leads: to steps, and what is on no card straight to a person."""
    return reverse("kiosk-help-where" if complaint.category == OTHER else "kiosk-help-try", args=[complaint.slug])


def _logged(request: KioskRequest, complaint: Complaint, verb: Callable[..., Ticket]) -> HttpResponse:
    with translation.override(settings.LANGUAGE_CODE):  # staff read the card in the library's language
        text = str(complaint.says)
    try:
        key = UUID(request.POST.get("request_key", ""))
        category = category_of(complaint)
        ticket = verb(
            branch_id=request.kiosk.branch_id,
            text=text,
            category=category.code,
            tried=patron_answers(category.pk, tried_in(request.POST)),
            request_key=key,
            by=actor_at(request),
            now=clock.now(),
        )
    except ValueError:
        return _where_page(request, complaint, _("This page was old. Tap again."), status=422)
    except TicketRefused as refused:
        return _where_page(request, complaint, refused.sentence, status=status_of(refused))
    return _see(ticket.request_key)


def _see(key: UUID) -> HttpResponse:
    return HttpResponse(status=303, headers={"Location": reverse("kiosk-help-coming", args=[key])})


def _where_page(request: KioskRequest, complaint: Complaint, sentence: str = "", *, status: int = 200) -> HttpResponse:
    now = clock.now()
    tried = tried_in(request.POST if request.method == "POST" else request.GET)
    context = {
        "complaint": complaint,
        "carried": carried(tried),
        "seats": [device for device in devices_of(request.kiosk.branch) if device.device_class.bookable],
        "mine": seat_of(request.patron, now) if request.patron else None,
        "request_key": uuid4(),
        "sentence": sentence,
        "action": reverse("kiosk-help-where", args=[complaint.slug]),
        "here": reverse("kiosk-help-where", args=[complaint.slug]) + query(tried),
    }
    return render_step(request, "troubleshooting/help_where.html", context, now=now, status=status)


def _coming_page(request: KioskRequest, ticket: Ticket, sentence: str = "", *, status: int = 200) -> HttpResponse:
    now = clock.now()
    live = watched_call(ticket)
    arrival: Arrival = arrival_of(ticket, now)
    here = reverse("kiosk-help-coming", args=[ticket.request_key])
    context = {
        "arrival": arrival,
        "ticket": ticket,
        "whole": open_story(ticket, now),
        "tried": way_on(ticket).tried,
        "sentence": sentence,
        "here": here,
        "poll_url": f"{here}?live={live.signed(arrival.next_change_at, now)}",
    }
    poll = "coming" if is_poll(request) else None
    return render_step(request, "troubleshooting/help_coming.html", context, now=now, status=status, partial=poll)
