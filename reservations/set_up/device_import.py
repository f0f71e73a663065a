"""What a file of devices would do to a branch, line by line, and the verb that does it as it was shown."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from django.contrib.admin.models import CHANGE
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from helpdesk.actor import Actor
from helpdesk.db import refused_by
from reservations.booking.change_day import plan_changed
from reservations.booking.frame import open_frame
from reservations.models import Area, Booking, Branch, Device, DeviceClass
from reservations.models.devices import EVERY_SEAT
from reservations.needs import NEEDS, need_word
from reservations.rules.problem import Refused
from reservations.set_up.device_file import SENTENCES, Line, lines_of
from reservations.set_up.devices import LABEL_TWICE, LAST, DeviceSaid, change_problems, stands_anew
from reservations.set_up.notes import note

BETWEEN = re.compile(r"[,;|]")
ADD, CHANGED, SAME, REFUSED = "add", "change", "same", "refused"
FIELDS = ["device_class", "area", "place", "features", "lacks", "position"]


@dataclass
class Scene:
    """What a file is held against: the branch with its devices, areas and classes, and what stands on the devices."""

    branch: Branch
    devices: dict[str, Device]
    areas: dict[str, Area]
    kinds: dict[str, DeviceClass]
    standing: dict[int, list[Booking]]
    features: dict[str, str]  # by code and by what pages call it
    lines: dict[str, int] = field(default_factory=dict)  # by label, the line that names it


@dataclass(frozen=True)
class Step:
    """What one line does: `what` is add, change, same or refused; `words` say how, or why not."""

    number: int
    label: str
    what: str
    words: tuple[str, ...] = ()
    device: Device | None = None
    said: DeviceSaid | None = None


@dataclass(frozen=True)
class FilePlan:
    """The steps of a file in its order, and the areas that would be new."""

    steps: list[Step]
    new_areas: list[str]

    def count(self, what: str) -> int:
        return sum(1 for step in self.steps if step.what == what)

    @property
    def added(self) -> int:
        return self.count(ADD)

    @property
    def changed(self) -> int:
        return self.count(CHANGED)

    @property
    def same(self) -> int:
        return self.count(SAME)

    @property
    def refused(self) -> int:
        return self.count(REFUSED)

    @property
    def saves(self) -> int:
        """How many devices saving would write."""
        return self.added + self.changed

    @property
    def seen(self) -> str:
        """A short name of all this: what is saved is what was shown."""
        said = [(step.number, step.label, step.what, step.words) for step in self.steps]
        return _digest((said, self.new_areas)) + self._left_out

    @property
    def _left_out(self) -> str:
        """A short name of what is refused, which saving does not change."""
        return _digest([(step.number, step.words) for step in self.steps if step.what == REFUSED])

    def is_saved(self, seen: str) -> bool:
        """Return whether everything that was `seen` stands there by now: a second press finds the first one's work."""
        return not self.saves and seen.endswith(self._left_out)


def _digest(said: object) -> str:
    return sha256(repr(said).encode()).hexdigest()[:32]


def scene_of(branch: Branch, standing: Iterable[Booking]) -> Scene:
    """Return what a file for `branch` is held against; `standing` are the rows that stand on its devices. 3 queries."""
    found = Device.objects.filter(branch=branch, retired_on=None).select_related("device_class", "area")
    devices = {device.label.lower(): device for device in found.order_by("pk")}
    kinds: dict[str, DeviceClass] = {}
    for kind in DeviceClass.objects.order_by("-pk"):
        kinds |= {kind.name.casefold(): kind, kind.code: kind}
    rows: dict[int, list[Booking]] = {}
    for row in standing:
        rows.setdefault(row.device_id, []).append(row)
    codes = sorted(set(NEEDS).union(*(device.features for device in devices.values())))
    known = {need_word(code).casefold(): code for code in codes} | {code: code for code in codes}
    areas = {area.name.casefold(): area for area in Area.objects.filter(branch=branch).order_by("-position", "-pk")}
    return Scene(branch, devices, areas, kinds, rows, known)


def plan_file(text: str, scene: Scene) -> FilePlan:
    """Return what every line of the file `text` would do. No query. Raises Refused: what lines_of says."""
    there = set(scene.areas)
    steps = [_step(line, scene) for line in lines_of(text)]
    areas = [step.said.area for step in steps if step.said and step.said.area]
    new = [area.name for name, area in scene.areas.items() if name not in there and area in areas]
    return FilePlan(steps, new)


def preview_file(branch: Branch, text: str, *, now: datetime) -> FilePlan:
    """Return what the file would do now, planned as the verb plans it. 4 queries."""
    return plan_file(text, scene_of(branch, Booking.objects.live(now).filter(branch=branch)))


