"""Framing: the checksum over bytes, fields in any order, dates; whatever comes, a message or one error."""

from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reservations.sip2.frames import FIXED, Garbled, Message, checksum, date18, encode, fields, parse, sendable
from tests.factories import NOW
from tests.reservations.sip2.servers import information, signed, status

VECTORS = [
    (b"9300CNscclient|COclientpwd|CPDESK1|AY0AZ", "F22E"),
    (b"941AY0AZ", "FDFD"),
    (b"940AY0AZ", "FDFE"),
    (b"9900302.00AY1AZ", "FCA5"),
    (b"97AZ", "FEF5"),
    (b"96AZ", "FEF6"),
    (b"09N20160419    12200820160419    122008APReading Room 1|AO830|AB830$28170815|AC|AY2AZ", "EB80"),
    ("AEZoë|AY0AZ".encode(), "FB62"),
    ("AEZoë|AY0AZ".encode("cp850"), "FC47"),
]


@pytest.mark.parametrize(("data", "expected"), VECTORS)
def test_the_checksum_is_that_of_the_encoded_bytes(data, expected):
    assert checksum(data) == expected


def test_a_login_is_the_published_bytes():
    body = f"9300{fields(('CN', 'scclient'), ('CO', 'clientpwd'), ('CP', 'DESK1'))}"
    assert encode(body, "ascii", sequence="0") == b"9300CNscclient|COclientpwd|CPDESK1|AY0AZF22E"


def test_a_resend_has_a_checksum_and_no_sequence_number():
    assert encode("97", "ascii") == b"97AZFEF5"


def test_without_error_detection_there_is_no_trailer():
    assert encode("9900302.00", "ascii", sequence="1", detect=False) == b"9900302.00"


def test_a_recorded_answer_is_read_whatever_the_order_of_its_fields():
    line = b"98YNNYNN60000320261123    0944342.00AOUWOLS|BXYYYYYYYYYNYNYYYY|AY1AZEDD7"
    answer = parse(line, "cp850")
    assert (answer.code, answer.sequence, answer.checked) == ("98", "1", True)
    assert (answer.first("AO"), answer.first("BX"), answer.first("AM")) == ("UWOLS", "YYYYYYYYYNYNYYYY", None)


def test_a_patron_answer_has_its_flags_and_fields():
    answer = parse(signed(information("    Y" + " " * 9, more="PB19640925|ZZ?|AFone|AFtwo|"), "3"), "utf-8")
    assert (answer.fixed[4], answer.first("PB"), answer.every("AF")) == ("Y", "19640925", ["one", "two"])


def test_a_bar_in_a_name_ends_no_field_unless_two_capitals_follow():
    answer = parse(signed(information().replace("Sample, Person", "Sam|ple, O|o")), "utf-8")
    assert (answer.first("AE"), answer.first("CQ")) == ("Sam|ple, O|o", "Y")


def test_a_pin_that_is_right_in_the_name_of_a_patron_is_not_right():
    answer = parse(signed(information(cq="CQN|").replace("Sample, Person", "CQY")), "utf-8")
    assert answer.first("CQ") == "N"


@pytest.mark.parametrize("encoding", ["cp850", "latin-1", "cp1252", "utf-8"])
def test_a_name_comes_through_every_encoding(encoding):
    line = signed(information().replace("Sample", "Zoë").encode(encoding), "0")
    assert parse(line, encoding).first("AE") == "Zoë, Person"


def test_letters_of_another_encoding_are_replaced_and_the_message_stands():
    answer = parse(signed(information().replace("Sample", "Zoë").encode("latin-1")), "utf-8")
    assert (answer.first("AE"), answer.first("CQ")) == ("Zo�, Person", "Y")


@pytest.mark.parametrize("line", [b"\n941", b"\x00941\x00", b" 941 ", b"941\r\n"])
def test_stray_line_feeds_nuls_and_blanks_around_a_message_are_passed_over(line):
    assert parse(line, "ascii") == Message("94", "1")


def test_a_wrong_checksum_is_garbled():
    with pytest.raises(Garbled, match="checksum"):
        parse(b"941AY0AZFDFE", "ascii")


@pytest.mark.parametrize("size", range(len(signed(information(), "3"))))
def test_an_answer_cut_at_any_byte_never_says_that_the_pin_was_right(size):
    line = signed(information(), "3")[:size]
    try:
        answer = parse(line, "utf-8")
    except Garbled:
        return
    assert not answer.checked


@pytest.mark.parametrize("size", range(len(signed(information(cq="CQN|"), "3"))))
def test_a_wrong_pin_never_becomes_right_by_a_cut(size):
    try:
        answer = parse(signed(information(cq="CQN|"), "3")[:size], "utf-8")
    except Garbled:
        return
    assert answer.first("CQ") != "Y"


@given(st.binary(max_size=300) | st.sampled_from(list(FIXED)).flatmap(lambda c: st.binary().map(c.encode().__add__)))
@example(b"98" + b"\xff" * 40)
@example(b"64AZ0000")
@settings(max_examples=300, deadline=None)
def test_bytes_are_a_message_or_garbled_and_nothing_else(line):
    for encoding in ("cp850", "utf-8"):
        try:
            answer = parse(line, encoding)
        except Garbled:
            continue
        assert len(answer.fixed) == FIXED[answer.code]
        assert all(len(name) == 2 for name, _value in answer.fields)


@given(st.text(max_size=40), st.text(max_size=40))
@settings(max_examples=200, deadline=None)
def test_what_is_sent_has_exactly_the_fields_that_were_given(number, pin):
    if sendable(number) and sendable(pin):
        sent = fields(("AA", number), ("AD", pin))
        assert sent.count("|") == 2
        assert encode(sent, "utf-8", sequence="4").decode().startswith(f"AA{number}|AD{pin}|AY4AZ")


@pytest.mark.parametrize("value", ["1|ADx", "1\r93", "1\n", "\x00", "x" * 256])
def test_a_value_that_would_end_its_field_is_refused(value):
    with pytest.raises(ValueError, match="bar"):
        fields(("AA", value))


def test_dates_are_local_with_blanks_or_universal_with_their_letter():
    assert (date18(NOW, utc=False), date18(NOW, utc=True)) == ("20261124    140700", "20261124   Z190700")
    assert len(date18(datetime(2026, 1, 2, tzinfo=UTC), utc=True)) == 18


def test_the_status_has_its_fixed_width():
    assert len(parse(signed(status()), "utf-8").fixed) == 34
