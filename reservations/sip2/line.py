"""One connection to the library system: connect, send, read one answer, all within one deadline.

Whatever the other side does, drip, flood or fall silent, no call outlives the deadline of the line.
"""

import ipaddress
import logging
import queue
import re
import socket
import ssl
import threading
import time
from contextlib import suppress
from types import TracebackType
from typing import Any

from helpdesk.library_system import LibrarySystem
from reservations.sip2.masking import masked

log = logging.getLogger(__name__)

LONGEST_LINE = 8192  # bytes of one answer
CHUNK = 4096
ENDS = re.compile(rb"[\r\n]")
LOGIN_PROMPT = re.compile(rb"(?:login|user(?: ?name)?) ?: ?$", re.IGNORECASE)
PASSWORD_PROMPT = re.compile(rb"password ?: ?$", re.IGNORECASE)


class Unavailable(Exception):
    """The library system gave no answer that counts; `reason` is a stable code, never a patron's data."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class SilenceError(Exception):
    """No answer in time on a line that still stands."""


class Line:
    """A socket with a deadline. Use it as a context manager; it is closed in the end."""

    def __init__(self, system: LibrarySystem) -> None:
        self.system = system
        self.deadline = time.monotonic() + system.total_seconds
        self.reply_seconds = system.reply_seconds
        self.retries = 2
        self._socket: socket.socket | None = None
        self._buffer = bytearray()

    def __enter__(self) -> "Line":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the socket; closing twice is closing once."""
        if self._socket:
            with suppress(OSError):
                self._socket.close()
            self._socket = None

    @property
    def left(self) -> float:
        """Seconds until the deadline of the line."""
        return self.deadline - time.monotonic()

    def connect(self) -> None:
        """Connect, by TLS where the settings say so, and go through the login dialogue. Raises Unavailable."""
        until = min(self.deadline, time.monotonic() + self.system.connect_seconds)
        self._socket = self._connected(until)
        if self.system.tls:
            self._socket = self._secured(self._socket, until)
        if self.system.telnet:
            self._dialogue()

    def _connected(self, until: float) -> socket.socket:
        """Return a socket to the first address that answers; the name is looked up within the same time."""
        for family, kind, protocol, _name, address in _addresses(self.system, until - time.monotonic()):
            left = until - time.monotonic()
            if left <= 0:
                break
            found = socket.socket(family, kind, protocol)
            try:
                found.settimeout(left)
                found.connect(address)
                found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                return found
            except OSError:
                found.close()
        raise Unavailable("connect")

    def _secured(self, plain: socket.socket, until: float) -> socket.socket:
        plain.settimeout(max(0.001, until - time.monotonic()))
        try:
            return self.system.tls_context.wrap_socket(plain, server_hostname=self.system.host)
        except ssl.SSLCertVerificationError as error:
            plain.close()
            raise Unavailable("certificate") from error
        except (OSError, ValueError) as error:
            plain.close()
            raise Unavailable("tls") from error

    def _dialogue(self) -> None:
        """Answer the prompts that some servers put before the protocol, in the manner of telnet."""
        end = self.system.terminator
        for prompt, said in ((LOGIN_PROMPT, self.system.user), (PASSWORD_PROMPT, self.system.password)):
            until = min(self.deadline, time.monotonic() + self.reply_seconds)
            try:
                while not prompt.search(self._buffer):
                    self._receive(until)
            except SilenceError as error:
                raise Unavailable("no_prompt") from error
            self._buffer.clear()
            self._write(said.encode(self.system.encoding, errors="replace") + end)

    def send(self, frame: bytes) -> None:
        """Send one message. Raises Unavailable."""
        log.debug("sent %s", masked(frame))
        self._write(frame + self.system.terminator)

    def _write(self, data: bytes) -> None:
        try:
            self._open.settimeout(max(0.001, min(self.left, self.reply_seconds)))
            self._open.sendall(data)
        except OSError as error:
            raise Unavailable("closed") from error

    def read(self, until: float) -> bytes:
        """Return the next line that is not empty. Raises SilenceError at `until`, Unavailable on a dead line."""
        while True:
            while (end := ENDS.search(self._buffer)) is not None:
                line = bytes(self._buffer[: end.start()]).strip(b"\x00 ")
                del self._buffer[: end.end()]
                if line:
                    log.debug("got %s", masked(line))
                    return line
            if len(self._buffer) > LONGEST_LINE:
                raise Unavailable("too_long")
            self._receive(until)

    def _receive(self, until: float) -> None:
        left = min(until, self.deadline) - time.monotonic()
        if left <= 0:
            raise SilenceError
        try:
            self._open.settimeout(left)
            data = self._open.recv(CHUNK)
        except TimeoutError as error:
            raise SilenceError from error
        except OSError as error:
            raise Unavailable("closed") from error
        if not data:
            raise Unavailable("closed")
        self._buffer += data
        if len(self._buffer) > LONGEST_LINE + CHUNK:
            raise Unavailable("too_long")

    @property
    def _open(self) -> socket.socket:
        if self._socket is None:
            raise Unavailable("closed")
        return self._socket


def _addresses(system: LibrarySystem, seconds: float) -> list[Any]:
    """Return where `host` is. A name server that does not answer costs no more than `seconds`."""
    try:
        ipaddress.ip_address(system.host)
        return _look_up(system)
    except ValueError:
        pass
    except OSError as error:
        raise Unavailable("name") from error
    answers: queue.SimpleQueue[list[Any] | OSError] = queue.SimpleQueue()
    threading.Thread(target=_ask, args=(system, answers), daemon=True).start()
    try:
        found = answers.get(timeout=max(0.001, seconds))
    except queue.Empty as error:
        raise Unavailable("name") from error
    if isinstance(found, OSError):
        raise Unavailable("name") from found
    return found


def _ask(system: LibrarySystem, answers: "queue.SimpleQueue[list[Any] | OSError]") -> None:
    try:
        answers.put(_look_up(system))
    except OSError as error:
        answers.put(error)


def _look_up(system: LibrarySystem) -> list[Any]:
    return socket.getaddrinfo(system.host, system.port, type=socket.SOCK_STREAM)
