"""The environment of the suite, set before the product's settings are read."""

import os
import re
from pathlib import Path

from helpdesk import embedded

os.environ.setdefault("DATA_DIR", str(Path(__file__).resolve().parent.parent / ".data" / "test"))
os.environ.setdefault("SECRET_KEY", "a secret key of the test suite, known to everybody who reads it")
os.environ.setdefault("PATRON_KEY", "a patron key of the test suite, known to everybody who reads it")


def numbered(url: str, number: int) -> str:
    """Return the Redis address `url` with the database `number`: parallel test processes never meet."""
    if url.startswith("unix:"):
        return f"{url.partition('?')[0]}?db={number}"
    return f"{re.sub(r'(?<=[^/])/[0-9]*$', '', url)}/{number}"


if worker := os.environ.get("PYTEST_XDIST_WORKER"):
    os.environ["REDIS_URL"] = numbered(
        os.environ.get("REDIS_URL") or embedded.default_urls().redis, int(worker.removeprefix("gw")) + 1
    )
