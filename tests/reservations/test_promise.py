"""The waiting line's promise: ranges, learned pace, seats passed by, closing, rounding. No database."""

import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from reservations.rules.promise import (
    UNKNOWN,
    Expected,
    Pace,
    SeatLine,
    Waiting,
    expect,
    learned,
    missed_calls,
    rounded,
    serves,
)
from tests.factories import NOW

MINUTE = timedelta(minutes=1)
CLOSING = NOW + 300 * MINUTE
EVEN = Pace(tuple(decile / 10 for decile in range(11)), missed=0.0, samples=100)  # as many leave at any time
STAY = Pace((1.0,) * 11, missed=0.0, samples=100)  # nobody ever leaves early
ADULT_PC, EXPRESS, TEEN_PC = 1, 2, 3


def seat(number: int = 1, **fields) -> SeatLine:
    free = {
        "class_id": ADULT_PC,
        "features": frozenset(),
        "ages": (0, 130),
        "only_chosen": False,
        "started_at": None,
        "ends_at": None,
        "blocked": (),
        "pace": STAY,
    }
    return SeatLine(device_id=number, **{**free, **fields})


def running(number: int = 1, *, since: float = 0, left: float = 60, **fields) -> SeatLine:
    return seat(number, started_at=NOW - since * MINUTE, ends_at=NOW + left * MINUTE, **fields)


def waiting(number: int = 1, **fields) -> Waiting:
    anybody = {"class_id": ADULT_PC, "needs": frozenset(), "ages": (18, 130), "minutes": 60, "least": 30}
    return Waiting(turn_id=number, **{**anybody, **fields})


def minutes(moment: datetime | None) -> float | None:
    return None if moment is None else round((moment - NOW) / MINUTE, 4)


def ranges(seats, line, *, until=CLOSING, gap=0, claim=5) -> list[tuple[float | None, float | None]]:
    found = expect(seats, line, now=NOW, until=until, gap=gap, claim=claim)
    return [(minutes(one.low), minutes(one.high)) for one in found]


def places(seats, line, **options) -> list[int | None]:
    return [one.device_id for one in expect(seats, line, now=NOW, until=CLOSING, gap=0, claim=5, **options)]


# The pace


def test_the_prior_lets_people_leave_from_half_their_time_and_late_lets_nobody_leave_early():
    assert (UNKNOWN.share(0.2), UNKNOWN.share(0.9)) == (0.5, 1.0)


@pytest.mark.parametrize("beyond", [0.0, 0.3, 0.6, 0.95, 1.0])
def test_without_history_nobody_is_ever_counted_on_to_leave_early(beyond):
    assert UNKNOWN.share(0.9, beyond=beyond) == 1.0


@pytest.mark.parametrize(("beyond", "early", "late"), [(0.0, 0.2, 0.9), (0.5, 0.6, 0.95), (0.75, 0.8, 0.975)])
def test_who_has_sat_for_long_is_measured_by_those_who_sat_as_long(beyond, early, late):
    assert EVEN.share(0.2, beyond=beyond) == pytest.approx(early)
    assert EVEN.share(0.9, beyond=beyond) == pytest.approx(late)


def test_who_outlasts_all_history_may_leave_now_or_at_the_planned_end():
    short = Pace((0.5,) * 11, missed=0.0, samples=100)
    assert (short.share(0.2, beyond=0.7), short.share(0.9, beyond=0.7)) == (0.7, 1.0)


@pytest.mark.parametrize("shares", [(0.5,) * 10, (*(0.5,) * 10, 0.4), (*(0.5,) * 10, 1.1), (-0.1, *(0.5,) * 10)])
def test_a_pace_without_eleven_ascending_shares_cannot_be_made(shares):
    with pytest.raises(ValueError, match="11 ascending"):
        Pace(shares, missed=0.0, samples=1)


def test_a_pace_cannot_miss_more_calls_than_there_are():
    with pytest.raises(ValueError, match="missed"):
        Pace((0.5,) * 11, missed=1.2, samples=1)


def test_twenty_sessions_and_calls_speak_for_themselves():
    pace = learned([(used, 60) for used in (30, 60) for _ in range(10)], missed=5, offers=20)
    assert pace == Pace((*(0.5,) * 5, 0.75, *(1.0,) * 5), missed=0.25, samples=20)


def test_no_history_is_the_prior():
    assert learned([], missed=0, offers=0) == UNKNOWN


