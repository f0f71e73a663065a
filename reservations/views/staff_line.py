"""What the desk does to the waiting line: call, skip, seat, change, take out, back to its place."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from helpdesk import clock
from helpdesk.htmx import render_page
from helpdesk.roles import DESK_ROLES, actor_of, staff_view, user_of
from helpdesk.words import clock as time_of
from reservations.booking.line import call, change, claim, rejoin, remove, skip
from reservations.desk_times import Times, Wanted, times_for
from reservations.forms_staff import GivenReasonForm, ReasonForm, SkipForm, TurnForm
from reservations.models import Booking, Turn
from reservations.needs import need_word
from reservations.rules.problem import Problem, Refused
from reservations.seats import turn_for
from reservations.staff_ways import in_line
from reservations.turn_story import turn_story
from reservations.undoable import undoable, undoable_turn
from reservations.views.desk_answers import cut, done, form_problems, refuse, undo_url, way_back

PAGE = "reservations/turn.html"


@never_cache
@staff_view("GET", DESK_ROLES)
def turn(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what a place in line asks for, and everything that can be done to it."""
    return _page(request, turn_for(user_of(request), pk))


@staff_view("POST", DESK_ROLES)
def call_turn(request: HttpRequest, pk: int) -> HttpResponse:
    """Hold a seat for the number and announce it, or announce it again."""
    return _do(request, pk, lambda place, **by: call(branch_id=place.branch_id, turn=place, **by), _called)


@staff_view("POST", DESK_ROLES)
def skip_turn(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the next one go first."""
    form = SkipForm(request.POST)
    if not form.is_valid():
        return refuse(request, form_problems(form))
    shown = form.cleaned_data["place_at"]
    said = _("%(number)s waits on, the next one goes first.")
    return _do(request, pk, lambda place, **by: skip(turn=place, place_at=shown, **by), said)


@staff_view("POST", DESK_ROLES)
def seat_turn(request: HttpRequest, pk: int) -> HttpResponse:
    """Seat the person whose number was called."""
    place = turn_for(user_of(request), pk)
    form = ReasonForm(request.POST)
    form.is_valid()
    override = form.cleaned_data.get("override", "")  # a reason that is refused lifts nothing
    try:
        booking = claim(turn=place, by=actor_of(request), now=clock.now(), override=override)
    except Refused as refused:
        return _refused(request, place, [*refused.problems, *form_problems(form)])
    return done(request, _seated(place, booking), undo_url=undo_url(undoable(booking)))


@staff_view("POST", DESK_ROLES)
def change_turn(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what a place in line asks for; it keeps its place."""
    place = turn_for(user_of(request), pk)
    form = _form(_seats(place), request.POST)
    if not form.is_valid():
        return _page(request, place, form, status=422)
    wish = {**form.cleaned_data, "needs": frozenset(form.cleaned_data["needs"])}
    return _do(request, pk, lambda place, **by: change(turn=place, **wish, **by), changed(wish["minutes"]))


@staff_view("POST", DESK_ROLES)
def remove_turn(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a number out of the line, for a reason."""
    turn_for(user_of(request), pk)
    form = GivenReasonForm(request.POST)
    if not form.is_valid():
        return refuse(request, form_problems(form))
    reason = form.cleaned_data["reason"]
    said = _("%(number)s is out of the line.")
    return _do(request, pk, lambda place, **by: remove(turn=place, reason=reason, **by), said)


@staff_view("POST", DESK_ROLES)
def rejoin_turn(request: HttpRequest, pk: int) -> HttpResponse:
    """Give somebody who came late their place back."""
    return _do(request, pk, lambda place, **by: rejoin(turn=place, **by), _("%(number)s is back in its place."))


def _do(request: HttpRequest, pk: int, verb: Callable[..., Turn], said: str | Callable[[Turn], str]) -> HttpResponse:
    """Let `verb` change the place in line and say so, or show why it cannot."""
    place = turn_for(user_of(request), pk)
    try:
        changed = verb(place, by=actor_of(request), now=clock.now())
    except Refused as refused:
        return _refused(request, place, refused.problems)
    event_id = undoable_turn(changed)
    back = reverse("turn-undo", args=[event_id]) if event_id else ""
    return done(request, said % {"number": changed.number} if isinstance(said, str) else said(changed), undo_url=back)


def _refused(request: HttpRequest, place: Turn, problems: list[Problem]) -> HttpResponse:
    """Show why not, and when a seat is expected."""
    place.refresh_from_db()
    return refuse(request, problems, in_line(place, problems, way_back(request), clock.now()))


def changed(asked: int) -> Callable[[Turn], str]:
    """Return what is said of a changed place, with the length where less was given than `asked`."""
    return lambda place: " ".join(
        filter(None, [_("%(number)s is changed.") % {"number": place.number}, cut(place, asked)])
    )


def _called(place: Turn) -> str:
    offer = place.offer
    if offer is None or offer.check_in_by is None:
        return _("%(number)s is next.") % {"number": place.number}
    said = {"number": place.number, "seat": offer.device.said, "until": time_of(offer.check_in_by)}
    return _("%(number)s is called to %(seat)s. It is held until %(until)s.") % said


def _seated(place: Turn, booking: Booking) -> str:
    end = time_of(booking.end) if booking.end else ""
    return _("%(who)s sits at %(seat)s until %(end)s.") % {
        "who": place.number,
        "seat": booking.device.said,
        "end": end,
    }


def _seats(place: Turn) -> Times:
    return times_for(place.branch, Wanted(), None, now=clock.now())


def _form(seats: Times, data: Any = None, **options: Any) -> TurnForm:
    needs = [(need, need_word(need)) for need in seats.needs]
    return TurnForm(data, classes=[("", _("Any seat")), *seats.classes], needs=needs, **options)


def _page(request: HttpRequest, place: Turn, form: TurnForm | None = None, *, status: int = 200) -> HttpResponse:
    """Render the dialog of one place in line."""
    wish = {
        "class_code": place.device_class.code if place.device_class else "",
        "needs": place.needs,
        "minutes": place.minutes,
    }
    form = form or _form(_seats(place), initial=wish)
    context = {"tab": "desk", "branch": place.branch, "turn": place, "form": form, "back": way_back(request)}
    context |= {"story": turn_story(place, now=clock.now())}
    return render_page(request, PAGE, context, partial="dialog", status=status)
