"""A policy that contradicts itself is refused with its field, the reason and the next step; harmless things are not."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from reservations.models import ClassRule, Policy
from reservations.rules.sanity import contradictions
from reservations.rules.sanity_classes import of_class
from reservations.rules.warnings import warning
from reservations.shipped import SHIPPED
from tests.factories import at

CONTRADICTIONS = {
    "session-over-day": ({"session_minutes": 121}, "session_minutes"),
    "guest-session-over-day": ({"guest_session_minutes": 61}, "guest_session_minutes"),
    "day-over-week": ({"week_minutes": 119}, "day_minutes"),
    "slot-over-session": ({"min_slot_minutes": 61}, "min_slot_minutes"),
    "least-left-is-the-session": ({"least_left_minutes": 60}, "least_left_minutes"),
    "grace-is-the-session": ({"grace_minutes": 60}, "grace_minutes"),
    "least-left-is-a-guests-session": (
        {"least_left_minutes": 20, "guest_session_minutes": 20},
        "least_left_minutes",
    ),
    "grace-is-a-guests-session": ({"grace_minutes": 30, "guest_session_minutes": 30}, "grace_minutes"),
    "last-booking-after-the-stop": ({"last_booking_minutes": 14}, "stop_minutes"),
    "no-open-day": ({"horizon_days": 0, "horizon_unit": "open_days"}, "horizon_days"),
    "no-shows-0": ({"no_shows": 0}, "no_shows"),
    "extension-of-0": ({"extension_minutes": 0}, "extension_minutes"),
    "extensions-0": ({"extensions_most": 0}, "extensions_most"),
    "break-of-a-day": ({"break_minutes": 1440}, "break_minutes"),
    "sessions-0": ({"sessions_a_day": 0}, "sessions_a_day"),
    "warning-twice": ({"warning_minutes": [5, 5]}, "warning_minutes"),
    "warnings-upwards": ({"warning_minutes": [1, 5]}, "warning_minutes"),
    "warning-at-0": ({"warning_minutes": [5, 0]}, "warning_minutes"),
    "warning-before-the-session": ({"warning_minutes": [61]}, "warning_minutes"),
}
HARMLESS = {
    "as-shipped": {},
    "session-is-the-day": {"session_minutes": 120},
    "day-is-the-week": {"week_minutes": 120},
    "two-open-bookings-where-nobody-books-ahead": {"ahead": "never", "open_bookings": 2},
    "today-only": {"horizon_days": 0},
    "nobody-extends-by-0": {"extension": "none", "extension_minutes": 0},
    "grace-of-59": {"grace_minutes": 59},
    "grace-over-the-session-of-guests-who-are-not-taken": {
        "grace_minutes": 30,
        "guest_session_minutes": 30,
        "guests_allowed": False,
    },
    "no-warnings": {"warning_minutes": []},
    "warning-at-the-start": {"warning_minutes": [60, 1]},
    "a-break-and-one-session": {"break_minutes": 30, "sessions_a_day": 1},
}
CLASSES = {
    "session-over-day": ({"session_minutes": 61, "day_minutes": 60}, {}, "session_minutes"),
    "row-over-sessions": ({"in_a_row": 3, "sessions_a_day": 2}, {}, "in_a_row"),
    "row-over-the-policys-sessions": ({"in_a_row": 3}, {"sessions_a_day": 2}, "in_a_row"),
    "ages": ({"least_age": 13, "greatest_age": 12}, {}, "least_age"),
    "grace-is-the-session": ({"session_minutes": 15, "grace_minutes": 15}, {}, "grace_minutes"),
    "session-of-all-seats-over-day": ({"day_minutes": 59}, {}, "session_minutes"),
    "grace-is-the-session-of-all-seats": ({"grace_minutes": 60}, {}, "grace_minutes"),
    "grace-of-all-seats-is-the-session": ({"session_minutes": 10}, {}, "grace_minutes"),
    "least-left-is-the-session": ({"session_minutes": 15}, {"least_left_minutes": 15}, "session_minutes"),
    "session-over-the-whole-day": ({"session_minutes": 300}, {"day_minutes": 90}, "session_minutes"),
    "day-over-the-whole-day": ({"day_minutes": 91}, {"day_minutes": 90}, "day_minutes"),
    "sessions-over-those-of-all-seats": ({"sessions_a_day": 9}, {"sessions_a_day": 1}, "sessions_a_day"),
    "everybody-supervised": ({"greatest_age": 12, "supervised_below": 13}, {}, "supervised_below"),
}


@pytest.mark.parametrize(("change", "field"), CONTRADICTIONS.values(), ids=CONTRADICTIONS.keys())
def test_a_contradiction_is_refused_at_its_field_with_the_next_step(change, field):
    found = contradictions({**SHIPPED, **change})
    assert {each.field for each in found} == {field}
    assert all(each.sentence.count(".") >= 1 and "%" not in each.sentence for each in found)
    with pytest.raises(ValidationError) as refused:
        Policy(**{**SHIPPED, "warning_minutes": [10, 5, 1], **change}).clean()
    assert set(refused.value.message_dict) == {field}


@pytest.mark.parametrize("change", HARMLESS.values(), ids=HARMLESS.keys())
def test_what_is_merely_useless_is_not_refused(change):
    assert contradictions({**SHIPPED, **change}) == []


@pytest.mark.parametrize(("rule", "policy", "field"), CLASSES.values(), ids=CLASSES.keys())
def test_a_rule_of_a_class_that_contradicts_itself_or_its_policy_is_refused(rule, policy, field):
    (found,) = contradictions({**SHIPPED, **policy}, {7: rule})
    assert (found.field, found.class_id) == (field, 7)
    with pytest.raises(ValidationError):
        ClassRule(**rule, policy=Policy(pk=1, **policy)).clean()


NOT_COUNTED = {"counts_toward_day": False}
CLASSES_HARMLESS = {
    "session-is-the-whole-day": ({"session_minutes": 90, "day_minutes": 90}, {"day_minutes": 90}),
    "as-many-sessions": ({"sessions_a_day": 1}, {"sessions_a_day": 1}),
    "long-but-not-counted": ({"session_minutes": 300, **NOT_COUNTED}, {"day_minutes": 90}),
    "many-but-not-counted": ({"sessions_a_day": 9, "in_a_row": 3, **NOT_COUNTED}, {"sessions_a_day": 1}),
    "a-day-of-one-session-of-all-seats": ({"day_minutes": 60}, {}),
    "grace-where-nobody-books": ({"session_minutes": 10, "walk_up_only": True}, {}),
    "grace-one-below-the-session-of-all-seats": ({"grace_minutes": 59}, {}),
    "guests-here-alone": ({"guests_allowed": True}, {"guests_allowed": False}),
}


@pytest.mark.parametrize(("rule", "policy"), CLASSES_HARMLESS.values(), ids=CLASSES_HARMLESS.keys())
def test_a_class_that_keeps_within_its_policy_or_does_not_count_is_not_refused(rule, policy):
    assert contradictions({**SHIPPED, **policy}, {7: rule}) == []


def test_a_session_of_a_class_longer_than_the_week_is_refused():
    sentences = [each.sentence for each in of_class({"session_minutes": 301}, {"week_minutes": 300})]
    assert sentences == ["A session of 5 h 01 does not fit in the 5 hours a week. Make it shorter, or do not count it."]


@pytest.mark.parametrize(("before", "due"), [(11, None), (10, 10), (6, 10), (5, 5), (1, 1), (0, None)])
def test_the_warning_nearest_to_the_end_is_due(before, due):
    end = at(16)
    assert warning([10, 5, 1], end, end - timedelta(minutes=before)) == due
