"""The page of one seat or machine: who is there, who comes, what is broken, report a fault."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from helpdesk import clock
from helpdesk.htmx import render_page
from helpdesk.personal import looks_personal
from helpdesk.roles import DESK_ROLES, actor_of, staff_view, user_of
from reservations.public import device_for, seat_page
from troubleshooting.desk import open_at
from troubleshooting.forms import ReportForm, refuse_form
from troubleshooting.lifecycle import TicketRefused, log
from troubleshooting.models import Category
from troubleshooting.models.category import Tier
from troubleshooting.outcome import PERSONAL, said_of

if TYPE_CHECKING:
    from reservations.models import Device

PAGE = "troubleshooting/seat.html"


@staff_view("GET", DESK_ROLES)
def seat(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a seat or machine of a branch where the member of staff works."""
    device = device_for(user_of(request), pk)
    return render_page(request, PAGE, _context(device, _form(), clock.now()))


@staff_view("POST", DESK_ROLES)
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """Report a fault: a hardware fault takes the device out of booking in the same transaction."""
    now = clock.now()
    device = device_for(user_of(request), pk)
    form = _form(data=request.POST)
    if form.is_valid():
        try:
            ticket = log(
                branch_id=device.branch_id,
                device_id=device.pk,
                tier=Tier.IT,
                by=actor_of(request),
                now=now,
                **form.cleaned_data,
            )
        except TicketRefused as refusal:
            refuse_form(form, refusal)
        else:
            messages.success(request, said_of(ticket))
            if looks_personal(ticket.text):
                messages.warning(request, PERSONAL)
            return redirect("desk-seat", device.pk)
    return render_page(request, PAGE, _context(device, form, now), status=422)


def _form(**options: Any) -> ReportForm:
    return ReportForm(categories=Category.objects.all(), **options)


def _context(device: "Device", form: ReportForm, now: datetime) -> dict[str, Any]:
    return {
        "tab": "desk",
        "branch": device.branch,
        "device": device,
        "page": seat_page(device, now=now),
        "tickets": open_at(device),
        "form": form,
        "now": now,
    }
