"""Help from a seat: whoever has its address asks for a person there. Nobody signs in, nothing about them is kept."""

from functools import partial
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from helpdesk import clock
from helpdesk.actor import patron
from helpdesk.htmx import render_page
from troubleshooting import lifecycle
from troubleshooting.arrival import arrival_of, watched_call
from troubleshooting.complaints import COMPLAINTS, Complaint, complaint_of
from troubleshooting.kiosk_steps import category_of, patron_steps
from troubleshooting.lifecycle import TicketRefused
from troubleshooting.lifecycle.intake import OTHER
from troubleshooting.models import Ticket
from troubleshooting.models.ticket import Channel
from troubleshooting.refusals import status_of
from troubleshooting.seat_request import SeatRequest, seat_view
from troubleshooting.worklist import call_under

SOLVED = "solved"  # the button that says that it works now


@seat_view("GET")
def what(request: SeatRequest) -> HttpResponse:
    """First step: the pictures. While a person is on the way here, when they come."""
    running = lifecycle.open_call_at(request.device.branch_id, request.device.pk)
    if running:
        return _coming_page(request, running)
    return _page(request, "what", {"complaints": COMPLAINTS})


@seat_view("GET", "POST")
def attempt(request: SeatRequest, slug: str) -> HttpResponse:
    """Second step: what people can try themselves. A POST calls a person, or says that it works now."""
    complaint = complaint_of(slug)
    if complaint is None:
        raise Http404
    if request.method != "POST":
        return _try_page(request, complaint)
    call = partial(lifecycle.call, channel=Channel.SEAT)
    verb = lifecycle.solved_at_seat if request.POST.get("do") == SOLVED else call
    with translation.override(settings.LANGUAGE_CODE):  # staff read the card in the library's language
        text = str(complaint.says)
    try:
        ticket = verb(
            branch_id=request.device.branch_id,
            device_id=request.device.pk,
            text=text,
            category=category_of(complaint).code,
            request_key=UUID(request.POST.get("request_key", "")),
            by=patron(),
            now=clock.now(),
        )
    except ValueError:
        return _try_page(request, complaint, _("This page was old. Tap again."), status=422)
    except TicketRefused as refused:
        return _try_page(request, complaint, refused.sentence, status=status_of(refused))
    return _see(request, ticket)


@seat_view("GET", "POST")
def coming(request: SeatRequest, key: UUID) -> HttpResponse:
    """Say when someone comes; the address holds the key that only this browser was given. A POST withdraws the call."""
    ticket = call_under(key, device_id=request.device.pk)
    if request.method != "POST":
        return _coming_page(request, ticket)
    try:
        lifecycle.withdraw_all(ticket_id=ticket.pk, by=patron(), now=clock.now())
    except TicketRefused as refused:
        again = call_under(key, device_id=request.device.pk)
        return _coming_page(request, again, refused.sentence, status=status_of(refused))
    return _see(request, ticket)


def _see(request: SeatRequest, ticket: Ticket) -> HttpResponse:
    address = reverse("seat-help-coming", args=[request.code, ticket.request_key])
    return HttpResponse(status=303, headers={"Location": address})


def _try_page(request: SeatRequest, complaint: Complaint, sentence: str = "", *, status: int = 200) -> HttpResponse:
    category = category_of(complaint)
    steps = [] if category.code == OTHER else patron_steps(category.pk, clock.now())
    context = {"complaint": complaint, "steps": steps, "request_key": uuid4(), "sentence": sentence}
    return _page(request, "try", context, status=status)


def _coming_page(request: SeatRequest, ticket: Ticket, sentence: str = "", *, status: int = 200) -> HttpResponse:
    now = clock.now()
    live = watched_call(ticket)
    arrival = arrival_of(ticket, now)
    here = reverse("seat-help-coming", args=[request.code, ticket.request_key])
    context = {
        "arrival": arrival,
        "ticket": ticket,
        "sentence": sentence,
        "here": here,
        "poll_url": f"{here}?live={live.signed(arrival.next_change_at, now)}",
    }
    return _page(request, "coming", context, status=status, partial="coming")


def _page(
    request: SeatRequest, step: str, context: dict[str, Any], *, status: int = 200, partial: str | None = None
) -> HttpResponse:
    frame = {"device": request.device, "branch": request.device.branch, "help_code": request.code}
    template = f"troubleshooting/seat_help_{step}.html"
    return render_page(request, template, {**frame, **context}, partial=partial, status=status)
