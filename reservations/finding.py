"""Find a device by what people call it: its label, its class, its place."""

from collections.abc import Collection, Sequence

from django.db.models import Q

from helpdesk.models import User
from reservations.models import Device

READ = 200  # rows looked at; a search that fits more devices needs one word more


def devices_called(user: User, words: Sequence[str], beginnings: Collection[str], limit: int) -> list[Device]:
    """Return up to `limit` devices of the branches `user` works at that are called by all of `words`; one query.

    A word is the whole label ("8", "12a"), or begins a word of what the device is called ("seat", "print"); a word of
    `beginnings` may begin one as well. Those whose label is a word of the search come first.
    """
    wanted = Q()
    for word in (*words, *beginnings):
        wanted |= Q(label__iexact=word) | Q(label__icontains=word) | Q(device_class__name__icontains=word)
        wanted |= Q(area__name__icontains=word) | Q(place__icontains=word)
    found = Device.objects.visible_to(user).filter(wanted, retired_on=None)
    rows = found.select_related("device_class", "area", "branch").order_by("branch__position", "branch_id", "pk")
    named = [device for device in rows[:READ] if _is_called(device, words, beginnings)]
    return sorted(named, key=lambda device: device.label.casefold() not in words)[:limit]


def _is_called(device: Device, words: Sequence[str], beginnings: Collection[str]) -> bool:
    area = device.area.name if device.area else ""
    names = f"{device.said} {device.label} {device.device_class.name} {area} {device.place} {device.branch.name}"
    parts = tuple(names.casefold().split())
    label = device.label.casefold()
    return all(word == label or _begins(word, parts) or word in beginnings for word in words) or any(
        _begins(word, parts) for word in beginnings
    )


def _begins(word: str, parts: tuple[str, ...]) -> bool:
    return not word.isdigit() and any(part.startswith(word) for part in parts)
