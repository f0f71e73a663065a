"""Read of the step "When do you want to sit down?": what is free now on the left, the grid of later on the right."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from reservations.availability import FreeNow, GridSlot, day_grid, not_ahead, open_days, room_for_days, starts_of
from reservations.calendar import Calendar
from reservations.kiosk_needs import Toggle, toggles, words_of
from reservations.mine import Mine, my_bookings
from reservations.models import Branch, DeviceClass, Patron
from reservations.my_turn import MyTurn, open_turn
from reservations.room import Room
from reservations.way_in import NowFor, WayIn, now_for, with_needs

DAYS_SHOWN = 3
NOW_SHOWN = 3
NOW_BESIDE = 1  # beside a place in line, or the way to one
SLOTS_SHOWN = 12  # three lines of four: more would push the foot off the screen
SLOTS_UNDER_NOTICE = 8  # a line less where a notice takes its place
LINE = 4


@dataclass(frozen=True)
class Choice:
    """`seated` is the patron's running booking; `days` are those shown around `day`, `more` is the first not shown.

    `is_full_up` says that the patron has as many open bookings as the policy allows.
    `slots` are one page of the day's grid, `part` counts from 0; `earlier` and `later` are the pages beside it.
    `turn` is the patron's place in line, `line` the way to a seat where none is free for them now, `kinds` the classes
    it can be for. `needs` are the words of what was asked for; where `is_impossible`, no seat of the branch has it.
    `not_ahead` says why nothing can be booked for later.
    """

    calendar: Calendar
    now: FreeNow
    seated: Mine | None
    days: Sequence[date]
    day: date | None
    more: date | None
    slots: Sequence[GridSlot]
    earlier: int | None
    later: int | None
    session: int
    is_full_up: bool
    turn: MyTurn | None = None
    line: WayIn | None = None
    kinds: Sequence[DeviceClass] = ()
    toggles: Sequence[Toggle] = ()
    needs: str = ""
    is_impossible: bool = False
    not_ahead: str = ""

    @property
    def ends_line(self) -> bool:
        """Return whether sitting down here now ends the patron's place in line."""
        return self.turn is not None


@dataclass(frozen=True)
class Asked:
    """What the address asks for: a day (None, or a closed one: the first open day), a start, a page, needs, a class."""

    day: date | None = None
    start: datetime | None = None
    part: int | None = None
    needs: frozenset[str] = frozenset()
    class_code: str = ""


def choice_for(branch: Branch, *, now: datetime, patron: Patron, asked: Asked) -> Choice:
    """Return what `patron` can choose at `branch`, with the grid of the day asked for.

    A constant number of queries, one more where the line is the way.
    """
    room = room_for_days(branch, now=now, patron=patron, needs=asked.needs)
    turn = _standing(open_turn(patron, now))
    found = _now_shown(room, patron, asked, turn)
    chosen, shown, more = _days(open_days(branch, room), asked.day)
    parts, part = _page(_grid(room, chosen), asked, _most(room))
    return Choice(
        calendar=room.calendar,
        now=found.free,
        seated=next((mine for mine in my_bookings(patron, now) if mine.state == "running"), None),
        days=shown,
        day=chosen,
        more=more,
        slots=parts[part],
        earlier=part - 1 if part else None,
        later=part + 1 if part + 1 < len(parts) else None,
        session=room.policy(None).session,
        is_full_up=_is_full_up(room),
        turn=turn,
        line=found.line,
        kinds=found.kinds,
        toggles=toggles(room.devices, asked.needs),
        needs=words_of(asked.needs),
        is_impossible=bool(asked.needs) and not with_needs(room),
        not_ahead=str(shut.sentence) if (shut := not_ahead(room)) else "",
    )


def _grid(room: Room, day: date | None) -> list[GridSlot]:
    """Return the grid of a day for seats that have what is needed."""
    seats = with_needs(room)
    return day_grid(replace(room, devices=seats), day) if day and seats else []


def _now_shown(room: Room, patron: Patron, asked: Asked, turn: MyTurn | None) -> NowFor:
    """Return what is free now with as many seats as fit beside the line."""
    found = now_for(room, patron, class_code=asked.class_code, is_in_line=turn is not None)
    most = NOW_BESIDE if found.line or turn else NOW_SHOWN
    return replace(found, free=replace(found.free, options=found.free.options[:most]))


def _days(days: list[date], asked: date | None) -> tuple[date | None, list[date], date | None]:
    """Return the chosen day, those shown around it, and the first one that is not shown."""
    chosen = asked if asked in days else next(iter(days), None)
    first = days.index(chosen) // DAYS_SHOWN * DAYS_SHOWN if chosen else 0
    after = days[first + DAYS_SHOWN :] or (days if first else [])
    return chosen, days[first : first + DAYS_SHOWN], next(iter(after), None)


def _standing(turn: MyTurn | None) -> MyTurn | None:
    """Return a place that waits or is called; with a missed one everything is open to its person."""
    return turn if turn and turn.state in {"waiting", "called"} else None


def days_to_book(branch: Branch, *, now: datetime) -> list[date]:
    """Return the days on which the grid has a time, full or not, the soonest first. At most four queries."""
    room = room_for_days(branch, now=now)
    return [day for day in open_days(branch, room) if starts_of(room, day)]


def _is_full_up(room: Room) -> bool:
    return room.mine is not None and room.mine.open_bookings >= room.policy(None).open_bookings


def _most(room: Room) -> int:
    """Return how many slots a page of the grid has at most."""
    return SLOTS_UNDER_NOTICE if _is_full_up(room) else SLOTS_SHOWN


def _page(slots: list[GridSlot], asked: Asked, most: int) -> tuple[list[list[GridSlot]], int]:
    """Return the pages of the grid, and which one is shown."""
    parts = _parts(slots, most)
    return parts, min(_part_of(parts, asked), len(parts) - 1)


def _parts(slots: list[GridSlot], most: int) -> list[list[GridSlot]]:
    """Return the grid in pages of whole lines, about equally long and of `most` slots at most; at least one page."""
    count = max(1, -(-len(slots) // most))
    size = max(LINE, -(-len(slots) // count // LINE) * LINE)
    return [slots[first : first + size] for first in range(0, len(slots), size)] or [[]]


def _part_of(parts: list[list[GridSlot]], asked: Asked) -> int:
    """Return the page asked for, else the one with the start asked for, else the first with a free seat."""
    if asked.part is not None:
        return asked.part
    wanted = (any(slot.start == asked.start for slot in part) for part in parts)
    free = (any(slot.device for slot in part) for part in parts)
    return next((i for i, found in enumerate(wanted if asked.start else free) if found), 0)
