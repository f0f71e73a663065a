"""Northlight Public Library as data: classes of devices, branches, rooms, opening hours."""

from dataclasses import dataclass
from datetime import time

from helpdesk.week import Weekday
from reservations.models.devices import DeviceKind


@dataclass(frozen=True)
class Kind:
    """A class of devices; what each branch's policy says of it is in presets.py."""

    code: str
    name: str
    kind: str = DeviceKind.COMPUTER.value
    bookable: bool = True


def _machine(code: str, name: str, kind: DeviceKind) -> Kind:
    return Kind(code, name, kind.value, bookable=False)


KINDS: tuple[Kind, ...] = (
    Kind("internet", "Internet computer"),
    Kind("express", "Quick stop"),
    Kind("mac", "Mac, creative"),
    Kind("easy-access", "Easy access"),
    Kind("kids", "Children's computer"),
    _machine("catalogue", "Catalogue only", DeviceKind.CATALOGUE),
    _machine("printer", "Printer", DeviceKind.PRINTER),
    _machine("release-station", "Print release station", DeviceKind.RELEASE_STATION),
    _machine("scanner", "Scanner", DeviceKind.SCANNER),
    _machine("kiosk", "Sign-up kiosk", DeviceKind.KIOSK),
    _machine("wifi", "Wireless network", DeviceKind.NETWORK),
)


@dataclass(frozen=True)
class Row:
    """An area with its seats: numbers `first` to `last` of one class."""

    area: str
    hint: str
    kind: str
    first: int
    last: int
    place: str = ""
    features: tuple[str, ...] = ()


Hours = dict[int, tuple[tuple[time, time], ...]]


@dataclass(frozen=True)
class Room:
    """A branch: the preset of its policy, opening hours, seats by area, machines by class."""

    slug: str
    name: str
    preset: str
    hours: Hours
    rows: tuple[Row, ...]
    machines: tuple[tuple[str, str, str], ...]  # label, class, place


def _daily(days: tuple[int, ...], *spans: tuple[int, int]) -> Hours:
    return {day: tuple((time(opens), time(closes)) for opens, closes in spans) for day in days}


MON, TUE, WED, THU, FRI, SAT, SUN = (int(day) for day in Weekday)
STUDIO = ("scanner", "editing", "headset", "large-screen")
QUICK = "15 minutes, walk up"
EASY = ("screen-reader", "large-screen", "large-keyboard", "raised-desk")
LUNCH = {
    day: ((time(9), time(12, 30)), (time(13, 30), time(19)))  # closed for lunch
    for day in (MON, TUE, WED, THU, FRI)
}

ROOMS: tuple[Room, ...] = (
    Room(
        "harbour",
        "Harbour",
        "san-jose",
        _daily((MON, TUE, WED, THU, FRI, SAT, SUN), (7, 23)),
        (
            Row("Window row", "1 hour", "internet", 1, 5, "by the window", ("window",)),
            Row("Long table", "1 hour", "internet", 6, 9, "at the long table", ("headset",)),
            Row("Quick stop", QUICK, "express", 10, 11, "beside the entrance"),
            Row("Easy access", "", "easy-access", 12, 12, "beside the desk", EASY),
            Row("Studio", "scanner, editing", "mac", 13, 14, "in the studio", STUDIO),
        ),
        (
            ("Printer 1", "printer", "behind the desk"),
            ("Printer 2", "printer", "beside the long table"),
            ("Print desk", "release-station", "beside printer 1"),
            ("Scanner", "scanner", "beside the long table"),
            ("Catalogue 1", "catalogue", "at the shelves"),
            ("Catalogue 2", "catalogue", "at the stairs"),
            ("Kiosk", "kiosk", "beside the entrance"),
            ("Wi-Fi", "wifi", ""),
        ),
    ),
    Room(
        "millbrook",
        "Millbrook",
        "seattle",
        LUNCH | _daily((SAT,), (9, 16)),
        (
            Row("Front tables", "", "internet", 1, 6, "by the window", ("window",)),
            Row("Children's corner", "30 minutes, up to 12 years", "kids", 7, 9, "beside the picture books"),
            Row("Quick stop", QUICK, "express", 10, 10, "beside the entrance"),
            Row("Easy access", "", "easy-access", 11, 11, "beside the desk", EASY),
        ),
        (
            ("Printer 1", "printer", "beside the desk"),
            ("Print desk", "release-station", "beside the printer"),
            ("Scanner", "scanner", "beside the printer"),
            ("Catalogue 1", "catalogue", "at the shelves"),
            ("Kiosk", "kiosk", "beside the entrance"),
            ("Wi-Fi", "wifi", ""),
        ),
    ),
    Room(
        "ridgeview",
        "Ridgeview",
        "toronto",
        _daily((TUE, WED, THU, FRI, SAT), (10, 20)) | _daily((SUN,), (12, 17)),
        (
            Row("Reading hall", "", "internet", 1, 8, "", ("headset",)),
            Row("Children's room", "30 minutes, up to 12 years", "kids", 9, 10, "in the children's room"),
            Row("Quick stop", QUICK, "express", 11, 11, "beside the stairs"),
            Row("Easy access", "", "easy-access", 12, 12, "beside the desk", EASY),
            Row("Media room", "editing", "mac", 13, 14, "in the media room", ("editing", "headset")),
        ),
        (
            ("Printer 1", "printer", "beside the stairs"),
            ("Print desk", "release-station", "beside the printer"),
            ("Catalogue 1", "catalogue", "at the shelves"),
            ("Kiosk", "kiosk", "beside the entrance"),
            ("Wi-Fi", "wifi", ""),
        ),
    ),
    Room(
        "cedar-flats",
        "Cedar Flats",
        "birmingham",
        _daily((MON, TUE, WED, THU, FRI), (10, 18)) | _daily((SAT,), (10, 16)),
        (
            Row("Main room", "", "internet", 1, 5, "by the window", ("window",)),
            Row("Children's corner", "30 minutes, up to 12 years", "kids", 6, 7, "beside the picture books"),
            Row("Quick stop", QUICK, "express", 8, 8, "beside the entrance"),
            Row("Easy access", "", "easy-access", 9, 9, "beside the desk", EASY),
        ),
        (
            ("Printer 1", "printer", "beside the desk"),
            ("Catalogue 1", "catalogue", "at the shelves"),
            ("Kiosk", "kiosk", "beside the entrance"),
            ("Wi-Fi", "wifi", ""),
        ),
    ),
    Room(
        "glacier-road",
        "Glacier Road",
        "new-york",
        _daily((MON, WED, FRI), (12, 19)) | _daily((SAT,), (9, 13)),
        (
            Row("Main room", "", "internet", 1, 4, "in the main room"),
            Row("Quick stop", QUICK, "express", 5, 5, "beside the entrance"),
            Row("Easy access", "", "easy-access", 6, 6, "beside the desk", EASY),
        ),
        (
            ("Printer 1", "printer", "beside the desk"),
            ("Catalogue 1", "catalogue", "at the shelves"),
            ("Kiosk", "kiosk", "beside the entrance"),
            ("Wi-Fi", "wifi", ""),
        ),
    ),
)
SLUGS = frozenset(room.slug for room in ROOMS)
