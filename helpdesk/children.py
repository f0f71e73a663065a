"""The processes under the supervisor: started, watched, restarted with back-off, never left behind."""

import json
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from helpdesk.engines import processes

LONGEST_PAUSE = 60  # seconds between two tries
STEADY = 60  # seconds of life after which an end counts as the first one again
GRACE = 10  # seconds to finish in order before being killed


@dataclass
class Child:
    """One process; `process` is its present life."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    began: float = 0.0
    ends: int = 0
    again_at: float = 0.0

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def start(self, environment: dict[str, str], folder: Path) -> None:
        """Begin a life, in a session of its own: Ctrl-C reaches the supervisor alone."""
        self.began = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603
            self.command, env=environment, cwd=folder, stdin=subprocess.DEVNULL, start_new_session=True
        )

    def bury(self) -> int:
        """Note the end of a life, kill what it left in its group; return the seconds until the next one."""
        if self.process is None:
            return 0
        processes.send(self.process.pid, signal.SIGKILL, group=True)
        self.process.wait()
        self.process = None
        steady = time.monotonic() - self.began > STEADY
        self.ends = 1 if steady else self.ends + 1
        pause = min(2 ** (self.ends - 1), LONGEST_PAUSE)
        self.again_at = time.monotonic() + pause
        return int(pause)


@dataclass
class Children:
    """All children of one data folder; `book` survives a kill of the supervisor and names them."""

    book: Path
    environment: dict[str, str]
    folder: Path
    say: Callable[[str], None]
    all: list[Child] = field(default_factory=list)

    def add(self, name: str, command: list[str]) -> Child:
        """Start a child and watch it from now on."""
        child = Child(name, command)
        self.all.append(child)
        self._start(child)
        return child

    def watch(self) -> None:
        """Start again whoever ended, after a pause that doubles with every early end."""
        for child in self.all:
            if child.process is not None and not child.running:
                code = child.process.returncode
                self.say(f"The {child.name} ended ({code}); starting it again in {child.bury()} s.")
            elif child.process is None and time.monotonic() >= child.again_at:
                self._start(child)

    def stop(self) -> None:
        """End all children in order; kill those that take too long."""
        _end([child.process.pid for child in self.all if child.process and child.running])
        for child in self.all:
            if child.process:
                child.process.wait()
        self.book.unlink(missing_ok=True)

    def end_leftovers(self) -> None:
        """End the children of an earlier supervisor that was killed itself."""
        try:
            noted = json.loads(self.book.read_text())
        except (FileNotFoundError, ValueError):
            return
        left = [pid for pid, began in noted if _same(processes.started_at(pid), began)]
        if left:
            self.say("Ending what an earlier run left behind ...")
        _end(left)
        self.book.unlink()

    def _start(self, child: Child) -> None:
        child.start(self.environment, self.folder)
        pids = [each.process.pid for each in self.all if each.process]
        draft = self.book.with_suffix(".new")
        draft.write_text(json.dumps([[pid, processes.started_at(pid)] for pid in pids]))
        draft.rename(self.book)


def _same(found: float | None, noted: float | None) -> bool:
    """Return whether two start times are one; the system's clock may have been set in between."""
    return found is not None and noted is not None and abs(found - noted) < 2


def _end(pids: list[int]) -> None:
    for pid in pids:
        processes.send(pid, signal.SIGTERM)
    processes.wait_gone(pids, GRACE)
    for pid in pids:
        processes.send(pid, signal.SIGKILL, group=True)
    processes.wait_gone(pids, GRACE)
