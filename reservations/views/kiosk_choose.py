"""The step "When do you want to sit down?", and taking the choice."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from helpdesk import clock, words
from reservations.booking.ahead import book as book_ahead
from reservations.booking.seat import start_now
from reservations.choosing import choice_for
from reservations.forms import BookForm, read_moment
from reservations.kiosk_request import KioskRequest, actor_at, kiosk_view, patron_of, render_step, see_other
from reservations.models import Booking
from reservations.rules.problem import Problem, Refused
from reservations.views.kiosk_refusal import refusal

CHOOSE = "reservations/kiosk_choose.html"


@kiosk_view("GET", needs_patron=True)
def now_step(request: KioskRequest) -> HttpResponse:
    """What is free now, the longest first; later beside it."""
    return _choose(request, lead="now")


@kiosk_view("GET", needs_patron=True)
def times_step(request: KioskRequest) -> HttpResponse:
    """The grid of a day (`day` in the address, today without); now beside it."""
    return _choose(request, lead="later")


def _choose(request: KioskRequest, *, lead: str) -> HttpResponse:
    now = clock.now()
    start = _asked_start(request.GET.get("start", ""))
    day = _asked_day(request.GET.get("day", "")) or (timezone.localtime(start).date() if start else None)
    choice = choice_for(request.kiosk.branch, now=now, patron=patron_of(request), day=day)
    context = {
        "choice": choice,
        "lead": lead,
        "start": start,
        "request_key": uuid4(),
    }
    return render_step(request, CHOOSE, context, now=now, calendar=choice.calendar)


def _asked_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _asked_start(text: str) -> datetime | None:
    try:
        return read_moment(text)
    except ValidationError:
        return None


@kiosk_view("POST", needs_patron=True)
def book(request: KioskRequest) -> HttpResponse:
    """Take a seat now or book one for later; a refusal names what works instead."""
    now = clock.now()
    form = BookForm(request.POST)
    sent: dict[str, Any] = form.cleaned_data if form.is_valid() else getattr(form, "cleaned_data", {})
    try:
        booking = _take(request, form, now)
    except Refused as refused:
        return refusal(request, refused.problems, now=now, start=sent.get("start"), minutes=sent.get("minutes"))
    return see_other("kiosk-booked", booking.pk)


def _take(request: KioskRequest, form: BookForm, now: datetime) -> Booking:
    """Return the booking of a readable form. Raises Refused."""
    if not form.is_valid():
        raise Refused(*form.problems())
    sent = form.cleaned_data
    who: dict[str, Any] = {
        "branch_id": request.kiosk.branch_id,
        "patron": patron_of(request),
        "request_key": sent["request_key"],
        "by": actor_at(request),
        "now": now,
    }
    if sent["kind"] == "now":
        return start_now(**who, device_id=sent["device"], minutes=sent["minutes"])
    if sent["device"] is None:
        raise Refused(_full(sent["start"], now))
    end = sent["start"] + timedelta(minutes=sent["minutes"])
    return book_ahead(**who, device_id=sent["device"], start=sent["start"], end=end)


def _full(start: datetime, now: datetime) -> Problem:
    sentence = _("No seat is free at %(time)s.") % {"time": words.moment(start, now)}
    return Problem("no_seat", sentence, _("All seats taken"), lift_by="")
