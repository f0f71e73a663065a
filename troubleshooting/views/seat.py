"""The page of one seat or machine: who is there, who comes, what is broken, report a fault."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import capfirst

from helpdesk import clock
from helpdesk.htmx import render_page
from helpdesk.personal import looks_personal
from helpdesk.roles import DESK_ROLES, actor_of, staff_view, user_of
from reservations.public import (
    device_for,
    expected_back,
    need_word,
    preview_lacks,
    preview_lines,
    preview_out,
    preview_words,
    seat_page,
)
from troubleshooting.cards import back_words
from troubleshooting.desk import open_at
from troubleshooting.forms import ReportForm, refuse_form
from troubleshooting.lifecycle import TicketRefused, log
from troubleshooting.models import Category
from troubleshooting.models.category import Tier
from troubleshooting.outcome import PERSONAL, said_of

if TYPE_CHECKING:
    from reservations.models import Device

PAGE = "troubleshooting/seat.html"
IN_SIGHT = 6  # people of a preview; more unfold


@staff_view("GET", DESK_ROLES)
def seat(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a seat or machine of a branch where the member of staff works."""
    now = clock.now()
    device = device_for(user_of(request), pk)
    return render_page(request, PAGE, _context(device, _form(device, now), now))


@staff_view("GET", DESK_ROLES)
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what the fault that is being reported would do to people; nothing is done."""
    now = clock.now()
    device = device_for(user_of(request), pk)
    form = _form(device, now, data=request.GET)
    form.is_valid()  # what cannot be read yet is not asked
    context = {"device": device, "preview": _preview(device, form, now), "only": _is_part(form)}
    return render(request, "troubleshooting/seat_preview.html", context)


@staff_view("POST", DESK_ROLES)
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """Report a fault: a hardware fault takes the device out of booking and moves its people, in one transaction."""
    now = clock.now()
    device = device_for(user_of(request), pk)
    form = _form(device, now, data=request.POST)
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


def _form(device: "Device", now: datetime, **options: Any) -> ReportForm:
    has = device.breakable if device.device_class.bookable else ()
    return ReportForm(categories=Category.objects.all(), has=has, now=now, **options)


def _is_part(form: ReportForm) -> bool:
    """Return whether only something of the seat is said to be broken."""
    return bool(getattr(form, "cleaned_data", {}).get("lacks"))


def _preview(device: "Device", form: ReportForm, now: datetime) -> dict[str, Any]:
    """Return what the fault would do to people in one sentence and by person; '' and no line where nobody is hit."""
    asked = getattr(form, "cleaned_data", {})
    if asked.get("lacks"):
        found = preview_lacks(device, frozenset(asked["lacks"]), now=now)
    else:
        found = preview_out(device, now=now, until=asked.get("until"))
    lines = preview_lines(found, now)
    return {"said": preview_words(found, device, now), "lines": lines[:IN_SIGHT], "more": lines[IN_SIGHT:]}


def _context(device: "Device", form: ReportForm, now: datetime) -> dict[str, Any]:
    page, tickets = seat_page(device, now=now), open_at(device)
    held = [device.pk] if any(ticket.holds_device for ticket in tickets) else []
    return {
        "tab": "desk",
        "branch": device.branch,
        "device": device,
        "page": page,
        "tickets": tickets,
        "back_words": back_words(device.pk, expected_back(held, now), now),
        "form": form,
        "preview": _preview(device, form, now) if page.standing else {},
        "only": _is_part(form),
        "parts": [(code, capfirst(need_word(code)), code in device.lacks) for code in sorted(device.breakable)],
        "now": now,
    }
