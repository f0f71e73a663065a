"""Set-ups to carry, files to break, and a system made empty."""

import csv
import io
import json
import zipfile
from collections.abc import Callable
from datetime import date, time
from typing import Any

from helpdesk import registry
from helpdesk.actor import SYSTEM
from helpdesk.carry.errors import Report
from helpdesk.carry.into import carry_in
from helpdesk.carry.out import carry_out
from reservations.models import Area, Branch, Closure, Device, Kiosk, OpeningHours, Policy, SpecialHours
from tests import factories as make
from tests.factories import NOW
from troubleshooting.guides.shape import Text
from troubleshooting.models import Category

NASTY = "=HYPERLINK(\"https://x.example\";'a')"


def empty() -> None:
    """Take every row of set-up away, last sheets first, the shipped ones too."""
    for sheet in reversed(registry.sheets()):
        sheet.model._base_manager.all().delete()


def bring(content: bytes, **options: Any) -> Report:
    return carry_in(content=content, by=SYSTEM, now=NOW, **options)


def entries(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(files: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def lines(content: bytes, file: str) -> list[list[str]]:
    """Return the cells of a sheet, its first line included, as a spreadsheet shows them."""
    text = entries(content)[file].decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def changed(content: bytes, file: str, change: Callable[[list[list[str]]], Any]) -> bytes:
    """Return the file with the lines of one sheet changed in place, the first of which names the columns."""
    found = lines(content, file)
    change(found)
    text = io.StringIO(newline="")
    csv.writer(text).writerows(found)
    return zipped({**entries(content), file: text.getvalue().encode()})


def put(content: bytes, file: str, line: int, column: str, cell: str) -> bytes:
    """Return the file with one cell changed; `line` counts as a spreadsheet does."""

    def change(found: list[list[str]]) -> None:
        found[line - 1][found[0].index(column)] = cell

    return changed(content, file, change)


def without_sheet(content: bytes, file: str) -> bytes:
    return zipped({name: each for name, each in entries(content).items() if name != file})


def with_manifest(content: bytes, **fields: Any) -> bytes:
    """Return the file with some fields of its manifest changed."""
    files = entries(content)
    manifest = {**json.loads(files["manifest.json"]), **fields}
    return zipped({**files, "manifest.json": json.dumps(manifest).encode()})


def small_set_up() -> Branch:
    """Make one plain branch with something in every sheet."""
    branch = make.make_branch(slug="harbour", name="Harbour")
    row = make.make_area(branch)
    kind = make.make_class(code="express", name="Express", session_minutes=15)
    make.make_device(branch, kind=kind, label="1", area=row, features=["scanner"])
    make.make_kiosk(branch, beside=row)
    Closure.objects.create(on=date(2026, 12, 25), reason="Holiday")
    SpecialHours.objects.create(branch=branch, on=date(2026, 12, 24), opens=time(9), closes=time(12), reason="Eve")
    return branch


def awkward_set_up() -> None:
    """Make a set-up of everything that a careless file loses: scripts, quotes, line breaks, formulas, odd hours."""
    policy = Policy.objects.create(
        name='Rules, "old"; ones', source="line one\r\nline two\nthree", warning_minutes=[], week_minutes=240
    )
    night = make.make_branch(hours=False, name="Bücherei Straße 東", slug="night", position=2)
    first = Branch.objects.create(name=NASTY, slug="first", position=1, policy=policy)
    _hours(night, [(4, 20, 2), (5, 22, 3), (1, 0, 0)])
    _hours(first, [(0, 9, 12), (0, 13, 17), (6, 2, 3)])  # a lunch gap; the hour that a clock change skips
    _rooms(first, night)
    Closure.objects.create(on=date(2027, 3, 14), reason="-1 hour: clocks change")
    Closure.objects.create(branch=night, on=date(2027, 3, 14), reason="'quoted'")
    SpecialHours.objects.create(branch=first, on=date(2026, 11, 1), opens=time(1, 30), closes=time(0), reason="")
    SpecialHours.objects.create(branch=first, on=date(2026, 11, 2), opens=time(9, 0, 30), closes=time(10))
    Category.objects.filter(code="printing").update(name="\t@tab", is_offered=False)
    texts = {"es": Text('ё, "so"\na', "=1+1"), "en": Text("@a", "'b'")}
    printing = Category.objects.get(code="printing")
    make.make_guide(printing, make.make_step("-a", "it", "b", texts=texts), make.make_step("b"))
    make.make_guide(printing, is_live=False, published_at=None)
    Category.objects.filter(code="wifi").delete()


def _hours(branch: Branch, week: list[tuple[int, int, int]]) -> None:
    for weekday, opens, closes in week:
        OpeningHours.objects.create(branch=branch, weekday=weekday, opens=time(opens), closes=time(closes))


def _rooms(first: Branch, night: Branch) -> None:
    """Make areas of one name in two branches, devices in an order that no label has, and kiosks in every state."""
    kind = make.make_class(code="pc", name="＝PC", least_age=13)
    first.policy.class_rules.create(device_class=kind, guests_allowed=False, session_minutes=30)
    areas = [Area.objects.create(branch=each, name="Row 1", hint="+49", position=3) for each in (first, night)]
    for label in ("9", "10", "2"):
        make.make_device(first, kind=kind, label=label, area=areas[0], position=7, lacks=["sound"])
    make.make_device(first, kind=kind, label="2", retired_on=date(2025, 1, 1), position=0)
    make.make_device(night, label="'s", place="  by the door ", features=["scanner", "screen-reader"])
    Device.objects.filter(label="'s").update(area=areas[1])
    make.make_kiosk(first, "a", name="-", beside=areas[0])
    make.make_kiosk(night, "b", name="Same", revoked_at=NOW)
    Kiosk.objects.create(branch=night, name="Same", token_hash="gone", paired_at=NOW, revoked_at=make.at(23))


def carried(content: bytes) -> bytes:
    """Return what the system exports after `content` was imported into it, made empty."""
    empty()
    bring(content)
    return carry_out()
