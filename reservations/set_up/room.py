"""Changes of the room's order, one step at a time, and of the areas: added, renamed, moved, removed when empty."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.admin.models import ADDITION, CHANGE, DELETION
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from helpdesk import live
from helpdesk.actor import Actor
from helpdesk.db import refused_by
from reservations.locks import lock_branch
from reservations.models import Area, Device
from reservations.rules.problem import Problem, Refused
from reservations.scopes import board_scope
from reservations.set_up.notes import note
from reservations.set_up.order import Part, keep_order, locked_parts
from reservations.set_up.seen import check_seen

WAYS = ("up", "down", "before", "after")  # one place, or into the area before or after; an area knows up and down
AREA_TWICE = Problem(
    "area_twice",
    gettext_lazy("This branch has an area with this name. Choose another name."),
    gettext_lazy("Name of the area"),
    lift_by="",
)
AREA_GONE = Problem(
    "area_gone",
    gettext_lazy("This area is not here any more. Look at the room again."),
    gettext_lazy("Area of this branch"),
    lift_by="",
)
DEVICE_GONE = Problem(
    "device_gone",
    gettext_lazy("This device is not in this room any more. Look at the room again."),
    gettext_lazy("Device of this branch"),
    lift_by="",
)


@dataclass(frozen=True)
class Stands:
    """Where something stands after a step; `moved` is whether the step changed anything."""

    name: str
    place: int
    of: int
    part: str
    moved: bool

    @property
    def said(self) -> str:
        """What is announced: "Seat 7, now 3 of 8 in Window row"."""
        words = {"name": self.name, "place": self.place, "count": self.of, "part": self.part}
        if self.moved:
            return _("%(name)s, now %(place)s of %(count)s in %(part)s") % words
        return _("%(name)s stays %(place)s of %(count)s in %(part)s") % words


def area_not_empty(count: int) -> Problem:
    """Return the problem of an area that still has devices."""
    sentence = ngettext(
        "%(count)d device still stands in this area. Move it into another area, then remove this one.",
        "%(count)d devices still stand in this area. Move them into another area, then remove this one.",
        count,
    )
    return Problem("area_not_empty", sentence % {"count": count}, _("Devices in the area"), lift_by="")


@transaction.atomic
def move_device(*, device_id: int, way: str, by: Actor, now: datetime) -> Stands:
    """Move a device one place `way`, and return where it stands; at an edge it stays. `way` is one of WAYS.

    Up from the first place leads to the end of the area before, down from the last to the beginning of the next.
    Raises Refused `device_gone`.
    """
    branch_id = Device.objects.filter(pk=device_id).values_list("branch_id", flat=True).first()
    if branch_id is None:
        raise Refused(DEVICE_GONE)
    lock_branch(branch_id)
    parts = locked_parts(branch_id)
    device = next((each for part in parts for each in part.devices if each.pk == device_id), None)
    if device is None:
        raise Refused(DEVICE_GONE)
    moved = _step(parts, device, way)
    if moved:
        keep_order(parts)
        live.touch(board_scope(branch_id))
    part = _part_of(parts, device)
    return Stands(device.said, part.place_of(device), len(part.devices), part.name, moved)


def _part_of(parts: list[Part], device: Device) -> Part:
    return next(part for part in parts if device in part.devices)


def _step(parts: list[Part], device: Device, way: str) -> bool:
    """Move the device in memory; return whether it could."""
    here = _part_of(parts, device)
    place, number = here.devices.index(device), parts.index(here)
    back = way in ("up", "before")
    to = place - 1 if back else place + 1
    if way in ("up", "down") and 0 <= to < len(here.devices):
        here.devices.insert(to, here.devices.pop(place))
        return True
    next_number = number - 1 if back else number + 1
    if not 0 <= next_number < len(parts):
        return False
    there = parts[next_number].devices
    there.insert(len(there) if back else 0, here.devices.pop(place))
    return True


@transaction.atomic
def move_area(*, area_id: int, way: str, by: Actor, now: datetime) -> Stands:
    """Move an area with its devices one place up or down, and return where it stands. Raises Refused `area_gone`."""
    area = _locked_area(area_id)
    parts = locked_parts(area.branch_id)
    mine = [part for part in parts if part.area]
    place = next(number for number, part in enumerate(mine) if part.area == area)
    to = place - 1 if way == "up" else place + 1
    moved = 0 <= to < len(mine)
    if moved:
        mine.insert(to, mine.pop(place))
        keep_order(mine + [part for part in parts if part.area is None])
        live.touch(board_scope(area.branch_id))
    return Stands(area.name, (to if moved else place) + 1, len(mine), area.branch.name, moved)


@transaction.atomic
def add_area(*, branch_id: int, name: str, hint: str, by: Actor, now: datetime) -> Area:
    """Add an area behind the others. Raises Refused `area_twice`."""
    lock_branch(branch_id)
    area = Area(branch_id=branch_id, name=name, hint=hint, position=Area.objects.filter(branch=branch_id).count())
    _save(area, ADDITION, by, now)
    return area


@transaction.atomic
def change_area(*, area_id: int, name: str, hint: str, by: Actor, now: datetime, seen: str = "") -> Area:
    """Give an area another name or hint. `seen` is the version that the form was filled with.

    Raises Refused `area_twice`, `area_gone`, `changed_meanwhile`.
    """
    area = _locked_area(area_id)
    check_seen(area, seen, {"name": name, "hint": hint})
    area.name, area.hint = name, hint
    _save(area, CHANGE, by, now)
    return area


@transaction.atomic
def remove_area(*, area_id: int, by: Actor, now: datetime) -> None:
    """Remove an area in which nothing stands. Raises Refused `area_not_empty`, `area_gone`."""
    area = _locked_area(area_id)
    count = Device.objects.filter(area=area, retired_on=None).count()
    if count:
        raise Refused(area_not_empty(count))
    note(area, DELETION, by=by, now=now)
    area.delete()
    live.touch(board_scope(area.branch_id))


def _locked_area(area_id: int) -> Area:
    """Lock the branch and return the area as it is then."""
    branch_id = Area.objects.filter(pk=area_id).values_list("branch_id", flat=True).first()
    if branch_id is not None:
        lock_branch(branch_id)
    area = Area.objects.select_related("branch").filter(pk=area_id).first()
    if area is None:
        raise Refused(AREA_GONE)
    return area


def _save(area: Area, what: int, by: Actor, now: datetime) -> None:
    with refused_by("area_once_per_branch", Refused(AREA_TWICE)):
        area.save()
    note(area, what, by=by, now=now)
    live.touch(board_scope(area.branch_id))
