"""`manage.py sip2_check` and the settings it reads."""

import io
from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command

from helpdesk import library_system
from reservations.sip2.checks import library_system_is_encrypted
from reservations.sip2.trial import NEXT
from tests.reservations.sip2.servers import CARD, NAME, PIN, echo, independent, information, running, scripted, status


@pytest.fixture
def check(settings, capsys, monkeypatch):
    """Return a run of the command: its exit code and what it printed."""

    def run(system, *arguments, pin=PIN):
        settings.LIBRARY_SYSTEM = system
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{pin}\n"))
        code = 0
        try:
            call_command("sip2_check", *arguments, no_color=True)
        except CommandError as error:
            code = error.returncode
            print(error)
        return code, capsys.readouterr().out

    return run


def test_every_step_is_told_with_its_time(check):
    with running(independent()) as system:
        code, said = check(system, "--card", CARD, "--pin-stdin")
    assert code == 0
    for word in ("connect to", "log in (93)", "status (99)", "patron information (63)", "decision", "end session (35)"):
        assert word in said
    assert said.count(" ms)") == 5
    assert "supports status, resend, login, patron information, end session" in said
    assert "may sign in, card …017" in said


def test_no_secret_and_nobody_is_shown(check):
    more = "BD1 Sample Street|PB20130630|AFDear Sample|XIp42|"
    with scripted(m63=echo(information(more=more))) as (_server, system):
        _code, said = check(replace(system, terminal_password="ac-secret"), "--card", CARD, "--pin-stdin")
    for secret in (PIN, CARD, NAME, "Sample", "co-secret", "ac-secret", "20130630", "p42"):
        assert secret not in said, secret
    assert "PB came; SIP2_BIRTH_FIELD=PB would read it." in said


@pytest.mark.parametrize(
    ("steps", "step", "reason"),
    [
        ({"m93": echo("940")}, "FAIL log in (93)", "login"),
        ({"m99": echo(status(online="N"))}, "FAIL status (99)", "offline"),
        ({"m99": b"CLOSE"}, "FAIL status (99)", "closed"),
        ({"m63": b"garbage\r", "m97": b"garbage\r"}, "FAIL patron information (63)", "garbled"),
    ],
)
def test_a_step_that_fails_says_what_to_do_next(check, steps, step, reason):
    with scripted(**steps) as (_server, system):
        code, said = check(system, "--card", CARD, "--pin-stdin")
    assert code == 1
    assert step in said
    assert NEXT[reason] in said


@pytest.mark.parametrize("reason", ["connect", "certificate", "tls", "name", "no_prompt", "timeout", "too_long"])
def test_every_reason_has_a_next_step(reason):
    assert NEXT[reason].endswith(".")


def test_a_card_that_is_denied_fails_the_check_with_its_reason(check):
    with scripted(m63=echo(information("    Y" + " " * 9))) as (_server, system):
        code, said = check(system, "--card", CARD, "--pin-stdin")
    assert (code, "flag_lost: the card is reported lost" in said) == (1, True)


def test_an_empty_pin_is_not_sent(check):
    with scripted() as (server, system):
        code, _said = check(system, "--card", CARD, "--pin-stdin", pin="")
    assert (code, server.seen) == (1, [])


def test_staffs_look_up_sends_no_pin(check):
    with scripted(m63=echo(information(cq=""))) as (server, system):
        code, said = check(system, "--card", CARD, "--no-pin")
    assert (code, "known (no PIN was sent)" in said) == (0, True)
    assert b"|AD" not in server.seen[2]


def test_without_a_host_there_is_nothing_to_check(check):
    assert check(library_system.LibrarySystem())[0] == 1


def read(monkeypatch, **variables):
    for name, value in variables.items():
        monkeypatch.setenv(f"SIP2_{name}", value)
    return library_system.read()


def test_the_shipped_settings_are_careful(monkeypatch):
    found = read(monkeypatch)
    assert (found.tls, found.deny_flags, found.fee_limit, found.birth_field) == (True, frozenset({4}), None, "")
    assert (found.connect_seconds, found.reply_seconds, found.total_seconds) == (3, 4, 8)


def test_everything_can_be_set(monkeypatch):
    found = read(
        monkeypatch, DENY_FLAGS="lost,8,excessive_fines", FEE_LIMIT="10.00", CATEGORIES="J=child,A=adult",
        DENY_FIELDS="PY=Y", BIRTH_FIELD="PB", TERMINATOR="CRLF", ENCODING="utf-8", AGE_UNKNOWN="refuse",
    )  # fmt: skip
    assert (found.deny_flags, found.fee_limit) == (frozenset({4, 8, 10}), Decimal("10.00"))
    assert (found.categories, found.terminator) == ({"J": "child", "A": "adult"}, b"\r\n")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "0"), ("PORT", "x"), ("TLS", "maybe"), ("CA", "/nowhere.pem"), ("ENCODING", "ebcdic"),
        ("TERMINATOR", "TAB"), ("ERROR_DETECTION", "yes"), ("DENY_FLAGS", "14"), ("DENY_FLAGS", "rude"),
        ("DENY_FIELDS", "PY"), ("DENY_FIELDS", "PY=("), ("FEE_LIMIT", "much"), ("FEE_LIMIT", "-1"),
        ("FEE_LIMIT", "NaN"), ("BIRTH_FIELD", "birth"), ("CATEGORIES", "J=young"), ("EXPIRED_TEXT", "("),
        ("AGE_UNKNOWN", "old"), ("REPLY_SECONDS", "60"), ("CARD_SHAPE", "["),
    ],
)  # fmt: skip
def test_a_wrong_value_stops_the_start_with_one_sentence_that_names_it(monkeypatch, name, value):
    with pytest.raises(ImproperlyConfigured, match=f"SIP2_{name}"):
        read(monkeypatch, **{name: value})


def test_the_source_is_one_of_two_and_a_library_system_has_a_host(monkeypatch):
    assert library_system.source(library_system.LibrarySystem()) == "local"
    monkeypatch.setenv("PATRON_SOURCE", "sip2")
    with pytest.raises(ImproperlyConfigured, match="SIP2_HOST"):
        library_system.source(library_system.LibrarySystem())
    monkeypatch.setenv("PATRON_SOURCE", "sip3")
    with pytest.raises(ImproperlyConfigured, match="PATRON_SOURCE"):
        library_system.source(library_system.LibrarySystem())


def test_no_password_stands_in_the_settings_as_they_are_printed():
    assert "co-secret" not in repr(library_system.LibrarySystem(password="co-secret", terminal_password="co-secret"))


@pytest.mark.parametrize(
    ("host", "tls", "source", "warned"),
    [
        ("library.example.org", False, "sip2", True),
        ("library.example.org", True, "sip2", False),
        ("127.0.0.1", False, "sip2", False),
        ("library.example.org", False, "local", False),
    ],
)
def test_a_deploy_check_warns_of_pins_in_clear(settings, host, tls, source, warned):
    settings.PATRON_SOURCE = source
    settings.LIBRARY_SYSTEM = library_system.LibrarySystem(host=host, tls=tls)
    assert [found.id for found in library_system_is_encrypted()] == ["reservations.W001"] * warned
