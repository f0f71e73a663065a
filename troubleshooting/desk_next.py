"""The brass bar of the desk: the most urgent true thing, why, and the buttons that deal with it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.urls import reverse
from django.utils.translation import gettext as _

from helpdesk import words
from reservations.public import Board, DeskLine, DeskRow, Seat, ToTell
from troubleshooting.cards import place_of
from troubleshooting.models import Ticket
from troubleshooting.text import short
from troubleshooting.worklist import Card


@dataclass(frozen=True)
class Act:
    """A quieter way beside the brass one: a POST to `url`, or a link to `href`."""

    verb: str
    url: str = ""
    key: str = ""
    href: str = ""


@dataclass(frozen=True)
class Next:
    """The one brass sentence of the page: what, why, and a button that posts to `url` or leads to `href`."""

    what: str
    why: str
    verb: str
    url: str = ""
    href: str = ""
    key: str = "n"
    target: str = ""
    to: str = ""
    others: tuple[Act, ...] = ()
    fields: tuple[tuple[str, Any], ...] = ()  # hidden fields of the POST
    more: str = ""  # template with more ways, about `ticket`
    ticket: Ticket | None = None
    turn_id: int | None = None  # the number in line and the seat that it concerns carry the lamp too
    seat_id: int | None = None


def next_thing(
    calls: list[Card], late: list[Card], to_tell: list[ToTell], room: Board, line: DeskLine, now: datetime
) -> Next | None:
    """Return the most urgent true thing, or nothing; `late` is what waits at reference longer than promised.

    In this order: help that is late, one's own question that took longer than its box (asked once), a number whose seat
    is free or held, help, what is late at reference, someone to tell, a check-in due.
    """
    waiting = [card for card in calls if card.is_free]
    help_first = min(waiting, key=lambda card: (card.ticket.opened_at, card.ticket.pk), default=None)
    if help_first and help_first.is_late:
        return _help(help_first)
    if over := next((card for card in calls if card.mine and card.box_is_over), None):
        return _box(over)
    if line.next:
        return _call(line.next, room)
    if help_first:
        return _help(help_first)
    if late:
        return _late(late[0])
    if to_tell:
        return _tell(to_tell[0], now)
    return _check_in_due(room)


def _help(card: Card) -> Next:
    asked = _("Asked for help {minutes} ago.").format(minutes=words.length(card.waited_minutes))
    if card.waited_minutes == 0:
        asked = _("Asked for help just now.")
    if card.owner_off:
        asked = _("Its owner is off today.")
    return Next(
        what=place_of(card.ticket),
        why=f"{asked} {short(card.ticket.title)}",
        verb=_("Take it"),
        url=reverse("desk-take", args=[card.ticket.pk]),
        target="#board",
    )


def _box(card: Card) -> Next:
    """Return the question that is asked once of one's own work: solved, keep on, hand over, a one-to-one?"""
    ticket, worked = card.ticket, words.length(card.worked_minutes)
    page = reverse("desk-question", args=[ticket.pk])
    return Next(
        what=place_of(ticket),
        why=_("Worked {minutes}. Solved, keep on, hand over, or book a one-to-one?").format(minutes=worked),
        verb=_("Solved"),
        url=reverse("desk-finish", args=[ticket.pk]),
        target="#board",
        fields=(("do", "save"), ("version", ticket.version)),
        others=(Act(_("Keep on"), reverse("desk-keep-on", args=[ticket.pk])), Act(_("Hand over"), href=page)),
        more="troubleshooting/one_to_one_link.html",
        ticket=ticket,
    )


def _late(card: Card) -> Next:
    """Return a hand-over that reference has not answered: reference and the managers were told again."""
    late = words.length(card.minutes_late or 0)
    return Next(
        what=place_of(card.ticket),
        why=_("Waits for reference {minutes} longer than promised.").format(minutes=late),
        verb=_("Open"),
        href=reverse("desk-question", args=[card.ticket.pk]),
    )


