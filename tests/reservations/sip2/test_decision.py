"""The decision table, row by row."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from re import compile as pattern

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk.library_system import LibrarySystem
from reservations.models.people import AGES, AgeBand
from reservations.sip2.decision import band_of, day_of, decide, in_words, money_of
from reservations.sip2.frames import parse
from tests.reservations.sip2.servers import CARD, information, patron_status

TODAY = date(2026, 11, 24)
PLAIN = LibrarySystem(encoding="utf-8")


def verdict(answer=None, *, with_pin=True, system=PLAIN, today=TODAY, **parts):
    line = (answer or information(**parts)).encode()
    return decide(parse(line, "utf-8"), number=CARD, with_pin=with_pin, system=system, today=today)


def flagged(*places):
    return "".join("Y" if place in places else " " for place in range(14))


def test_a_known_card_with_the_right_pin_is_somebody():
    found = verdict()
    assert (found.reason, found.number, found.is_somebody) == ("", CARD, True)


def test_message_24_says_the_same():
    assert verdict(patron_status()).is_somebody


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ({"bl": "BLN|"}, "unknown_card"),
        ({"bl": ""}, "unknown_card"),
        ({"bl": "BLN|", "cq": "CQN|"}, "unknown_card"),
        ({"cq": "CQN|"}, "wrong_pin"),
        ({"cq": ""}, "pin_not_checked"),
        ({"cq": "CQ|"}, "pin_not_checked"),
        ({"cq": "", "more": "AFCQY|"}, "pin_not_checked"),
    ],
)
def test_nobody(parts, reason):
    found = verdict(**parts)
    assert (found.reason, found.is_somebody, found.number) == (reason, False, "")


def test_a_missing_bl_is_taken_only_where_the_setting_says_so():
    assert verdict(bl="", system=replace(PLAIN, valid_without_bl=True)).is_somebody
    assert not verdict(bl="BLN|", system=replace(PLAIN, valid_without_bl=True)).is_somebody


@pytest.mark.parametrize("cq", ["", "CQN|", "CQY|"])
def test_staff_need_a_valid_card_and_no_pin(cq):
    assert verdict(cq=cq, with_pin=False).is_somebody
    assert not verdict(bl="BLN|", cq=cq, with_pin=False).is_somebody


@pytest.mark.parametrize("place", range(14))
def test_by_default_only_a_lost_card_is_denied(place):
    assert verdict(flags=flagged(place)).reason == ("flag_lost" if place == 4 else "")


@pytest.mark.parametrize("place", range(14))
def test_every_flag_can_deny(place):
    assert verdict(flags=flagged(place), system=replace(PLAIN, deny_flags=frozenset({place}))).reason[:5] == "flag_"


def test_what_is_said_against_a_card_is_said_of_somebody_whose_pin_was_right():
    found = verdict(flags=flagged(4))
    assert (found.is_somebody, found.number) == (True, CARD)
    assert verdict(flags=flagged(4), cq="CQN|").reason == "wrong_pin"


@pytest.mark.parametrize(
    ("owed", "limit", "reason"),
    [
        ("BV12.50|", Decimal("10"), "fees"),
        ("BV12,50|", Decimal("12.50"), ""),
        ("BV12,51|", Decimal("12.50"), "fees"),
        ("BV|", Decimal("0"), ""),
        ("", Decimal("0"), ""),
        ("BVnothing|", Decimal("0"), ""),
        ("BV99|", None, ""),
        ("BV12|CC10|", "CC", "fees"),
        ("BV10|CC10.00|", "CC", ""),
        ("BV10|", "CC", ""),
    ],
)
def test_a_fee_limit_is_an_amount_or_the_one_of_the_answer(owed, limit, reason):
    assert verdict(more=owed, system=replace(PLAIN, fee_limit=limit)).reason == reason


@pytest.mark.parametrize(
    ("text", "amount"),
    [("12.50", "12.50"), ("12,50", "12.50"), ("1,234.50", "1234.50"), ("1.234,50", "1234.50"), ("$ 3.00", "3.00"),
     ("1,234", "1234"), ("0", "0"), ("-2.00", "-2.00")],
)  # fmt: skip
def test_amounts_are_read_as_people_of_any_country_write_them(text, amount):
    assert money_of(text) == Decimal(amount)


@pytest.mark.parametrize("text", [None, "", "free", "--", "1.2.3.4e", "NaN"])
def test_what_is_no_amount_is_none(text):
    assert money_of(text) is None or money_of(text).is_finite()


@pytest.mark.parametrize(
    ("value", "reason"),
    [("20261123", "expired"), ("20261124", ""), ("20501231", ""), ("2026-11-23", "expired"), ("rubbish", ""), ("", "")],
)
def test_a_card_is_good_through_the_day_on_which_it_expires(value, reason):
    assert verdict(more=f"PA{value}|", system=replace(PLAIN, expiry_field="PA")).reason == reason


def test_a_field_that_is_not_configured_is_not_read():
    assert verdict(more="PA20200101|PIN|PYY|PB20200101|").reason == ""
    assert verdict(more="PB20200101|").age_band == "unknown"


def test_expiry_can_be_told_by_the_text():
    system = replace(PLAIN, expired_text=pattern("(?i)has expired"))
    assert verdict(more="AFWelcome|AFYour card HAS EXPIRED.|", system=system).reason == "expired"
    assert verdict(more="AFWelcome|", system=system).reason == ""


def test_a_field_rule_denies_whose_value_matches_wholly():
    system = replace(PLAIN, deny_fields=(("PY", pattern("Y")), ("PC", pattern("STAFF.*"))))
    assert verdict(more="PYY|", system=system).detail == "PY"
    assert verdict(more="PCSTAFF2|", system=system).detail == "PC"
    assert verdict(more="PYN|PCXSTAFF|", system=system).reason == ""


def test_internet_permission_is_denied_by_no_alone():
    system = replace(PLAIN, internet_field="PI")
    assert [verdict(more=more, system=system).reason for more in ("PIN|", "PIY|", "", "PIfull|")] == [
        "no_internet", "", "", "",
    ]  # fmt: skip


def test_a_birth_date_becomes_a_band_and_is_not_in_the_verdict():
    found = verdict(more="PB20130630|", system=replace(PLAIN, birth_field="PB"))
    assert (found.age_band, found.band_until) == ("young_teen", date(2029, 6, 30))
    assert "2013" not in repr(found)


def test_two_people_born_in_the_same_month_look_alike():
    system = replace(PLAIN, birth_field="PB")
    assert verdict(more="PB20150301|", system=system) == verdict(more="PB20150331|", system=system)


@pytest.mark.parametrize(
    ("born", "today", "band"),
    [
        (date(2013, 11, 25), TODAY, "school_child"),
        (date(2013, 11, 24), TODAY, "young_teen"),
        (date(2008, 11, 25), TODAY, "older_teen"),
        (date(2008, 11, 24), TODAY, "adult"),
        (date(2018, 11, 25), TODAY, "small_child"),
        (date(2010, 2, 28), date(2026, 2, 27), "young_teen"),
        (date(2008, 2, 29), date(2026, 2, 28), "older_teen"),
        (date(2008, 2, 29), date(2026, 3, 1), "adult"),
    ],
)
def test_a_band_begins_on_the_birthday(born, today, band):
    assert band_of(born, today)[0] == band


@given(st.dates(date(1890, 1, 1), TODAY))
@settings(max_examples=300, deadline=None)
def test_every_birth_date_is_in_the_band_of_its_age(born):
    band, until = band_of(born, TODAY)
    age = TODAY.year - born.year - ((TODAY.month, TODAY.day) < (born.month, born.day))
    low, high = AGES[band]
    assert low <= min(age, 130) <= high
    assert until is None or (until >= TODAY and (until + timedelta(days=1)).day == 1)


@pytest.mark.parametrize("value", ["PB|", "", "PB99999999|", "PB20991231|", "PB17000101|", "PBunknown|"])
def test_a_birth_date_that_is_none_leaves_the_age_to_category_and_setting(value):
    system = replace(PLAIN, birth_field="PB", category_field="PC", categories={"J": "child"})
    assert verdict(more=f"{value}PCJ|", system=system).age_band == "child"
    assert verdict(more=f"{value}PCA|", system=system).age_band == "unknown"
    assert verdict(more=value, system=replace(system, age_unknown="teen")).age_band == "teen"
    assert verdict(more=value, system=replace(system, age_unknown="refuse")).reason == "no_birth_date"


def test_the_number_is_that_of_the_library_system():
    found = verdict(card="0017", more="XIp42|", system=replace(PLAIN, id_field="XI"))
    assert (found.number, found.internal_id) == ("0017", "p42")


def test_every_band_of_the_decision_is_one_of_the_model():
    assert {band_of(TODAY.replace(year=year), TODAY)[0] for year in range(1950, 2027)} <= set(AgeBand.values)


def test_dates_are_read_with_and_without_signs():
    assert day_of("2026-11-24") == day_of("20261124") == day_of("20261124    140700") == TODAY


def test_staff_are_told_a_reason_in_words():
    assert in_words("flag_excessive_fines") == "excessive fines"
    assert in_words("expired") == "the card has expired"
