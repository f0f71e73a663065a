"""Sharing the engines of a data folder: who comes first starts them, who leaves last stops them."""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO

from helpdesk.engines.account import PASS, engine_account
from helpdesk.engines.engine import Engine
from helpdesk.engines.folder import DataFolder, data_folder
from helpdesk.engines.postgresql import PostgreSQL
from helpdesk.engines.valkey import Valkey


def quiet(line: str) -> None:
    """Say nothing: the progress of a start is of no interest to most commands."""


def wanted() -> list[type[Engine]]:
    """Return the engines this environment names no server for."""
    return [engine for engine in (PostgreSQL, Valkey) if not os.environ.get(engine.variable)]


@contextmanager
def engines(*, durable: bool = True, say: Callable[[str], None] = quiet) -> Iterator[list[Engine]]:
    """Hold the running engines of the data folder for the length of a block, starting what is missing.

    Every holder keeps a shared file lock, which the system takes back even after `kill -9`; the one who
    gets it alone on leaving is the last and stops the engines. Starting and stopping exclude each other.
    Raises EngineError with one sentence where an engine cannot run.
    """
    kinds = wanted()
    if not kinds:
        yield []
        return
    folder = data_folder()
    folder.create()
    account = engine_account(folder)
    if account.switch:
        folder.root.chmod(folder.root.stat().st_mode | PASS)
    held = [kind(folder, account, durable=durable, say=say) for kind in kinds]
    with (folder.root / "holders.lock").open("w") as holders:
        try:
            _join(folder, holders, held)
            yield held
        finally:
            _leave(folder, holders, held)


def _join(folder: DataFolder, holders: IO[str], held: list[Engine]) -> None:
    with _alone(folder):
        fcntl.flock(holders, fcntl.LOCK_SH)
        for engine in held:
            engine.say(f"Starting {engine.label} ..." if engine.pid() is None else f"{engine.label} runs already.")
            engine.ensure()


def _leave(folder: DataFolder, holders: IO[str], held: list[Engine]) -> None:
    with _alone(folder):
        try:
            fcntl.flock(holders, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return  # others still work on them
        for engine in reversed(held):
            engine.stop()


@contextmanager
def _alone(folder: DataFolder) -> Iterator[None]:
    """Exclude every other start and stop on this folder for the length of a block."""
    with (folder.root / "start.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
