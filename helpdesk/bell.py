"""Rings a task by its name after the commit. A lost ring is only late: the sweep finds the row."""

import logging
import threading
import time
from functools import partial

from django.db import transaction
from kombu.exceptions import OperationalError

from helpdesk.celery import app

log = logging.getLogger(__name__)

QUIET_SECONDS = 10  # after a failed ring: a broker that is down costs one request half a second, not each
_quiet_until = 0.0
_lock = threading.Lock()


def ring(task_name: str, pk: int) -> None:
    """Send the task named `task_name` the id `pk` once the running transaction has committed."""
    transaction.on_commit(partial(_send, task_name, pk), robust=True)


def _send(task_name: str, pk: int) -> None:
    global _quiet_until
    if time.monotonic() < _quiet_until:
        return
    try:
        app.send_task(task_name, args=[pk])
    except (OperationalError, OSError) as error:
        with _lock:
            _quiet_until = time.monotonic() + QUIET_SECONDS
        log.warning("bell not rung for %s %s: %s; the sweep will find it", task_name, pk, error)
