"""Every published policy, rule by rule, with the minute on either side, in six worlds. docs/policies.md shows it.

`UPDATE_DOCS=1 pytest tests/reservations/test_policies.py -k table` writes the table anew.
"""

import os
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from reservations.calendar import Calendar
from reservations.facts import counted_minutes, facts_of, policy_facts
from reservations.models import Booking, ClassRule, Device, DeviceClass, Policy
from reservations.models.booking import Kind
from reservations.period import period
from reservations.presets import PRESETS, preset_with
from reservations.rules.booking import booking_problems
from reservations.rules.facts import Asked, Busy, PatronFacts, Use
from reservations.rules.slot import Slot
from reservations.shipped import SHIPPED_CLASSES
from tests.reservations.published_cases import CASES, FIGURES, GRACE, Case

ZONE = ZoneInfo("America/New_York")
KINDS = {"internet": 1, "express": 2, "kids": 3, "mac": 4, "easy-access": 5, "drop-in": 6}
MINUTE = timedelta(minutes=1)
DOC = Path(__file__).resolve().parents[2] / "docs" / "policies.md"
BEGIN, END = "<!-- table of rules: begin -->\n", "<!-- table of rules: end -->\n"


@dataclass(frozen=True)
class World:
    """A calendar that is the same every day but for `closed`, and the local moment around which all happens."""

    hours: tuple[tuple[time, time], ...]
    base: datetime
    closed: frozenset[int] = frozenset()  # days after the base day

    @property
    def calendar(self) -> Calendar:
        days = {self.today + timedelta(days=ahead): "holiday" for ahead in self.closed}
        return Calendar(ZONE, {day: list(self.hours) for day in range(7)}, days)

    @property
    def today(self) -> date:
        return self.base.date() if self.base.time() >= self.hours[0][0] else self.base.date() - timedelta(days=1)

    def moment(self, days: int = 0) -> datetime:
        return (self.base + timedelta(days=days)).astimezone(UTC)

    def open_day(self, number: int) -> int:
        """Return how many days ahead the branch opens for the `number`th time after today."""
        ahead = [day for day in range(1, 60) if day not in self.closed]
        return ahead[number - 1] if number else 0

    def closing(self) -> datetime:
        ends = self.hours[-1][1]
        day = self.today if ends > self.hours[-1][0] else self.today + timedelta(days=1)
        return datetime.combine(day, ends, tzinfo=ZONE).astimezone(UTC)


NINE_TO_SEVEN = ((time(9), time(19)),)
NIGHT = ((time(22), time(6)),)
WORLDS = {
    "plain": World(NINE_TO_SEVEN, datetime(2026, 11, 24, 14, tzinfo=ZONE)),
    "clocks-back": World(NIGHT, datetime(2026, 11, 1, 1, 15, tzinfo=ZONE)),
    "clocks-on": World(NIGHT, datetime(2027, 3, 14, 1, 15, tzinfo=ZONE)),
    "lunch": World(((time(9), time(12)), (time(13), time(19))), datetime(2026, 11, 24, 14, tzinfo=ZONE)),
    "holiday": World(NINE_TO_SEVEN, datetime(2026, 11, 24, 14, tzinfo=ZONE), frozenset({3})),
    "midnight": World(((time(18), time(3)),), datetime(2026, 11, 24, 23, 15, tzinfo=ZONE)),
}


def policy_of(row: str) -> Policy:
    """Return the unsaved policy of a preset, or of none, with its classes."""
    preset = preset_with(row)
    columns = preset.columns() if preset else {}
    policy = Policy(**columns)
    classes = preset.classes if preset else SHIPPED_CLASSES
    policy.know(ClassRule(device_class_id=pk, **classes.get(code, {})) for code, pk in KINDS.items())
    return policy


def patron_of(case: Case, world: World, base: datetime) -> PatronFacts:
    kind, today = KINDS[case.kind], world.today
    monday = today - timedelta(days=today.weekday())
    uses = [
        Use(today, case.used, case.sessions, kind),
        Use(monday, case.week, 0, kind),
        Use(monday - timedelta(days=1), case.sunday, 0, kind),
        *(Use(today - timedelta(days=ago), 0, 0, kind, no_shows=1) for ago in case.no_shows),
    ]
    for start, end in case.sat:
        uses.append(Use(today, end - start, 1, kind, start=base + start * MINUTE, end=base + end * MINUTE))
    return PatronFacts(case.ages, open_bookings=case.open_bookings, uses=uses, is_guest=case.guest)


