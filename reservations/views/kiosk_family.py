"""A seat for somebody with the patron, at the kiosk: how old they are, then the nearest seat at the same times."""

from uuid import uuid4

from django.http import HttpResponse

from helpdesk import clock
from reservations.booking.family import BANDS, book_beside
from reservations.forms import UNREADABLE_CHOICE, WithForm
from reservations.kiosk_request import KioskRequest, actor_at, kiosk_view, patron_of, render_step, see_other
from reservations.mine import booking_of
from reservations.rules.problem import Refused
from reservations.views.kiosk_refusal import refusal_of_mine


@kiosk_view("GET", "POST", needs_patron=True)
def with_me(request: KioskRequest, pk: int) -> HttpResponse:
    """Ask how old they are, then take the seat; a refusal leads to the desk."""
    now, booking = clock.now(), booking_of(patron_of(request), pk)
    if request.method != "POST":
        bands = [(band.value, band.label) for band in BANDS]
        context = {"booking": booking, "bands": bands, "request_key": uuid4()}
        return render_step(request, "reservations/kiosk_with.html", context, now=now)
    form = WithForm(request.POST)
    try:
        if not form.is_valid():
            raise Refused(UNREADABLE_CHOICE)
        made = book_beside(booking=booking, by=actor_at(request), now=now, **form.cleaned_data)
    except Refused as refused:
        return refusal_of_mine(request, refused.problems, now=now)
    return see_other("kiosk-booked", made.pk)
