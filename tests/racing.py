"""Runs callables at the same moment in real threads with connections of their own."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection

from reservations.rules import Refused


def race(*runners: Callable[[], Any]) -> Counter[str]:
    """Start all `runners` together; return how many were accepted, refused (by code), or failed (by error name)."""
    barrier = threading.Barrier(len(runners), timeout=30)

    def run(runner: Callable[[], Any]) -> str:
        try:
            barrier.wait()
            runner()
            return "accepted"
        except Refused as refused:
            return f"refused:{refused.codes[0]}"
        except Exception as error:  # the point of a race: whatever else happens is counted
            return f"error:{type(error).__name__}"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(runners)) as pool:
        return Counter(pool.map(run, runners, timeout=60))
