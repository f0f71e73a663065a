"""The refusal of the kiosk: why not in numbers, what works instead, and a person as the last way."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from helpdesk import words
from reservations.availability import Offer, nearest
from reservations.booking.seat import EARLY
from reservations.kiosk_request import KioskRequest, patron_of, render_step
from reservations.models import Booking
from reservations.rules.problem import Problem

GONE = {"taken", "out", "gap", "no_seat"}  # somebody was quicker: 409, everything else is 422
NO_OFFER = {"blocked"}  # no time would work
ONLY_NOW = {"too_many", "walk_up_patron"}  # no booking ahead would work
OFFERS = 3


def refusal(
    request: KioskRequest,
    problems: Sequence[Problem],
    *,
    now: datetime,
    start: datetime | None = None,
    minutes: int | None = None,
) -> HttpResponse:
    """Answer a refused choice of `minutes` at `start` with its problems and the nearest slots that would work."""
    codes = {problem.code for problem in problems}
    if codes & ONLY_NOW:
        start = now
    offers = [] if codes & NO_OFFER else _nearest(request, now, start, minutes)
    if codes & ONLY_NOW:
        offers = [offer for offer in offers if offer.slot.start <= now]
    if codes == {"no_seat"} and any(_is_whole(offer, start, minutes) for offer in offers):
        problems = [Problem("start_required", _("Choose a time from the list."), _("Time"), lift_by="")]
    back = reverse("kiosk-mine" if "too_many" in codes else "kiosk-times")
    context = {"offers": [_said(offer, now) for offer in offers], "to_mine": "too_many" in codes}
    return _panel(request, problems, back, context, now)


def refusal_of_mine(
    request: KioskRequest, problems: Sequence[Problem], *, now: datetime, booking: Booking | None = None
) -> HttpResponse:
    """Answer what could not be done with one's own booking: no other seat is offered for it.

    With `booking` (a check-in that came too early, or at another branch) the panel says where and from when.
    """
    context = {"standing": _standing(booking, now) if booking else None, "is_mine": True}
    return _panel(request, problems, reverse("kiosk-mine"), context, now)


def _panel(
    request: KioskRequest, problems: Sequence[Problem], back: str, context: dict[str, Any], now: datetime
) -> HttpResponse:
    frame = {"problems": problems, "back_url": back, "here": back}
    status = 409 if {problem.code for problem in problems} & GONE else 422
    return render_step(request, "reservations/kiosk_refusal.html", {**frame, **context}, now=now, status=status)


def _is_whole(offer: Offer, start: datetime | None, minutes: int | None) -> bool:
    """Return whether the offer is all that was asked for, so that nothing was full."""
    return offer.slot.start == start and offer.slot.minutes >= (minutes or 0)


def _standing(booking: Booking, now: datetime) -> dict[str, Any]:
    """Return from when, on which day and where the booked seat can be sat down to."""
    early = booking.start - EARLY
    at = early if early > now else booking.start
    on, today = timezone.localtime(at).date(), timezone.localtime(now).date()
    said = {"day": capfirst(words.day(on, today)), "seat": booking.device.label, "branch": booking.branch.name}
    return {"title": words.clock(at), "detail": _("%(day)s, seat %(seat)s, %(branch)s") % said}


def _nearest(request: KioskRequest, now: datetime, start: datetime | None, minutes: int | None) -> list[Offer]:
    branch, patron = request.kiosk.branch, patron_of(request)
    policy = branch.policy
    session = policy.guest_session_minutes if patron.is_guest else policy.session_minutes
    last = now + timedelta(days=policy.horizon_days)
    return nearest(
        branch,
        around=min(max(start or now, now), last),
        minutes=min(minutes or session, session),
        now=now,
        patron=patron,
        limit=OFFERS,
    )


def _said(offer: Offer, now: datetime) -> dict[str, Any]:
    """Return an offer as the panel shows it: one tap books it."""
    slot, seat = offer.slot, offer.device
    at_once = slot.start <= now
    length = words.length(slot.minutes)
    span = {"start": words.clock(slot.start), "end": words.clock(slot.end)}
    on, today = timezone.localtime(slot.start).date(), timezone.localtime(now).date()
    said = {"day": capfirst(words.day(on, today)), "seat": seat.label, "length": length}
    fields = {"kind": "now" if at_once else "later", "device": seat.pk, "minutes": slot.minutes, "request_key": uuid4()}
    return {
        "title": _("%(start)s to %(end)s") % span,
        "detail": _("%(day)s, seat %(seat)s, for %(length)s") % said,
        "verb": _("Sit down now") if at_once else _("Book %(length)s") % {"length": length},
        "icon": "lamp" if at_once else "calendar",
        "url": reverse("kiosk-book"),
        "fields": fields if at_once else {**fields, "start": slot.start.isoformat()},
    }
