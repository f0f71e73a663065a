"""The step "When do you want to sit down?", and taking the choice."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from helpdesk import clock, live, words
from reservations.booking.ahead import book as book_ahead
from reservations.booking.seat import start_now
from reservations.choosing import Asked, choice_for
from reservations.forms import BookForm, read_moment
from reservations.kept_out import kept_out
from reservations.kiosk_needs import LONGEST, asked_with, said_needs
from reservations.kiosk_request import KioskRequest, actor_at, is_poll, kiosk_view, patron_of, render_step, see_other
from reservations.models import Booking
from reservations.rules.problem import Problem, Refused
from reservations.scopes import board_scope
from reservations.views.kiosk_refusal import refusal

CHOOSE = "reservations/kiosk_choose.html"
T = TypeVar("T")


@kiosk_view("GET", needs_patron=True)
def now_step(request: KioskRequest) -> HttpResponse:
    """What is free now, the longest first; later beside it."""
    return _choose(request, lead="now")


@kiosk_view("GET", needs_patron=True)
def times_step(request: KioskRequest) -> HttpResponse:
    """The grid of a day (`day` in the address, today without); now beside it."""
    return _choose(request, lead="later")


def _choose(request: KioskRequest, *, lead: str) -> HttpResponse:
    now, branch = clock.now(), request.kiosk.branch
    if kept := kept_out(patron_of(request), branch, now):
        return _kept(request, kept, now)
    watch = live.watch(board_scope(branch.pk))
    asked = _asked(request)
    choice = choice_for(branch, now=now, patron=patron_of(request), asked=asked)
    first_free = next((slot.start for slot in choice.slots if slot.device), None)
    needs = said_needs(asked.needs)
    context = {
        "choice": choice,
        "lit": None if choice.is_full_up else asked.start or (first_free if lead == "later" else None),
        "request_key": uuid4(),
        "needs": needs,
        "needs_query": f"&needs={needs}" if needs else "",
        "at_day": urlencode({"day": request.GET["day"][:LONGEST]}) + "&" if "day" in request.GET else "",
        "poll_url": _poll_url(request, watch.signed(None, now)),
    }
    partial = "choose" if is_poll(request) else None
    return render_step(request, CHOOSE, context, now=now, calendar=choice.calendar, partial=partial)


def _kept(request: KioskRequest, kept: str, now: datetime) -> HttpResponse:
    """Answer who can take no seat here with that sentence and a person, not with seats that would all refuse."""
    if is_poll(request):
        return HttpResponse(status=204, headers={"HX-Redirect": request.path})
    return render_step(request, "reservations/kiosk_kept.html", {"kept": kept}, now=now)


def _poll_url(request: KioskRequest, token: str) -> str:
    """Return this page's own address, as it asks for itself."""
    kept = {key: request.GET[key][:LONGEST] for key in ("day", "start", "part", "needs", "kind") if key in request.GET}
    return f"{request.path}?{urlencode({**kept, 'live': token})}"


def _asked(request: KioskRequest) -> Asked:
    """Return what the address asks for; what cannot be read is not asked."""
    start = _read(read_moment, request.GET.get("start", ""))
    day = _read(date.fromisoformat, request.GET.get("day", ""))
    part = request.GET.get("part", "")
    return Asked(
        day=day or (timezone.localtime(start).date() if start else None),
        start=start,
        part=int(part) if part.isascii() and part.isdigit() and len(part) < 3 else None,
        needs=asked_with(request.GET),
        class_code=request.GET.get("kind", "")[:LONGEST],
    )


def _read(reader: Callable[[str], T], text: str) -> T | None:
    try:
        return reader(text)
    except (ValueError, ValidationError):
        return None


@kiosk_view("POST", needs_patron=True)
def book(request: KioskRequest) -> HttpResponse:
    """Take a seat now or book one for later; a refusal names what works instead."""
    now = clock.now()
    form = BookForm(request.POST)
    sent: dict[str, Any] = form.cleaned_data if form.is_valid() else getattr(form, "cleaned_data", {})
    try:
        booking = _take(request, form, now)
        if booking.patron_id != patron_of(request).pk:  # the key is of somebody else's form
            booking = _take(request, form, now, uuid4())
    except Refused as refused:
        start = sent.get("start") if sent.get("kind") != "now" else None
        return refusal(
            request, refused.problems, now=now, start=start, minutes=sent.get("minutes"), needs=asked_with(request.POST)
        )
    return see_other("kiosk-booked", booking.pk)


def _take(request: KioskRequest, form: BookForm, now: datetime, key: UUID | None = None) -> Booking:
    """Return the booking of a readable form, under its own request key or `key`. Raises Refused."""
    if not form.is_valid():
        raise Refused(*form.problems())
    sent = form.cleaned_data
    who: dict[str, Any] = {
        "branch_id": request.kiosk.branch_id,
        "patron": patron_of(request),
        "request_key": key or sent["request_key"],
        "needs": sent["needs"],
        "by": actor_at(request),
        "now": now,
    }
    if sent["kind"] == "now":
        return start_now(**who, device_id=sent["device"], minutes=sent["minutes"])
    if sent["device"] is None:
        raise Refused(_full(sent["start"], sent["minutes"], now))
    end = sent["start"] + timedelta(minutes=sent["minutes"])
    return book_ahead(**who, device_id=sent["device"], start=sent["start"], end=end)


def _full(start: datetime, minutes: int, now: datetime) -> Problem:
    said = {"when": words.when(start, now), "length": words.length(minutes)}
    sentence = _("No seat is free %(when)s for %(length)s.")
    return Problem("no_seat", sentence % said, _("All seats taken"), lift_by="")