def test_a_short_history_is_mixed_with_the_prior_in_proportion():
    pace = learned([(60, 60)] * 5, missed=10, offers=10)
    assert pace.shares[0] == pytest.approx(0.25 * 1.0 + 0.75 * 0.5)
    assert pace.missed == pytest.approx(0.5 * 1.0 + 0.5 * 0.2)
    assert pace.samples == 5


def test_history_counts_no_share_outside_its_plan_and_no_session_without_one():
    pace = learned([(90, 60)] * 10 + [(-5, 60)] * 10 + [(5, 0)] * 10, missed=0, offers=20)
    assert (pace.shares[0], pace.shares[10], pace.samples) == (0.0, 1.0, 20)


# Who may sit where


def test_a_seat_of_another_class_does_not_serve():
    assert serves(seat(), waiting())
    assert not serves(seat(class_id=TEEN_PC), waiting())


def test_any_class_is_any_but_those_that_must_be_chosen():
    anywhere = waiting(class_id=None)
    assert serves(seat(class_id=TEEN_PC), anywhere)
    assert not serves(seat(class_id=EXPRESS, only_chosen=True), anywhere)


def test_an_express_seat_serves_who_chose_it():
    assert serves(seat(class_id=EXPRESS, only_chosen=True), waiting(class_id=EXPRESS))


def test_a_seat_serves_only_with_every_need():
    both = waiting(needs=frozenset({"scanner", "headset"}))
    assert not serves(seat(features=frozenset({"scanner"})), both)
    assert serves(seat(features=frozenset({"scanner", "headset", "magnifier"})), both)


@pytest.mark.parametrize(("ages", "may"), [((13, 17), True), ((12, 17), False), ((13, 18), False)])
def test_the_whole_age_band_must_be_inside_the_seats_ages(ages, may):
    assert serves(seat(ages=(13, 17)), waiting(ages=ages)) is may


# When


def test_a_free_seat_is_now():
    assert ranges([seat()], [waiting()]) == [(0, 0)]


def test_a_running_session_gives_a_range_by_the_history_of_those_who_sat_as_long():
    assert ranges([running(since=30, left=30, pace=EVEN)], [waiting()]) == [(3, 22.5)]


def test_a_seat_is_cleaned_after_a_session():
    assert ranges([running(left=20)], [waiting()], gap=5) == [(25, 25)]


def test_a_seat_being_cleaned_is_free_when_that_ends():
    assert ranges([seat(ends_at=NOW + 4 * MINUTE)], [waiting()], gap=5) == [(4, 4)]


def test_a_session_past_its_end_is_only_waited_for_until_it_is_cleaned():
    assert ranges([running(since=60, left=-2)], [waiting()], gap=5) == [(3, 3)]


def test_a_session_without_a_known_end_frees_no_seat():
    assert ranges([seat(started_at=NOW, ends_at=None)], [waiting()]) == [(None, None)]


def test_a_session_planned_to_start_later_counts_from_its_start():
    assert ranges([running(since=-10, left=70, pace=EVEN)], [waiting()]) == [(16, 55)]


def test_the_next_in_line_waits_for_the_one_before_and_the_cleaning():
    assert ranges([running(left=20)], [waiting(1), waiting(2)], gap=5) == [(25, 25), (90, 90)]


def test_the_length_the_one_before_wishes_is_what_the_next_waits():
    assert ranges([seat()], [waiting(1, minutes=15, least=10), waiting(2)]) == [(0, 0), (15, 15)]


def test_each_takes_the_earliest_seat():
    seats = [running(1, left=40), running(2, left=10), running(3, left=25)]
    assert places(seats, [waiting(1), waiting(2), waiting(3)]) == [2, 3, 1]


def test_somebody_further_back_is_sooner_only_on_a_seat_that_serves_nobody_ahead():
    seats = [running(1, left=40), running(2, left=5, ages=(13, 17))]
    assert ranges(seats, [waiting(1), waiting(2, ages=(13, 17))]) == [(40, 40), (5, 5)]


def test_between_free_seats_the_one_without_special_equipment_goes_first():
    seats = [seat(1, features=frozenset({"screen-reader"})), seat(2)]
    assert places(seats, [waiting(1), waiting(2)]) == [2, 1]


def test_special_equipment_that_is_free_sooner_is_not_kept_empty():
    assert places([seat(1, features=frozenset({"screen-reader"})), running(2, left=5)], [waiting()]) == [1]


