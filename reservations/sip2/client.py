"""Asks the library system: log in (93), is it on-line (99), who is this (63 or 23), end the session (35).

Exactly one answer belongs to a request. An answer with another sequence number belongs to an earlier one and is passed
over. What was not understood is asked for again (97), what the other side did not understand is sent again without
a sequence number, what was not answered is sent again once with the same one; never more than three times in all.
"""

import logging
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from helpdesk.library_system import LibrarySystem
from reservations.sip2.frames import Garbled, Message, date18, encode, fields, parse
from reservations.sip2.line import Line, SilenceError, Unavailable

log = logging.getLogger(__name__)

MOST_SENDS = 3
PASSED_OVER = 20  # lines that answer something else, before the other side is taken for broken
LEAST_REPLY = 3.0  # seconds: what the library system advertises is honoured from here to the setting
POLITE = 0.5  # seconds given to the answer of 35, on which nothing depends
STATUS, LOGIN, INFORMATION, END = 0, 6, 7, 8  # places in BX, the messages that are supported
VERSION = "2.00"
ENGLISH = "001"
NO_TITLES = " " * 10  # nothing of what the patron has out, holds or owes is asked for


@dataclass(frozen=True)
class Status:
    """What 98 says of the library system."""

    online: bool
    library: str
    supported: str  # BX, "" where the answer has none
    timeout: str  # tenths of a second; 000 off-line, 999 unknown
    retries: str

    @classmethod
    def of(cls, answer: Message) -> "Status":
        supported = answer.first("BX") or ""
        fixed = answer.fixed
        library = answer.first("AM") or answer.first("AO") or ""
        return cls(fixed[0] == "Y" and fixed[6:9] != "000", library, supported, fixed[6:9], fixed[9:12])

    def supports(self, place: int) -> bool:
        """Return whether a message is supported; what BX does not say is."""
        return self.supported[place : place + 1] != "N"


class Client:
    """One conversation on one line. `now` is the moment of the request; the deadline is the line's own."""

    def __init__(self, line: Line, now: datetime) -> None:
        self.line = line
        self.system: LibrarySystem = line.system
        self.now = now
        self._sequence = -1

    def login(self) -> None:
        """Send 93. Raises Unavailable `login` where the library system refuses us."""
        pairs = [("CN", self.system.user), ("CO", self.system.password)]
        if self.system.location:
            pairs.append(("CP", self.system.location))
        if self.ask(f"9300{fields(*pairs)}", "94").fixed != "1":
            raise Unavailable("login")

    def status(self) -> Status:
        """Send 99 and keep to what 98 says of times. Raises Unavailable `offline`."""
        status = Status.of(self.ask(f"990030{VERSION}", "98"))
        if not status.online:
            raise Unavailable("offline")
        if status.timeout.isdigit() and status.timeout != "999":
            self.line.reply_seconds = min(max(int(status.timeout) / 10, LEAST_REPLY), self.system.reply_seconds)
        if status.retries.isdigit() and status.retries != "999":
            self.line.retries = min(int(status.retries), MOST_SENDS - 1)
        return status

    def patron(self, number: str, pin: str | None, status: Status) -> Message:
        """Send 63, or 23 where 63 is not supported; without a PIN (None) no AD is sent. Raises Unavailable."""
        date = date18(self.now, utc=self.system.utc)
        who = [("AO", self.system.institution), ("AA", number), ("AC", self.system.terminal_password)]
        if not status.supports(INFORMATION) and status.supports(STATUS):
            return self.ask(f"23{ENGLISH}{date}{fields(*who, ('AD', pin or ''))}", "24")
        secret = [("AD", pin)] if pin else []
        return self.ask(f"63{ENGLISH}{date}{NO_TITLES}{fields(*who, *secret)}", "64")

    def end_session(self, number: str, pin: str | None, status: Status) -> bool:
        """Send 35 where it is supported and wait a moment; return whether it was answered. Never raises."""
        if not self.system.end_session or not status.supports(END):
            return False
        pairs = [("AO", self.system.institution), ("AA", number), ("AC", self.system.terminal_password)]
        secret = [("AD", pin)] if pin else []
        self.line.retries, self.line.reply_seconds = 0, min(POLITE, self.line.reply_seconds)
        with suppress(Unavailable):
            body = f"35{date18(self.now, utc=self.system.utc)}{fields(*pairs, *secret)}"
            self.ask(body, "36")
            return True
        return False

    def ask(self, body: str, expected: str) -> Message:
        """Send a request and return the answer with the code `expected`. Raises Unavailable."""
        self._sequence = (self._sequence + 1) % 10
        sequence, detect = str(self._sequence), self.system.detection != "off"
        frame = encode(body, self.system.encoding, sequence=sequence, detect=detect)
        plain = encode(body, self.system.encoding, detect=detect)
        again = encode("97", self.system.encoding, detect=detect)
        sending, is_silent = frame, False
        for _time in range(1 + self.line.retries):
            self.line.send(sending)
            try:
                answer = self._answer(expected, sequence)
            except SilenceError as error:
                if is_silent or self.line.left <= 0:
                    raise Unavailable("timeout") from error
                sending, is_silent = frame, True
            except Garbled as error:
                log.info("an answer to %s was garbled: %s", body[:2], error.reason)
                sending = again
            else:
                if answer.code == expected:
                    return answer
                sending = plain
        raise Unavailable("timeout" if is_silent else "garbled")

    def _answer(self, expected: str, sequence: str) -> Message:
        """Return the answer to the last request, or 96; pass over what answers another one."""
        until = time.monotonic() + self.line.reply_seconds
        for _line in range(PASSED_OVER):
            raw = self.line.read(until)
            if self.system.telnet and not raw[:2].isdigit():
                continue  # a greeting after the login dialogue
            answer = parse(raw, self.system.encoding)
            if answer.code == "96":
                return answer
            if answer.sequence not in {"", sequence} or answer.code != expected:
                continue
            if self.system.detection == "required" and not answer.checked:
                raise Garbled("no checksum")
            return answer
        raise Garbled("answers to other requests")


def ask_patron(system: LibrarySystem, number: str, pin: str | None, now: datetime) -> Message:
    """Return what the library system says of a card, all within the cap. Raises Unavailable, and nothing else.

    `pin` None is the look-up of staff. A patron's empty PIN must not come here: see docs/sip2.md.
    """
    with Line(system) as line:
        line.connect()
        client = Client(line, now)
        if system.user:
            client.login()
        status = client.status()
        answer = client.patron(number, pin, status)
        client.end_session(number, pin, status)
        return answer
