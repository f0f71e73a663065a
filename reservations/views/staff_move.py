"""What the desk does around moved people: another seat, another way, the first choice back, what does not work."""

from typing import Any
from uuid import uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache

from helpdesk import clock, words
from helpdesk.htmx import render_page
from helpdesk.roles import DESK_ROLES, actor_of, staff_view, user_of
from reservations.booking.back import take_back
from reservations.booking.degrade import degrade, mend
from reservations.booking.family import beside
from reservations.booking.instead import book_instead
from reservations.booking.move import move
from reservations.booking.service import expect_back
from reservations.calls import call_for, why_lost
from reservations.forms_staff import ExpectedForm, InsteadForm, MoveForm, ReasonForm
from reservations.models import Booking, Call
from reservations.needs import lack_word, need_word
from reservations.reseating import instead_of, rules_against
from reservations.rules.problem import Refused
from reservations.seats import booking_for, device_for
from reservations.undoable import undoable
from reservations.views.desk_answers import done, form_problems, of_those_with_them, refuse, undo_url, way_back


@staff_view("POST", DESK_ROLES)
def move_booking(request: HttpRequest, pk: int) -> HttpResponse:
    """Move somebody, or their booking, to another seat."""
    booking = booking_for(user_of(request), pk)
    form = MoveForm(request.POST)
    if not form.is_valid():
        return refuse(request, form_problems(form))
    sent = form.cleaned_data
    try:
        row = move(
            booking=booking,
            device_id=sent["device"],
            by=actor_of(request),
            now=clock.now(),
            override=sent["override"],
        )
    except Refused as refused:
        return refuse(request, refused.problems)
    said = _("%(who)s is at %(seat)s now, until %(end)s.") if row.is_running else _("%(who)s has %(seat)s now.")
    told = f"{said % _words(row)} {of_those_with_them(beside(row))}".strip()
    return done(request, told, undo_url=undo_url(undoable(row)))


def _words(row: Booking) -> dict[str, str]:
    return {"who": row.who, "seat": row.device.said, "end": words.clock(row.end) if row.end else ""}


@never_cache
@staff_view("GET", DESK_ROLES)
def call(request: HttpRequest, pk: int) -> HttpResponse:
    """Show somebody whose booking was taken away, and what else they could have at this moment."""
    found, now = _call(request, pk), clock.now()
    ways = instead_of(found.booking, now, by_staff=True)
    context = {"tab": "desk", "branch": found.booking.branch, "call": found, "booking": found.booking, "ways": ways}
    context |= {"needs": ", ".join(map(need_word, found.booking.needs)), "why": why_lost(found.booking)}
    context |= {"rules": [] if ways else rules_against(found.booking, now)}
    context |= {"now": now, "request_key": uuid4(), "back": way_back(request)}
    return render_page(request, "reservations/call.html", context, partial="dialog")


@staff_view("POST", DESK_ROLES)
def call_instead(request: HttpRequest, pk: int) -> HttpResponse:
    """Book one of the other ways for them."""
    found = _call(request, pk)
    form = InsteadForm(request.POST)
    if not form.is_valid():
        return refuse(request, form_problems(form))
    sent: dict[str, Any] = form.cleaned_data
    device_id = sent.pop("device")
    try:
        row = book_instead(booking=found.booking, device_id=device_id, by=actor_of(request), now=clock.now(), **sent)
    except Refused as refused:
        return refuse(request, refused.problems)
    said = _("%(seat)s is booked for %(who)s, %(start)s to %(end)s.")
    start = words.moment(row.start, clock.now())
    return done(request, said % {**_words(row), "start": start}, undo_url=undo_url(undoable(row)))


@staff_view("POST", DESK_ROLES)
def call_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Give somebody the seat back that they had chosen first."""
    found = _call(request, pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return refuse(request, form_problems(form))
    try:
        row = take_back(
            booking=found.booking, by=actor_of(request), now=clock.now(), override=form.cleaned_data["override"]
        )
    except Refused as refused:
        return refuse(request, refused.problems)
    return done(request, _("%(who)s has %(seat)s again.") % _words(row))


def _call(request: HttpRequest, pk: int) -> Call:
    found = call_for(user_of(request), pk)
    if found is None:
        raise Http404
    return found


@staff_view("POST", DESK_ROLES)
def set_lacks(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what does not work at a seat, and what works again."""
    device = device_for(user_of(request), pk)
    sent = frozenset(request.POST.getlist("lacks")) & device.has
    before, by, now = frozenset(device.lacks), actor_of(request), clock.now()
    if before - sent:
        mend(device_id=device.pk, lacks=before - sent, by=by, now=now)
    try:
        moved = degrade(device_id=device.pk, lacks=sent, by=by, now=now).moved if sent - before else []
    except Refused as refused:
        return refuse(request, refused.problems)
    if not sent:
        return done(request, _("Everything works at %(seat)s.") % {"seat": device.said})
    said = _("%(seat)s: %(lacks)s.") % {"seat": device.said, "lacks": ", ".join(map(lack_word, sorted(sent)))}
    count = ngettext("%(count)d moved.", "%(count)d moved.", len(moved)) % {"count": len(moved)}
    return done(request, f"{said} {count}" if moved else said)


@staff_view("POST", DESK_ROLES)
def set_expected(request: HttpRequest, pk: int) -> HttpResponse:
    """Say when a device that is out is expected back."""
    device = device_for(user_of(request), pk)
    form = ExpectedForm(request.POST)
    if not form.is_valid():
        return refuse(request, form_problems(form))
    until = form.cleaned_data["until"]
    try:
        expect_back(device_id=device.pk, until=until, by=actor_of(request), now=clock.now())
    except Refused as refused:
        return refuse(request, refused.problems)
    if until is None:
        return done(request, _("%(seat)s is out of service, nobody knows until when.") % {"seat": device.said})
    said = {"seat": device.said, "moment": words.moment(until, clock.now())}
    return done(request, _("%(seat)s is expected back: %(moment)s.") % said)
