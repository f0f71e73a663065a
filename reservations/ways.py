"""What works instead of what was refused: ways out as data, the best first, each one tap away."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helpdesk import words
from reservations.availability import NowOption, Offer, nearest, room_for_days
from reservations.kiosk_needs import said_needs
from reservations.models import Booking, Branch, Patron, Turn
from reservations.my_turn import BACK, MyTurn
from reservations.room import Room
from reservations.way_in import WayIn, now_for

NO_OFFER = {"blocked", "staff_book", "no_guests", "trust_used_up"}  # no time would work
ONLY_NOW = {"too_many", "walk_up_patron", "missed", "no_ahead", "seats_free"}  # no booking ahead would work
FOR_THE_LINE = {"line", "line_waits", "someone_waits", "in_line", "not_called", "offer_over"}
OFFERS = 3
DAY = timedelta(days=1)
SOON = timedelta(hours=1)


@dataclass(frozen=True)
class Way:
    """One way: `title` and `detail` on the card, `verb` on the button. With `fields` a form, without a link.

    Where not `works`, it leads on and gives no seat.
    """

    title: str
    detail: str
    verb: str
    icon: str
    url: str
    fields: dict[str, Any] | None = None
    works: bool = True


@dataclass(frozen=True)
class Ask:
    """What was asked for at the kiosk: `minutes` from `start`, None: now and as long as it goes.

    `turn` is the place in line that the patron has or may take again, `class_code` what a new one would be for.
    """

    branch: Branch
    patron: Patron
    now: datetime
    start: datetime | None = None
    minutes: int | None = None
    needs: frozenset[str] = frozenset()
    turn: MyTurn | None = None
    class_code: str = ""

    @property
    def is_in_line(self) -> bool:
        return self.turn is not None and self.turn.is_open

    @property
    def ends_line(self) -> str:
        """Return what sitting down now does to the patron's place in line, '' where that is nothing."""
        here = self.turn is not None and self.turn.is_open and self.turn.turn.branch_id == self.branch.pk
        return _("Your place in line ends.") if here else ""

    @property
    def is_soon(self) -> bool:
        """Return whether the line may bring a seat sooner than the time that was asked for, or about then."""
        return self.start is None or self.start <= self.now + SOON

    @property
    def at_once(self) -> bool:
        return self.start is None or self.start <= self.now


def ways_of(ask: Ask, codes: Iterable[str]) -> list[Way]:
    """Return up to three ways that would be accepted, the best first, one tap each; none where no time would work."""
    codes = set(codes)
    if codes & NO_OFFER:
        return []
    only_now = bool(codes & ONLY_NOW)
    offers = [] if only_now and not ask.at_once else _offers(ask)
    if only_now:
        offers = [offer for offer in offers if offer.slot.start <= ask.now]
    room = room_for_days(ask.branch, now=ask.now, patron=ask.patron, needs=ask.needs)
    here = now_for(room, ask.patron, class_code=ask.class_code, is_in_line=ask.is_in_line)
    given = {offer.device.pk for offer in offers}
    seats = [option for option in here.free.options if here.works and option.device.pk not in given]
    line = _line_ways(ask, here.line, sits=_sits(room))
    return _ranked(ask, codes, [offer_way(offer, ask) for offer in offers], [now_way(s, ask) for s in seats], line)


def _sits(room: Room) -> bool:
    """Return whether the room's patron sits somewhere now."""
    return room.mine is not None and any(not busy.over and busy.start <= room.now for busy in room.mine.busy)


def _line_ways(ask: Ask, line: WayIn | None, *, sits: bool) -> list[Way]:
    """Return the way to one's place in line, back to it, or into the line."""
    if ask.turn and ask.turn.is_open:
        return [place_way(ask.turn)]
    if ask.turn and ask.turn.state in BACK and not sits:
        return [rejoin_way(ask.turn.turn)]
    return [line_way(line, ask.needs)] if line else []


def _ranked(ask: Ask, codes: set[str], offers: list[Way], seats: list[Way], line: list[Way]) -> list[Way]:
    """Return the best way, then one of each other kind, then more of the same."""
    if codes & FOR_THE_LINE and line:
        first, rest = line, [*seats[:1], *offers]
    elif offers:
        first, rest = offers[:1], [*seats[:1], *(line if ask.is_soon else []), *offers[1:]]
    else:
        first, rest = [], [*seats, *line]
    return [*first, *rest][:OFFERS]


