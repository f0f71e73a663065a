"""Reads of the room board: every seat in one of seven states, as it is at a moment."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import chain

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helpdesk import words
from reservations.board_rows import BoardRow, ToTell, read_board
from reservations.calendar import Calendar
from reservations.calendars import calendar_of
from reservations.day_notice import notice_of
from reservations.facts import busy_rows
from reservations.models import Branch, Device
from reservations.models.booking import OUT, Kind, TimelineRow
from reservations.models.calls import CallWhy
from reservations.offers_back import stale_offers
from reservations.room import Room, devices_in_order

SOON = timedelta(minutes=30)  # "Booked soon" starts so long before (design.md section 3)
RIBBON = 120  # minutes that the ribbon shows
LEVEL = 60  # minutes of a full spine
SHORT = 5  # minutes left that carry a warning
PLATE = 3  # figures that fit the plate; of letters one fewer


@dataclass(frozen=True)
class Bar:
    kind: str
    x: int
    width: int


@dataclass(frozen=True)
class Seat:
    """What a seat's label shows; `current` is the row that gives it its state."""

    device: Device
    state: str
    word: str
    icon: str
    detail: str
    extra: str
    ribbon: list[Bar] = field(default_factory=list)
    level: int = 0
    current: TimelineRow | None = None
    url: str = ""
    short: bool = False  # little time is left

    @property
    def lacks(self) -> str:
        """What is broken here while the rest works: "No printing"."""
        return self.device.lacking

    @property
    def number(self) -> str:
        return self.device.label

    @property
    def is_named(self) -> bool:
        """Whether what it is called is too long for the plate on its spine."""
        return len(self.number) > (PLATE if self.device.is_seat else PLATE - 1)


@dataclass(frozen=True)
class Zone:
    """An area of the room with its seats in order, and its machines."""

    name: str
    hint: str
    seats: list[Seat]


@dataclass(frozen=True)
class Machine:
    device: Device
    icon: str
    word: str
    is_out: bool
    url: str = ""


@dataclass(frozen=True)
class Board:
    zones: list[Zone]
    machines: list[Machine]
    free: int
    seats: int
    next_change_at: datetime
    calendar: Calendar
    opens_at: datetime | None
    closes_at: datetime | None
    to_tell: list[ToTell]
    notice: str = ""  # of a day that is not as usual, today or soon


MACHINE_ICONS = {"printer": "printer", "release_station": "printer", "scanner": "studio", "network": "wifi"}


def board(branch: Branch, *, now: datetime, seat_url: str = "", calendar: Calendar | None = None) -> Board:
    """Return the branch's room as it is at `now`; `seat_url` names the page a seat opens.

    Two queries, and one more where the branch's `calendar` is not given, or where first choices are offered back.
    """
    devices = list(devices_in_order(branch))
    rows, to_tell = read_board(branch, devices, now=now, end=now + timedelta(days=1))
    busy = {pk: busy_rows(pk, mine, now) for pk, mine in rows.items()}
    room = Room(branch, calendar or calendar_of(branch.pk), devices, {}, now, busy=busy)
    zones, machines = _placed(room, rows, seat_url)
    seats = [seat for zone in zones for seat in zone.seats]
    span = room.calendar.span_at(now)
    return Board(
        zones=zones,
        machines=machines,
        free=sum(1 for seat in seats if seat.state == "free"),
        seats=len(seats),
        next_change_at=next_change(chain.from_iterable(rows.values()), now),
        calendar=room.calendar,
        opens_at=None if span else room.calendar.next_opening(now),
        closes_at=span[1] if span else None,
        to_tell=_true(to_tell, room),
        notice=notice_of(room.calendar, now),
    )


def _true(calls: list[ToTell], room: Room) -> list[ToTell]:
    """Return the calls without offers of a first choice that cannot be given back any more."""
    back = [call for call in calls if call.why == CallWhy.BACK]
    gone = stale_offers(back, room.calendar, room.branch.policy.stop_minutes, now=room.now)
    return [call for call in calls if call.why != CallWhy.BACK or call.booking.pk not in gone]


def _placed(room: Room, rows: dict[int, list[BoardRow]], seat_url: str) -> tuple[list[Zone], list[Machine]]:
    """Return the seats by area and the machines, both in the room's order."""
    zones: dict[str, Zone] = {}
    machines = []
    for device in room.devices:
        url = reverse(seat_url, args=[device.pk]) if seat_url else ""
        mine = rows.get(device.pk, [])
        if not device.device_class.bookable:
            machines.append(_machine(device, mine, room.now, url))
            continue
        name = device.area.name if device.area else _("Seats")
        hint = device.area.hint if device.area else ""
        zones.setdefault(name, Zone(name, hint, [])).seats.append(replace(seat_of(room, device, mine), url=url))
    return list(zones.values()), machines


def next_change(rows: Iterable[TimelineRow], now: datetime) -> datetime:
    """Return the moment at which time alone changes the board: a row's edge, or the next minute's figures."""
    edges = [now + timedelta(minutes=1)]
    for row in rows:
        edges += [edge for edge in (row.start, row.end, row.check_in_by, row.start - SOON) if edge]
    return min(edge for edge in edges if edge > now)


def _machine(device: Device, rows: Sequence[TimelineRow], now: datetime, url: str) -> Machine:
    standing = (row for row in rows if row.kind in OUT and row.start <= now)
    out = next((row for row in standing if row.effective_end(now) is None), None)
    icon = MACHINE_ICONS.get(device.device_class.kind, "seat")
    return Machine(device, icon, (out.note or _("out of service")) if out else _("ready"), out is not None, url)