def test_between_equal_free_seats_the_one_free_for_longest_goes_first():
    seats = [seat(1, blocked=[(NOW + 40 * MINUTE, None)]), seat(2)]
    assert places(seats, [waiting()]) == [2]


# Bookings ahead


def test_a_seat_is_free_for_the_least_length_up_to_the_cleaning_before_a_booking():
    ahead = [(NOW + 35 * MINUTE, NOW + 95 * MINUTE)]
    assert ranges([seat(blocked=ahead)], [waiting(least=30)], gap=5) == [(0, 0)]


def test_one_minute_less_and_it_is_passed_by_until_the_booking_is_over_and_cleaned():
    ahead = [(NOW + 34 * MINUTE, NOW + 95 * MINUTE)]
    assert ranges([seat(blocked=ahead)], [waiting(least=30)], gap=5) == [(100, 100)]


def test_who_needs_little_time_takes_the_span_that_others_pass_by():
    ahead = [(NOW + 20 * MINUTE, NOW + 80 * MINUTE)]
    line = [waiting(1, least=30), waiting(2, minutes=15, least=10)]
    assert ranges([seat(blocked=ahead)], line) == [(80, 80), (0, 0)]


def test_a_session_cut_by_a_booking_does_not_hold_the_line_beyond_it():
    ahead = [(NOW + 40 * MINUTE, NOW + 70 * MINUTE)]
    assert ranges([seat(blocked=ahead)], [waiting(1), waiting(2)]) == [(0, 0), (70, 70)]


def test_a_session_cut_by_a_booking_is_left_early_by_its_own_length():
    ahead = [(NOW + 40 * MINUTE, NOW + 70 * MINUTE)]
    assert ranges([seat(blocked=ahead, pace=EVEN)], [waiting(1), waiting(2, least=20)]) == [(0, 0), (4, 70)]


def test_a_repair_without_an_end_closes_the_seat():
    assert ranges([seat(blocked=[(NOW, None)])], [waiting()]) == [(None, None)]


def test_a_booking_that_has_begun_is_waited_for():
    assert ranges([seat(blocked=[(NOW - 10 * MINUTE, NOW + 20 * MINUTE)])], [waiting()]) == [(20, 20)]


# Closing


@pytest.mark.parametrize(("until", "said"), [(50, (20, 20)), (49, (None, None))])
def test_nothing_is_promised_that_would_be_too_short_before_the_computers_stop(until, said):
    assert ranges([running(left=20)], [waiting(least=30)], until=NOW + until * MINUTE) == [said]


def test_a_seat_that_only_frees_in_time_if_someone_leaves_early_has_a_low_alone():
    found = expect([running(pace=EVEN)], [waiting()], now=NOW, until=NOW + 70 * MINUTE, gap=0, claim=5)
    assert (minutes(found[0].low), found[0].high, found[0].device_id) == (6, None, None)


def test_after_closing_nothing_is_in_sight():
    assert ranges([seat()], [waiting()], until=NOW - MINUTE) == [(None, None)]


def test_a_seat_without_a_minute_left_is_given_to_nobody_however_little_they_need():
    assert ranges([running(left=20)], [waiting(least=0)], until=NOW + 20 * MINUTE) == [(None, None)]


def test_without_seats_or_without_a_line_there_is_nothing_to_say():
    assert ranges([], [waiting()]) == [(None, None)]
    assert ranges([seat()], []) == []


# Missed calls


@pytest.mark.parametrize(
    ("calls", "share", "missed"),
    [(0, 0.5, 0), (1, 0.0, 0), (1, 0.1, 0), (1, 0.11, 1), (2, 0.2, 1), (10, 0.2, 4), (3, 1.0, 3)],
)
def test_missed_calls_are_counted_so_that_nine_times_in_ten_there_are_no_more(calls, share, missed):
    assert missed_calls(calls, share) == missed


def test_missed_calls_before_you_on_your_seat_make_the_high_later_and_leave_the_low():
    often = Pace((1.0,) * 11, missed=0.5, samples=100)
    line = [waiting(1, minutes=30), waiting(2, minutes=30), waiting(3, minutes=30)]
    assert ranges([seat(pace=often)], line, claim=5) == [(0, 0), (30, 35), (60, 70)]


def test_seldom_missed_calls_are_expected_once_not_before_each():
    seldom = Pace((1.0,) * 11, missed=0.15, samples=100)
    line = [waiting(1, minutes=30), waiting(2, minutes=30), waiting(3, minutes=30)]
    assert ranges([seat(pace=seldom)], line, claim=5) == [(0, 0), (30, 35), (60, 65)]


