"""The wall's lines of seats: per class how many are free or how long the wait is, and why."""

from datetime import datetime, timedelta
from itertools import groupby, islice

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from helpdesk import words
from helpdesk.registry import WallText
from reservations.board import seat_of
from reservations.models import Device
from reservations.models.policy import Access
from reservations.room import Room
from reservations.wait_words import wait_words
from reservations.waits import WaitClass, classes_in

# Why the first seat to come free is not free yet, by its state on the board.
UNTIL_THEN = {
    "use": gettext_lazy("in use until then"),
    "wait": gettext_lazy("booked until then"),
    "booked": gettext_lazy("booked until then"),
    "free": gettext_lazy("booked until then"),
    "class": gettext_lazy("class until then"),
    "clean": gettext_lazy("cleaned until then"),
    "out": gettext_lazy("out of service until then"),
}
ICONS = {"free": "clock", "class": "class"}


def class_lines(room: Room) -> list[WallText]:
    """Return a line per class of seats, in the room's order. Two queries."""
    return [_line(room, waits) for waits in classes_in(room)]


def _line(room: Room, waits: WaitClass) -> WallText:
    value, note, icon = _stands(room, waits)
    session = words.length(room.policy(waits.seats[0]).session)
    detail = _("%(seats)s, %(length)s") % {"seats": seat_words(waits.seats), "length": session}
    return WallText(icon, waits.device_class.name, detail, value, note, is_free=waits.state == "free")


def _stands(room: Room, waits: WaitClass) -> tuple[str, str, str]:
    """Return how long from now, why or what to do, and the icon."""
    if waits.state == "closed":
        return _closed(room)
    if waits.state == "free":
        said = ngettext("%(count)d free", "%(count)d free", waits.free) % {"count": waits.free}
        return said, _how(room, waits.seats[0]), "lamp"
    if waits.low is not None and waits.high is not None and waits.state == "line":
        before = ngettext("%(count)d waiting", "%(count)d waiting", waits.waiting) % {"count": waits.waiting}
        return wait_words((waits.low, waits.high)), before if waits.waiting else _("nobody before you"), "seat"
    if waits.state == "later":
        return _another_day(room)
    found = [(moment, device) for device in waits.seats if (moment := _next_free(room, device))]
    if not found:
        return _("out of service"), _("ask at the desk"), "out"
    moment, device = min(found, key=lambda pair: pair[0])
    return _later(room, moment, seat_of(room, device, room.rows.get(device.pk, [])).state)


def _closed(room: Room) -> tuple[str, str, str]:
    """Return when it opens; shortly before closing, when the computers have stopped, the next day."""
    if room.calendar.span_at(room.now):
        return _another_day(room)
    opens = room.calendar.next_opening(room.now)
    return _("closed"), _("opens %(time)s") % {"time": words.moment(opens, room.now)} if opens else "", "lock"


def _another_day(room: Room) -> tuple[str, str, str]:
    """Return the first opening of another day: today's seats are all spoken for."""
    today = room.calendar.branch_day(room.now)
    starts = (start for start, _end in room.calendar.spans_from(room.now) if room.calendar.branch_day(start) != today)
    opens = next(starts, None)
    value = _("from %(time)s") % {"time": words.moment(opens, room.now)} if opens else _("not today")
    return value, _("no more today"), "clock"


def _how(room: Room, device: Device) -> str:
    """Return what somebody does to get a free seat of this class."""
    rule = room.branch.policy.rule_for(device.device_class_id)
    if rule.walk_up_only:
        return _("sit down now")
    return _("start at the kiosk") if rule.access == Access.ANYONE else _("ask at the kiosk")


def _later(room: Room, moment: datetime, state: str) -> tuple[str, str, str]:
    value = _("from %(time)s") % {"time": words.moment(moment, room.now)}
    return value, str(UNTIL_THEN[state]), ICONS.get(state, "seat")


def _next_free(room: Room, device: Device) -> datetime | None:
    """Return the first moment from now at which anybody could sit down at `device`."""
    gap = timedelta(minutes=room.branch.policy.gap_minutes)
    ends = [end for row in room.rows.get(device.pk, []) if row.end for end in (row.end, row.end + gap)]
    openings = [start for start, _end in islice(room.calendar.spans_from(room.now), 2)]
    later = sorted(moment for moment in {*ends, *openings} if moment > room.now)
    return next((moment for moment in later if room.minutes(device, moment)), None)


def seat_words(devices: list[Device]) -> str:
    """Return "Seat 12", "Seats 10 and 11", "Seats 1 to 5 and 8": labels that count on are said as a range."""
    labels = [device.label for device in devices]
    if len(labels) == 1:
        return devices[0].said
    numbers = sorted(int(label) for label in labels if label.isdigit())
    parts = [label for label in labels if not label.isdigit()]
    runs = groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0])
    said = [part for _key, run in runs for part in _run([number for _place, number in run])] + parts
    if len(said) == 1:
        return _("Seats %(seats)s") % {"seats": said[0]}
    return _("Seats %(seats)s and %(last)s") % {"seats": ", ".join(said[:-1]), "last": said[-1]}


def _run(numbers: list[int]) -> list[str]:
    """Return "1 to 5" for three numbers or more, else each by itself."""
    if len(numbers) < 3:
        return [str(number) for number in numbers]
    return [_("%(first)d to %(last)d") % {"first": numbers[0], "last": numbers[-1]}]
