"""Read of the step "When do you want to sit down?": what is free now on the left, the grid of later on the right."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from reservations.availability import FreeNow, GridSlot, day_grid, free_in, open_days, room_for_days
from reservations.calendar import Calendar
from reservations.mine import Mine, my_bookings
from reservations.models import Branch, Patron

DAYS_SHOWN = 3
NOW_SHOWN = 3


@dataclass(frozen=True)
class Choice:
    """`seated` is the patron's running booking; `days` are those shown around `day`, `more` is the first not shown."""

    calendar: Calendar
    now: FreeNow
    seated: Mine | None
    days: Sequence[date]
    day: date | None
    more: date | None
    slots: list[GridSlot]
    session: int


def choice_for(branch: Branch, *, now: datetime, patron: Patron, day: date | None) -> Choice:
    """Return what `patron` can choose at `branch`, with the grid of `day` (None or closed: the first open day).

    Where nothing fits this patron now though seats are free, those are shown: the refusal then explains the limit.
    A constant number of queries.
    """
    room = room_for_days(branch, now=now, patron=patron)
    free = free_in(room)
    if not free.options:
        free = free_in(replace(room, patron=None, mine=None))
    seated = next((mine for mine in my_bookings(patron, now) if mine.state == "running"), None)
    days = open_days(branch, room)
    chosen = day if day in days else next(iter(days), None)
    first = days.index(chosen) // DAYS_SHOWN * DAYS_SHOWN if chosen else 0
    after = days[first + DAYS_SHOWN :] or (days if first else [])
    return Choice(
        calendar=room.calendar,
        now=replace(free, options=free.options[:NOW_SHOWN]),
        seated=seated,
        days=days[first : first + DAYS_SHOWN],
        day=chosen,
        more=next(iter(after), None),
        slots=day_grid(room, chosen) if chosen else [],
        session=room.policy(None).session,
    )