def test_a_missed_call_on_another_seat_costs_you_nothing():
    often = Pace((1.0,) * 11, missed=0.5, samples=100)
    assert ranges([seat(1, pace=often), seat(2, pace=often)], [waiting(1), waiting(2)]) == [(0, 0), (0, 0)]


# Ranges


def test_where_the_late_walk_is_the_sooner_one_the_range_holds_both():
    # Early, the first in line gets seat 2, the only one for the second; late they get seat 1.
    seats = [running(1, left=20), running(2, left=30, pace=EVEN, features=frozenset({"scanner"}))]
    line = [waiting(1, minutes=240), waiting(2, needs=frozenset({"scanner"}))]
    assert ranges(seats, line) == [(3, 20), (22.5, 27)]


def test_a_clock_change_while_people_wait_costs_no_hour():
    zone = ZoneInfo("America/New_York")
    now = datetime(2026, 11, 1, 5, 50, tzinfo=UTC).astimezone(zone)
    end = datetime(2026, 11, 1, 6, 10, tzinfo=UTC).astimezone(zone)
    here = seat(started_at=now, ends_at=end)
    found = expect([here], [waiting()], now=now, until=end + timedelta(hours=3), gap=0, claim=5)
    assert rounded(found[0], now) == (20, 20)


def random_room(dice: random.Random) -> tuple[list[SeatLine], list[Waiting]]:
    paces = [UNKNOWN, EVEN, STAY, learned([(dice.randint(0, 60), 60) for _ in range(30)], 6, 30)]
    wishes = [
        {"class_id": dice.choice([None, ADULT_PC, EXPRESS]), "minutes": length, "least": length // 2, "needs": needs}
        for length, needs in [(60, frozenset()), (30, frozenset({"scanner"})), (20, frozenset())]
    ]
    seats = []
    for number in range(dice.randint(1, 12)):
        begin = NOW + dice.randint(5, 200) * MINUTE
        class_id = dice.choice([ADULT_PC, ADULT_PC, EXPRESS])
        fields = {
            "class_id": class_id,
            "only_chosen": class_id == EXPRESS,
            "features": dice.choice([frozenset(), frozenset({"scanner"})]),
            "blocked": dice.choice([(), [(begin, begin + 60 * MINUTE)], [(begin, None)]]),
            "pace": dice.choice(paces),
        }
        sits = dice.random() < 0.8
        span = {"since": dice.randint(0, 60), "left": dice.randint(-5, 60)}
        seats.append(running(number, **span, **fields) if sits else seat(number, **fields))
    return seats, [waiting(number, **dice.choice(wishes)) for number in range(dice.randint(1, 15))]


@pytest.mark.parametrize("seed", range(60))
def test_in_any_room_ranges_are_in_order_repeatable_and_keep_the_line(seed):
    seats, line = random_room(random.Random(seed))
    found = expect(seats, line, now=NOW, until=CLOSING, gap=5, claim=5)
    assert found == expect(seats, line, now=NOW, until=CLOSING, gap=5, claim=5)
    last: dict[tuple, tuple[datetime, datetime]] = {}
    for person, one in zip(line, found, strict=True):
        low, high = one.low or CLOSING, one.high or CLOSING
        assert NOW <= low <= high <= CLOSING
        wish = (person.class_id, person.needs, person.minutes)
        before = last.get(wish, (NOW, NOW))
        assert before[0] <= low
        assert before[1] <= high
        last[wish] = low, high


# What people are told


@pytest.mark.parametrize(
    ("low", "high", "told"),
    [
        (0, 0, (0, 1)),
        (0.9, 0.9, (0, 1)),
        (9.9, 10, (9, 10)),
        (10.1, 10.9, (10, 15)),
        (11, 11, (10, 15)),
        (14.9, 15, (10, 15)),
        (15, 15.1, (15, 20)),
        (-3, -1, (0, 1)),
    ],
)
def test_low_is_rounded_down_and_high_up_to_the_minute_up_to_ten_and_to_five_above(low, high, told):
    assert rounded(Expected(1, 1, NOW + low * MINUTE, NOW + high * MINUTE), NOW) == told


def test_without_a_high_nothing_is_told():
    assert rounded(Expected(1, None, NOW, None), NOW) is None
    assert rounded(Expected(1, None, None, None), NOW) is None
