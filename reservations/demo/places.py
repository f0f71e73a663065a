"""Builds the demo's policies, branches, opening hours, closures and devices."""

from datetime import datetime, timedelta

from django.utils import timezone

from reservations.calendars import calendars_of
from reservations.demo.library import Library
from reservations.demo.rooms import KINDS, ROOMS, Room
from reservations.models import Area, Branch, Closure, Device, DeviceClass, OpeningHours
from reservations.presets import make_policy, preset_with

HOLIDAY_IN = 5  # days from today
REPAIRS_IN = 3


def build_places(*, now: datetime) -> Library:
    """Make the five branches with everything that stands in them; return them as a Library."""
    kinds = {kind.code: kind for kind in DeviceClass.objects.bulk_create(_classes())}
    branches = {room.slug: _branch(position, room) for position, room in enumerate(ROOMS)}
    for room in ROOMS:
        _furnish(branches[room.slug], room, kinds)
    _close_some_days(branches["cedar-flats"], now)
    calendars = calendars_of([branch.pk for branch in branches.values()])
    seats: dict[str, dict[str, Device]] = {slug: {} for slug in branches}
    for device in Device.objects.select_related("branch__policy", "device_class"):
        seats[device.branch.slug][device.label] = device
    return Library(branches, {slug: calendars[branch.pk] for slug, branch in branches.items()}, seats)


def _classes() -> list[DeviceClass]:
    return [DeviceClass(code=kind.code, name=kind.name, kind=kind.kind, bookable=kind.bookable) for kind in KINDS]


def _branch(position: int, room: Room) -> Branch:
    preset = preset_with(room.preset)
    if preset is None:
        raise LookupError(room.preset)
    branch = Branch.objects.create(name=room.name, slug=room.slug, position=position, policy=make_policy(preset))
    OpeningHours.objects.bulk_create(
        OpeningHours(branch=branch, weekday=day, opens=opens, closes=closes)
        for day, spans in room.hours.items()
        for opens, closes in spans
    )
    return branch


def _furnish(branch: Branch, room: Room, kinds: dict[str, DeviceClass]) -> None:
    """Put seats into their areas, in the order of their numbers, and the machines after them."""
    devices = []
    for position, row in enumerate(room.rows):
        area = Area.objects.create(branch=branch, name=row.area, hint=row.hint, position=position)
        for number in range(row.first, row.last + 1):
            seat = Device(branch=branch, device_class=kinds[row.kind], area=area, label=str(number), position=number)
            seat.place, seat.features = row.place, list(row.features)
            devices.append(seat)
    for position, (label, code, place) in enumerate(room.machines, start=100):
        machine = Device(branch=branch, device_class=kinds[code], label=label, place=place, position=position)
        devices.append(machine)
    Device.objects.bulk_create(devices)


def _close_some_days(small_branch: Branch, now: datetime) -> None:
    """Close every branch for a holiday of the coming days, and one branch for repairs."""
    today = timezone.localtime(now).date()
    Closure.objects.create(on=today + timedelta(days=HOLIDAY_IN), reason="Public holiday")
    Closure.objects.create(branch=small_branch, on=today + timedelta(days=REPAIRS_IN), reason="Heating is repaired")
