"""Finding and stopping processes that this program did not start itself, or started in an earlier life."""

import os
import signal
import time
from pathlib import Path

import psutil


def alive(pid: int) -> bool:
    """Return whether the process runs; one that only waits to be reaped does not."""
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def pid_in(path: Path) -> int | None:
    """Return the process id on the first line of `path`; None where there is none."""
    try:
        return int(path.read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None


def runs_with(pid: int, argument: str) -> bool:
    """Return whether `pid` is alive and was started with `argument`: a process id alone is soon reused."""
    try:
        return alive(pid) and argument in psutil.Process(pid).cmdline()
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return False


def started_at(pid: int) -> float | None:
    """Return when the process started (seconds since 1970); None where it does not run."""
    try:
        return float(psutil.Process(pid).create_time()) if alive(pid) else None
    except psutil.NoSuchProcess:
        return None


def send(pid: int, number: signal.Signals, *, group: bool = False) -> None:
    """Send a signal to a process, or to its group; one that is gone already is fine."""
    try:
        if group:
            os.killpg(pid, number)
        else:
            os.kill(pid, number)
    except (ProcessLookupError, PermissionError):
        return


def wait_gone(pids: list[int], seconds: float) -> list[int]:
    """Wait until the processes are gone; return those that are still there after `seconds`."""
    deadline = time.monotonic() + seconds
    left = [pid for pid in pids if alive(pid)]
    while left and time.monotonic() < deadline:
        time.sleep(0.05)
        left = [pid for pid in left if alive(pid)]
    return left
