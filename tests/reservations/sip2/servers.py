"""Library systems for the tests: one that answers by script, byte for byte, and an independent one (pysip2)."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from queue import SimpleQueue

import anyio
import pysip2
from anyio.abc import SocketAttribute

from helpdesk.library_system import LibrarySystem
from reservations.sip2.frames import checksum

QUICK = LibrarySystem(
    host="127.0.0.1",
    tls=False,
    user="helpdesk",
    password="co-secret",
    location="DESK1",
    institution="NLPL",
    encoding="utf-8",
    connect_seconds=1,
    reply_seconds=0.3,
    total_seconds=1.5,
)
DATE = "20261124    140700"
NAME = "Sample, Person"
CARD, PIN = "29990000000017", "2468"
COUNTS = [f"{kind}_count" for kind in ["hold_items", "overdue_items", "charged_items", "fine_items", "recall_items"]]
COUNTS.append("unavailable_holds_count")
Answer = bytes | Callable[[bytes], bytes | None] | None


def signed(body: str | bytes, sequence: str | None = None) -> bytes:
    """Return an answer with its checksum, and the sequence number if given, without a terminator."""
    data = body.encode() if isinstance(body, str) else body
    data += f"AY{sequence}AZ".encode() if sequence is not None else b"AZ"
    return data + checksum(data).encode()


def sequence_of(request: bytes) -> str | None:
    place = request.rfind(b"AY")
    return request[place + 2 : place + 3].decode() if place >= 0 else None


def echo(body: str | bytes) -> Callable[[bytes], bytes]:
    """Return a step that answers with `body`, signed as the request was."""
    return lambda request: signed(body, sequence_of(request)) + b"\r"


def status(online="Y", timeout="030", retries="003", supported="YYYYYYYYYYYNYNYY", more="AMNorthlight|"):
    return f"98{online}YYNYY{timeout}{retries}{DATE}2.00AONLPL|BX{supported}|{more}"


def information(flags=" " * 14, *, card=CARD, bl="BLY|", cq="CQY|", more=""):
    return f"64{flags}001{DATE}{'0000' * 6}AONLPL|AA{card}|AE{NAME}|{bl}{cq}{more}"


def patron_status(flags=" " * 14, *, card=CARD, bl="BLY|", cq="CQY|", more=""):
    return f"24{flags}001{DATE}AONLPL|AA{card}|AE{NAME}|{bl}{cq}{more}"


GOOD: dict[bytes, Answer] = {
    b"93": echo("941"),
    b"99": echo(status()),
    b"63": echo(information()),
    b"23": echo(patron_status()),
    b"35": echo(f"36Y{DATE}AONLPL|AA{CARD}|"),
}


class Scripted:
    """A server that answers each message code with its step; `seen` holds what it was sent.

    A step is bytes to send as they are, a function of the request, or None: silence. A list is used up in turn, its
    last step stays. The bytes b"CLOSE" close the connection.
    """

    def __init__(
        self, steps: dict[bytes, Answer | list[Answer]], greeting: bytes = b"", tls: ssl.SSLContext | None = None
    ) -> None:
        self.tls = tls
        self.steps = {code: list(step) if isinstance(step, list) else [step] for code, step in steps.items()}
        self.greeting = greeting
        self.seen: list[bytes] = []
        self.connections = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._threads: list[threading.Thread] = []
        self._open: list[socket.socket] = []
        self._accepting = threading.Thread(target=self._accept, daemon=True)
        self._accepting.start()

    @property
    def port(self) -> int:
        return self._listener.getsockname()[1]

    @property
    def codes(self) -> list[bytes]:
        return [line[:2] for line in self.seen]

    def _accept(self) -> None:
        while True:
            try:
                connection, _address = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(connection)
            thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            if self.tls:
                connection = self.tls.wrap_socket(connection, server_side=True)
                self._open[-1] = connection
            if self.greeting:
                connection.sendall(self.greeting)
            buffer = b""
            while data := connection.recv(4096):
                buffer += data.replace(b"\n", b"\r")
                while b"\r" in buffer:
                    line, _end, buffer = buffer.partition(b"\r")
                    if line and not self._answer(connection, line):
                        return
        except OSError:
            return
        finally:
            connection.close()

    def _answer(self, connection: socket.socket, line: bytes) -> bool:
        self.seen.append(line)
        steps = self.steps.get(line[:2], [None])
        step = steps.pop(0) if len(steps) > 1 else steps[0]
        answer = step(line) if callable(step) else step
        if answer == b"CLOSE":
            return False
        if answer:
            connection.sendall(answer)
        return True

    def send(self, data: bytes) -> None:
        """Send bytes on the last connection, beside the script."""
        self._open[-1].sendall(data)

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._accepting.join(5)
        self._listener.close()
        for connection in self._open:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)
        for connection in self._open:
            connection.close()


@contextmanager
def scripted(
    greeting: bytes = b"", tls: ssl.SSLContext | None = None, **steps: Answer | list[Answer]
) -> Iterator[tuple[Scripted, LibrarySystem]]:
    """Run a server with the good answers but for `steps` (m63=...); yield it and the settings that lead to it."""
    server = Scripted({**GOOD, **{name[1:].encode(): step for name, step in steps.items()}}, greeting, tls)
    try:
        yield server, replace(QUICK, port=server.port)
    finally:
        server.close()


def independent(*, status_flags: str = " " * 14, **options) -> pysip2.SIP2Server:
    """Return the independent server with one card; its name is as good as any."""
    app = pysip2.SIP2Server(institution_id="NLPL", library_name="Northlight", encoding="utf-8", **options)

    @app.route(pysip2.LOGIN)
    async def login(request, context):
        right = (request.login_user_id, request.login_password) == (QUICK.user, QUICK.password)
        return pysip2.LoginResponse(ok="1" if right else "0")

    @app.route(pysip2.PATRON_INFORMATION)
    async def info(request, context):
        known = request.patron_identifier == CARD
        sent = request.patron_password
        return pysip2.PatronInformationResponse(
            patron_status=status_flags if known else "YYYY" + " " * 10,
            language="001",
            transaction_date=context.now_18(),
            **dict.fromkeys(COUNTS, " " * 4),
            institution_id="NLPL",
            patron_identifier=request.patron_identifier,
            personal_name=NAME if known else "",
            valid_patron="Y" if known else "N",
            valid_patron_password=None if sent is None else "Y" if known and sent == PIN else "N",
            home_address="1 Sample Street",
            email_address="sample@example.org",
        )

    @app.route(pysip2.END_PATRON_SESSION)
    async def end(request, context):
        return pysip2.EndSessionResponse(
            end_session="Y",
            transaction_date=context.now_18(),
            institution_id="NLPL",
            patron_identifier=request.patron_identifier,
        )

    return app


@contextmanager
def running(app: pysip2.SIP2Server) -> Iterator[LibrarySystem]:
    """Run the independent server in a thread with a loop of its own; yield the settings that lead to it."""
    ports: SimpleQueue[int] = SimpleQueue()
    stop = threading.Event()

    async def serve() -> None:
        listener = await app.listen(port=0)
        async with listener, anyio.create_task_group() as tasks:
            tasks.start_soon(listener.serve, app._handle_connection)  # its own start() leaves the listener open
            ports.put(listener.extra(SocketAttribute.local_port))  # noqa: S610  (a socket, no query)
            while not stop.is_set():
                await anyio.sleep(0.02)
            tasks.cancel_scope.cancel()

    thread = threading.Thread(target=anyio.run, args=(serve,), daemon=True)
    thread.start()
    try:
        yield replace(QUICK, port=ports.get(timeout=10), reply_seconds=3, total_seconds=8)
    finally:
        stop.set()
        thread.join(10)
