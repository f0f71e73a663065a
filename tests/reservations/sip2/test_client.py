"""The client against a scripted server: split and joined answers, nasty ones, silence; always within the cap."""

import logging
import time
from dataclasses import replace

import pytest

from reservations.sip2.client import ask_patron
from reservations.sip2.line import Unavailable
from tests.factories import NOW
from tests.reservations.sip2.servers import (
    CARD,
    GOOD,
    NAME,
    PIN,
    echo,
    information,
    scripted,
    sequence_of,
    signed,
    status,
)


def ask(system, pin=PIN, number=CARD):
    return ask_patron(system, number, pin, NOW)


def reason(system, **more):
    """Return why the library system counts as away, and how long it took to say so."""
    began = time.monotonic()
    with pytest.raises(Unavailable) as away:
        ask(system, **more)
    took = time.monotonic() - began
    assert took < system.total_seconds + 0.5
    return away.value.reason


def good(code):
    return GOOD[code]


def test_the_conversation_is_login_status_patron_and_end():
    with scripted() as (server, system):
        assert ask(system).first("CQ") == "Y"
    assert server.codes == [b"93", b"99", b"63", b"35"]
    assert [sequence_of(line) for line in server.seen] == ["0", "1", "2", "3"]


def test_nothing_of_what_the_patron_has_out_is_asked_for():
    with scripted() as (server, system):
        ask(system)
    assert server.seen[2].startswith(b"6300120261124    140700          AONLPL|AA29990000000017|AC|AD2468|AY2AZ")


def test_the_look_up_of_staff_sends_no_pin():
    with scripted(m63=echo(information(cq=""))) as (server, system):
        assert ask(system, pin=None).first("BL") == "Y"
    assert b"AD" not in server.seen[2].split(b"AC|")[1].split(b"AY")[0]


def test_without_a_user_there_is_no_login():
    with scripted() as (server, system):
        ask(replace(system, user=""))
    assert server.codes == [b"99", b"63", b"35"]


def test_where_63_is_not_supported_23_is_sent():
    with scripted(m99=echo(status(supported="YYYYYYYNYYYNYNYY"))) as (server, system):
        assert ask(system).code == "24"
    assert b"23" in server.codes
    assert b"63" not in server.codes


def test_where_35_is_not_supported_it_is_not_sent():
    with scripted(m99=echo(status(supported="YYYYYYYYNYYNYNYY"))) as (server, system):
        ask(system)
    assert server.codes == [b"93", b"99", b"63"]


@pytest.mark.parametrize("step", [None, b"CLOSE", b"garbage\r", echo("96")])
def test_whatever_35_is_answered_the_sign_in_stands(step):
    with scripted(m35=step) as (_server, system):
        assert ask(system).first("CQ") == "Y"


def test_an_answer_in_pieces_is_one_answer():
    def in_pieces(request):
        whole = signed(information(), sequence_of(request)) + b"\r"
        for start in range(0, len(whole), 7):
            server.send(whole[start : start + 7])
            time.sleep(0.002)

    with scripted(m63=in_pieces) as (server, system):
        assert ask(system).first("CQ") == "Y"


def test_two_answers_in_one_packet_each_belong_to_their_request():
    def both(request):
        return signed("941", "0") + b"\r" + signed(status(), "1") + b"\r"

    with scripted(m93=both, m99=None) as (_server, system):
        assert ask(system).first("CQ") == "Y"


@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n", b"\r\n\r\n", b"\r\x00"])
def test_every_end_of_line_in_the_wild_is_read(end):
    def ended(body):
        return lambda request: b"\n\x00" + signed(body, sequence_of(request)) + end

    with scripted(m93=ended("941"), m99=ended(status()), m63=ended(information())) as (_server, system):
        assert ask(system).first("CQ") == "Y"


@pytest.mark.parametrize("terminator", [b"\r", b"\r\n", b"\n"])
def test_the_terminator_that_is_sent_is_a_setting(terminator):
    with scripted() as (server, system):
        assert ask(replace(system, terminator=terminator)).first("CQ") == "Y"
    assert len(server.seen) == 4


def test_an_answer_to_an_earlier_request_is_passed_over():
    def late(request):
        return signed(information(cq="CQN|"), "1") + b"\r" + signed(information(), sequence_of(request)) + b"\r"

    with scripted(m63=late) as (_server, system):
        assert ask(system).first("CQ") == "Y"


def test_a_silence_is_asked_into_once_more_with_the_same_number():
    with scripted(m63=[None, good(b"63")]) as (server, system):
        assert ask(system).first("CQ") == "Y"
    asked = [line for line in server.seen if line[:2] == b"63"]
    assert len(asked) == 2
    assert asked[0] == asked[1]


def test_two_silences_are_away_and_not_a_wrong_pin():
    with scripted(m63=None) as (server, system):
        assert reason(system) == "timeout"
    assert server.codes.count(b"63") == 2


def test_what_the_server_did_not_understand_is_sent_again_without_a_number():
    with scripted(m63=[b"96AZFEF6\r", echo(information())]) as (server, system):
        assert ask(system).first("CQ") == "Y"
    first, second = [line for line in server.seen if line[:2] == b"63"]
    assert (sequence_of(first), b"AY" in second) == ("2", False)


def test_a_server_that_never_understands_is_asked_three_times():
    with scripted(m63=b"96AZFEF6\r") as (server, system):
        assert reason(system) == "garbled"
    assert server.codes.count(b"63") == 3


