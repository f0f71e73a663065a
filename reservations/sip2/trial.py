"""A trial of the way to the library system, step by step: what was answered, how long it took, what to do if it fails.

It asks as a sign-in does, past the circuit breaker, and shows no secret: PINs and passwords are not part of a step.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeVar

from helpdesk.library_system import LibrarySystem
from reservations.sip2.client import Client, Status
from reservations.sip2.decision import decide, in_words
from reservations.sip2.frames import Message, sendable
from reservations.sip2.line import Line, Unavailable
from reservations.sip2.masking import shortened

# The 16 messages that BX speaks of, in its order.
MESSAGES = (
    "patron status", "checkout", "checkin", "block patron", "status", "resend", "login", "patron information",
    "end session", "fee paid", "item information", "item status update", "patron enable", "hold", "renew", "renew all",
)  # fmt: skip
NEXT = {
    "name": "The name leads nowhere: correct SIP2_HOST, or ask whoever runs the name server.",
    "connect": "Nobody listens: check SIP2_HOST and SIP2_PORT, the firewall, and that the library system is up.",
    "certificate": "The certificate is not trusted: SIP2_HOST must be the name in it, SIP2_CA the authority's file.",
    "tls": "No TLS there: check the port, or set SIP2_TLS=0 if a tunnel on this machine does it.",
    "no_prompt": "No login: prompt came: set SIP2_TELNET=0.",
    "login": "The library system refused our account: check SIP2_USER, SIP2_PASSWORD and SIP2_LOCATION.",
    "offline": "The library system says that it is off-line: ask whoever runs it.",
    "timeout": "No answer in time: check SIP2_TERMINATOR and SIP2_TELNET, then the load of the library system.",
    "closed": "The library system hung up: it may want a login first (SIP2_USER) or know no such message.",
    "garbled": "The answers cannot be read: check SIP2_ENCODING and SIP2_ERROR_DETECTION.",
    "too_long": "An answer is longer than 8 KiB: this is no SIP2 server, check SIP2_PORT.",
}
MAPPED = {
    "PB": "SIP2_BIRTH_FIELD", "BC": "SIP2_BIRTH_FIELD", "PC": "SIP2_CATEGORY_FIELD", "PI": "SIP2_INTERNET_FIELD",
    "PA": "SIP2_EXPIRY_FIELD", "PX": "SIP2_EXPIRY_FIELD", "XI": "SIP2_ID_FIELD",
}  # fmt: skip
T = TypeVar("T")


@dataclass(frozen=True)
class Step:
    """One step: `said` is what came of it, `then` what to do; `milliseconds` None where nothing was asked."""

    what: str
    ok: bool
    said: str = ""
    then: str = ""
    milliseconds: int | None = None
    notes: tuple[str, ...] = field(default=())


class _FailedError(Exception):
    def __init__(self, step: Step) -> None:
        super().__init__(step.what)
        self.step = step


def steps(system: LibrarySystem, *, card: str, pin: str | None, now: datetime, today: date) -> Iterator[Step]:
    """Yield the steps up to the first that fails. Without a `card` it ends with the status."""
    with Line(system) as line:
        client = Client(line, now)
        try:
            yield _timed(_way(system), line.connect, lambda _none: "connected")[0]
            if system.user:
                yield _timed("log in (93)", client.login, lambda _none: f"accepted as {shortened(system.user)}")[0]
            step, status = _timed("status (99)", client.status, _status)
            yield step
            if card:
                yield from _card(client, card, pin, status, today)
        except _FailedError as failed:
            yield failed.step


def _card(client: Client, card: str, pin: str | None, status: Status, today: date) -> Iterator[Step]:
    if not sendable(card) or not sendable(pin or ""):
        raise _FailedError(
            Step("card", ok=False, then="A number or PIN with a bar or control character is never sent.")
        )
    asked = "patron information (63)" if status.supports(7) or not status.supports(0) else "patron status (23)"
    step, answer = _timed(asked, lambda: client.patron(card, pin, status), _answer)
    yield step
    yield _verdict(client.system, answer, card, pin, today)
    if client.system.end_session and status.supports(8):
        began = time.monotonic()
        ended = client.end_session(card, pin, status)
        then = "" if ended else "Not needed. SIP2_END_SESSION=0 saves half a second at each sign-in."
        took = int((time.monotonic() - began) * 1000)
        yield Step("end session (35)", True, "answered" if ended else "not answered", then, took)


def _way(system: LibrarySystem) -> str:
    how = "TLS" if system.tls else "no TLS"
    return f"connect to {system.host}:{system.port}, {how}{', login dialogue' if system.telnet else ''}"


def _timed(what: str, call: Callable[[], T], said: Callable[[T], str]) -> tuple[Step, T]:
    began = time.monotonic()
    try:
        found = call()
    except Unavailable as error:
        took = int((time.monotonic() - began) * 1000)
        raise _FailedError(Step(what, False, error.reason, NEXT.get(error.reason, ""), took)) from error
    return Step(what, True, said(found), "", int((time.monotonic() - began) * 1000)), found


def _status(status: Status) -> str:
    supported = [name for place, name in enumerate(MESSAGES) if status.supported[place : place + 1] == "Y"]
    said = f"on-line, {status.library}; timeout {status.timeout}, retries {status.retries}"
    return f"{said}; supports {', '.join(supported) or 'nothing that it names'}"


def _answer(answer: Message) -> str:
    """Return which fields came, never their values: only the two answers that decide are shown."""
    decides = [f"{name}{answer.first(name) or ''}" for name in ("BL", "CQ") if answer.first(name) is not None]
    others = sorted({name for name, _value in answer.fields} - {"BL", "CQ"})
    return f"{' '.join(decides) or 'neither BL nor CQ'}; fields {' '.join(others)}"


def _verdict(system: LibrarySystem, answer: Message, card: str, pin: str | None, today: date) -> Step:
    found = decide(answer, number=card, with_pin=bool(pin), system=system, today=today)
    unread = [
        f"{name} came; {setting}={name} would read it."
        for name, setting in MAPPED.items()
        if answer.first(name) and name not in _read(system)
    ]
    if not found.reason:
        said = f"may sign in, card {shortened(found.number)}, age band {found.age_band}"
        return Step(
            "decision",
            True,
            said if pin else f"known (no PIN was sent), age band {found.age_band}",
            notes=tuple(unread),
        )
    detail = f" ({found.detail})" if found.detail else ""
    return Step(
        "decision",
        False,
        f"{found.reason}: {in_words(found.reason)}{detail}",
        _settle(found.reason),
        None,
        tuple(unread),
    )


def _read(system: LibrarySystem) -> set[str]:
    return {system.birth_field, system.category_field, system.internet_field, system.expiry_field, system.id_field}


def _settle(reason: str) -> str:
    if reason == "pin_not_checked":
        return "The library system did not say whether the PIN is right: its account must be allowed to check PINs."
    if reason in {"unknown_card", "wrong_pin"}:
        return "Try another test card, or its right PIN. If BL is missing, see SIP2_VALID_WITHOUT_BL."
    return 'If such cards may use computers here, change the rule: see docs/sip2.md, "What is held against a card".'
