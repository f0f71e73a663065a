"""The model that suggestions come from: the one in use of the database, or the shipped one where there is none."""

import threading
from functools import cache

from troubleshooting.models import TriageModel
from troubleshooting.triage.lines import to_learn
from troubleshooting.triage.model import Model, learn, restored

_lock = threading.Lock()
_held: tuple[int, Model] | None = None  # one model a process, and the row it came from


@cache
def shipped() -> Model:
    """Return the model of the shipped lines, learned once a process."""
    return learn(to_learn())


def current() -> Model:
    """Return the model in use. One query; its body is read once a process and again after it was replaced."""
    global _held
    row_id = TriageModel.objects.filter(in_use=True).values_list("pk", flat=True).first()
    if row_id is None:
        with _lock:
            return shipped()
    with _lock:
        if _held is None or _held[0] != row_id:
            body = TriageModel.objects.filter(pk=row_id, in_use=True).values_list("body", flat=True).first()
            if body is None:  # replaced between the two queries; the next call sees its successor
                return _held[1] if _held else shipped()
            _held = (row_id, restored(body))
        return _held[1]
