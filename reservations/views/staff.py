"""What the desk does to a booking: check in, finish, cancel, tick a call off, issue a guest pass."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django_htmx.http import trigger_client_event

from helpdesk import clock
from helpdesk.htmx import render_page
from helpdesk.roles import DESK_ROLES, actor_of, staff_view, user_of
from reservations.booking.ahead import cancel
from reservations.booking.seat import check_in, finish
from reservations.booking.service import handle_call
from reservations.calls import call_for
from reservations.forms_staff import CancelForm, PassForm
from reservations.models import Booking
from reservations.patrons.door import issue_guest_pass
from reservations.rules.problem import Problem, Refused
from reservations.seats import booking_for
from reservations.staffing import branch_for

CHANGED = "board-changed"  # the event on which a live board fetches itself


@staff_view("POST", DESK_ROLES)
def check_in_booking(request: HttpRequest, pk: int) -> HttpResponse:
    """Seat whoever came for a booking."""
    booking = booking_for(user_of(request), pk)
    return _do(request, check_in, booking, _("%(who)s sits at %(seat)s."))


@staff_view("POST", DESK_ROLES)
def finish_booking(request: HttpRequest, pk: int) -> HttpResponse:
    """End a running session for someone who has left."""
    booking = booking_for(user_of(request), pk)
    return _do(request, finish, booking, _("%(seat)s is finished."))


@staff_view("POST", DESK_ROLES)
def cancel_booking(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel a booking, with the reason that staff give."""
    booking = booking_for(user_of(request), pk)
    form = CancelForm(request.POST)
    if not form.is_valid():
        return _refuse(request, _problems(form))
    said = _("The booking of %(who)s at %(seat)s is cancelled.")
    return _do(request, cancel, booking, said, reason=form.cleaned_data["reason"])


@staff_view("POST", DESK_ROLES)
def call_done(request: HttpRequest, pk: int) -> HttpResponse:
    """Tick off that somebody has been told."""
    call = call_for(user_of(request), pk)
    if call is None:
        raise Http404
    handle_call(call=call, by=actor_of(request), now=clock.now())
    return _back(request, _("Noted: they have been told."))


@never_cache
@staff_view("POST", DESK_ROLES)
def guest_pass(request: HttpRequest, slug: str) -> HttpResponse:
    """Issue a guest pass and show its code, once."""
    branch = branch_for(user_of(request), slug)
    form = PassForm(request.POST)
    if not form.is_valid():
        return _refuse(request, _problems(form))
    key = form.cleaned_data["request_key"]
    try:
        issued = issue_guest_pass(branch=branch, request_key=key, by=actor_of(request), now=clock.now())
    except Refused as refused:
        return _refuse(request, refused.problems)
    context = {"branch": branch, "issued": issued, "back": _way_back(request), "tab": "desk", "pass_key": uuid4()}
    return render_page(request, "reservations/guest_pass.html", context, partial="pass")


def _do(request: HttpRequest, verb: Callable[..., Booking], booking: Booking, said: str, **words: Any) -> HttpResponse:
    """Let `verb` change `booking` and say so, or show why it cannot."""
    now: datetime = clock.now()
    try:
        verb(booking=booking, by=actor_of(request), now=now, **words)
    except Refused as refused:
        return _refuse(request, refused.problems)
    return _back(request, said % {"who": booking.who, "seat": booking.device.said})


def _back(request: HttpRequest, said: str) -> HttpResponse:
    """Answer 204 and wake the board for htmx, else lead back to the page that asked."""
    messages.success(request, said)
    if request.htmx:  # type: ignore[attr-defined]
        return trigger_client_event(HttpResponse(status=204), CHANGED)
    return redirect(_way_back(request))


def _way_back(request: HttpRequest) -> str:
    """Return the `next` address of the form if it is ours, else the way home."""
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure())
    return target if safe else resolve_url("home")


def _problems(form: CancelForm | PassForm) -> list[Problem]:
    """Return what a form complains about in the shape of a refusal."""
    sentences = [str(sentence) for found in form.errors.values() for sentence in found]
    return [Problem("bad_input", sentence, "") for sentence in sentences]


def _refuse(request: HttpRequest, problems: list[Problem]) -> HttpResponse:
    context = {"problems": problems, "back": _way_back(request), "tab": "desk"}
    return render_page(request, "reservations/refused.html", context, partial="refusal", status=422)
