"""A running session at the kiosk: more minutes, a soft landing, back to a seat left by mistake."""

from django.http import HttpResponse

from helpdesk import clock
from reservations.booking.family import chosen
from reservations.booking.landing import REASONS, land_softly
from reservations.booking.resume import resume as resume_session
from reservations.booking.time import extend as extend_session
from reservations.forms import UNREADABLE_CHOICE, ExtendForm
from reservations.kiosk_request import KioskRequest, actor_at, kiosk_view, patron_of, see_other
from reservations.mine import booking_of
from reservations.rules.extending import fitting
from reservations.rules.problem import Refused
from reservations.session import just_extended
from reservations.views.kiosk_mine import BOTH
from reservations.views.kiosk_refusal import refusal, refusal_of_mine
from reservations.ways import more_way


@kiosk_view("POST", needs_patron=True)
def extend(request: KioskRequest, pk: int) -> HttpResponse:
    """Make the session longer, by one extension of the policy or the fewer minutes that fit."""
    now, form = clock.now(), ExtendForm(request.POST)
    booking = booking_of(patron_of(request), pk)
    try:
        if not form.is_valid():
            raise Refused(UNREADABLE_CHOICE)
        verb = chosen(extend_session, booking, both=BOTH in request.POST)
        verb(booking=booking, minutes=form.cleaned_data["minutes"], by=actor_at(request), now=now)
    except Refused as refused:
        if just_extended(booking, now):
            return see_other("kiosk-mine", done="extended")
        if "over" in refused.codes:
            return refusal_of_mine(request, refused.problems, now=now)
        fewer = fitting(refused.problems)
        first = [more_way(booking, fewer)] if fewer else []
        return refusal(request, refused.problems, now=now, start=booking.end, first=first)
    return see_other("kiosk-mine", done="extended")


@kiosk_view("POST", needs_patron=True)
def land(request: KioskRequest, pk: int) -> HttpResponse:
    """Ask for the minutes to finish a form or a video visit (`why`)."""
    now, why = clock.now(), request.POST.get("why", "")
    booking = booking_of(patron_of(request), pk)
    try:
        if why not in REASONS:
            raise Refused(UNREADABLE_CHOICE)
        land_softly(booking=booking, why=why, by=actor_at(request), now=now)
    except Refused as refused:
        return refusal(request, refused.problems, now=now, start=booking.end)
    return see_other("kiosk-mine", done="landed")


@kiosk_view("POST", needs_patron=True)
def resume(request: KioskRequest, pk: int) -> HttpResponse:
    """Go back to the seat that was left by mistake."""
    now, booking = clock.now(), booking_of(patron_of(request), pk)
    try:
        again = resume_session(booking=booking, by=actor_at(request), now=now)
    except Refused as refused:
        return refusal(request, refused.problems, now=now)
    return see_other("kiosk-booked", again.pk)
