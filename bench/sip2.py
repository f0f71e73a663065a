"""Measures the library system on loopback: one check against an independent server, and sign-ins while it is away."""

import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from queue import SimpleQueue
from typing import Any

import anyio
import pysip2
from anyio.abc import SocketAttribute
from django.conf import settings

from bench.stand import medians, report, timed
from bench.world import make_branch
from helpdesk import clock
from helpdesk.library_system import LibrarySystem
from reservations.models import Kiosk, SourceState
from reservations.patrons.door import sign_in
from reservations.patrons.keys import token_hash
from reservations.sip2 import breaker
from reservations.sip2.client import ask_patron

CHECK, OPEN = 15, 500  # limits in milliseconds
SIGN_INS = 100
CARD, PIN = "29990000000017", "2468"
COUNTS = ("hold_items", "overdue_items", "charged_items", "fine_items", "recall_items", "unavailable_holds")


def run(*, quick: bool) -> None:
    """Print the median of a whole check, a whole sign-in, and the slowest of 100 sign-ins while the breaker is open."""
    now = clock.now()
    kiosk = _kiosk(now)
    with _server() as port:
        system = LibrarySystem(host="127.0.0.1", port=port, tls=False, user="helpdesk", encoding="utf-8")
        settings.LIBRARY_SYSTEM, settings.PATRON_SOURCE = system, "sip2"
        found = medians(
            {
                "sip2.check": lambda: ask_patron(system, CARD, PIN, now),
                "sip2.sign_in": lambda: sign_in(number=CARD, pin=PIN, kiosk=kiosk, now=clock.now()),
            },
            times=5 if quick else 40,
        )
    report("sip2.check", found["sip2.check"], "ms", limit=CHECK, messages=4)
    report("sip2.sign_in", found["sip2.sign_in"], "ms")
    settings.LIBRARY_SYSTEM = replace(system, port=1)
    for _failure in range(breaker.MOST_FAILURES):
        breaker.failed(reason="connect", now=clock.now())
    took = [_sign_in(kiosk, number) for number in range(SIGN_INS)]
    report("sip2.open", max(took), "ms", limit=OPEN, sign_ins=SIGN_INS, sum=round(sum(took)))
    SourceState.objects.all().delete()
    settings.PATRON_SOURCE = "local"


def _sign_in(kiosk: Kiosk, number: int) -> float:
    with timed() as passed:
        sign_in(number=f"2999000000{number:04}", pin=PIN, kiosk=kiosk, now=clock.now())
        return passed()


def _kiosk(now: Any) -> Kiosk:
    branch = make_branch(f"sip2-{uuid.uuid4().hex[:6]}", seats=1, now=now)
    return Kiosk.objects.create(branch=branch, name="Bench", token_hash=token_hash(uuid.uuid4().hex), paired_at=now)


@contextmanager
def _server() -> Iterator[int]:
    """Run an independent server in a thread with a loop of its own; yield its port."""
    ports: SimpleQueue[int] = SimpleQueue()
    stop = threading.Event()
    app = _app()

    async def serve() -> None:
        listener = await app.listen(port=0)
        async with listener, anyio.create_task_group() as tasks:
            tasks.start_soon(listener.serve, app._handle_connection)
            ports.put(listener.extra(SocketAttribute.local_port))  # noqa: S610  (a socket, no query)
            while not stop.is_set():
                await anyio.sleep(0.05)
            tasks.cancel_scope.cancel()

    thread = threading.Thread(target=anyio.run, args=(serve,), daemon=True)
    thread.start()
    try:
        yield ports.get(timeout=10)
    finally:
        stop.set()
        thread.join(10)


def _app() -> pysip2.SIP2Server:
    app = pysip2.SIP2Server(institution_id="NLPL", encoding="utf-8")

    @app.route(pysip2.LOGIN)
    async def login(request: Any, context: Any) -> Any:
        return pysip2.LoginResponse(ok="1")

    @app.route(pysip2.END_PATRON_SESSION)
    async def end(request: Any, context: Any) -> Any:
        who = {"institution_id": "NLPL", "patron_identifier": request.patron_identifier}
        return pysip2.EndSessionResponse(end_session="Y", transaction_date=context.now_18(), **who)

    @app.route(pysip2.PATRON_INFORMATION)
    async def information(request: Any, context: Any) -> Any:
        return pysip2.PatronInformationResponse(
            patron_status=" " * 14,
            language="001",
            transaction_date=context.now_18(),
            institution_id="NLPL",
            patron_identifier=request.patron_identifier,
            personal_name="Sample, Person",
            valid_patron="Y",
            valid_patron_password="Y" if request.patron_password == PIN else "N",
            **{f"{kind}_count": "    " for kind in COUNTS},
        )

    return app
