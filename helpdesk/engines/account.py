"""PostgreSQL refuses to run as root: the unprivileged account that runs the engines then."""

import os
import pwd
import stat
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from helpdesk.engines.errors import EngineError
from helpdesk.engines.folder import DataFolder

NAME = "helpdesk-engine"
PASS = stat.S_IXOTH
READ_AND_PASS = stat.S_IROTH | stat.S_IXOTH


@dataclass(frozen=True)
class Account:
    """Who runs the engines; `switch` says whether that is somebody else than us."""

    uid: int
    gid: int
    switch: bool

    def own_folder(self, path: Path) -> None:
        """Make `path` a private folder of this account; refuse one that somebody else put there."""
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = path.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {os.geteuid(), self.uid}:
            raise EngineError(f"{path} belongs to somebody else: remove it, or set DATA_DIR to another folder.")
        if found.st_uid != self.uid:
            os.chown(path, self.uid, self.gid)
        path.chmod(0o700)

    def let_pass(self, target: Path, say: Callable[[str], None]) -> None:
        """Let this account pass (not read) the folders above `target`, where it cannot yet."""
        if not self.switch:
            return
        for folder in reversed(target.parents):
            mode = stat.S_IMODE(folder.stat().st_mode)
            if not mode & PASS:
                folder.chmod(mode | PASS)
                say(f"Let the account {NAME} pass through {folder} (mode {mode | PASS:04o}).")

    def let_read(self, tree: Path) -> None:
        """Let this account read the programs below `tree`: a strict umask hides them."""
        if not self.switch or not tree.exists() or tree.stat().st_mode & READ_AND_PASS == READ_AND_PASS:
            return
        for path in (tree, *tree.rglob("*")):
            if not path.is_symlink():
                mode = stat.S_IMODE(path.stat().st_mode)
                path.chmod(mode | stat.S_IROTH | (PASS if mode & stat.S_IXUSR else 0))


def engine_account(folder: DataFolder) -> Account:
    """Return who runs the engines of `folder`: us, or as root the owner of its data or a system account."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), switch=False)
    if folder.postgresql.exists() and (owner := folder.postgresql.stat()).st_uid != 0:
        return Account(owner.st_uid, owner.st_gid, switch=True)
    entry = _system_account()
    return Account(entry.pw_uid, entry.pw_gid, switch=True)


def _system_account() -> pwd.struct_passwd:
    """Return the entry of the engines' system account, made at the first call."""
    try:
        return pwd.getpwnam(NAME)
    except KeyError:
        pass
    command = ["useradd", "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
    try:
        subprocess.run([*command, "--shell", "/usr/sbin/nologin", NAME], check=True, capture_output=True)  # noqa: S603
        return pwd.getpwnam(NAME)
    except (OSError, subprocess.CalledProcessError, KeyError) as error:
        raise EngineError(
            f"PostgreSQL does not run as root and the account {NAME} cannot be made: "
            "start as an ordinary user, or set DATABASE_URL and REDIS_URL to your own servers."
        ) from error
