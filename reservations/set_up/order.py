"""The room's real order: the areas of a branch, and in each its devices; every position follows from it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from reservations.locks import lock_devices
from reservations.models import Area, Device


@dataclass(frozen=True)
class Part:
    """An area with its devices in order; without an area the devices that stand in none, last in the room."""

    area: Area | None
    devices: list[Device]

    @property
    def name(self) -> str:
        return self.area.name if self.area else _("no area")

    def place_of(self, device: Device) -> int:
        """Return the place of a device of this part, from 1."""
        return next(place for place, each in enumerate(self.devices, 1) if each.pk == device.pk)


def parts_of(branch_id: int) -> list[Part]:
    """Return the parts of a branch in the room's order. Two queries."""
    areas = list(Area.objects.filter(branch=branch_id).order_by("position", "pk"))
    devices = Device.objects.filter(branch=branch_id, retired_on=None).select_related("device_class", "area")
    return _parts(areas, list(devices.order_by("position", "pk")))


def locked_parts(branch_id: int) -> list[Part]:
    """Return the same with the devices locked; after the branch. Three queries."""
    areas = list(Area.objects.filter(branch=branch_id).order_by("position", "pk"))
    ids = Device.objects.filter(branch=branch_id, retired_on=None).values_list("pk", flat=True)
    devices = lock_devices(list(ids), branch_id)
    return _parts(areas, sorted(devices, key=lambda device: (device.position, device.pk)))


def _parts(areas: list[Area], devices: list[Device]) -> list[Part]:
    parts = [Part(area, [d for d in devices if d.area_id == area.pk]) for area in areas]
    loose = [device for device in devices if device.area_id is None]
    return [*parts, Part(None, loose)] if loose else parts


def keep_order(parts: list[Part]) -> None:
    """Write the positions and areas that follow from `parts`, of rows that differ. Two queries at the most.

    Devices are counted through the whole room, so that what is near in number is near in the room.
    """
    areas, devices, place = [], [], 0
    for number, part in enumerate(parts):
        if part.area and part.area.position != number:
            part.area.position = number
            areas.append(part.area)
        area_id = part.area.pk if part.area else None
        for device in part.devices:
            if (device.position, device.area_id) != (place, area_id):
                device.position, device.area = place, part.area
                devices.append(device)
            place += 1
    Area.objects.bulk_update(areas, ["position"])
    Device.objects.bulk_update(devices, ["position", "area"])
