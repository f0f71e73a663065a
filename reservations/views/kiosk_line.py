"""The line at the kiosk: take a number, see one's place, sit down when called, leave, take a missed place again."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpResponse
from django.utils.translation import gettext as _

from helpdesk import clock, live
from reservations.booking.line import claim, join, leave, rejoin
from reservations.forms import UNREADABLE_CHOICE, JoinForm
from reservations.kiosk_request import KioskRequest, actor_at, is_poll, kiosk_view, patron_of, render_step, see_other
from reservations.models import Turn
from reservations.my_turn import claim_slot, my_turn, turn_of
from reservations.plan import plan_of
from reservations.rules.problem import Problem, Refused
from reservations.scopes import board_scope
from reservations.staffing import devices_of
from reservations.views.kiosk_refusal import refusal, refusal_of_place

TURN = "reservations/kiosk_turn.html"


@kiosk_view("POST", needs_patron=True)
def join_line(request: KioskRequest) -> HttpResponse:
    """Take a place in the line, for a seat with what the form names."""
    now, form = clock.now(), JoinForm(request.POST)
    try:
        if not form.is_valid():
            raise Refused(UNREADABLE_CHOICE)
        turn = _take(request, form, now, form.cleaned_data["request_key"])
        if turn.patron_id != patron_of(request).pk:  # the key is of somebody else's form
            turn = _take(request, form, now, uuid4())
    except Refused as refused:
        asked = {name: form.cleaned_data[name] for name in ("needs", "class_code") if name in form.cleaned_data}
        return refusal(request, refused.problems, now=now, **asked)
    return see_other("kiosk-turn", turn.pk)


def _take(request: KioskRequest, form: JoinForm, now: datetime, key: UUID) -> Turn:
    return join(
        branch_id=request.kiosk.branch_id,
        patron=patron_of(request),
        needs=form.cleaned_data["needs"],
        class_code=form.cleaned_data["class_code"],
        request_key=key,
        by=actor_at(request),
        now=now,
    )


@kiosk_view("GET", needs_patron=True)
def place(request: KioskRequest, pk: int) -> HttpResponse:
    """The torn number: where it stands, how long it takes, and once it is called the seat and the way there."""
    now, turn = clock.now(), turn_of(patron_of(request), pk)
    watch = live.watch(board_scope(turn.branch_id))
    mine = my_turn(turn, now)
    if turn.outcome == Turn.Outcome.SEATED and turn.offer_id:
        return _over(request, see_other("kiosk-booked", turn.offer_id))
    if mine.state in {"over", "left"}:
        return _over(request, see_other("kiosk-mine", done=turn.outcome))
    context: dict[str, Any] = {
        "mine": mine,
        "turn": turn,
        "claim": turn.branch.policy.claim_minutes,
        "live": watch.signed(mine.until, now),
    }
    if mine.is_called and mine.seat:
        plan = plan_of(mine.seat, devices_of(turn.branch), request.kiosk.beside_id)
        context |= {"seat": mine.seat, "plan": plan, "session": claim_slot(turn, now)}
    return render_step(request, TURN, context, now=now, partial="turn" if is_poll(request) else None)


def _over(request: KioskRequest, onward: HttpResponse) -> HttpResponse:
    """Lead on to what has come of the place; a page that asks by itself is led there as a whole."""
    if not is_poll(request):
        return onward
    return HttpResponse(status=204, headers={"HX-Redirect": onward.headers["Location"]})


@kiosk_view("POST", needs_patron=True)
def sit_down(request: KioskRequest, pk: int) -> HttpResponse:
    """Sit down on the seat that is held for one's number."""
    now, turn = clock.now(), turn_of(patron_of(request), pk)
    if turn.branch_id != request.kiosk.branch_id and turn.ended_at is None:
        return refusal_of_place(request, [_elsewhere(turn)], turn, now=now)
    try:
        booking = claim(turn=turn, by=actor_at(request), now=now)
    except Refused as refused:
        return _refused(request, refused, turn, now)
    return see_other("kiosk-booked", booking.pk)


def _elsewhere(turn: Turn) -> Problem:
    sentence = _("This seat is at %(branch)s. Sit down there.") % {"branch": turn.branch.name}
    return Problem("other_branch", sentence, _("Branch of the place in line"), lift_by="")


@kiosk_view("POST", needs_patron=True)
def leave_line(request: KioskRequest, pk: int) -> HttpResponse:
    """Leave the line; the next one moves up."""
    return _done(request, leave, pk, _left)


def _left(turn: Turn) -> HttpResponse:
    """Say that the line is left; where the place had ended otherwise before, show what has come of it."""
    if turn.outcome == Turn.Outcome.LEFT:
        return see_other("kiosk-mine", done="left")
    return see_other("kiosk-turn", turn.pk)


@kiosk_view("POST", needs_patron=True)
def rejoin_line(request: KioskRequest, pk: int) -> HttpResponse:
    """Take the place again whose call was missed, or that was just left."""
    return _done(request, rejoin, pk, lambda turn: see_other("kiosk-turn", turn.pk))


def _done(
    request: KioskRequest, verb: Callable[..., Turn], pk: int, onward: Callable[[Turn], HttpResponse]
) -> HttpResponse:
    now, turn = clock.now(), turn_of(patron_of(request), pk)
    try:
        return onward(verb(turn=turn, by=actor_at(request), now=now))
    except Refused as refused:
        return _refused(request, refused, turn, now)


def _refused(request: KioskRequest, refused: Refused, turn: Turn, now: datetime) -> HttpResponse:
    """Answer what could not be done with a place in line."""
    code = turn.device_class.code if turn.device_class else ""
    return refusal(request, refused.problems, now=now, needs=frozenset(turn.needs), class_code=code)
