"""Where a seat is: in words ("Window row, third seat from the left") and as a drawing with the way there."""

from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reservations.models import Device

WIDTH = 460  # of the seats; all that follows is in the same units
LANE = 475  # where people go from one line of areas to another
AISLE = 5  # below a row of seats
PER_ROW = 10  # seats of short labels drawn side by side; what wraps says nothing of "from the left"
LONGEST_LABEL = 10  # characters of a label that are drawn
MARGIN, BETWEEN, NAME_HEIGHT, LETTER, BOLD = 10, 20, 20, 8, 9
GAP, ROW, SEAT_WIDTH, SEAT_HEIGHT = 8, 34, 36, 24

FROM_THE_LEFT = (
    gettext_lazy("first seat from the left"),
    gettext_lazy("second seat from the left"),
    gettext_lazy("third seat from the left"),
    gettext_lazy("fourth seat from the left"),
    gettext_lazy("fifth seat from the left"),
)
FROM_THE_RIGHT = (
    gettext_lazy("first seat from the right"),
    gettext_lazy("second seat from the right"),
    gettext_lazy("third seat from the right"),
    gettext_lazy("fourth seat from the right"),
    gettext_lazy("fifth seat from the right"),
)


@dataclass(frozen=True)
class PlanSeat:
    label: str
    x: int
    y: int
    is_mine: bool
    width: int = SEAT_WIDTH

    @property
    def middle(self) -> int:
        return self.x + self.width // 2

    @property
    def short(self) -> str:
        """What is drawn of the label: the beginning and the end of a long one."""
        long = len(self.label) > LONGEST_LABEL
        return f"{self.label[:4]}…{self.label[1 - LONGEST_LABEL // 2 :]}" if long else self.label

    @property
    def is_long(self) -> bool:
        """Whether the label fills its seat in letters of the usual size."""
        return len(self.label) > 3

    @property
    def base(self) -> int:
        return self.y + 17


@dataclass(frozen=True)
class PlanArea:
    """An area's name over its seats, which stand in the room's order."""

    name: str
    x: int
    y: int
    seats: list[PlanSeat]


@dataclass(frozen=True)
class Way:
    """From the screen at (`x`, `y`) to the seat, along the aisles: the corners as SVG reads them."""

    x: int
    y: int
    corners: str

    @property
    def base(self) -> int:
        return self.y - 11


@dataclass(frozen=True)
class Plan:
    """The drawing, `height` units high, and the words for people who cannot see it; `way` where it is known."""

    words: str
    height: int
    areas: list[PlanArea]
    way: Way | None = None


def plan_of(device: Device | None, devices: list[Device], beside_id: int | None = None) -> Plan:
    """Return where `device` is among `devices`, the branch's devices in the room's order, with area and class.

    Without `device` it is the room alone, in no words. Areas stand side by side as long as they fit in a line.
    `beside_id` is the area at whose end the screen stands.
    """
    areas: list[PlanArea] = []
    here: tuple[int, int] | None = None
    x, y, tallest = MARGIN, MARGIN, 0
    for (area_id, name), group in groupby((d for d in devices if d.device_class.bookable), key=_area_of):
        seats, is_here = list(group), beside_id is not None and area_id == beside_id
        step = _seat_width(seats) + GAP
        columns = min(len(seats), _per_row(seats))
        width = max((columns + is_here) * step, len(name) * LETTER)
        if x > MARGIN and x + width > WIDTH:
            x, y, tallest = MARGIN, y + tallest, 0
        areas.append(_area(name, seats, device, x, y))
        here = (x + columns * step + SEAT_WIDTH // 2, y + NAME_HEIGHT + SEAT_HEIGHT // 2) if is_here else here
        x += width + BETWEEN
        tallest = max(tallest, NAME_HEIGHT + ROW * -(-len(seats) // columns))
    mine = next((seat for area in areas for seat in area.seats if seat.is_mine), None)
    way = _way(here, mine) if here and mine else None
    return Plan(place_words(device, devices) if device else "", y + tallest, areas, way)


def _way(here: tuple[int, int], seat: PlanSeat) -> Way:
    """Return the way through the aisle below the screen's row, the lane at the side, and the aisle below the seat's."""
    x, y = here
    out, to = y + SEAT_HEIGHT // 2 + AISLE, seat.y + SEAT_HEIGHT + AISLE
    lane = [(LANE, out), (LANE, to)] if out != to else []
    corners = [here, (x, out), *lane, (seat.middle, to), (seat.middle, seat.y + SEAT_HEIGHT)]
    return Way(x, y, " ".join(f"{across},{down}" for across, down in corners))


def _area(name: str, seats: list[Device], mine: Device | None, x: int, y: int) -> PlanArea:
    drawn, wide = [], _seat_width(seats)
    for place, seat in enumerate(seats):
        row, column = divmod(place, _per_row(seats))
        across, down = x + column * (wide + GAP), y + NAME_HEIGHT + row * ROW
        drawn.append(PlanSeat(seat.label, across, down, seat == mine, wide))
    return PlanArea(name, x, y + 12, drawn)


def _seat_width(seats: list[Device]) -> int:
    """Return how wide seats are drawn so that the longest of their labels fits."""
    longest = max(len(seat.label) for seat in seats)
    return max(SEAT_WIDTH, min(longest, LONGEST_LABEL) * BOLD + GAP if longest > 3 else 0)


def _per_row(seats: list[Device]) -> int:
    """Return how many of these seats are drawn side by side."""
    return min(PER_ROW, (WIDTH + GAP) // (_seat_width(seats) + GAP))


def _area_of(device: Device) -> tuple[int | None, str]:
    return device.area_id, device.area.name if device.area else _("Seats")


def place_words(device: Device, devices: list[Device]) -> str:
    """Return the area, the place in its row where that is short to say, and what the device says of itself."""
    row = [d for d in devices if d.area_id == device.area_id and d.device_class.bookable]
    parts = [device.area.name if device.area else "", _in_row(row, device), device.place]
    return ", ".join(part for part in parts if part)


def _in_row(row: list[Device], device: Device) -> str:
    """Return "third seat from the left"; nothing where one would have to count beyond five or rows wrap."""
    if device not in row or not 1 < len(row) <= _per_row(row):
        return ""
    left = row.index(device)
    right = len(row) - 1 - left
    return str(FROM_THE_LEFT[left] if left <= right else FROM_THE_RIGHT[right])
