"""One-to-ones on the reference page: who comes today, are they here, how it went."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from helpdesk import clock
from helpdesk.htmx import render_page
from helpdesk.roles import REFERENCE_ROLES, actor_of, staff_view, user_of
from helpdesk.toasts import say
from reservations.public import branch_for
from troubleshooting import cards, worklist
from troubleshooting.forms_one_to_one import HeldForm, held_form
from troubleshooting.lifecycle import TicketRefused
from troubleshooting.models import Appointment
from troubleshooting.one_to_ones import reads
from troubleshooting.one_to_ones.holding import arrive, hold_appointment, not_come
from troubleshooting.refusals import status_of

FAULTS_SHOWN = 6
BESIDE = "troubleshooting/reference_beside.html"


@never_cache
@staff_view("GET", REFERENCE_ROLES)
def beside(request: HttpRequest, branch: str) -> HttpResponse:
    """Show a branch's one-to-ones and what is broken there: a page, and the part beside the queue."""
    here, now = branch_for(user_of(request), branch), clock.now()
    faults = worklist.it_list([here.pk], now)
    context = {
        "branch": here,
        "today": reads.today_at(here.pk, now),
        "month": reads.held_in(here.pk, timezone.localtime(now).date()),
        "faults": [(fault.ticket, cards.place_of(fault.ticket)) for fault in faults[:FAULTS_SHOWN]],
        "now": now,
        "tab": "reference",
    }
    return render_page(request, BESIDE, context, partial="beside")


@never_cache
@staff_view("POST", REFERENCE_ROLES)
def here(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that they are here, and open the record."""
    appointment = reads.appointment_for(user_of(request), pk)
    try:
        arrive(appointment_id=pk, by=actor_of(request), now=clock.now())
    except TicketRefused as refused:
        return _record_page(request, appointment, refused=refused, status=status_of(refused))
    return redirect("appointment-record", pk)


@never_cache
@staff_view("POST", REFERENCE_ROLES)
def nobody_came(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that nobody came."""
    appointment = reads.appointment_for(user_of(request), pk)
    try:
        not_come(appointment_id=pk, by=actor_of(request), now=clock.now())
    except TicketRefused as refused:
        return _record_page(request, appointment, refused=refused, status=status_of(refused))
    say(request, _("One-to-one %(number)s: nobody came. It is not counted.") % {"number": appointment.number})
    return redirect("reference-branch", appointment.branch.slug)


@never_cache
@staff_view("GET", REFERENCE_ROLES)
def record(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the record of one: how long, how much effort, what helped."""
    return _record_page(request, reads.appointment_for(user_of(request), pk))


@never_cache
@staff_view("POST", REFERENCE_ROLES)
def held(request: HttpRequest, pk: int) -> HttpResponse:
    """Save the record: it took place, and counts once."""
    appointment = reads.appointment_for(user_of(request), pk)
    form = held_form(appointment, request.POST)
    if not form.is_valid():
        return _record_page(request, appointment, form=form, status=422)
    data = form.cleaned_data
    try:
        hold_appointment(
            appointment_id=pk,
            answer=data["answer"],
            duration=data["duration"],
            read_level=data["read_level"],
            counts_as_reference=data["counts"],
            by=actor_of(request),
            now=clock.now(),
        )
    except TicketRefused as refused:
        return _record_page(request, appointment, form=form, refused=refused, status=status_of(refused))
    say(request, _("One-to-one %(number)s is recorded.") % {"number": appointment.number})
    return redirect("reference-branch", appointment.branch.slug)


def _record_page(
    request: HttpRequest, one: Appointment, *, form: HeldForm | None = None, status: int = 200, **shown: Any
) -> HttpResponse:
    context = {
        "one": one,
        "branch": one.branch,
        "form": (form or held_form(one)) if one.ended_at is None else None,
        "now": clock.now(),
        "tab": "reference",
        **shown,
    }
    return render(request, "troubleshooting/one_to_one_record.html", context, status=status)
