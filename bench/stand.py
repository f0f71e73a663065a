"""What every measure stands on: engines of its own, a migrated database, lines of JSON, fair medians."""

import json
import os
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 5  # interleaved, so that a busy moment of the machine meets every measure


def choose_folder() -> None:
    """Point the settings at a data folder of the benchmarks' own, unless one is named; before Django is set up."""
    os.environ.setdefault("DATA_DIR", str(ROOT / ".data" / "bench"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")
    os.environ.setdefault("LOG_LEVEL", "ERROR")


@contextmanager
def timed() -> Iterator[Callable[[], float]]:
    """Yield a function that returns the milliseconds since the block began."""
    began = time.perf_counter()
    yield lambda: (time.perf_counter() - began) * 1000


def report(name: str, value: float, unit: str, **more: Any) -> None:
    """Print one line: `limit` and `ratio` where there is one."""
    line: dict[str, Any] = {"name": name, "value": round(value, 2), "unit": unit}
    limit = more.get("limit")
    if limit:
        more["ratio"] = round(value / limit, 2)
    print(json.dumps(line | more), flush=True)


def medians(measures: dict[str, Callable[[], Any]], *, times: int) -> dict[str, float]:
    """Return each measure's median in milliseconds over ROUNDS interleaved rounds of `times` calls, one call before."""
    found: dict[str, list[float]] = {name: [] for name in measures}
    for call in measures.values():
        call()
    for _round in range(ROUNDS):
        for name, call in measures.items():
            for _call in range(times):
                with timed() as passed:
                    call()
                found[name].append(passed())
    return {name: statistics.median(values) for name, values in found.items()}
