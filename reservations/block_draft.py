"""What is asked of a class or a planned maintenance, and what its plan says day by day: data, no query."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from reservations.calendar import Calendar
from reservations.models import Booking, Branch, Device
from reservations.models.blocks import BlockKind
from reservations.models.booking import Kind
from reservations.rules.facts import DeviceFacts
from reservations.rules.series import Occurrence, Outside, Series

MOVE, KEEP, TAKE = "move", "keep", "take"  # what becomes of a day with people in the way
CHOICES = (MOVE, KEEP, TAKE)
Place = tuple[date, int]  # a seat on a day


@dataclass(frozen=True)
class Draft:
    """What is asked for. `choices` say by day what becomes of people in the way: they are moved where that is possible
    (MOVE, the seats of the others are left out), left where they sit (KEEP), or moved or taken away (TAKE).
    """

    title: str
    device_ids: tuple[int, ...]
    series: Series
    kind: str = BlockKind.CLASS.value
    also_closed: bool = False
    choices: Mapping[date, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Scene:
    """The branch as the plan sees it: its devices in the room's order, what stands on them, the opening hours."""

    branch: Branch
    calendar: Calendar
    devices: Mapping[int, Device]
    rows: Mapping[int, Sequence[Booking]]
    facts: Mapping[int, DeviceFacts]
    now: datetime


@dataclass(frozen=True)
class BlockDay:
    """One day with something in the way: people who are moved and where to, people who cannot be, seats it cannot have.

    `stays` are people who could be moved and are not: as is chosen, or because their seat is left out for somebody
    else. `clashes` are other classes, maintenances, repairs and seats held for a number: nobody moves those. `leaves`
    says when those who sit there have to go, by primary key.
    """

    occurrence: Occurrence
    moves: Sequence[tuple[Booking, Device]]
    stuck: Sequence[Booking]
    clashes: Sequence[Booking]
    choice: str = MOVE
    leaves: Mapping[int, datetime] = field(default_factory=dict)
    stays: Sequence[Booking] = ()

    @property
    def on(self) -> date:
        return self.occurrence.on

    @property
    def key(self) -> str:
        """The day as forms and addresses name it."""
        return self.on.isoformat()

    @property
    def told_moves(self) -> list[tuple[Booking, Device, datetime | None]]:
        """The moves with when each goes, None where that is before they come."""
        return [(row, seat, self.leaves.get(row.pk)) for row, seat in self.moves]

    @property
    def told_stuck(self) -> list[tuple[Booking, datetime | None]]:
        """Who cannot be moved, with when each would have to go; None where that is before they come."""
        return [(row, self.leaves.get(row.pk)) for row in self.stuck]

    @property
    def told_clashes(self) -> list[tuple[Booking, bool]]:
        """What nobody moves, and whether the seat joins the class as soon as it is back."""
        return [(row, is_out_for_good(row)) for row in self.clashes]

    @property
    def rows(self) -> list[Booking]:
        """What is in the way, all of it."""
        return [*(row for row, _seat in self.moves), *self.stays, *self.stuck, *self.clashes]


@dataclass(frozen=True)
class BlockPlan:
    """The whole of it. `rows` are the unsaved rows of the timeline, `people` those of the way that are moved or go.

    `later` are unsaved rows on seats that are out of service without a known end, each with its repair: they stand as
    soon as the seat is back.
    """

    draft: Draft
    scene: Scene
    devices: Sequence[Device]
    occurrences: Sequence[Occurrence]
    closed: Sequence[Outside]
    days: Sequence[BlockDay]
    rows: Sequence[Booking]
    people: Sequence[Booking]
    seen: str
    later: Sequence[tuple[Booking, Booking]] = ()

    @property
    def moves(self) -> int:
        """How many people go to another seat."""
        return len({row.pk for day in self.days for row, _seat in day.moves})

    @property
    def stuck(self) -> int:
        """How many people cannot be moved, and keep their seat unless it is taken."""
        return sum(len(day.stuck) for day in self.days)

    @property
    def seats_left_out(self) -> int:
        """How many seats are missing, over all days."""
        return len(self.occurrences) * len(self.devices) - len(self.rows) - len(self.later)


def is_out_for_good(row: Booking) -> bool:
    """Return whether `row` is a repair whose end nobody knows."""
    return row.kind == Kind.REPAIR and row.end is None