def _call(row: DeskRow, room: Board) -> Next:
    """Return the call of a number: to its seat, or again while the seat is held, with the ways past it."""
    number, pk = row.turn.number, row.turn.pk
    waited = _("Waiting {minutes}.").format(minutes=words.length(row.row.waited))
    skip = Act(_("Skip"), reverse("turn-skip", args=[pk]), "x")
    call_url = reverse("turn-call", args=[pk])
    others: tuple[Act, ...] = (skip,)
    if row.is_called:
        held = _("Held until {time}.").format(time=row.held_until)
        sits = Act(_("Sits down"), reverse("turn-seat", args=[pk]))
        why, verb, others = f"{held} {waited}", _("Call again"), (sits, skip)
    else:
        until = _free_until(row, room)
        free = _("Free {until}.").format(until=until) if until else ""
        why, verb = f"{free} {waited}".strip(), _("Call {number}").format(number=number)
    return Next(
        number,
        why,
        verb,
        to=row.seat,
        url=call_url,
        key="c",
        target="#board",
        others=others,
        turn_id=pk,
        seat_id=row.seat_id,
    )


def _free_until(row: DeskRow, room: Board) -> str:
    """Return what the board says of a free seat: "until 15:30"."""
    seats = (seat for zone in room.zones for seat in zone.seats)
    here = next((seat for seat in seats if row.row.seat and seat.device.pk == row.row.seat.pk), None)
    return here.detail if here and here.state == "free" else ""


def _tell(call: ToTell, now: datetime) -> Next:
    booked = call.booking
    return Next(
        what=_("Tell {who}").format(who=booked.who),
        why=_told(call, now),
        verb=_("Told"),
        url=reverse("call-done", args=[call.pk]),
        target="#board",
    )


def _told(call: ToTell, now: datetime) -> str:
    """Return what the person is told: the seat is gone, is another one, or is needed by somebody."""
    seat, at = call.booking.device.said, words.moment(cast(datetime, call.booking.booked_period.lower), now)
    if call.why == "moved":
        return _("At {time} the seat is {seat} now.").format(seat=seat, time=at)
    if call.why == "room" and call.booking.end:
        until = words.moment(call.booking.end, now)
        return _("At {seat}: somebody needs this seat, until {time}.").format(seat=seat, time=until)
    if call.why == "goes_on" and call.booking.end:
        return _("They go on at {seat}, until {time}.").format(seat=seat, time=words.moment(call.booking.end, now))
    if call.why == "lacks":
        return _("{seat} at {time} lacks something they asked for.").format(seat=seat, time=at)
    if call.why == "back" and call.back_at:
        return _("{seat} is back, {time} is free again.").format(seat=call.back_at.said, time=at)
    return _told_of_hours(call, seat, at, now)


def _told_of_hours(call: ToTell, seat: str, at: str, now: datetime) -> str:
    """Return what other hours of the day did to the booking; what a fault took away is out of service."""
    if call.why == "sooner" and call.booking.end:
        until = words.moment(call.booking.end, now)
        return _("{seat} at {time} ends at {until}: the library is closed then.").format(
            seat=seat, time=at, until=until
        )
    if call.why == "again":
        return _("{seat} at {time} stands as it was.").format(seat=seat, time=at)
    if call.booking.displaced_by is None:
        return _("{seat} at {time} is cancelled: the library is closed then.").format(seat=seat, time=at)
    if call.booking.displaced_by.device is None:
        why = call.booking.displaced_by.note.rstrip(".")
        return _("{seat} at {time} is cancelled: {why}.").format(seat=seat, time=at, why=why)
    return _("{seat} at {time} is cancelled: out of service.").format(seat=seat, time=at)


def _check_in_due(room: Board) -> Next | None:
    due = [seat for zone in room.zones for seat in zone.seats if seat.state == "wait" and seat.current]
    first = min(due, key=_by, default=None)
    if first is None:
        return None
    why = _("Check-in due {by}: {who}.").format(by=first.detail, who=first.extra)
    return Next(what=first.device.said, why=why, verb=_("Open"), href=first.url)


def _by(seat: Seat) -> datetime:
    assert seat.current is not None
    return cast(datetime, seat.current.check_in_by or seat.current.start)
