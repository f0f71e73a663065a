"""Devices as managers keep them: what a form or a line of a file says, what stands against it, and adding, changing."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.admin.models import ADDITION, CHANGE
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from helpdesk import live
from helpdesk.actor import Actor
from helpdesk.db import refused_by
from reservations.booking.frame import UNKNOWN_DEVICE, Frame, open_frame
from reservations.locks import lock_branch
from reservations.models import Area, Booking, Device, DeviceClass
from reservations.needs import need_word
from reservations.rules.problem import Problem, Refused
from reservations.scopes import board_scope
from reservations.set_up.classes import CLASS_GONE
from reservations.set_up.notes import note
from reservations.set_up.order import keep_order, locked_parts
from reservations.set_up.seen import check_seen

LAST = 32767  # behind all others, until the order is kept
LABEL_TWICE = Problem(
    "label_twice",
    gettext_lazy("This branch has a device with this number or name. Choose another one."),
    gettext_lazy("Number or name"),
    lift_by="",
)
AREA_ELSEWHERE = Problem(
    "area_elsewhere",
    gettext_lazy("This area is in another branch, or is not here any more. Choose one of this branch."),
    gettext_lazy("Area of the branch"),
    lift_by="",
)


@dataclass(frozen=True)
class DeviceSaid:
    """What is said of a device: its number or name, class, area, the words for its place, what it has."""

    label: str
    device_class: DeviceClass
    area: Area | None = None
    place: str = ""
    features: frozenset[str] = frozenset()

    @property
    def columns(self) -> dict[str, Any]:
        """What is said, under the names of the columns."""
        ids = {"device_class_id": self.device_class.pk, "area_id": self.area.pk if self.area else None}
        return {"label": plain_label(self.label), "place": self.place, "features": sorted(self.features), **ids}


def plain_label(label: str) -> str:
    """Return the label as it is kept: of "Seat 9" and "seat 9", which pages say of the seat 9, the number alone."""
    said = (Device(label=number).said for number in re.findall(r"[0-9]+", label))
    return next((re.sub(r"[^0-9]", "", each) for each in said if each.casefold() == label.casefold()), label)


def held(count: int) -> Problem:
    """Return the problem of a device that would move or change its class while `count` things stand on it."""
    sentence = ngettext(
        "%(count)d booking or outage stands on this device. Its class and branch can change when nothing does.",
        "%(count)d bookings or outages stand on this device. Its class and branch can change when nothing does.",
        count,
    )
    return Problem("device_held", sentence % {"count": count}, _("What stands on the device"), lift_by="")


def feature_needed(features: Iterable[str]) -> Problem:
    """Return the problem of taking away what somebody asked for who has booked this seat."""
    words = ", ".join(need_word(feature) for feature in sorted(features))
    sentence = _("Somebody who has booked this seat asked for: %(needs)s. Move that booking first.")
    return Problem("feature_needed", sentence % {"needs": words}, _("What the seat has"), lift_by="")


def change_problems(
    device: Device, said: DeviceSaid, standing: Collection[Booking], *, branch_id: int | None = None
) -> list[Problem]:
    """Return what stands against saying this of `device`, on which `standing` stand; nobody loses what they count on.

    `branch_id` is that of the branch to which the device would move.
    """
    problems = []
    moves = branch_id is not None and branch_id != device.branch_id
    if standing and (moves or said.device_class.pk != device.device_class_id):
        problems.append(held(len(standing)))
    needed = frozenset(need for row in standing for need in row.needs)
    missing = needed & frozenset(device.features) - said.features
    if missing:
        problems.append(feature_needed(missing))
    if said.area and said.area.branch_id != (branch_id or device.branch_id):
        problems.append(AREA_ELSEWHERE)
    return problems


@transaction.atomic
def add_device(*, branch_id: int, said: DeviceSaid, by: Actor, now: datetime) -> Device:
    """Add a device at the end of its area. Raises Refused `label_twice`, `area_elsewhere`, `class_gone`."""
    frame = open_frame(branch_id=branch_id, now=now)
    device = Device(branch=frame.branch)
    if said.area and said.area.branch_id != branch_id:
        raise Refused(AREA_ELSEWHERE)
    write_device(device, said)
    note(device, ADDITION, by=by, now=now)
    stands_anew(frame)
    return device


@transaction.atomic
def change_device(
    *, device_id: int, branch_id: int, said: DeviceSaid, by: Actor, now: datetime, seen: str = ""
) -> Device:
    """Say something else of a device, or that it stands at the branch `branch_id` now.

    `seen` is the version that the form was filled with. Raises Refused: `changed_meanwhile`, what change_problems
    says, `label_twice`, `class_gone`, `unknown_device`.
    """
    here = Device.objects.filter(pk=device_id).values_list("branch_id", flat=True).first()
    if here is None:
        raise Refused(UNKNOWN_DEVICE)
    for pk in sorted({here, branch_id}):
        lock_branch(pk)
    frame = open_frame(branch_id=here, now=now, device_ids=[device_id])
    device = frame.device(device_id)
    check_seen(device, seen, {"branch_id": branch_id, **said.columns})
    standing = [row for row in frame.rows if row.device_id == device_id and not row.ended_at]
    problems = change_problems(device, said, standing, branch_id=branch_id)
    if problems:
        raise Refused(*problems)
    device.branch_id = branch_id
    write_device(device, said)
    note(device, CHANGE, by=by, now=now)
    stands_anew(frame)
    if branch_id != here:
        stands_anew(open_frame(branch_id=branch_id, now=now))
    return device


def write_device(device: Device, said: DeviceSaid) -> None:
    """Save what is said of a device whose branch is locked; in another area than before it stands last.

    What is broken there stays so, unless the seat does not have it any more. Raises Refused `label_twice`,
    `class_gone`, `area_elsewhere`.
    """
    kind = DeviceClass.objects.filter(pk=said.device_class.pk).first()
    if kind is None:
        raise Refused(CLASS_GONE)
    area_id = said.area.pk if said.area else None
    if area_id and not Area.objects.filter(pk=area_id, branch=device.branch_id).exists():
        raise Refused(AREA_ELSEWHERE)
    if device.pk is None or device.area_id != area_id:
        device.position = LAST
    device.label, device.place = plain_label(said.label), said.place
    device.device_class, device.area = kind, said.area
    device.features = sorted(said.features)
    device.lacks = sorted(frozenset(device.lacks) & device.has)
    with refused_by("device_label_once_per_branch", Refused(LABEL_TWICE)):
        device.save()


def stands_anew(frame: Frame) -> None:
    """Number the room of a locked branch again, and let its screens and its waiting line know."""
    keep_order(locked_parts(frame.branch.pk))
    live.touch(board_scope(frame.branch.pk))
    frame.ring()
