"""The data folder: its layout, the addresses that follow from it and the secrets kept in it."""

import hashlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from helpdesk.engines.errors import EngineError

DEFAULT = Path(__file__).resolve().parent.parent.parent / ".data" / "run"
SOCKET_NAME = ".s.PGSQL.5432"
# A socket's path fits in 104 bytes on macOS and 108 on Linux, closing zero included.
LONGEST_SOCKET_PATH = 103
# Not tempfile.gettempdir(): two commands with different TMPDIR must find the same socket.
SHORT_PARENT = Path("/tmp")  # noqa: S108  (the folder in it is private and its owner is checked)


@dataclass(frozen=True)
class Urls:
    """Where the embedded engines listen; valid whether they run or not."""

    database: str
    redis: str


@dataclass(frozen=True)
class DataFolder:
    """One folder per running system; everything the default keeps is below `root`."""

    root: Path

    @property
    def postgresql(self) -> Path:
        return self.root / "postgresql"

    @property
    def valkey(self) -> Path:
        return self.root / "valkey"

    @property
    def sockets(self) -> Path:
        """Return the folder of both sockets: in the data folder where its path is short enough."""
        inside = self.root / "sockets"
        if len(os.fsencode(inside / SOCKET_NAME)) <= LONGEST_SOCKET_PATH:
            return inside
        digest = hashlib.sha256(os.fsencode(self.root)).hexdigest()[:12]
        return SHORT_PARENT / f"helpdesk-{digest}"

    @property
    def valkey_socket(self) -> Path:
        return self.sockets / "valkey.sock"

    def urls(self) -> Urls:
        """Return the addresses of the engines of this folder, without starting anything."""
        return Urls(
            database=f"postgresql://postgres@/helpdesk?host={quote(str(self.sockets), safe='')}",
            redis=f"unix://{quote(str(self.valkey_socket))}?db=0",
        )

    def create(self) -> None:
        """Make the folder; raise EngineError where that is not possible or it cannot be written."""
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            probe = self.root / f".probe-{os.getpid()}"
            probe.touch()
            probe.unlink()
        except OSError as error:
            raise EngineError(
                f"The data folder {self.root} cannot be written ({error.strerror}): "
                "set DATA_DIR to a folder that you own."
            ) from error

    def secret(self, name: str) -> str:
        """Return the random secret `name` of this folder (64 characters), made at the first call."""
        path = self.root / "secrets" / name
        try:
            return path.read_text()
        except (FileNotFoundError, NotADirectoryError):
            self.create()
            return _first_written(path, secrets.token_urlsafe(48))
        except OSError as error:
            raise EngineError(
                f"The secret in {path} cannot be read ({error.strerror}): run as the owner of that file."
            ) from error


def _first_written(path: Path, value: str) -> str:
    """Store `value` unless another process was first; return what is stored."""
    path.parent.mkdir(mode=0o700, exist_ok=True)
    draft = path.with_name(f".{path.name}-{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(value)
    try:
        os.link(draft, path)  # all or nothing, and never over an existing secret
    except FileExistsError:
        return path.read_text()
    finally:
        draft.unlink()
    return value


def data_folder() -> DataFolder:
    """Return the folder named by DATA_DIR, or `.data/run` of the checkout."""
    return DataFolder(Path(os.environ.get("DATA_DIR") or DEFAULT).expanduser().resolve())
