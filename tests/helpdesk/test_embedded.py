"""The embedded engines on a data folder of their own: shared, safe, and found again after a crash."""

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from helpdesk import embedded
from helpdesk.engines import account, hold, processes


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> embedded.DataFolder:
    """A fresh data folder that nobody else uses, and no servers of one's own."""
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    for variable in ("DATABASE_URL", "REDIS_URL", "DEBUG", "DEMO"):
        monkeypatch.delenv(variable, raising=False)
    return embedded.data_folder()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data folder whose first start is over, shared by the tests that only start it again."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATA_DIR", str(tmp_path_factory.mktemp("engines")))
        patch.delenv("DATABASE_URL", raising=False)
        patch.delenv("REDIS_URL", raising=False)
        with embedded.engines(durable=False):
            yield Path(os.environ["DATA_DIR"])


@pytest.fixture
def running(folder: embedded.DataFolder, cluster: Path, monkeypatch: pytest.MonkeyPatch) -> embedded.DataFolder:
    """The data folder of `cluster`, made the current one."""
    monkeypatch.setenv("DATA_DIR", str(cluster))
    return embedded.data_folder()


def answer(address: str) -> object:
    with psycopg.connect(address) as connection:
        row = connection.execute("SELECT current_database()").fetchone()
    return row and row[0]


def command(code: str) -> list[str]:
    return [sys.executable, "-c", f"from helpdesk import embedded, env\nimport os, sys, time\n{code}"]


def test_both_engines_answer_at_the_default_addresses(running: embedded.DataFolder) -> None:
    assert answer(embedded.default_urls().database) == "helpdesk"
    with redis.Redis.from_url(embedded.default_urls().redis) as client:
        assert client.ping()


def test_the_addresses_are_known_without_a_start(folder: embedded.DataFolder) -> None:
    assert str(folder.valkey_socket) in embedded.default_urls().redis
    assert not folder.root.exists()


def test_nothing_listens_on_the_network(running: embedded.DataFolder) -> None:
    with psycopg.connect(running.urls().database) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
    with redis.Redis.from_url(running.urls().redis) as client:
        assert client.config_get("port") == {"port": "0"}


def test_nobody_else_reaches_the_sockets(running: embedded.DataFolder) -> None:
    assert stat.S_IMODE(running.sockets.stat().st_mode) == 0o700


def test_a_second_holder_joins_and_leaves_the_engines_running(running: embedded.DataFolder) -> None:
    with embedded.engines() as held:
        pids = [engine.pid() for engine in held]
    assert all(pid and processes.alive(pid) for pid in pids)


def test_the_last_holder_stops_the_engines_even_after_a_killed_one(folder: embedded.DataFolder) -> None:
    holder = subprocess.Popen(
        command("with embedded.engines(durable=False): print('up', flush=True); time.sleep(60)"),
        stdout=subprocess.PIPE,
    )
    with holder:
        assert holder.stdout
        assert holder.stdout.readline() == b"up\n"
        holder.kill()
    with embedded.engines() as held:
        pids = [engine.pid() for engine in held]
    assert None not in pids
    assert not any(processes.alive(pid) for pid in pids if pid)


@pytest.mark.slow
def test_a_killed_server_comes_back_with_what_was_committed(folder: embedded.DataFolder) -> None:
    with embedded.engines() as held:
        with psycopg.connect(folder.urls().database) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 1 AS number")
        with redis.Redis.from_url(folder.urls().redis) as client:
            client.set("kept", "1")
            client.execute_command("WAITAOF", 1, 0, 2000)
        killed = [engine.pid() for engine in held]
        for pid in killed:
            assert pid
            os.kill(pid, signal.SIGKILL)
        processes.wait_gone([pid for pid in killed if pid], 10)
        with embedded.engines(), psycopg.connect(folder.urls().database) as connection:
            assert connection.execute("SELECT number FROM kept").fetchone() == (1,)
            with redis.Redis.from_url(folder.urls().redis) as client:
                assert client.get("kept") == b"1"


@pytest.mark.slow
def test_a_pid_file_that_names_a_stranger_does_not_stop_the_start(folder: embedded.DataFolder) -> None:
    with embedded.engines(durable=False):
        pid_file = folder.postgresql / "cluster" / "postmaster.pid"
        lines = pid_file.read_text().splitlines()
    pid_file.write_text("\n".join([str(os.getppid()), *lines[1:]]))
    with embedded.engines(durable=False):
        assert answer(folder.urls().database) == "helpdesk"


def test_a_long_data_folder_gets_short_sockets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "a branch library with a long name" / ("x" * 120)))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)
    with embedded.engines(durable=False):
        assert answer(embedded.default_urls().database) == "helpdesk"
        sockets = embedded.data_folder().sockets
    assert len(str(sockets)) < 40
    sockets.rmdir()


def test_a_short_socket_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "sockets").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(embedded.EngineError, match="belongs to somebody else"):
        account.Account(os.geteuid(), os.getegid(), switch=False).own_folder(tmp_path / "sockets")


def test_own_servers_need_no_engines(folder: embedded.DataFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/helpdesk")
    monkeypatch.setenv("REDIS_URL", "redis://elsewhere/0")
    with embedded.engines() as held:
        assert held == []


@pytest.mark.parametrize(
    "arguments", [[], ["help"], ["migrate", "--help"], ["check"], ["check", "--deploy"], ["compilemessages"]]
)
def test_a_command_without_database_starts_nothing(folder: embedded.DataFolder, arguments: list[str]) -> None:
    with embedded.engines_for(["manage.py", *arguments]):
        assert not folder.root.exists()


def test_a_command_with_database_holds_the_engines(running: embedded.DataFolder) -> None:
    with embedded.engines_for(["manage.py", "migrate"]):
        assert answer(embedded.default_urls().database) == "helpdesk"


def test_a_secret_is_made_once_and_private(folder: embedded.DataFolder) -> None:
    first = embedded.secret("secret-key")
    assert len(first) >= 50
    assert embedded.secret("secret-key") == first
    assert stat.S_IMODE((folder.root / "secrets" / "secret-key").stat().st_mode) == 0o600


@pytest.mark.slow
def test_processes_that_start_together_agree_on_a_secret(folder: embedded.DataFolder) -> None:
    code = "print(embedded.secret('patron-key'))"
    asking = [subprocess.Popen(command(code), stdout=subprocess.PIPE) for _ in range(4)]
    assert len({process.communicate()[0] for process in asking}) == 1


def test_production_never_invents_a_secret(folder: embedded.DataFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/helpdesk")
    with pytest.raises(embedded.EngineError, match="Set SECRET_KEY"):
        embedded.secret("secret-key")


def test_a_folder_that_cannot_be_written_is_one_sentence(
    folder: embedded.DataFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "file" / "data"))
    with pytest.raises(embedded.EngineError, match=r"cannot be written .* set DATA_DIR"):
        embedded.secret("secret-key")


def test_a_missing_wheel_names_the_remedy(folder: embedded.DataFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hold.PostgreSQL, "package", "no_such_wheel")
    with (
        pytest.raises(embedded.EngineError, match=r"no PostgreSQL wheel.* set DATABASE_URL"),
        embedded.engines(),
    ):
        pytest.fail("started without a program")
