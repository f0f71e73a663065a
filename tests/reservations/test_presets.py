"""The presets as policies. What each library publishes is held against the rules in test_policies.py."""

from typing import Any

import pytest

from reservations.models import ClassRule, DeviceClass, Policy
from reservations.models.policy import columns_of
from reservations.presets import PRESETS, make_policy, preset_with
from reservations.published import PRESETS as PUBLISHED
from reservations.rules.sanity import contradictions
from reservations.shipped import SHIPPED, SHIPPED_CLASSES

ROWS = (
    "seattle san-jose new-york toronto santa-barbara mhpl westchester forbes ellsworth stanislaus-children"
    " mississauga ottawa birmingham kingston-upon-thames devon kingston libki"
)
each_preset = pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.code)


def test_all_seventeen_rows_of_the_table_are_there_and_two_more_where_a_library_has_two_sets():
    assert {preset.code for preset in PUBLISHED} == {*ROWS.split(), "san-jose-branches", "ellsworth-lab"}


def test_a_policy_without_a_preset_is_the_shipped_one():
    own = columns_of(Policy())
    assert {name: own[name] for name in SHIPPED} == {**SHIPPED, "warning_minutes": [10, 5, 1]}
    assert set(own) == {"id", "name", "source", *SHIPPED}


@each_preset
def test_what_a_library_does_not_publish_keeps_the_default_or_a_card_holders_limit(preset: Any) -> None:
    columns = preset.columns()
    caps = {"guest_session_minutes": "session_minutes", "guest_day_minutes": "day_minutes"}
    for name in SHIPPED.keys() - preset.said.keys() - {"warning_minutes"}:
        most = columns[caps[name]] if name in caps else None
        assert columns[name] == (min(SHIPPED[name], most) if most else SHIPPED[name]), name


@each_preset
def test_a_preset_speaks_of_columns_that_exist_and_contradicts_nothing(preset: Any) -> None:
    assert preset.said.keys() <= SHIPPED.keys()
    assert preset.classes.keys() >= SHIPPED_CLASSES.keys()
    for rule in preset.classes.values():
        assert rule.keys() <= columns_of(ClassRule()).keys()
    assert contradictions(preset.columns(), dict(enumerate(preset.classes.values()))) == []


@pytest.mark.django_db
@each_preset
def test_a_preset_is_saved_with_the_classes_that_exist_and_breaks_no_rule_of_the_form(preset: Any) -> None:
    for code in ("internet", "express", "kids", "printer"):
        DeviceClass.objects.create(code=code, name=code)
    policy = make_policy(preset)
    policy.full_clean()
    rules = {rule.device_class.code: rule for rule in policy.class_rules.select_related("device_class")}
    assert set(rules) == {"internet", "express", "kids"} & preset.classes.keys()
    for code, rule in rules.items():
        rule.full_clean()
        assert {name: getattr(rule, name) for name in preset.classes[code]} == preset.classes[code]


def test_an_unknown_preset_is_none() -> None:
    assert preset_with("atlantis") is None
