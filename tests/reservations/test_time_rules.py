"""Each rule of a longer session at its boundary minute, on either side; no database."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from reservations.calendar import Calendar
from reservations.rules import DeviceFacts, PatronFacts, PolicyFacts
from reservations.rules.extending import Stretch, fitting, latest_end, stretch_problems
from reservations.rules.facts import Busy, Use
from reservations.rules.landing import frees_at
from tests.factories import NOW, at

NEW_YORK = ZoneInfo("America/New_York")
CALENDAR = Calendar(NEW_YORK, {day: [(time(9), time(19))] for day in range(7)})
LUNCH = Calendar(NEW_YORK, {day: [(time(9), time(15, 10)), (time(16), time(19))] for day in range(7)})
NIGHT = Calendar(NEW_YORK, {day: [(time(9), time(2))] for day in range(7)})
POLICY = PolicyFacts(session=60, day=120, horizon_days=7, open_bookings=2, grace=10, min_slot=10, gap=5, stop=15)
DEVICE = DeviceFacts("Seat 3", True, False, True, 0, 130, kind=1)
ADULT = PatronFacts(ages=(18, 130))


def stretch(minutes=15, **facts):
    """Return what is asked at 14:07 of a session from 14:00 to 15:00."""
    parts = {"device": DEVICE, "patron": ADULT, "policy": POLICY}
    parts = {name: replace(part, **facts.pop(name, {})) for name, part in parts.items()}
    plain = {"start": at(14), "end": at(15), "extensions": 0, "now": NOW, "calendar": CALENDAR}
    return Stretch(**{"minutes": minutes, **plain, **parts, **facts})


def used(*pairs):
    return {"uses": [Use(date(2026, 11, day), minutes, kind=1) for day, minutes in pairs]}


def then(start, end=None, **fields):
    return {"busy": [Busy(start, end or start + timedelta(hours=1), **fields)]}


EVENING = {"start": at(18), "now": at(18, 10)}
CASES = {
    "plain": (stretch(), []),
    "extension-none-staff": (stretch(policy={"extension": "none"}, who="staff"), ["no_extension"]),
    "extension-staff-staff": (stretch(policy={"extension": "staff"}, who="staff"), []),
    "extension-staff-patron": (stretch(policy={"extension": "staff"}), ["extension_by_staff"]),
    "extension-asked-patron": (stretch(policy={"extension": "asked"}), []),
    "extension-asked-system": (stretch(policy={"extension": "asked"}, who="system"), ["extension_by_staff"]),
    "extension-automatic-system": (stretch(who="system"), []),
    "extensions-most-before": (stretch(policy={"extensions_most": 2}, extensions=1), []),
    "extensions-most-reached": (stretch(policy={"extensions_most": 2}, extensions=2), ["extensions_most"]),
    "nobody-waits": (stretch(waiting=0), []),
    "somebody-waits": (stretch(waiting=1), ["line"]),
    "length-5": (stretch(5), []),
    "length-4": (stretch(4), ["too_short"]),
    "length-15": (stretch(15), []),
    "length-16": (stretch(16), ["too_long"]),
    "length-of-staff": (stretch(90, who="staff", freely=True, patron=used((24, 10))), []),
    "day-120": (stretch(patron=used((24, 105))), []),
    "day-121": (stretch(patron=used((24, 106))), ["day_limit"]),
    "day-121-not-counted": (stretch(patron=used((24, 106)), policy={"extension_counts": False}), []),
    "day-121-class-not-counted": (stretch(patron=used((24, 106)), device={"counts_toward_day": False}), []),
    "day-before-is-another-day": (stretch(patron=used((23, 120))), []),
    "class-day-75": (stretch(patron=used((24, 60)), policy={"class_day": 75}), []),
    "class-day-76": (stretch(patron=used((24, 61)), policy={"class_day": 75}), ["class_day_limit"]),
    "week-200": (stretch(patron=used((23, 125), (24, 60)), policy={"week": 200}), []),
    "week-201": (stretch(patron=used((23, 126), (24, 60)), policy={"week": 200}), ["week_limit"]),
    "week-from-monday": (stretch(patron=used((22, 120), (24, 60)), policy={"week": 100}), []),
    "next-after-the-gap": (stretch(device=then(at(15, 20))), []),
    "next-in-the-gap": (stretch(device=then(at(15, 19))), ["gap"]),
    "next-at-the-end": (stretch(device=then(at(15, 15))), ["gap"]),
    "next-before-the-end": (stretch(device=then(at(15, 14))), ["taken"]),
    "next-is-over": (stretch(device=then(at(15, 10), over=True)), []),
    "repair-at-the-end": (stretch(device=then(at(15, 15), repair=True)), []),
    "repair-before-the-end": (stretch(device=then(at(15, 14), repair=True)), ["out"]),
    "own-next-at-the-end": (stretch(patron=then(at(15, 15))), []),
    "own-next-before-the-end": (stretch(patron=then(at(15, 14))), ["elsewhere"]),
    "pass-until-the-end": (stretch(patron={"valid_until": at(15, 15)}), []),
    "pass-until-before": (stretch(patron={"valid_until": at(15, 14)}), ["pass_ended"]),
    "stop-at-the-end": (stretch(end=at(18, 30), **EVENING), []),
    "stop-before-the-end": (stretch(end=at(18, 31), **EVENING), ["closing"]),
    "lunch-at-the-end": (stretch(10, calendar=LUNCH), []),
    "lunch-before-the-end": (stretch(11, calendar=LUNCH), ["closing"]),
    "midnight-is-no-end": (stretch(start=at(23), end=at(23, 50), now=at(23, 40), calendar=NIGHT), []),
    "midnight-day-goes-on": (
        stretch(
            start=at(0, 5, day=25), end=at(1, day=25), now=at(0, 30, day=25), calendar=NIGHT, patron=used((24, 106))
        ),
        ["day_limit"],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_each_rule_at_its_boundary(name):
    asked, expected = CASES[name]
    assert [problem.code for problem in stretch_problems(asked)] == expected


@pytest.mark.parametrize(
    ("now", "said"),
    [(at(18, 10), "The computers stop at 18:45."), (at(18, 46), "The computers have stopped for today.")],
)
def test_a_stop_that_is_over_is_said_as_over(now, said):
    problem = stretch_problems(stretch(start=at(18), now=now, end=at(18, 47)))[-1]
    assert (problem.code, str(problem.sentence)) == ("closing", said)


def test_a_longer_session_across_the_change_of_clocks_has_its_real_length():
    # 1 November 2026: 02:00 becomes 01:00 again in New York; the branch closes at 02:00, the stop is at 01:45 standard
    start = datetime(2026, 11, 1, 5, 0, tzinfo=UTC)  # 01:00 summer time
    asked = stretch(15, start=start, end=start + timedelta(minutes=90), now=start, calendar=NIGHT)
    assert stretch_problems(asked) == []
    assert [p.next_minutes for p in stretch_problems(replace(asked, end=start + timedelta(minutes=95)))] == [10]


def test_what_fits_all_rules_is_the_least_of_what_each_allows():
    problems = stretch_problems(stretch(patron=used((24, 112)), device=then(at(15, 11))))
    assert [problem.next_minutes for problem in problems] == [8, 6]
    assert fitting(problems) == 6


def test_one_rule_that_allows_nothing_leaves_nothing():
    assert fitting(stretch_problems(stretch(waiting=1, patron=used((24, 112))))) is None


@pytest.mark.parametrize(
    ("facts", "end"),
    [
        ({}, at(18, 45)),
        ({"device": then(at(15, 30))}, at(15, 25)),
        ({"device": then(at(15, 30), repair=True)}, at(15, 30)),
        ({"patron": {"valid_until": at(15, 20)}}, at(15, 20)),
        ({"device": then(at(15))}, at(15)),
    ],
)
def test_how_far_a_session_could_go(facts, end):
    assert latest_end(stretch(**facts)) == end


@pytest.mark.parametrize(
    ("busy", "free_at"),
    [
        ([], NOW),
        ([Busy(at(14), at(14, 30))], at(14, 35)),
        ([Busy(at(14), at(14, 30)), Busy(at(14, 35), at(15))], at(15, 5)),
        ([Busy(at(14), at(14, 30)), Busy(at(16), at(17))], at(14, 35)),
        ([Busy(at(14), None, repair=True)], None),
    ],
)
def test_when_a_seat_frees(busy, free_at):
    assert frees_at(replace(DEVICE, busy=busy), NOW, 5) == free_at