@transaction.atomic
def import_devices(*, branch_id: int, text: str, seen: str, by: Actor, now: datetime) -> FilePlan:
    """Write what the good lines of the file say, all or nothing, as it was shown; refused lines change nothing.

    Areas that the branch does not have are added behind the others. `seen` names the plan that was shown; where all of
    it stands there already, nothing is written. Raises Refused `plan_changed` where the file would do something else by
    now, and what plan_file says.
    """
    ids = Device.objects.filter(branch=branch_id).values_list("pk", flat=True)
    frame = open_frame(branch_id=branch_id, now=now, device_ids=list(ids))
    plan = plan_file(text, scene_of(frame.branch, [row for row in frame.rows if not row.ended_at]))
    if plan.is_saved(seen):
        return plan
    if plan.seen != seen:
        raise Refused(plan_changed())
    first = Area.objects.filter(branch=frame.branch).count()
    names = enumerate(plan.new_areas, first)
    made = Area.objects.bulk_create(Area(branch=frame.branch, name=name, position=place) for place, name in names)
    areas = {area.name: area for area in made}
    written = [_written(step, frame.branch, areas) for step in plan.steps if step.what in (ADD, CHANGED)]
    with refused_by("device_label_once_per_branch", Refused(LABEL_TWICE)):
        Device.objects.bulk_create(device for device in written if device.pk is None)
        Device.objects.bulk_update([device for device in written if device.pk], FIELDS)
    note(frame.branch, CHANGE, by=by, now=now, words=f"devices from a file: {plan.added}, {plan.changed}")
    stands_anew(frame)
    return plan


def _written(step: Step, branch: Branch, areas: dict[str, Area]) -> Device:
    """Return the device of a step as it is to be written."""
    assert step.said is not None
    said = step.said
    device = step.device or Device(branch=branch, label=said.label)
    area = areas[said.area.name] if said.area and said.area.pk is None else said.area
    if device.pk is None or device.area != area:
        device.position = LAST
    device.device_class, device.area, device.place = said.device_class, area, said.place
    device.features = sorted(said.features)
    device.lacks = sorted(frozenset(device.lacks) & device.has)
    return device


def _step(line: Line, scene: Scene) -> Step:
    label = line.cells.get("label", "")
    if line.refused:
        return Step(line.number, label, REFUSED, (str(SENTENCES[line.refused]),))
    if label.lower() in scene.lines:
        words = _("Line %(line)d names this label already.") % {"line": scene.lines[label.lower()]}
        return Step(line.number, label, REFUSED, (words,))
    scene.lines[label.lower()] = line.number
    device = scene.devices.get(label.lower())
    kind = scene.kinds.get(line.cells.get("class", "").casefold())
    if kind is None and device and not line.cells.get("class"):
        kind = device.device_class
    wrong = _wrong(line, kind, scene)
    if wrong or kind is None:
        return Step(line.number, label, REFUSED, (wrong,))
    said = _said(line, device, kind, scene)
    if device is None:
        return Step(line.number, label, ADD, _has(said), said=said)
    problems = change_problems(device, said, scene.standing.get(device.pk, ()))
    if problems:
        return Step(line.number, label, REFUSED, tuple(str(problem.sentence) for problem in problems))
    changes = tuple(_changes(device, said))
    return Step(line.number, label, CHANGED if changes else SAME, changes, device, said)


def _wrong(line: Line, kind: DeviceClass | None, scene: Scene) -> str:
    """Return why a line cannot be taken, '' where it can."""
    if kind is None and not line.cells.get("class"):
        return _("A new device needs a class: %(known)s.") % {"known": _names(scene)}
    if kind is None:
        said = {"class": line.cells["class"], "known": _names(scene)}
        return _("No class is called %(class)s. There are: %(known)s.") % said
    unknown = (_features(line, scene) or frozenset()) - frozenset(scene.features.values())
    if unknown:
        known = ", ".join(sorted(map(need_word, set(scene.features.values()))))
        said = {"words": ", ".join(sorted(unknown)), "known": known}
        return _("Nothing is called %(words)s. There are: %(known)s.") % said
    return ""


def _names(scene: Scene) -> str:
    return ", ".join(sorted({kind.name for kind in scene.kinds.values()}))


def _features(line: Line, scene: Scene) -> frozenset[str] | None:
    """Return what the device has, in codes where it is known; None where the file does not say."""
    if "has" not in line.cells:
        return None
    found: set[str] = set()
    for piece in BETWEEN.split(line.cells["has"].casefold()):
        words = piece.split()
        whole = scene.features.get(" ".join(words))
        found |= {whole} if whole else {scene.features.get(word, word) for word in words}
    return frozenset(found)


def _said(line: Line, device: Device | None, kind: DeviceClass, scene: Scene) -> DeviceSaid:
    """Return what the line says; a column that is left out changes nothing."""
    before = device or Device()
    area = before.area
    if "area" in line.cells:
        name = line.cells["area"]
        area = scene.areas.setdefault(name.casefold(), Area(branch=scene.branch, name=name)) if name else None
    has = _features(line, scene)
    features = frozenset(before.features) if has is None else has - EVERY_SEAT
    return DeviceSaid(line.cells["label"], kind, area, line.cells.get("place", before.place), features)


def _has(said: DeviceSaid) -> tuple[str, ...]:
    """Return what a new device is, in words."""
    parts = [said.device_class.name, said.area.name if said.area else "", said.place, _words(said.features)]
    return tuple(part for part in parts if part)


def _words(features: Iterable[str]) -> str:
    return ", ".join(need_word(feature) for feature in sorted(features))


def _changes(device: Device, said: DeviceSaid) -> Iterator[str]:
    """Yield what a known device would say otherwise: "class: Internet computer, then Quick stop"."""
    pairs = (
        (pgettext("a class of devices", "class"), device.device_class.name, said.device_class.name),
        (_("area"), device.area.name if device.area else "", said.area.name if said.area else ""),
        (_("place"), device.place, said.place),
        (_("has"), _words(device.features), _words(said.features)),
    )
    for what, before, after in pairs:
        if before != after:
            said_words = {"what": what, "before": before or _("nothing"), "after": after or _("nothing")}
            yield _("%(what)s: %(before)s, then %(after)s") % said_words
