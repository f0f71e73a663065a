"""The door to the embedded engines: their addresses, secrets and lives. Nothing starts by importing this."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from helpdesk import env
from helpdesk.engines.errors import EngineError
from helpdesk.engines.folder import DataFolder, Urls, data_folder
from helpdesk.engines.hold import engines

__all__ = [
    "DataFolder",
    "EngineError",
    "Urls",
    "data_folder",
    "default_urls",
    "engines",
    "engines_for",
    "secret",
]

WITHOUT_DATABASE = {
    "",
    "help",
    "version",
    "--version",
    "--help",
    "-h",
    "makemessages",
    "compilemessages",
    "collectstatic",
    "findstatic",
    "diffsettings",
}


def default_urls() -> Urls:
    """Return the addresses of the data folder's engines, computed without starting anything."""
    return data_folder().urls()


def secret(name: str) -> str:
    """Return the data folder's secret `name`, 64 random characters made at the first call.

    A system with a database of its own (DATABASE_URL) gets no invented secret, unless DEBUG or DEMO is on:
    another machine, or this one with a fresh disk, would invent another. Raises EngineError then.
    """
    if os.environ.get("DATABASE_URL") and not (env.flag("DEBUG", default=False) or env.flag("DEMO", default=False)):
        variable = name.upper().replace("-", "_")
        raise EngineError(f"Set {variable} to a long random text: production never invents secrets.")
    return data_folder().secret(name)


@contextmanager
def engines_for(argv: list[str]) -> Iterator[None]:
    """Hold the engines while a management command runs, if it needs them.

    Arguments: the whole command line, program name first.
    """
    if not _needs_database(argv[1:]):
        yield
        return
    with engines():
        yield


def _needs_database(arguments: list[str]) -> bool:
    command = arguments[0] if arguments else ""
    if command == "check":
        return any(argument.startswith("--database") for argument in arguments)
    return command not in WITHOUT_DATABASE and not {"--help", "-h"} & set(arguments)
