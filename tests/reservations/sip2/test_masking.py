"""What a log may say of a message."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reservations.sip2.masking import masked, shortened
from tests.reservations.sip2.servers import information, signed, status


def test_a_request_shows_the_last_digits_of_the_card_and_no_secret():
    frame = b"6300120261124    140700          AONLPL|AA29990000000017|ACterminal|AD2468|AY2AZFFFF"
    assert masked(frame) == "63  AONLPL|AA…017|AC***|AD***"


def test_a_login_shows_no_password():
    assert masked(b"9300CNscclient|COclientpwd|CPDESK1|AY0AZF22E") == "93  CN…ent|CO***|CPDESK1"


def test_an_answer_shows_whether_the_card_and_the_pin_are_right_and_nobodys_name():
    shown = masked(signed(information(more="BD1 Sample Street|PB19640925|AFDear Sample|XIp42|"), "2"))
    assert shown.endswith("AONLPL|AA…017|AE***|BLY|CQY|BD***|PB***|AF***|XI***")


def test_a_status_shows_what_is_supported():
    assert "BXYYYYYYYYYYYNYNYY|AMNorthlight" in masked(signed(status(), "1"))


@pytest.mark.parametrize("line", [b"", b"Sample 2468", b"\xff" * 50, b"00AD2468|"])
def test_of_garbage_only_its_size_is_said(line):
    assert masked(line) == f"({len(line)} bytes that are no message)"


def test_a_fixed_part_that_is_none_is_not_shown():
    assert masked(b"64 Sample 2468 cut") == "64 *** "


def test_a_field_that_is_shown_is_shown_only_with_the_values_it_may_have():
    assert masked(b"941BLSample|CQ2468|") == "94 1 BL***|CQ***"


def test_a_short_number_is_not_shown_at_all():
    assert (shortened("123456"), shortened("1234567"), shortened("")) == ("***", "…567", "")


@given(st.text(alphabet=st.characters(codec="ascii"), min_size=5, max_size=30))
@settings(max_examples=200, deadline=None)
def test_no_pin_is_ever_shown(pin):
    secret = f"#{pin.replace('|', '')}#"
    assert secret not in masked(f"6300120261124    140700          AON|AA1|AD{secret}|".encode())
