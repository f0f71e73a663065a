"""What both engines have in common: found by their pid file, started in the background, stopped in order."""

import signal
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import ClassVar

from helpdesk.engines import processes
from helpdesk.engines.account import Account
from helpdesk.engines.errors import EngineError
from helpdesk.engines.folder import DataFolder

START_TRIES = 3  # after a crash, children of the last server may hold its memory for a moment
START_SECONDS = 120  # a crash recovery may take a while
STOP_SECONDS = 30

# A Popen object that is dropped while its process runs warns; the engines may outlive their starter.
_started: list[subprocess.Popen[bytes]] = []


class Engine(ABC):
    """One server of a data folder. `durable` off trades safety for speed, for tests."""

    label: ClassVar[str]
    package: ClassVar[str]
    variable: ClassVar[str]
    stop_signal: ClassVar[signal.Signals]

    def __init__(self, folder: DataFolder, account: Account, *, durable: bool, say: Callable[[str], None]) -> None:
        self.folder = folder
        self.account = account
        self.durable = durable
        self.say = say

    @property
    @abstractmethod
    def home(self) -> Path:
        """The engine's own folder."""

    @property
    @abstractmethod
    def pid_file(self) -> Path:
        """The file whose first line is the server's process id."""

    @property
    @abstractmethod
    def mark(self) -> str:
        """An argument of the server's command line that only this data folder's server has."""

    @abstractmethod
    def command(self) -> list[str]:
        """The server's command line."""

    @abstractmethod
    def prepare(self) -> None:
        """Make what the server needs before its start."""

    @abstractmethod
    def ready(self) -> bool:
        """Whether the server answers."""

    @property
    def log(self) -> Path:
        return self.folder.root / f"{self.home.name}.log"

    def pid(self) -> int | None:
        """Return the running server's process id; a pid file left by a dead one counts for nothing."""
        pid = processes.pid_in(self.pid_file)
        return pid if pid is not None and processes.runs_with(pid, self.mark) else None

    def ensure(self) -> None:
        """Join the running server of this folder or start it; return when it answers."""
        if self.pid() is not None and self.ready():
            return
        self.account.own_folder(self.home)
        self.account.own_folder(self.folder.sockets)
        self.account.let_pass(self.home, self.say)
        self.account.let_pass(self.folder.sockets, self.say)
        if self.pid() is None:
            self.prepare()
        for _ in range(START_TRIES):
            if self._start():
                return
            time.sleep(1)
        raise EngineError(f"{self.label} did not start; {self.log} says why: {self._last_words()}")

    def stop(self) -> None:
        """Stop the server in good order; a server that does not listen is killed."""
        pid = self.pid()
        if pid is None:
            return
        processes.send(pid, self.stop_signal)
        if processes.wait_gone([pid], STOP_SECONDS):
            processes.send(pid, signal.SIGKILL)
            processes.wait_gone([pid], STOP_SECONDS)
        for process in _started:
            process.poll()

    def run(self, command: list[str]) -> "subprocess.Popen[bytes]":
        """Start a program as the engines' account, away from the terminal and its Ctrl-C."""
        with self.log.open("ab") as log:
            process = subprocess.Popen(  # noqa: S603
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                start_new_session=True,
                user=self.account.uid if self.account.switch else None,
                group=self.account.gid if self.account.switch else None,
                extra_groups=[] if self.account.switch else None,
            )
        _started.append(process)
        return process

    def program(self, pattern: str) -> Path:
        """Return a program of the wheel; raise EngineError where there is no wheel for this platform."""
        spec = find_spec(self.package)
        package = Path(spec.origin).parent if spec and spec.origin else Path("/nonexistent")
        found = sorted(package.glob(pattern))
        if not found:
            raise EngineError(
                f"There is no {self.label} wheel for this platform: set {self.variable} to a server of your own."
            )
        self.account.let_read(package)
        self.account.let_read(package.with_name(f"{self.package}.libs"))
        self.account.let_pass(found[0], self.say)
        return found[0]

    def _start(self) -> bool:
        """Start the server and wait for its answer; return False where it died instead."""
        process = None if self.pid() else self.run(self.command())
        deadline = time.monotonic() + START_SECONDS
        try:
            while time.monotonic() < deadline:
                if self.ready():
                    return True
                if process.poll() is not None if process else self.pid() is None:
                    return False
                time.sleep(0.05)
        except BaseException:  # interrupted half-way: nobody would stop it later
            if process:
                process.send_signal(self.stop_signal)
                process.wait()
            raise
        return False

    def _last_words(self) -> str:
        lines = self.log.read_text(errors="replace").strip().splitlines()
        telling = [line for line in lines if "FATAL" in line or "error" in line.lower()]
        return (telling or lines or ["nothing"])[-1]
