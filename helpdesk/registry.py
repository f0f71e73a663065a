"""What apps register in ready(): menu entries, health figures, purge declarations, sheets of set-up."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise

from helpdesk.carry.sheet import Sheet

if TYPE_CHECKING:
    from helpdesk.models import User


@dataclass(frozen=True)
class MenuEntry:
    """A tab of the staff header, shown to `roles`, in `order`; `is_own`: a link in the person's own corner instead.

    `shortcut` is the key that opens it everywhere; `icon` stands for its word where the header is full.
    """

    key: str
    label: str | Promise
    url_name: str
    roles: frozenset[str]
    order: int = 50
    is_own: bool = False
    shortcut: str = ""
    icon: str = ""


@dataclass(frozen=True)
class HealthFigure:
    """A figure of /readyz and the staff health line: `read(now)` returns seconds, red above `limit`."""

    key: str
    label: str | Promise
    read: Callable[[datetime], float]
    limit: float


@dataclass(frozen=True)
class PurgeEntry:
    """Personal data with a purpose and an end. `purge(now, dry_run)` returns how many rows it forgot."""

    key: str
    datum: str | Promise
    purpose: str | Promise
    kept: str | Promise
    purge: Callable[[datetime, bool], int]


@dataclass(frozen=True)
class KioskDoor:
    """A link apps add to the kiosk: a door of the welcome page, and `ask` in the foot of every page."""

    key: str
    label: str | Promise
    ask: str | Promise
    url_name: str
    icon: str


@dataclass(frozen=True)
class SetUpDoor:
    """A page that an app adds to the list of set-up; it must be about no single branch."""

    key: str
    title: str | Promise
    text: str | Promise
    icon: str
    url_name: str


@dataclass(frozen=True)
class FirstPage:
    """A page on which a member of staff begins instead of their first tab, while `is_for(user)` holds."""

    key: str
    url_name: str
    is_for: Callable[["User"], bool]


@dataclass(frozen=True)
class StaffStrip:
    """A line on top of every staff page that keeps itself fresh from `url_name`; empty while there is no news."""

    key: str
    url_name: str


@dataclass(frozen=True)
class WallText:
    """A line of the wall display: what, where, how long from now and why. `is_free`: nobody has to wait for it."""

    icon: str
    title: str
    detail: str
    value: str
    note: str
    is_free: bool = False


@dataclass(frozen=True)
class WallLine:
    """A line apps add below the seats of a branch's wall display; it is public, so it names nobody.

    `read(branch_id, now)` returns None while there is nothing to say; `scope(branch_id)` is touched when it changes.
    """

    key: str
    scope: Callable[[int], str]
    read: Callable[[int, datetime], WallText | None]


@dataclass(frozen=True)
class WarmUp:
    """What a web process prepares when it starts, so that nobody at a screen waits for it."""

    key: str
    run: Callable[[], object]


_menu: dict[str, MenuEntry] = {}
_health: dict[str, HealthFigure] = {}
_purges: dict[str, PurgeEntry] = {}
_doors: dict[str, KioskDoor] = {}
_set_up: dict[str, SetUpDoor] = {}
_first_pages: dict[str, FirstPage] = {}
_strips: dict[str, StaffStrip] = {}
_wall: dict[str, WallLine] = {}
_sheets: dict[str, Sheet] = {}
_warm_ups: dict[str, WarmUp] = {}


def _add(shelf: dict[str, Any], entry: Any) -> None:
    if shelf.get(entry.key, entry) != entry:
        raise ValueError(f"registered twice: {entry.key}")
    shelf[entry.key] = entry


def add_menu(entry: MenuEntry) -> None:
    _add(_menu, entry)


def add_health(figure: HealthFigure) -> None:
    _add(_health, figure)


def add_purge(entry: PurgeEntry) -> None:
    _add(_purges, entry)


def add_kiosk_door(door: KioskDoor) -> None:
    _add(_doors, door)


def add_set_up_door(door: SetUpDoor) -> None:
    _add(_set_up, door)


def add_first_page(page: FirstPage) -> None:
    _add(_first_pages, page)


def add_strip(strip: StaffStrip) -> None:
    _add(_strips, strip)


def add_wall_line(line: WallLine) -> None:
    _add(_wall, line)


def add_sheet(sheet: Sheet) -> None:
    """Let the rows of `sheet` be carried; a sheet comes after those that it refers to."""
    _add(_sheets, sheet)


def add_warm_up(entry: WarmUp) -> None:
    _add(_warm_ups, entry)


def warm_up() -> None:
    """Prepare what the apps have asked for, one after the other."""
    for entry in _warm_ups.values():
        entry.run()


def menu_for(role: str) -> list[MenuEntry]:
    """Return the tabs that `role` may open, in their order."""
    return sorted((e for e in _menu.values() if role in e.roles and not e.is_own), key=lambda e: e.order)


def own_links_for(role: str) -> list[MenuEntry]:
    """Return the links of the person's own corner that `role` may open, in their order."""
    return sorted((e for e in _menu.values() if role in e.roles and e.is_own), key=lambda e: e.order)


def first_page_for(user: "User") -> str:
    """Return the name of the page on which `user` begins, '' where no tab of their role is open to them."""
    pages = (page.url_name for page in _first_pages.values() if page.is_for(user))
    tabs = (entry.url_name for entry in menu_for(user.role))
    return next(chain(pages, tabs), "")


def health_figures() -> list[HealthFigure]:
    return list(_health.values())


def purges() -> list[PurgeEntry]:
    return list(_purges.values())


def kiosk_doors() -> list[KioskDoor]:
    return list(_doors.values())


def set_up_doors() -> list[SetUpDoor]:
    return list(_set_up.values())


def strips() -> list[StaffStrip]:
    return list(_strips.values())


def wall_lines() -> list[WallLine]:
    return list(_wall.values())


def sheets() -> list[Sheet]:
    return list(_sheets.values())