def asked(case: Case, world: World) -> Asked:
    policy = policy_of(case.row)
    base = world.moment()
    start = world.moment(case.day or world.open_day(case.open_day)) + case.start * MINUTE
    if case.before_close is not None:
        start = world.closing() - case.before_close * MINUTE
    kind = DeviceClass(pk=KINDS[case.kind], code=case.kind, name=case.kind)
    busy = [Busy(base + begin * MINUTE, base + end * MINUTE) for begin, end in case.busy]
    return Asked(
        slot=Slot.of(start, case.minutes),
        now=start if case.walk_up else base - 7 * MINUTE,
        device=facts_of(Device(label="3", device_class=kind), busy, policy),
        patron=patron_of(case, world, base),
        policy=policy_facts(policy, kind.pk, guest=case.guest),
        calendar=world.calendar,
        walk_up=case.walk_up,
        by_staff=case.by_staff,
        needs=case.needs,
        waiting=case.waiting,
        full=case.full,
    )


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_a_published_rule_bites_at_its_figure_and_not_before(case):
    told = {name: [problem.code for problem in booking_problems(asked(case, world))] for name, world in WORLDS.items()}
    wrong = {name: codes for name, codes in told.items() if (case.code not in codes if case.code else codes)}
    assert wrong == {}


FIGURE_IDS = [(row, rule) for row, rules in FIGURES.items() for rule in rules]


@pytest.mark.parametrize(("row", "rule"), FIGURE_IDS, ids=[f"{row}-{rule}" for row, rule in FIGURE_IDS])
def test_a_figure_that_no_booking_asks_for_is_in_the_policy(row, rule):
    name, value = FIGURES[row][rule]
    policy = policy_of(row)
    facts = policy_facts(policy, KINDS["internet"], guest=False)
    assert getattr(facts, name, getattr(policy, name, None)) == value


GRACE_IDS = [(row, kind, minutes) for row, kinds in GRACE.items() for kind, minutes in kinds.items()]


@pytest.mark.parametrize("world", WORLDS.values(), ids=WORLDS.keys())
@pytest.mark.parametrize(("row", "kind", "minutes"), GRACE_IDS, ids=[f"{r}-grace-{k}-{m}" for r, k, m in GRACE_IDS])
def test_a_seat_is_kept_for_the_grace_period_and_its_minutes_are_deducted(row, kind, minutes, world):
    policy, start = policy_of(row), world.moment()
    by = start + policy_facts(policy, KINDS[kind], guest=False).grace * MINUTE
    span = period(start, start + 45 * MINUTE)
    booking = Booking(kind=Kind.PATRON, period=span, booked_period=span, check_in_by=by)
    assert booking.effective_end(start + minutes * MINUTE - MINUTE) is None
    assert booking.effective_end(start + minutes * MINUTE) == by
    assert counted_minutes(booking, by, policy) == minutes


def test_every_case_has_an_id_of_its_own():
    ids = [case.id for case in CASES]
    assert sorted(set(ids)) == sorted(ids)


def test_every_row_of_the_table_is_tested():
    assert {case.row for case in CASES} == {"shipped", *(preset.code for preset in PRESETS)}


def table() -> str:
    """Return the table of libraries and rules, each rule with the ids of its tests."""
    lines = ["| library | rule | | test ids |\n", "|---|---|---|---|\n"]
    names = {preset.code: preset.library for preset in PRESETS} | {"shipped": "Shipped, without a preset"}
    for row, name in names.items():
        ids: dict[str, list[str]] = {}
        for case in (case for case in CASES if case.row == row):
            ids.setdefault(case.rule, []).append(case.id)
        for kind, minutes in GRACE.get(row, {}).items():
            ids.setdefault("grace", []).append(f"{row}-grace-{kind}-{minutes}")
        for rule in FIGURES.get(row, {}):
            ids.setdefault(rule, []).append(f"{row}-{rule}")
        lines += [f"| {name} | {rule} | ✓ | {', '.join(f'`{i}`' for i in found)} |\n" for rule, found in ids.items()]
    beside = (f"- {p.library}: {', '.join(str(each) for each in p.beside)}\n" for p in PRESETS if p.beside)
    return "".join([*lines, "\nPublished beside the rules of booking, and kept elsewhere or by people:\n\n", *beside])


def test_the_table_in_the_docs_is_the_table_of_the_tests():
    text = DOC.read_text(encoding="utf-8")
    before, _begin, rest = text.partition(BEGIN)
    _old, _end, after = rest.partition(END)
    fresh = f"{before}{BEGIN}{table()}{END}{after}"
    if os.environ.get("UPDATE_DOCS"):
        DOC.write_text(fresh, encoding="utf-8")
    assert text == fresh or os.environ.get("UPDATE_DOCS")
