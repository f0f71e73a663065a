"""The supervisor behind `make run`: engines, database, web, worker and beat; Ctrl-C stops all of it."""

import fcntl
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from helpdesk import embedded
from helpdesk.children import Child, Children

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
QUEUES = "reference,it,mail,housekeeping"
READY_SECONDS = 60
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class CannotRunError(Exception):
    """What ends the run, in one sentence."""


def say(line: str) -> None:
    """Tell the person at the terminal, also through a pipe."""
    print(line, flush=True)


def main() -> None:
    """Run until a signal; exit with one sentence where that is not possible."""
    for number in SIGNALS:
        signal.signal(number, interrupt)
    try:
        port = wanted_port()
        folder = embedded.data_folder()
        folder.create()
        with alone(folder.root):
            run(port, folder.root)
    except (CannotRunError, embedded.EngineError) as reason:
        sys.exit(str(reason))
    except KeyboardInterrupt:
        say("Stopped.")


def interrupt(number: int, frame: FrameType | None) -> None:
    """Unwind once; the stopping that follows is not interrupted again."""
    for each in SIGNALS:
        signal.signal(each, signal.SIG_IGN)
    say("\nStopping ...")
    raise KeyboardInterrupt


def wanted_port() -> int:
    """Return PORT (8000 where it is unset)."""
    text = os.environ.get("PORT") or "8000"
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise CannotRunError(f"PORT must be a number from 1 to 65535, not {text!r}.")
    return int(text)


@contextmanager
def alone(root: Path) -> Iterator[None]:
    """Refuse a second run on the same data folder."""
    with (root / "run.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise CannotRunError(
                f"A run (process {lock.read().strip()}) is working on {root} already: stop that one, "
                "or set DATA_DIR and PORT to have a second one beside it."
            ) from None
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield


def run(port: int, root: Path) -> None:
    """Bring everything up in order, then watch it until a signal comes."""
    children = Children(root / "children.json", environment(port, root), ROOT, say)
    children.end_leftovers()
    refuse_taken(port)
    with embedded.engines(say=say) as engines:
        try:
            prepare(children.environment, root)
            web = start(children, port, root)
            greet(web, port, root)
            while True:
                time.sleep(0.5)
                children.watch()
                for engine in engines:
                    if engine.pid() is None:
                        say(f"{engine.label} ended; starting it again.")
                        engine.ensure()
        finally:
            children.stop()


def environment(port: int, root: Path) -> dict[str, str]:
    """Return what the children see: the demo on this address, unless the environment says otherwise."""
    defaults = {
        "DEMO": "1",
        "BASE_URL": f"http://{HOST}:{port}",
        "LOG_LEVEL": "WARNING",
        "PYTHONWARNINGS": "ignore",  # notes for developers, such as Celery's on root
        "DJANGO_SETTINGS_MODULE": "helpdesk.settings",
    }
    return defaults | os.environ | {"DATA_DIR": str(root), "PYTHONUNBUFFERED": "1"}


def refuse_taken(port: int) -> None:
    """Raise CannotRunError where the port is not free."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise CannotRunError(
                f"Port {port} cannot be used ({error.strerror}): choose another one, "
                f"for example `make run PORT={port + 1 if port < 65535 else 8001}`."
            ) from error


def prepare(environment: dict[str, str], root: Path) -> None:
    """Migrate and fill the database in a process of its own, whose memory goes with it."""
    say("Preparing the database ...")
    command = [sys.executable, "-m", "helpdesk.prepare", str(root / "sign-ins.txt")]
    process = subprocess.Popen(  # noqa: S603
        command, env=environment, cwd=ROOT, stdin=subprocess.DEVNULL, start_new_session=True
    )
    try:
        if process.wait() != 0:
            raise CannotRunError("The database could not be prepared; the lines above say why.")
    finally:
        process.kill()
        process.wait()


def start(children: Children, port: int, root: Path) -> Child:
    """Start web, worker and beat; return the web server."""
    say("Starting web, worker and beat ...")
    python = [sys.executable, "-m"]
    celery = [*python, "celery", "-A", "helpdesk.celery", "--quiet"]
    web = [*python, "gunicorn", "helpdesk.wsgi", "--bind", f"{HOST}:{port}", "--worker-class", "gthread"]
    web += [
        "--workers",
        "2",
        "--threads",
        "4",
        "--graceful-timeout",
        "5",
        "--log-level",
        "warning",
        "--no-control-socket",
    ]
    worker = [*celery, "worker", "--queues", QUEUES, "--concurrency", "2", "--loglevel", "WARNING"]
    beat = [*celery, "beat", "--loglevel", "WARNING", "--pidfile", ""]
    beat += ["--schedule", str(root / "beat-schedule")]
    child = children.add("web server", web)
    children.add("worker", [*worker, "--without-gossip", "--without-mingle"])
    children.add("beat", beat)
    return child


def greet(web: Child, port: int, root: Path) -> None:
    """Wait for the first answer of the web server, then say the address and the demo's sign-ins."""
    deadline = time.monotonic() + READY_SECONDS
    while not answers(port):
        if not web.running or time.monotonic() > deadline:
            raise CannotRunError("The web server could not start; the lines above say why.")
        time.sleep(0.1)
    say(f"\nOpen http://{HOST}:{port}/  (Ctrl-C stops everything)")
    sign_ins = root / "sign-ins.txt"
    if sign_ins.exists():
        say(sign_ins.read_text().rstrip())


def answers(port: int) -> bool:
    """Return whether the web server answers at all; what it answers is not ours to judge."""
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("HEAD", "/")
        connection.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True


if __name__ == "__main__":
    main()