def test_a_wrong_checksum_is_asked_for_again():
    with scripted(m63=b"64rubbishAY2AZ0000\r", m97=lambda _request: signed(information(), "2") + b"\r") as (
        server,
        system,
    ):
        assert ask(system).first("CQ") == "Y"
    assert b"97AZFEF5" in server.seen


def test_an_answer_without_a_checksum_is_taken_unless_one_is_required():
    plain = information().encode() + b"\r"
    with scripted(m63=plain, m97=plain) as (_server, system):
        assert ask(system).first("CQ") == "Y"
        assert reason(replace(system, detection="required")) == "garbled"


def test_without_error_detection_nothing_is_signed():
    with scripted(m93=b"941\r", m99=status().encode() + b"\r", m63=information().encode() + b"\r", m35=None) as (
        server,
        system,
    ):
        assert ask(replace(system, detection="off")).first("CQ") == "Y"
    assert not any(b"AZ" in line for line in server.seen)


@pytest.mark.parametrize("size", range(0, len(signed(information(), "2")), 3))
def test_an_answer_that_ends_early_is_away_and_nobody_is_let_in(size):
    cut = signed(information(), "2")[:size] + b"\r"
    with scripted(m63=cut, m97=cut) as (_server, system):
        quick = replace(system, detection="required", reply_seconds=0.05)
        assert reason(quick) in {"garbled", "timeout"}


NASTY = {
    "a line of 100 KB": (b"64" + b"A" * 100_000 + b"\r", {"too_long", "closed"}),
    "a line of 100 KB without an end": (b"64" + b"A" * 100_000, {"too_long", "closed"}),
    "garbage": (bytes(range(1, 256)) * 4 + b"\r", {"garbled"}),
    "empty lines only": (b"\r\n" * 3000, {"timeout"}),
    "another language": (b"HTTP/1.1 400 Bad Request\r\n\r\n", {"garbled"}),
    "the connection is closed": (b"CLOSE", {"closed"}),
    "answers to other questions": (signed("941", "0") + b"\r", {"timeout", "garbled"}),
    "a flood of other answers": ((signed("941", "0") + b"\r") * 200, {"timeout", "garbled"}),
}


@pytest.mark.parametrize("case", NASTY)
def test_a_nasty_answer_is_away_within_the_cap(case):
    step, reasons = NASTY[case]
    with scripted(m63=step, m97=step) as (_server, system):
        assert reason(system) in reasons


def test_a_server_that_drips_cannot_hold_anybody_beyond_the_cap():
    def drip(_request):
        for _byte in range(200):
            server.send(b"A")
            time.sleep(0.02)

    with scripted(m63=drip) as (server, system):
        assert reason(system) == "timeout"


def test_the_cap_holds_over_all_requests_together():
    def slow(step):
        return lambda request: (time.sleep(0.25), step(request))[1]

    with scripted(m93=slow(good(b"93")), m99=slow(good(b"99")), m63=slow(good(b"63"))) as (_server, system):
        assert reason(replace(system, total_seconds=0.6)) == "timeout"


def test_a_refused_login_is_away_and_not_a_wrong_pin():
    with scripted(m93=echo("940")) as (_server, system):
        assert reason(system) == "login"


@pytest.mark.parametrize("answer", [status(online="N"), status(timeout="000")])
def test_a_library_system_that_is_not_on_line_is_away(answer):
    with scripted(m99=echo(answer)) as (_server, system):
        assert reason(system) == "offline"


def test_what_98_says_of_times_is_kept_only_within_our_caps():
    with scripted(m99=echo(status(timeout="600", retries="000")), m63=None) as (server, system):
        assert reason(system) == "timeout"
    assert server.codes.count(b"63") == 1


def test_nobody_listening_is_away_at_once():
    with scripted() as (_server, system):
        pass
    began = time.monotonic()
    assert reason(system) == "connect"
    assert time.monotonic() - began < 0.5


def test_a_name_that_leads_nowhere_is_away(monkeypatch):
    def stuck(*_args, **_kwargs):
        time.sleep(2)
        raise OSError

    with scripted() as (_server, system):
        monkeypatch.setattr("reservations.sip2.line._look_up", stuck)
        assert reason(replace(system, host="library.example.org", connect_seconds=0.2)) == "name"


def test_the_login_dialogue_comes_before_the_first_message():
    prompts = {b"he": b"password: ", b"co": b"\r\nLogin OK.  Initiating SIP\r\n"}
    with scripted(greeting=b"Welcome\r\nlogin: ") as (server, system):
        server.steps |= {code: [step] for code, step in prompts.items()}
        assert ask(replace(system, telnet=True)).first("CQ") == "Y"
    assert server.seen[:2] == [b"helpdesk", b"co-secret"]


def test_a_dialogue_that_does_not_come_is_away():
    with scripted() as (_server, system):
        assert reason(replace(system, telnet=True)) == "no_prompt"


def test_no_secret_and_no_person_stands_in_any_log(caplog):
    caplog.set_level(logging.DEBUG)
    more = "BD1 Sample Street|BEsample@example.org|BF555 0100|PB19640925|AFDear Sample|XIsample-internal|"
    with scripted(m63=echo(information(more=more))) as (_server, system):
        ask(replace(system, terminal_password="ac-secret"))
    with scripted(m63=f"Sample {PIN} {CARD} garbage\r".encode()) as (_server, system):
        reason(system)
    assert "got 64" in caplog.text
    for secret in (PIN, CARD, NAME, "Sample", "co-secret", "ac-secret", "555 0100", "19640925", "example.org"):
        assert secret not in caplog.text, secret
