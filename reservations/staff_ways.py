"""Ways out of what the desk was refused: fewer minutes, another seat, the next moment of the line, then a person."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helpdesk import registry, words
from helpdesk.actor import Actor
from reservations.availability import free_in, room_for_days
from reservations.booking.override import may_lift
from reservations.desk_line import DeskRow
from reservations.lineup import row_of
from reservations.models import Booking, Turn
from reservations.rules.extending import fitting
from reservations.rules.problem import Problem

SEAT_CODES = {"taken", "least_left", "out"}
ENDED = {"over"}
LINE_CODES = {"no_seat", "nobody_else", "not_called", "nobody_waits"}


@dataclass(frozen=True)
class StaffWay:
    """One way: `verb` on a button that sends `fields` to `url`; a link without fields, a sentence without `url`."""

    verb: str
    url: str = ""
    detail: str = ""
    fields: dict[str, Any] = field(default_factory=dict)


def longer(booking: Booking, problems: Sequence[Problem], asked: dict[str, Any], by: Actor) -> list[StaffWay]:
    """Return the one tap that makes a session longer by what still fits; none where nothing worth having does.

    `asked` is what was refused: `minutes`, `reason`, `override`. What its reason lifts does not count against it.
    """
    given = asked["override"] or (asked["reason"] if asked["minutes"] else "")
    standing = [problem for problem in problems if not (given and may_lift(problem, by))]
    minutes = fitting(standing)
    if not minutes or minutes == asked["minutes"]:
        return []
    reason = given or asked["reason"] or _("As long as fits")
    verb = ngettext("%(count)d more minute", "%(count)d more minutes", minutes) % {"count": minutes}
    return [StaffWay(verb, reverse("booking-extend", args=[booking.pk]), fields={"minutes": minutes, "reason": reason})]


def another_seat(booking: Booking, problems: Sequence[Problem], now: datetime) -> list[StaffWay]:
    """Return the way to the seat of the same class that is free longest now, else to the form for that class."""
    if SEAT_CODES.isdisjoint(problem.code for problem in problems):
        return []
    branch, kind = booking.branch, booking.device.device_class
    free = free_in(room_for_days(branch, now=now, by_staff=True)).options
    seat = next((option for option in free if option.device.device_class_id == kind.pk), None)
    form = reverse("book-for", args=[branch.slug])
    if seat is None:
        return [StaffWay(_("Book another %(kind)s") % {"kind": kind}, f"{form}?{urlencode({'class': kind.code})}")]
    said = _("free until %(time)s") % {"time": words.clock(seat.until)}
    return [StaffWay(_("Book %(seat)s") % {"seat": seat.device.said}, f"{form}?seat={seat.device.pk}", said)]


def in_line(place: Turn, problems: Sequence[Problem], back: str, now: datetime) -> list[StaffWay]:
    """Return what can be done with a place in line: seat whom is called, or when its seat is expected."""
    if LINE_CODES.isdisjoint(problem.code for problem in problems):
        return []
    row = DeskRow(row_of(place, 1, now), now)
    if row.is_called:
        verb = _("Seat %(number)s at %(seat)s") % {"number": place.number, "seat": row.seat}
        return [StaffWay(verb, reverse("turn-seat", args=[place.pk]), row.about, {"number": place.number})]
    known = row.row.low is not None
    expected = _("A seat is expected: %(when)s.") % {"when": row.about} if known else _("No seat is in sight yet.")
    return [StaffWay(_("Back to the line"), back, expected)]


def person(problems: Sequence[Problem], by: Actor) -> StaffWay | None:
    """Return the last way: a manager where one may lift what `by` may not, else those who answer questions.

    None where there is nothing to ask: what has ended has ended.
    """
    if all(problem.code in ENDED for problem in problems):
        return None
    theirs = [problem for problem in problems if problem.lift_by == "manager" and not may_lift(problem, by)]
    if theirs:
        return StaffWay(_("Ask a manager: they may lift “%(rule)s”.") % {"rule": theirs[0].rule})
    desk = next((entry for entry in registry.menu_for(by.role) if entry.key == "desk"), None)
    asks = f"{reverse(desk.url_name)}#ask" if desk else ""
    return StaffWay(_("Ask the reference desk or IT: log a question"), asks)
