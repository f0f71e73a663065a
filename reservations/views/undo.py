"""Undo for ten seconds: takes back what the last message told."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from helpdesk import clock
from helpdesk.roles import DESK_ROLES, actor_of, staff_view, user_of
from reservations.booking.undo import undo, undo_call
from reservations.booking.undo_line import undo_turn
from reservations.calls import call_for
from reservations.rules.problem import Refused
from reservations.staffing import branches_for
from reservations.undoable import event_branch, turn_event_branch
from reservations.views.desk_answers import done, refuse


@staff_view("POST", DESK_ROLES)
def undo_booking(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back an event of a booking at a branch where the member of staff works."""
    if event_branch(pk) not in {branch.pk for branch in branches_for(user_of(request))}:
        raise Http404
    try:
        row = undo(event_id=pk, by=actor_of(request), now=clock.now())
    except Refused as refused:
        return refuse(request, refused.problems)
    return done(request, _("Taken back: %(seat)s is as it was.") % {"seat": row.device.said})


@staff_view("POST", DESK_ROLES)
def undo_place(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back an event of a place in line at a branch where the member of staff works."""
    if turn_event_branch(pk) not in {branch.pk for branch in branches_for(user_of(request))}:
        raise Http404
    try:
        place = undo_turn(event_id=pk, by=actor_of(request), now=clock.now())
    except Refused as refused:
        return refuse(request, refused.problems)
    return done(request, _("Taken back: %(number)s is back in its place.") % {"number": place.number})


@staff_view("POST", DESK_ROLES)
def undo_told(request: HttpRequest, pk: int) -> HttpResponse:
    """Put somebody back on the list of people to tell."""
    call = call_for(user_of(request), pk)
    if call is None:
        raise Http404
    try:
        undo_call(call=call, by=actor_of(request), now=clock.now())
    except Refused as refused:
        return refuse(request, refused.problems)
    return done(request, _("Taken back: they are still to be told."))
