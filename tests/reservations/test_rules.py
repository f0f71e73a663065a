"""Each rule at its boundary minute, on either side; problems are compared by code."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from reservations.calendar import Calendar
from reservations.rules import Asked, DeviceFacts, PatronFacts, PolicyFacts, Problem, Slot, booking_problems
from reservations.rules.facts import Busy, Use
from reservations.rules.fit import free_until, longest_minutes
from tests.factories import NOW, at

CALENDAR = Calendar(ZoneInfo("America/New_York"), {day: [(time(9), time(19))] for day in range(7)})
POLICY = PolicyFacts(session=60, day=120, horizon_days=7, open_bookings=2, grace=10, min_slot=10, gap=5, stop=15)


def used(minutes, day=24):
    """Return the patron facts of somebody who has used `minutes` on a day of November."""
    return {"uses": [Use(date(2026, 11, day), minutes)]}


DEVICE = DeviceFacts("Seat 3", bookable=True, walk_up_only=False, counts_toward_day=True, least_age=0, greatest_age=130)
ADULT = PatronFacts(ages=(18, 130))


def asked(start: datetime, minutes: int = 60, *, walk_up: bool = False, **facts) -> Asked:
    return Asked(
        slot=Slot.of(start, minutes),
        now=NOW,
        device=replace(DEVICE, **facts.get("device", {})),
        patron=replace(ADULT, **facts.get("patron", {})),
        policy=replace(POLICY, **facts.get("policy", {})),
        calendar=facts.get("calendar", CALENDAR),
        walk_up=walk_up,
    )


def codes(request: Asked) -> list[str]:
    return [problem.code for problem in booking_problems(request)]


def only(request: Asked) -> Problem:
    (problem,) = booking_problems(request)
    return problem


def test_a_plain_hour_this_afternoon_is_fine():
    assert codes(asked(at(16))) == []


def test_a_blocked_card_works_again_when_the_library_opens_after_that():
    problem = only(asked(at(16), patron={"blocked_until": at(0, day=25)}))
    assert (problem.code, problem.next_at) == ("blocked", at(9, day=25))


def test_a_pass_of_the_day_says_so_and_one_of_hours_says_until_when():
    day = only(asked(at(16, day=25), patron={"valid_until": at(0, day=25)}))
    hour = only(asked(at(16), patron={"valid_until": at(16, 17)}))
    assert str(day.sentence).startswith("A guest number is good for the day it was given.")
    assert hour.sentence == "This guest number is good until 16:17. Ask at the desk for a library card."


CASES = {
    "past-minute-before": (asked(at(14, 6)), ["past"]),
    "past-now": (asked(at(14, 7)), []),
    "session-60": (asked(at(16), 60), []),
    "session-61": (asked(at(16), 61), ["too_long"]),
    "shortest-10": (asked(at(16), 10), []),
    "shortest-9": (asked(at(16), 9), ["too_short"]),
    "closing-ends-at-the-stop": (asked(at(17, 45)), []),
    "closing-a-minute-past-the-stop": (asked(at(17, 46)), ["closing"]),
    "closed-before-opening": (asked(at(8, 59, day=25), 10), ["closed"]),
    "open-at-opening": (asked(at(9, day=25)), []),
    "horizon-last-day": (asked(datetime(2026, 12, 1, 15, tzinfo=UTC)), []),
    "horizon-day-after": (asked(datetime(2026, 12, 2, 15, tzinfo=UTC)), ["too_far"]),
    "not-bookable": (asked(at(16), device={"bookable": False}), ["not_bookable"]),
    "walk-up-class-ahead": (asked(at(16), device={"walk_up_only": True}), ["walk_up_class"]),
    "walk-up-class-now": (asked(NOW, walk_up=True, device={"walk_up_only": True}), []),
    "walk-up-patron-ahead": (asked(at(16), patron={"walk_up_only_until": at(15)}), ["walk_up_patron"]),
    "walk-up-patron-now": (asked(NOW, walk_up=True, patron={"walk_up_only_until": at(15)}), []),
    "open-bookings-1": (asked(at(16), patron={"open_bookings": 1}), []),
    "open-bookings-2": (asked(at(16), patron={"open_bookings": 2}), ["too_many"]),
    "open-bookings-do-not-stop-a-walk-up": (asked(NOW, walk_up=True, patron={"open_bookings": 2}), []),
    "day-60-used": (asked(at(16), patron=used(60)), []),
    "day-61-used": (asked(at(16), patron=used(61)), ["day_limit"]),
    "day-of-yesterday": (asked(at(16), patron=used(120, day=23)), []),
    "day-express-does-not-count": (
        asked(at(16), 15, device={"counts_toward_day": False}, patron=used(120)),
        [],
    ),
    "taken-overlap": (asked(at(16), device={"busy": [Busy(at(16, 59), at(18))]}), ["taken"]),
    "gap-4-minutes-before": (asked(at(16), device={"busy": [Busy(at(15), at(15, 56))]}), ["gap"]),
    "gap-5-minutes-before": (asked(at(16), device={"busy": [Busy(at(15), at(15, 55))]}), []),
    "gap-4-minutes-after": (asked(at(16), device={"busy": [Busy(at(17, 4), at(18))]}), ["gap"]),
    "gap-5-minutes-after": (asked(at(16), device={"busy": [Busy(at(17, 5), at(18))]}), []),
    "gap-after-someone-left": (
        asked(NOW, walk_up=True, device={"busy": [Busy(at(13), at(14, 3), over=True)]}),
        ["gap"],
    ),
    "a-finished-row-does-not-take": (asked(at(16), device={"busy": [Busy(at(15), at(17), over=True)]}), []),
    "out-of-service": (asked(at(16), device={"busy": [Busy(at(10), None, repair=True)]}), ["out"]),
    "elsewhere": (asked(at(16), patron={"busy": [Busy(at(16, 30), at(17))]}), ["elsewhere"]),
    "elsewhere-back-to-back": (asked(at(16), patron={"busy": [Busy(at(17), at(18))]}), []),
    "age-child-at-an-adult-seat": (asked(at(16), device={"least_age": 18}, patron={"ages": (0, 12)}), ["age"]),
    "age-adult-at-a-kids-seat": (asked(at(16), device={"greatest_age": 12}), ["age"]),
    "age-teen-where-13-may": (asked(at(16), device={"least_age": 13}, patron={"ages": (13, 17)}), []),
    "pass-ends-with-the-slot": (asked(at(16), patron={"valid_until": at(17)}), []),
    "pass-ends-a-minute-before": (asked(at(16), patron={"valid_until": at(16, 59)}), ["pass_ended"]),
    "blocked": (asked(at(16), patron={"blocked_until": at(16, 1)}), ["blocked"]),
    "last-booking-ends-at-the-cut": (asked(at(17, 30), policy={"last_booking": 30}), []),
    "last-booking-a-minute-past-the-cut": (asked(at(17, 31), policy={"last_booking": 30}), ["last_booking"]),
    "last-booking-does-not-stop-a-walk-up": (asked(at(17, 45), policy={"last_booking": 30}, walk_up=True), []),
    "line-next-hour": (replace(asked(at(15, 6)), waiting=1), ["line"]),
    "line-after-the-next-hour": (replace(asked(at(15, 7)), waiting=1), []),
    "blocked-until-then": (asked(at(16), patron={"blocked_until": at(16)}), []),
}


@pytest.mark.parametrize(("request_", "expected"), CASES.values(), ids=CASES.keys())
def test_a_rule_bites_at_its_minute_and_not_before(request_, expected):
    assert codes(request_) == expected


def test_a_stop_that_is_over_is_said_as_over():
    late = replace(asked(at(18, 50), walk_up=True), now=at(18, 50))
    problem = next(each for each in booking_problems(late) if each.code == "closing")
    assert str(problem.sentence) == "The computers have stopped for today."


def test_the_first_day_past_the_horizon_is_too_far_and_names_the_last_day():
    problem = only(asked(datetime(2026, 12, 2, 15, tzinfo=NOW.tzinfo)))
    assert problem.code == "too_far"
    assert problem.next_at == datetime(2026, 12, 1, 14, tzinfo=NOW.tzinfo)


def test_the_daily_limit_says_the_sum_and_offers_what_is_left():
    problem = only(asked(at(16, 30), patron=used(90)))
    assert problem.sentence == "1 hour at 16:30 does not fit in today's 2 hours."
    assert problem.sums == {"used": 90, "left": 30, "over": 30, "limit": 120}
    assert (problem.next_at, problem.next_minutes) == (at(16, 30), 30)


@pytest.mark.parametrize("policy", [{"sessions_a_day": 1}, {"class_sessions": 1}])
def test_a_number_of_sessions_is_never_drawn_as_minutes(policy):
    problem = only(asked(at(16, 30), patron=sat((at(11), at(11, 30))), policy=policy))
    assert (problem.value, problem.sums) == ("1", {})


def test_a_used_up_week_offers_monday():
    problem = only(asked(at(16), patron=used(115, day=23), policy={"week": 120}))
    assert (problem.code, problem.next_at, problem.next_minutes) == ("week_limit", at(9, day=30), None)
    assert problem.sums == {"used": 115, "left": 5, "over": 55, "limit": 120}


def sat(*spans):
    """Return the patron facts of sessions of today, as (start, end)."""
    return {"uses": [Use(date(2026, 11, 24), 1, start=start, end=end) for start, end in spans]}


def test_sessions_in_a_row_offer_a_quarter_of_an_hour_after_the_last():
    patron = sat((at(14, 30), at(15)), (at(15, 10), at(15, 50)))
    assert only(asked(at(16), patron=patron, policy={"in_a_row": 2})).next_at == at(16, 5)


def test_a_break_offers_its_end_or_a_session_that_leaves_it():
    after = only(asked(at(16), patron=sat((at(15), at(15, 40))), policy={"pause": 30}))
    assert (after.next_at, after.next_minutes) == (at(16, 10), None)
    before = only(asked(at(16), patron=sat((at(17, 10), at(18))), policy={"pause": 30}))
    assert (before.next_at, before.next_minutes) == (at(16), 40)


def test_people_in_line_are_counted_and_the_hour_after_is_offered():
    problem = only(replace(asked(at(14, 30)), waiting=3))
    assert (problem.sentence, problem.next_at) == ("3 people wait for a seat like this.", at(15, 7))


@pytest.mark.parametrize(("result", "next_at"), [("walk_up", NOW), ("block", at(0, day=29))])
def test_missed_bookings_say_until_when(result, next_at):
    rules = {"no_shows": 2, "no_show_result": result, "no_show_penalty_days": 7}
    uses = [Use(date(2026, 11, day), 0, 0, no_shows=1) for day in (20, 22)]
    problem = only(asked(at(16), patron={"uses": uses}, policy=rules))
    assert (problem.code, problem.next_at) == ("missed", next_at)
    assert "Sun 29" in str(problem.sentence)
    assert codes(asked(at(16), patron={"uses": uses}, policy={**rules, "no_show_penalty_days": 2})) == []


def test_a_seat_kept_for_a_need_names_no_disability():
    problem = only(asked(at(16), device={"access": "first"}))
    assert problem.sentence == "This seat is kept for people who need it. Choose what you need, or another seat."


def test_a_booking_before_ones_own_next_one_is_offered_shorter():
    problem = only(asked(at(16), patron={"busy": [Busy(at(16, 40), at(17, 40))]}))
    assert (problem.code, problem.next_at, problem.next_minutes) == ("elsewhere", at(16), 40)


def test_a_used_up_day_offers_the_next_opening():
    problem = only(asked(at(16), patron=used(115)))
    assert (problem.next_at, problem.next_minutes) == (at(9, day=25), None)


def test_too_near_to_closing_offers_the_minutes_until_the_stop_or_tomorrow():
    short = only(asked(at(18, 20)))
    assert (short.next_at, short.next_minutes) == (at(18, 20), 25)
    late = only(asked(at(18, 40)))
    assert (late.next_at, late.next_minutes) == (at(9, day=25), None)


def test_a_closed_day_offers_the_next_opening():
    closed = Calendar(CALENDAR.zone, CALENDAR.hours, {date(2026, 11, 26): "Thanksgiving"})
    problem = only(asked(at(10, day=26), calendar=closed))
    assert (problem.code, problem.next_at) == ("closed", at(9, day=27))


def test_a_lunch_closure_ends_a_booking_at_noon():
    lunch = Calendar(CALENDAR.zone, {2: [(time(9), time(12)), (time(13), time(18))]})
    assert codes(asked(at(11, day=25), calendar=lunch)) == []
    problem = only(asked(at(11, 1, day=25), calendar=lunch))
    assert (problem.code, problem.next_minutes) == ("closing", 59)


def test_an_hour_across_the_autumn_clock_change_is_sixty_real_minutes():
    night = Calendar(CALENDAR.zone, {5: [(time(20), time(4))]})
    start = datetime(2026, 11, 1, 5, 30, tzinfo=NOW.tzinfo)  # 01:30 before the clocks go back
    request = asked(start, calendar=night, policy={"horizon_days": 90})
    assert codes(replace(request, now=datetime(2026, 10, 31, 15, tzinfo=NOW.tzinfo))) == []
    assert request.day == date(2026, 10, 31)


@pytest.mark.parametrize(
    "problem", [p for case, _ in CASES.values() for p in booking_problems(case)], ids=lambda p: p.code
)
def test_every_problem_says_a_sentence_and_names_its_rule(problem):
    assert str(problem.sentence).endswith(".")
    assert str(problem.rule)


def test_a_seat_is_free_until_the_next_booking_less_the_cleaning():
    device = replace(DEVICE, busy=[Busy(at(15, 30), at(16, 30))])
    assert free_until(NOW, device, POLICY, CALENDAR) == at(15, 25)


def test_the_longest_session_is_cut_by_the_patrons_own_day():
    assert longest_minutes(asked(NOW, walk_up=True, patron=used(95))) == 25
    assert longest_minutes(asked(NOW, walk_up=True)) == 60


def test_less_than_the_shortest_useful_slot_is_nothing():
    assert longest_minutes(asked(NOW, walk_up=True, device={"busy": [Busy(at(14, 20), at(16))]})) == 0


@pytest.mark.parametrize("minutes", [0, -5])
def test_a_reversed_slot_cannot_be_made(minutes):
    with pytest.raises(ValueError, match="ends after"):
        Slot.of(NOW, minutes)


@pytest.mark.parametrize(
    ("start", "said"),
    [(at(16), "at 16:00"), (at(10, day=25), "tomorrow at 10:00"), (at(10, day=26), "on Thu 26 at 10:00")],
)
def test_a_taken_seat_says_when_in_words(start, said):
    problem = only(asked(start, device={"busy": [Busy(start, None)]}))
    assert problem.sentence == f"Seat 3 is taken {said}."