def seat_of(room: Room, device: Device, rows: Sequence[TimelineRow]) -> Seat:
    """Return one seat's state: out, class, waiting for check-in, in use, being cleaned, booked soon, free.

    `rows` are those of its timeline, in order.
    """
    now = room.now
    standing = [row for row in rows if row.effective_end(now) is None]
    here = next((row for row in standing if row.start <= now), None)
    coming = next((row for row in standing if row.start > now), None)
    ribbon = _ribbon(standing, now)
    if here:
        return _occupied(room, device, here, coming, ribbon)
    clean_until = room.free_from(device)
    if clean_until > now:
        then = _("then {alias}").format(alias=coming.who) if coming else ""
        left = words.length(_minutes(clean_until - now))
        return Seat(device, "clean", _("Being cleaned"), "clean", left, then, ribbon, current=None)
    if coming and coming.start - now <= SOON:
        for_length = _("{alias}, for {length}").format(alias=coming.who, length=words.length(coming.minutes()))
        from_time = _("from {time}").format(time=words.clock(coming.start))
        return Seat(device, "booked", _("Booked soon"), "clock", from_time, for_length, ribbon, current=coming)
    return _free(room, device, coming, ribbon)


def _free(room: Room, device: Device, coming: TimelineRow | None, ribbon: list[Bar]) -> Seat:
    usable = room.calendar.usable_span(room.now, room.branch.policy.stop_minutes)
    if usable is None or usable[1] <= room.now:
        return Seat(device, "free", _("Free"), "lamp", _("closed now"), "", ribbon)
    if room.is_walk_up_only(device):
        return Seat(device, "free", _("Free"), "lamp", _("walk up"), _("no booking"), ribbon)
    end = min(usable[1], coming.start) if coming else usable[1]
    detail = _("until {time}").format(time=words.clock(end))
    extra = _coming(coming, end) or words.length(_minutes(end - room.now))
    return Seat(device, "free", _("Free"), "lamp", detail, extra, ribbon, current=coming)


COMING = {Kind.CLASS: gettext_lazy("Class at {time}"), Kind.UPKEEP: gettext_lazy("Maintenance at {time}")}


def _coming(coming: TimelineRow | None, end: datetime) -> str:
    """Return what takes a free seat next where it is no person: "Class at 16:00"."""
    if coming is None or coming.start > end or coming.kind not in COMING:
        return ""
    return str(COMING[Kind(coming.kind)]).format(time=words.clock(coming.start))


def _occupied(room: Room, device: Device, here: TimelineRow, coming: TimelineRow | None, ribbon: list[Bar]) -> Seat:
    now = room.now
    end = here.until(now)
    until = _("until {moment}").format(moment=words.moment(end, now)) if end else ""
    if here.kind in OUT:
        return _out(room, device, here, until, ribbon)
    assert here.end is not None
    until = _("until {time}").format(time=words.clock(here.end))
    if here.kind == Kind.CLASS:
        return Seat(device, "class", _("Class"), "class", until, here.note, ribbon, current=here)
    if here.checked_in_at is None and here.check_in_by:
        left = _("{alias}, {left} left").format(alias=here.who, left=words.length(_minutes(here.check_in_by - now)))
        by = _("by {time}").format(time=words.clock(here.check_in_by))
        if here.kind == Kind.OFFER:
            left = _("{left} left").format(left=words.length(_minutes(here.check_in_by - now)))
            by = _("held for {number} until {time}").format(number=here.who, time=words.clock(here.check_in_by))
        return Seat(device, "wait", _("Check-in due"), "hourglass", by, left, ribbon, current=here)
    left = _("{left} left").format(left=words.length(_minutes(here.end - now)))
    extra = _("{alias}, ends {time}").format(alias=here.who, time=words.clock(here.end))
    if coming and coming.start - here.end <= SOON:
        extra = _("{alias}, then {next}").format(alias=here.who, next=coming.who)
    if here.help_at:
        extra = _("{alias}, waiting for help").format(alias=here.who)
    minutes = _minutes(here.end - now)
    level, short = min(LEVEL, minutes), minutes <= SHORT
    return Seat(device, "use", _("In use"), "person", left, extra, ribbon, level, current=here, short=short)


def _out(room: Room, device: Device, here: TimelineRow, until: str, ribbon: list[Bar]) -> Seat:
    said = "" if _is_overdue(room, here) else until
    return Seat(device, "out", _("Out of service"), "out", here.note or _("with IT"), said, ribbon, current=here)


def _is_overdue(room: Room, row: TimelineRow) -> bool:
    """Return whether a repair goes on to the end of its day, as one that was not back in time does: nobody said so."""
    if row.kind != Kind.REPAIR or row.end is None:
        return False
    day = room.calendar.branch_day(row.end - timedelta(minutes=1))
    return row.end == room.calendar.day_bounds(day)[1]


def _minutes(span: timedelta) -> int:
    return max(0, -(-span // timedelta(minutes=1)))


BAR_KINDS = {Kind.REPAIR: "out", Kind.UPKEEP: "out", Kind.CLASS: "class"}


def _ribbon(rows: Sequence[TimelineRow], now: datetime) -> list[Bar]:
    """Return the next two hours as bars, one unit a minute."""
    bars = []
    for row in rows:
        x = max(0, _minutes(row.start - now))
        until = row.until(now)
        end = min(RIBBON, _minutes(until - now)) if until else RIBBON
        kind = BAR_KINDS.get(Kind(row.kind)) or ("use" if row.checked_in_at else "wait" if row.start <= now else "book")
        if end > x:
            bars.append(Bar(kind, x, end - x))
    return bars
