"""The presets against what the libraries publish."""

from typing import Any

import pytest

from reservations.presets import PRESETS, make_policy, preset_with

# library-practice.md section 5, read off the table a second time.
PUBLISHED: dict[str, dict[str, Any]] = {
    "seattle": {
        "day_minutes": 90,
        "day_scope": "system",
        "grace_minutes": 5,
        "horizon_days": 7,
        "open_bookings": 2,
        "guest_session_minutes": 30,
        "guest_day_minutes": 30,
    },
    "san-jose": {"day_minutes": 120, "grace_minutes": 10, "horizon_days": 4, "open_bookings": 2},
    "new-york": {
        "session_minutes": 45,
        "day_minutes": 45,
        "grace_minutes": 5,
        "horizon_days": 1,
        "open_bookings": 1,
        "stop_minutes": 15,
    },
    "toronto": {"session_minutes": 30, "day_minutes": 60, "day_scope": "branch", "horizon_days": 3},
    "birmingham": {"day_minutes": 180, "grace_minutes": 10, "horizon_days": 7, "stop_minutes": 15},
    "santa-barbara": {
        "day_minutes": 180,
        "guest_day_minutes": 60,
        "grace_minutes": 5,
        "horizon_days": 1,
    },
    "kingston-upon-thames": {
        "session_minutes": 120,
        "grace_minutes": 5,
        "horizon_days": 7,
        "open_bookings": 3,
        "min_slot_minutes": 30,
    },
    "kingston": {
        "session_minutes": 60,
        "day_minutes": 240,
        "grace_minutes": 15,
        "horizon_days": 7,
        "open_bookings": 1,
        "stop_minutes": 5,
    },
}
DEFAULTS = {
    "session_minutes": 60,
    "day_minutes": 120,
    "guest_session_minutes": 60,
    "guest_day_minutes": 60,
    "day_scope": "system",
    "horizon_days": 7,
    "open_bookings": 2,
    "grace_minutes": 10,
    "min_slot_minutes": 10,
    "gap_minutes": 5,
    "stop_minutes": 15,
}


def test_every_preset_is_checked_against_the_table() -> None:
    assert {preset.code for preset in PRESETS} == set(PUBLISHED)


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.code)
def test_a_preset_says_what_its_library_publishes(preset: Any) -> None:
    columns = preset.columns()
    published = PUBLISHED[preset.code]
    assert {name: columns[name] for name in published} == published


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.code)
def test_what_a_library_does_not_publish_keeps_the_default_or_a_card_holders_limit(preset: Any) -> None:
    columns = preset.columns()
    silent = DEFAULTS.keys() - PUBLISHED[preset.code].keys()
    caps = {"guest_session_minutes": "session_minutes", "guest_day_minutes": "day_minutes"}
    expected = {name: min(DEFAULTS[name], columns[caps[name]]) if name in caps else DEFAULTS[name] for name in silent}
    assert {name: columns[name] for name in silent} == expected


@pytest.mark.django_db
@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.code)
def test_a_preset_is_saved_and_breaks_no_rule_of_the_form(preset: Any) -> None:
    make_policy(preset).full_clean()


def test_an_unknown_preset_is_none() -> None:
    assert preset_with("atlantis") is None
