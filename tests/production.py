"""The production shape as the suite sees it: Dockerfile and docker-compose.yml read, their commands started here."""

import ast
import os
import re
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO, Any

import yaml

from helpdesk.engines import processes

ROOT = Path(__file__).resolve().parent.parent
HOST = "helpdesk.example.org"
# What an operator fills in; compose refuses to start without each.
FILLED_IN = {
    "SECRET_KEY": "a secret key of the production test, known to all who read it",
    "PATRON_KEY": "a patron key of the production test, known to all who read it",
    "POSTGRES_PASSWORD": "letters0and0digits",
    "REDIS_PASSWORD": "digits0and0letters",
    "ALLOWED_HOSTS": HOST,
    "BASE_URL": f"https://{HOST}",
    "TIME_ZONE": "America/New_York",
}
APPS = ("helpdesk", "reservations", "troubleshooting")
READERS = {"env.text", "env.flag", "env.number", "env.choice", "env.words", "os.environ.get"}
VARIABLE = re.compile(r"\$(?:\$|\{(?P<name>\w+)(?::(?P<how>[-?])(?P<rest>[^}]*))?\})")
IN_CONTAINER = "0.0.0.0:8000"
SCHEDULE = "/tmp/beat-schedule"  # noqa: S108  (in the container)


def compose() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))


def app_services() -> dict[str, Any]:
    """Return the services that run the product's own image."""
    return {name: service for name, service in compose()["services"].items() if "build" in service}


def instructions(word: str) -> list[str]:
    """Return the arguments of each `word` of the Dockerfile, continued lines joined."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    return [line.removeprefix(f"{word} ") for line in text.splitlines() if line.startswith(f"{word} ")]


def command_of(service: str) -> list[str]:
    """Return what a service starts: its own command, or the image's."""
    return compose()["services"][service].get("command") or ast.literal_eval(instructions("CMD")[-1])


def filled(text: str) -> str:
    """Return `text` as compose reads it, with FILLED_IN or the default in place of each variable."""

    def value(found: re.Match[str]) -> str:
        if found["name"] is None:
            return "$"
        return FILLED_IN.get(found["name"]) or (found["rest"] if found["how"] == "-" else "")

    return VARIABLE.sub(value, text)


@cache
def variables_read() -> frozenset[str]:
    """Return the names of every environment variable that the product reads."""
    calls = (
        node
        for app in APPS
        for path in (ROOT / app).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in READERS
    )
    return frozenset(call.args[0].value for call in calls if call.args and isinstance(call.args[0], ast.Constant))


@dataclass(frozen=True)
class Running:
    """A service's command as a process of this machine, and the file it writes to."""

    process: subprocess.Popen[bytes]
    log: Path

    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def until(self, true: Callable[[], bool], seconds: float = 30) -> None:
        """Wait until `true()`; fail with what the process said where it ends or takes too long."""
        deadline = time.monotonic() + seconds
        while not true():
            assert self.process.poll() is None, f"ended with {self.process.returncode}: {self.said()}"
            assert time.monotonic() < deadline, f"not within {seconds} s: {self.said()}"
            time.sleep(0.05)

    def stopped(self, seconds: float = 20) -> int:
        """Send SIGTERM as compose does; return the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(seconds)


@dataclass(frozen=True)
class Machine:
    """Where the commands run instead of containers: real servers, a free port, a folder for what they write."""

    environment: dict[str, str]
    address: str
    folder: Path

    def command(self, service: str) -> list[str]:
        """Return a service's command with the container's address and paths replaced by this machine's."""
        here = {IN_CONTAINER: self.address, SCHEDULE: str(self.folder / "beat-schedule")}
        return self.local([here.get(word, word) for word in command_of(service)])

    def local(self, command: list[str]) -> list[str]:
        return [str(Path(sys.executable).parent / command[0]), *command[1:]]

    def run(self, command: list[str], **variables: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(
            command, env=self.environment | variables, cwd=ROOT, capture_output=True, text=True, timeout=60
        )

    @contextmanager
    def started(self, service: str) -> Iterator[Running]:
        """Start a service for the length of a block; kill what is left of it."""
        log = self.folder / f"{service}.log"
        with log.open("wb") as output:
            process = self._start(self.command(service), output)
        try:
            yield Running(process, log)
        finally:
            processes.send(process.pid, signal.SIGKILL, group=True)
            process.wait()

    def _start(self, command: list[str], output: IO[bytes]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            command,
            env=self.environment,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def container_environment(folder: Path) -> dict[str, str]:
    """Return what a container of the image sees, and nothing of the suite's own environment."""
    image = dict(pair.split("=", 1) for text in instructions("ENV") for pair in shlex.split(text))
    given = app_services()["web"]["environment"].items()
    return {
        **image,
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "STATIC_ROOT": str(folder / "static"),
        **{name: filled(value) for name, value in given},
    }
