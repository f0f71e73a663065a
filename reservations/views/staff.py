"""What the desk does beside bookings: tick a call off, issue a guest pass."""

from uuid import uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from helpdesk import clock
from helpdesk.htmx import render_page
from helpdesk.roles import DESK_ROLES, actor_of, staff_view, user_of
from reservations.booking.service import handle_call
from reservations.calls import call_for
from reservations.forms_staff import PassForm
from reservations.kept_out import takes_guests
from reservations.patrons.passes import issue_guest_pass
from reservations.rules.problem import Refused
from reservations.staffing import branch_for
from reservations.views.desk_answers import done, form_problems, refuse, way_back


@staff_view("POST", DESK_ROLES)
def call_done(request: HttpRequest, pk: int) -> HttpResponse:
    """Tick off that somebody has been told."""
    call = call_for(user_of(request), pk)
    if call is None:
        raise Http404
    handle_call(call=call, by=actor_of(request), now=clock.now())
    return done(request, _("Noted: they have been told."), undo_url=reverse("call-undo", args=[call.pk]))


@never_cache
@staff_view("POST", DESK_ROLES)
def guest_pass(request: HttpRequest, slug: str) -> HttpResponse:
    """Issue a guest pass and show its code, once."""
    branch = branch_for(user_of(request), slug)
    form = PassForm(request.POST)
    if not form.is_valid():
        return refuse(request, form_problems(form))
    key = form.cleaned_data["request_key"]
    try:
        issued = issue_guest_pass(branch=branch, request_key=key, by=actor_of(request), now=clock.now())
    except Refused as refused:
        return refuse(request, refused.problems)
    context = {"branch": branch, "issued": issued, "back": way_back(request), "tab": "desk", "pass_key": uuid4()}
    context["takes_guests"] = takes_guests(branch)
    return render_page(request, "reservations/guest_pass.html", context, partial="pass")
