"""Measures a fight for seats through the real web server: nobody doubles, nobody errs, every loser gets a way on."""

import http.client
import os
import random
import re
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from urllib.parse import urlencode

from django.db import connection
from django.http import HttpResponse

from bench.stand import ROOT, report
from bench.world import make_branch, make_patrons
from helpdesk import clock, embedded
from reservations.kiosk_request import KIOSK_COOKIE, VISIT_COOKIE, remember_kiosk
from reservations.models import Kiosk, Patron
from reservations.patrons.keys import token_hash
from reservations.patrons.visit import begin_visit

CLIENTS = 64
SEATS = 10
SECONDS = 30
QUICK_SECONDS = 8
HOST = "127.0.0.1"
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')
WAY_ON = re.compile(rb'name="request_key"|class="kopt')  # an offer to take in one tap, or another way

OVERLAPS = """
SELECT count(*) FROM reservations_booking a JOIN reservations_booking b
  ON a.device_id = b.device_id AND a.id < b.id AND a.period && b.period
WHERE a.branch_id = %s AND b.branch_id = %s
"""


class Client(threading.Thread):
    """One patron at one screen: takes any seat, leaves it at once, again and again until `ends`."""

    def __init__(self, port: int, cookies: dict[str, str], devices: list[int], ends: float) -> None:
        super().__init__(daemon=True)
        self.port, self.cookies, self.devices, self.ends = port, cookies, devices, ends
        self.chance = random.Random(len(cookies[VISIT_COOKIE]) + id(self))  # noqa: S311  (no secret)
        self.seen: Counter[str] = Counter()
        self.waits: list[float] = []
        self.connection = http.client.HTTPConnection(HOST, port, timeout=30)

    def run(self) -> None:
        try:
            token = TOKEN.search(self.ask("GET", "/kiosk/mine/")[1])
            while token and time.monotonic() < self.ends:
                self.fight(token[1].decode())
        except (OSError, http.client.HTTPException) as error:
            self.seen[f"broken: {type(error).__name__}"] += 1

    def fight(self, token: str) -> None:
        """Ask for a seat now; whoever gets it finishes at once."""
        wish = {"kind": "now", "device": self.chance.choice(self.devices), "request_key": uuid.uuid4()}
        began = time.perf_counter()
        status, body, location = self.ask("POST", "/kiosk/book/", token=token, **wish)
        self.waits.append((time.perf_counter() - began) * 1000)
        self.seen["attempts"] += 1
        if status >= 500:
            self.seen["errors"] += 1
        elif status == 303:
            self.seen["accepted"] += 1
            number = re.search(r"/booked/(\d+)/", location)
            if number:
                self.ask("POST", f"/kiosk/mine/{number[1]}/finish/", token=token)
        else:
            self.seen["refused"] += 1
            self.seen["without a way on"] += not WAY_ON.search(body)

    def ask(self, method: str, path: str, token: str = "", **form: object) -> tuple[int, bytes, str]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = None
        if method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = urlencode({"csrfmiddlewaretoken": token, **form})
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _is, value = cookie.partition(";")[0].partition("=")
            if name == "csrftoken":
                self.cookies[name] = value
        return answer.status, answer.read(), answer.headers.get("Location", "")


def run(*, quick: bool) -> None:
    """Let CLIENTS fight for SEATS through two web workers and print what came of it."""
    now = clock.now()
    free_rules = {"day_minutes": 1440, "gap_minutes": 0, "guest_day_minutes": 1440}
    branch = make_branch("race", seats=SEATS, now=now, **free_rules)
    kiosk = Kiosk.objects.create(branch=branch, name="Race", token_hash=token_hash(branch.slug), paired_at=now)
    devices = list(branch.devices.values_list("pk", flat=True))
    port = _free_port()
    web = _web(port)
    try:
        _wait_for(port)
        ends = time.monotonic() + (QUICK_SECONDS if quick else SECONDS)
        people = make_patrons(CLIENTS, now=now)
        clients = [Client(port, _cookies(kiosk, who, branch.slug), devices, ends) for who in people]
        for client in clients:
            client.start()
        for client in clients:
            client.join(SECONDS + 60)
    finally:
        web.terminate()
        web.wait(20)
    _print(clients, branch.pk)


def _print(clients: list[Client], branch_id: int) -> None:
    seen = sum((client.seen for client in clients), Counter[str]())
    waits = sorted(wait for client in clients for wait in client.waits)
    with connection.cursor() as cursor:
        cursor.execute(OVERLAPS, [branch_id, branch_id])
        doubled = cursor.fetchone()[0]
    broken = sum(many for what, many in seen.items() if what.startswith("broken"))
    report("booking.race", seen["attempts"], "attempts", clients=CLIENTS, seats=SEATS)
    report("booking.race.accepted", seen["accepted"], "bookings")
    report("booking.race.double", doubled, "bookings")
    report("booking.race.errors", seen["errors"] + broken, "answers", kinds=dict(seen))
    report("booking.race.without_a_way_on", seen["without a way on"], "answers", refused=seen["refused"])
    report("booking.race.p50", waits[len(waits) // 2], "ms")
    report("booking.race.p99", waits[int(len(waits) * 0.99)], "ms")


def _cookies(kiosk: Kiosk, who: Patron, token: str) -> dict[str, str]:
    """Return what the browser of a paired screen holds after `who` has signed in."""
    response = HttpResponse()
    remember_kiosk(response, token)
    return {KIOSK_COOKIE: response.cookies[KIOSK_COOKIE].value, VISIT_COOKIE: begin_visit(kiosk=kiosk, patron=who)}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _web(port: int) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "gunicorn", "helpdesk.wsgi", "--bind", f"{HOST}:{port}", "--workers", "2"]
    command += ["--worker-class", "gthread", "--threads", "4", "--log-level", "error", "--no-control-socket"]
    environment = os.environ | {"BASE_URL": f"http://{HOST}:{port}"}
    with (embedded.data_folder().root / "web.log").open("wb") as log:
        return subprocess.Popen(command, cwd=ROOT, env=environment, stderr=log)  # noqa: S603


def _wait_for(port: int) -> None:
    for _try in range(200):
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("the web server did not start")
