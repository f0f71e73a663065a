"""Reads of the set-up pages of devices: those of a branch that a search finds, and those that are retired."""

from django.db.models import Q, QuerySet
from django.http import Http404

from reservations.models import Branch, Device

LONGEST_SEARCH = 40  # characters
MOST_RETIRED = 100


def devices_found(branch: Branch, words: str) -> list[Device]:
    """Return the devices of the room whose number, name, place, class or area holds `words`, in the room's order."""
    found = Device.objects.filter(branch=branch, retired_on=None).select_related("device_class", "area")
    found = found.order_by("area__position", "area_id", "position", "pk")
    sought = words.replace("\x00", "")[:LONGEST_SEARCH].strip()
    if not sought:
        return list(found)
    names = ("label", "place", "device_class__name", "area__name")
    return list(found.filter(*[Q(*[(f"{name}__icontains", sought) for name in names], _connector=Q.OR)]))


def devices_retired(branch: Branch) -> QuerySet[Device]:
    """Return the devices that were retired, the last first, at most 100."""
    gone = Device.objects.filter(branch=branch).exclude(retired_on=None).select_related("device_class")
    return gone.order_by("-retired_on", "-pk")[:MOST_RETIRED]


def device_of(pk: int) -> Device:
    """Return a device, a retired one too, with branch, policy, class and area; else Http404."""
    device = Device.objects.select_related("branch__policy", "device_class", "area").filter(pk=pk).first()
    if device is None:
        raise Http404
    return device


def label_is_taken(device: Device) -> bool:
    """Return whether another device of the room has the number or name of this retired one. At most one query."""
    if device.retired_on is None:
        return False
    return Device.objects.filter(branch=device.branch_id, label__iexact=device.label, retired_on=None).exists()
