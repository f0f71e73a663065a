"""A patron's own bookings at the kiosk: the confirmation, the list, check in, finish, cancel."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

from django.http import HttpResponse
from django.utils.translation import gettext as _

from helpdesk import clock, live
from reservations.booking.ahead import cancel as cancel_booking
from reservations.booking.family import beside, chosen, may_bring, needs_the_adult
from reservations.booking.seat import check_in as check_in_booking
from reservations.booking.seat import finish as finish_booking
from reservations.kept_out import is_held_back, kept_out
from reservations.kiosk_request import KioskRequest, actor_at, is_poll, kiosk_view, patron_of, render_step, see_other
from reservations.mine import Mine, booking_of, family_bookings, mine_of, my_bookings
from reservations.models import Booking
from reservations.my_turn import BACK, open_turn
from reservations.plan import plan_of
from reservations.reseating import elsewhere_ways, instead_of, lost_of
from reservations.rules.problem import Problem, Refused
from reservations.scopes import board_scope
from reservations.session import just_left, session_of
from reservations.sitting_down import why_not_now
from reservations.staffing import devices_of
from reservations.views.kiosk_refusal import refusal, refusal_of_mine

MINE = "reservations/kiosk_mine.html"
LOST = 2  # bookings that were taken away, each with three other ways: more would hide the rest
BOTH = "both"  # the button that does the same to the seat beside one's own
MINUTE = timedelta(minutes=1)
WAITING = {"too_early", "other_branch"}  # the booking stands: its time or its place is another


@kiosk_view("GET", needs_patron=True)
def booked(request: KioskRequest, pk: int) -> HttpResponse:
    """Say which seat it is, until when, where it stands and what to do next; with the slip to print."""
    now = clock.now()
    mine = mine_of(booking_of(patron_of(request), pk), now)
    if mine is None:
        return see_other("kiosk-mine")
    device = mine.booking.device
    plan = plan_of(device, devices_of(mine.booking.branch), request.kiosk.beside_id)
    context = {"mine": mine, "booking": mine.booking, "seat": device, "plan": plan}
    context["may_bring"] = may_bring(mine.booking, now)
    context["is_held"] = mine.state != "running" and is_held_back(mine.booking, patron_of(request))
    return render_step(request, "reservations/kiosk_booked.html", context, now=now)


@kiosk_view("GET", needs_patron=True)
def mine(request: KioskRequest) -> HttpResponse:
    """The bookings, the running session and the place in line that this patron can still do something with."""
    now, branch, patron = clock.now(), request.kiosk.branch, patron_of(request)
    found, family = my_bookings(patron, now), family_bookings(patron, now)
    watch = live.watch(*{board_scope(row.booking.branch_id) for row in [*found, *family]} | {board_scope(branch.pk)})
    running = next((row.booking for row in found if row.state == "running"), None)
    session = session_of(running, patron, now) if running else None
    why, turn = why_not_now(found, branch, patron, now), open_turn(patron, now)
    context = {
        "rows": [(row, why.get(row.booking.pk)) for row in found if row.state != "running"],
        "session": session,
        "family": family,
        "with_whom": _with_whom(found, family),
        "both_sit": any(row.state == "running" for row in family),
        "kept": kept_out(patron, branch, now),
        "held": {row.booking.pk for row in found if is_held_back(row.booking, patron)},
        "turn": None if turn and session and turn.state in BACK else turn,
        "left": None if session else just_left(patron, now),
        "lost": [(row, instead_of(row, now)) for row in lost_of(patron, now)[:LOST]],
        "request_key": uuid4(),
        "done": said_done(request.GET.get("done", "")),
        "live": watch.signed(now + MINUTE if session else None, now),
    }
    return render_step(request, MINE, context, now=now, partial="mine" if is_poll(request) else None)


def _with_whom(found: list[Mine], family: list[Mine]) -> set[int]:
    """Return the bookings of `found` to which somebody of the `family` can sit down together with the patron."""
    due = [mate.booking for mate in family if mate.state == "due"]
    return {
        row.booking.pk
        for row in found
        if any(mate.branch_id == row.booking.branch_id and _at_one_time(mate, row.booking) for mate in due)
    }


def _at_one_time(one: Booking, other: Booking) -> bool:
    return one.end is not None and other.end is not None and one.start < other.end and other.start < one.end


def said_done(what: str) -> str:
    """Return the sentence for what was just done; '' for anything unknown."""
    sentences = {
        "finished": _("Thank you. Your seat is free again."),
        "cancelled": _("Your booking is cancelled."),
        "extended": _("You have more time now."),
        "landed": _("You have time to finish. Save your work as you go."),
        "left": _("You have left the line. Somebody else moves up."),
        "removed": _("Your number was taken out of the line. Ask at the desk."),
        "closed": _("The line has ended for today."),
    }
    return sentences.get(what, "")


@kiosk_view("GET", "POST", needs_patron=True)
def cancel(request: KioskRequest, pk: int) -> HttpResponse:
    """Ask once more, then cancel: it cannot be taken back."""
    booking = booking_of(patron_of(request), pk)
    if request.method != "POST":
        with_them = beside(booking)
        stays = not any(needs_the_adult(row) for row in with_them)
        context = {"booking": booking, "seat": booking.device, "with_them": with_them, "may_stay": stays}
        return render_step(request, "reservations/kiosk_cancel.html", context, now=clock.now())
    return _done(request, cancel_booking, booking, "cancelled")


@kiosk_view("POST", needs_patron=True)
def finish(request: KioskRequest, pk: int) -> HttpResponse:
    """Give the seat back before its time is up."""
    return _done(request, finish_booking, booking_of(patron_of(request), pk), "finished")


def _done(request: KioskRequest, verb: Callable[..., Booking], booking: Booking, done: str) -> HttpResponse:
    now = clock.now()
    try:
        chosen(verb, booking, both=BOTH in request.POST)(booking=booking, by=actor_at(request), now=now)
    except Refused as refused:
        return refusal_of_mine(request, refused.problems, now=now)
    return see_other("kiosk-mine", done=done)


@kiosk_view("POST", needs_patron=True)
def check_in(request: KioskRequest, pk: int) -> HttpResponse:
    """Sit down to a booking, at a screen of its branch."""
    now = clock.now()
    booking = booking_of(patron_of(request), pk)
    try:
        if booking.branch_id != request.kiosk.branch_id:
            raise Refused(_elsewhere(booking))
        chosen(check_in_booking, booking, both=BOTH in request.POST)(booking=booking, by=actor_at(request), now=now)
    except Refused as refused:
        if "out" in refused.codes and booking.branch_id == request.kiosk.branch_id:
            ways = elsewhere_ways(booking, patron_of(request), now)
            return refusal_of_mine(request, refused.problems, now=now, ways=ways)
        if WAITING.isdisjoint(refused.codes):
            return refusal(request, refused.problems, now=now)
        return refusal_of_mine(request, refused.problems, now=now, booking=booking)
    return see_other("kiosk-booked", booking.pk)


def _elsewhere(booking: Booking) -> Problem:
    sentence = _("This seat is at %(branch)s. Sign in there.") % {"branch": booking.branch.name}
    return Problem("other_branch", sentence, _("Branch of the booking"), lift_by="")
