"""Our client against an independent server (pysip2, a typed codec of another author)."""

from dataclasses import replace

import pytest

from reservations.sip2.client import Client, ask_patron
from reservations.sip2.line import Line, Unavailable
from tests.factories import NOW
from tests.reservations.sip2.servers import CARD, NAME, PIN, independent, running


@pytest.fixture(scope="module")
def system():
    with running(independent(login_required=True)) as found:
        yield found


@pytest.fixture(scope="module")
def strict():
    with running(independent(error_detection="required")) as found:
        yield found


def test_the_right_pin_is_right(system):
    answer = ask_patron(system, CARD, PIN, NOW)
    assert [answer.first(name) for name in ("AA", "AE", "BL", "CQ")] == [CARD, NAME, "Y", "Y"]
    assert answer.checked


def test_the_wrong_pin_is_wrong_and_an_unknown_card_unknown(system):
    assert ask_patron(system, CARD, "1111", NOW).first("CQ") == "N"
    assert ask_patron(system, "nobody", PIN, NOW).first("BL") == "N"


def test_without_a_pin_nothing_is_said_of_it(system):
    assert ask_patron(system, CARD, None, NOW).first("CQ") is None


def test_a_wrong_password_of_ours_is_away(system):
    with pytest.raises(Unavailable, match="login"):
        ask_patron(replace(system, password="wrong"), CARD, PIN, NOW)


def test_every_message_has_the_checksum_that_the_server_requires(strict):
    assert ask_patron(strict, CARD, PIN, NOW).first("CQ") == "Y"


def test_ten_requests_on_one_line_count_to_nine_and_begin_anew(system):
    with Line(system) as line:
        line.connect()
        client = Client(line, NOW)
        client.login()
        answers = [client.ask("9900302.00", "98").sequence for _each in range(11)]
    assert answers == [*map(str, range(1, 10)), "0", "1"]


def test_a_name_with_letters_beyond_ascii_comes_through(system):
    assert ask_patron(system, "Zoë", PIN, NOW).first("AA") == "Zoë"