def _offers(ask: Ask) -> list[Offer]:
    policy = ask.branch.policy
    session = policy.guest_session_minutes if ask.patron.is_guest else policy.session_minutes
    return nearest(
        ask.branch,
        around=_within(max(ask.start or ask.now, ask.now), ask.now + policy.horizon_days * DAY),
        minutes=min(ask.minutes or session, session),
        now=ask.now,
        patron=ask.patron,
        limit=OFFERS,
        needs=ask.needs,
    )


def _within(start: datetime, last: datetime) -> datetime:
    """Return `start`, a day after that of `last` as the same time of that day."""
    asked, day = timezone.localtime(start), _on(last)
    return start if asked.date() <= day else timezone.make_aware(datetime.combine(day, asked.time()))


def offer_way(offer: Offer, ask: Ask) -> Way:
    """Return the way to a slot that works: one tap books it."""
    slot, seat = offer.slot, offer.device
    at_once = slot.start <= ask.now
    length = words.length(slot.minutes)
    span = {"start": words.clock(slot.start), "end": words.clock(slot.end)}
    said = {"day": capfirst(words.day(_on(slot.start), _on(ask.now))), "seat": seat.label, "length": length}
    fields = {"kind": "now" if at_once else "later", "device": seat.pk, "minutes": slot.minutes}
    return Way(
        title=_("%(start)s to %(end)s") % span,
        detail=_joined(_("%(day)s, seat %(seat)s, for %(length)s") % said, ask.ends_line if at_once else ""),
        verb=_("Sit down now") if at_once else _("Book %(length)s") % {"length": length},
        icon="lamp" if at_once else "calendar",
        url=reverse("kiosk-book"),
        fields=_sent(ask, fields if at_once else {**fields, "start": slot.start.isoformat()}),
    )


def now_way(option: NowOption, ask: Ask) -> Way:
    """Return the way to a seat that is free now."""
    said = {
        "length": words.length(option.minutes),
        "time": words.clock(option.until),
        "kind": option.device.device_class,
    }
    return Way(
        title=_("Seat %(seat)s now") % {"seat": option.device.label},
        detail=_joined(_("%(kind)s, %(length)s, until %(time)s") % said, ask.ends_line),
        verb=_("Sit down now"),
        icon="quick",
        url=reverse("kiosk-book"),
        fields=_sent(ask, {"kind": "now", "device": option.device.pk}),
    )


def more_way(booking: Booking, minutes: int) -> Way:
    """Return the way to the fewer minutes by which a session can still be made longer."""
    assert booking.end is not None
    more = ngettext("%(count)d more minute", "%(count)d more minutes", minutes) % {"count": minutes}
    said = {"seat": booking.device.label, "time": words.clock(booking.end + timedelta(minutes=minutes))}
    return Way(
        title=more,
        detail=_("Seat %(seat)s, until %(time)s") % said,
        verb=more,
        icon="hourglass",
        url=reverse("kiosk-extend", args=[booking.pk]),
        fields={"minutes": minutes},
    )


def _joined(detail: str, more: str) -> str:
    return f"{detail}. {more}" if more else detail


def place_way(mine: MyTurn) -> Way:
    """Return the way to one's own place in line."""
    return Way(
        title=_("Number %(number)s") % {"number": mine.turn.number},
        detail=capfirst(mine.wait),
        verb=_("To my seat") if mine.is_called else _("See my place"),
        icon="seat" if mine.is_called else "slip",
        url=reverse("kiosk-turn", args=[mine.turn.pk]),
    )


def line_way(line: WayIn, needs: frozenset[str]) -> Way:
    """Return the way into the line."""
    return Way(
        title=capfirst(line.wait),
        detail=_("In the line, %(count)d waiting") % {"count": line.waiting},
        verb=_("Take a number"),
        icon="slip",
        url=reverse("kiosk-line"),
        fields={
            "needs": said_needs(needs),
            "class_code": line.kind.code if line.kind else "",
            "request_key": uuid4(),
        },
    )


def rejoin_way(turn: Turn) -> Way:
    """Return the way back to a place in line whose call was missed, or that was left."""
    return Way(
        title=_("Number %(number)s") % {"number": turn.number},
        detail=_("Your place in the line, before those who came after you"),
        verb=_("Take your place again"),
        icon="undo",
        url=reverse("kiosk-turn-rejoin", args=[turn.pk]),
        fields={"request_key": uuid4()},
    )


def _sent(ask: Ask, fields: dict[str, Any]) -> dict[str, Any]:
    return {**fields, "needs": said_needs(ask.needs), "request_key": uuid4()}


def _on(moment: datetime) -> date:
    return timezone.localtime(moment).date()
