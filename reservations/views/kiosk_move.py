"""Sit somewhere else, another way after a fault, the first choice back: what a patron does at the kiosk."""

from django.http import HttpResponse

from helpdesk import clock
from reservations.booking.back import take_back
from reservations.booking.instead import book_instead
from reservations.booking.move import move
from reservations.forms import UNREADABLE_CHOICE
from reservations.forms_staff import InsteadForm, MoveForm
from reservations.kiosk_request import KioskRequest, actor_at, kiosk_view, patron_of, render_step, see_other
from reservations.mine import booking_of
from reservations.reseating import seats_for, why_none
from reservations.rules.problem import Refused
from reservations.views.kiosk_refusal import refusal, refusal_of_mine


@kiosk_view("GET", "POST", needs_patron=True)
def move_step(request: KioskRequest, pk: int) -> HttpResponse:
    """Show the seats that would take the booking now; move to the one that is chosen."""
    now, patron = clock.now(), patron_of(request)
    booking = booking_of(patron, pk)
    if request.method != "POST":
        if booking.effective_end(now) is not None:
            return see_other("kiosk-mine")
        seats = seats_for(booking, patron, now)
        context = {"booking": booking, "seat": booking.device, "seats": seats}
        context["why_none"] = "" if seats else why_none(booking, patron, now)
        return render_step(request, "reservations/kiosk_move.html", context, now=now)
    form = MoveForm(request.POST)
    try:
        if not form.is_valid():
            raise Refused(UNREADABLE_CHOICE)
        row = move(booking=booking, device_id=form.cleaned_data["device"], by=actor_at(request), now=now)
    except Refused as refused:
        return refusal_of_mine(request, refused.problems, now=now)
    return see_other("kiosk-booked", row.pk)


@kiosk_view("POST", needs_patron=True)
def instead(request: KioskRequest, pk: int) -> HttpResponse:
    """Take one of the other ways for a booking that a fault took away."""
    now, booking = clock.now(), booking_of(patron_of(request), pk)
    form = InsteadForm(request.POST)
    sent = form.cleaned_data if form.is_valid() else {}
    try:
        if not sent:
            raise Refused(UNREADABLE_CHOICE)
        row = book_instead(
            booking=booking,
            device_id=sent["device"],
            start=sent["start"],
            minutes=sent["minutes"],
            request_key=sent["request_key"],
            by=actor_at(request),
            now=now,
        )
    except Refused as refused:
        return refusal(request, refused.problems, now=now, start=sent.get("start"), minutes=sent.get("minutes"))
    return see_other("kiosk-booked", row.pk)


@kiosk_view("POST", needs_patron=True)
def back(request: KioskRequest, pk: int) -> HttpResponse:
    """Have the seat back that was chosen first."""
    now, booking = clock.now(), booking_of(patron_of(request), pk)
    try:
        row = take_back(booking=booking, by=actor_at(request), now=now)
    except Refused as refused:
        return refusal(request, refused.problems, now=now, start=booking.start)
    return see_other("kiosk-booked", row.pk)
