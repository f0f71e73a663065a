"""A guest number at the kiosk itself, where the policy allows: the person is signed in at once and sees it once."""

from django.http import HttpResponse

from helpdesk import clock
from reservations.forms import UNREADABLE_CHOICE, GuestForm
from reservations.kiosk_request import (
    VISIT_COOKIE,
    KioskRequest,
    actor_at,
    kiosk_stop,
    kiosk_view,
    render_step,
    set_cookie,
)
from reservations.patrons.passes import patron_of_pass, take_pass
from reservations.patrons.visit import begin_visit
from reservations.rules.problem import Refused


@kiosk_view("POST")
def guest(request: KioskRequest) -> HttpResponse:
    """Give out a pass and sign its holder in; sent again, it says that a number is shown only once."""
    now, form = clock.now(), GuestForm(request.POST)
    try:
        if not form.is_valid():
            raise Refused(UNREADABLE_CHOICE)
        key = form.cleaned_data["request_key"]
        issued = take_pass(kiosk=request.kiosk, request_key=key, by=actor_at(request), now=now)
    except Refused as refused:
        problem = refused.problems[0]
        return kiosk_stop(request, problem.code, str(problem.sentence), status=422)
    visit = begin_visit(kiosk=request.kiosk, patron=patron_of_pass(issued.guest_pass, now)) if issued.code else ""
    response = render_step(request, "reservations/kiosk_guest.html", {"issued": issued}, now=now)
    if visit:
        set_cookie(response, VISIT_COOKIE, visit)
    return response
