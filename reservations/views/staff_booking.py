"""What the desk does to one booking: check in, finish, cancel, more time, help, back to a seat left by mistake."""

from collections.abc import Callable
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from helpdesk import clock
from helpdesk.roles import DESK_ROLES, actor_of, staff_view, user_of
from helpdesk.words import clock as time_of
from reservations.booking.ahead import cancel
from reservations.booking.family import beside, chosen
from reservations.booking.help import begin_help, end_help
from reservations.booking.landing import land_softly
from reservations.booking.resume import resume
from reservations.booking.seat import check_in, finish
from reservations.booking.time import extend
from reservations.forms_staff import LandingForm, LengthForm, ReasonForm
from reservations.models import Booking
from reservations.rules.problem import Problem, Refused
from reservations.seats import booking_for
from reservations.staff_ways import StaffWay, another_seat, longer
from reservations.undoable import undoable
from reservations.views.desk_answers import done, form_problems, of_those_with_them, refuse, undo_url

LEAVING = (cancel, finish)  # after which people with an adult are alone, or leave too


@staff_view("POST", DESK_ROLES)
def check_in_booking(request: HttpRequest, pk: int) -> HttpResponse:
    """Seat whoever came for a booking."""
    return _do(request, pk, check_in, ReasonForm, _("%(who)s sits at %(seat)s."), "override")


@staff_view("POST", DESK_ROLES)
def finish_booking(request: HttpRequest, pk: int) -> HttpResponse:
    """End a running session for someone who has left."""
    return _do(request, pk, finish, ReasonForm, _("%(seat)s is finished."))


@staff_view("POST", DESK_ROLES)
def cancel_booking(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel a booking, with the reason that staff give."""
    return _do(request, pk, cancel, ReasonForm, _("The booking of %(who)s at %(seat)s is cancelled."), "reason")


@staff_view("POST", DESK_ROLES)
def extend_booking(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a session longer: by one extension, or by minutes with a reason."""
    said = _("%(seat)s: longer, until %(end)s.")
    return _do(request, pk, extend, LengthForm, said, "minutes", "reason", "override")


@staff_view("POST", DESK_ROLES)
def land_booking(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a session its last minutes to finish a form or a video visit."""
    return _do(request, pk, land_softly, LandingForm, _("%(seat)s: time to finish, until %(end)s."), "why")


@staff_view("POST", DESK_ROLES)
def resume_booking(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a seat back to somebody who left it by mistake."""
    return _do(request, pk, resume, ReasonForm, _("%(who)s is back at %(seat)s, until %(end)s."))


@staff_view("POST", DESK_ROLES)
def begin_help_at(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin the help of a session: from here its minutes do not count."""
    return _do(request, pk, _begin_help, ReasonForm, _("%(seat)s waits for help. It ends at %(end)s."))


@staff_view("POST", DESK_ROLES)
def end_help_at(request: HttpRequest, pk: int) -> HttpResponse:
    """End the help of a session."""
    return _do(request, pk, _end_help, ReasonForm, _("Help at %(seat)s is over. It ends at %(end)s."))


def _begin_help(*, booking: Booking, **words: Any) -> Booking:
    return begin_help(device_id=booking.device_id, **words) or booking


def _end_help(*, booking: Booking, **words: Any) -> Booking:
    return end_help(device_id=booking.device_id, **words) or booking


def _ways(
    request: HttpRequest, booking: Booking, verb: Callable[..., Booking], problems: list[Problem], asked: dict[str, Any]
) -> list[StaffWay]:
    """Return what works instead of the refused `verb`."""
    if verb is extend:
        return longer(booking, problems, asked, actor_of(request))
    return another_seat(booking, problems, clock.now()) if verb is check_in else []


def _do(
    request: HttpRequest, pk: int, verb: Callable[..., Booking], form_class: type[Form], said: str, *names: str
) -> HttpResponse:
    """Let `verb` change the booking with the form's fields `names`, say so, or show why it cannot."""
    booking = booking_for(user_of(request), pk)
    form = form_class(request.POST)
    if not form.is_valid() and set(form.errors) != {"override"}:
        return refuse(request, form_problems(form))
    words = {name: form.cleaned_data.get(name, "") for name in names}  # a reason that is refused lifts nothing
    with_them = beside(booking) if verb in LEAVING else []
    try:
        changed = chosen(verb, booking, both=False)(booking=booking, by=actor_of(request), now=clock.now(), **words)
    except Refused as refused:
        problems = [*refused.problems, *form_problems(form)]
        return refuse(request, problems, _ways(request, booking, verb, problems, words))
    end = time_of(changed.end) if changed.end else ""
    told = said % {"who": booking.who, "seat": booking.device.said, "end": end}
    told = f"{told} {of_those_with_them(with_them)}".strip()
    return done(request, told, undo_url=undo_url(undoable(changed)))
