"""The circuit breaker: after three failures in a row nobody asks for 30 seconds, then one request probes.

It is a row in PostgreSQL, so every web process sees the same and a sign-in needs no Redis.
"""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.dispatch import Signal

from reservations.models import Branch, SourceState
from reservations.signals import source_reachable, source_unreachable

log = logging.getLogger(__name__)

NAME = "sip2"
MOST_FAILURES = 3
REST = timedelta(seconds=30)
PROBE = timedelta(seconds=10)  # longer than one request may take: whoever probes has so long before the next one does
NOTED = timedelta(seconds=5)  # a good answer is written down at most so often


def state() -> SourceState:
    """Return the row; an unsaved one where nobody has asked yet. One query."""
    return SourceState.objects.filter(name=NAME).first() or SourceState(name=NAME)


def is_open(now: datetime) -> bool:
    """Return whether nobody asks at `now`. Writes nothing."""
    until = state().open_until
    return until is not None and until > now


def may_ask(now: datetime) -> bool:
    """Return whether to ask now. Of all who come after the rest, one is let through: it writes that it probes."""
    until = state().open_until
    if until is None:
        return True
    if until > now:
        return False
    return bool(SourceState.objects.filter(name=NAME, open_until__lte=now).update(open_until=now + PROBE))


def answered(*, now: datetime, latency: timedelta) -> None:
    """Note an answer: the count begins anew, and whoever was told of the failure is told that it is over."""
    milliseconds = latency // timedelta(milliseconds=1)
    row = state()
    if not row.failures:
        if row.answered_at is None or now - row.answered_at >= NOTED:
            said = {"answered_at": now, "latency_ms": milliseconds}
            SourceState.objects.update_or_create(name=NAME, defaults=said)
        return
    with transaction.atomic():
        row = _locked()
        since, was_open = row.away_since_at, row.failures >= MOST_FAILURES
        row.failures, row.away_since_at, row.open_until, row.reason = 0, None, None, ""
        row.answered_at, row.latency_ms = now, milliseconds
        row.save()
        if was_open:
            log.warning("the library system answers again")
            _tell(source_reachable, {"source": NAME, "since": since, "now": now})


@transaction.atomic
def failed(*, reason: str, now: datetime) -> None:
    """Count a failure. The third in a row, and each that follows from a probe, keeps everybody away for a rest."""
    row = _locked()
    row.failures += 1
    row.away_since_at = row.away_since_at or now
    row.failed_at, row.reason = now, reason
    log.warning("the library system failed: %s (%s in a row)", reason, row.failures)
    if row.failures >= MOST_FAILURES:
        row.open_until = now + REST
    row.save()
    if row.failures >= MOST_FAILURES:
        branch = Branch.objects.order_by("pk").values_list("pk", flat=True).first()
        facts = {"source": NAME, "reason": reason, "since": row.away_since_at, "branch_id": branch, "now": now}
        _tell(source_unreachable, facts)


def _locked() -> SourceState:
    SourceState.objects.bulk_create([SourceState(name=NAME)], ignore_conflicts=True)
    return SourceState.objects.select_for_update().get(name=NAME)


def _tell(fact: Signal, facts: Mapping[str, Any]) -> None:
    """Send a fact; a listener that fails costs its own work only, not the count and not somebody's sign-in."""
    try:
        with transaction.atomic():
            fact.send(sender=SourceState, **facts)
    except Exception:
        log.exception("a listener of the library system's state failed")


def seconds_away(now: datetime) -> float:
    """Return for how long the library system has been away, 0 while it answers."""
    since = SourceState.objects.filter(Q(failures__gte=MOST_FAILURES), name=NAME).values_list(
        "away_since_at", flat=True
    )
    first = since.first()
    return max(0.0, (now - first).total_seconds()) if first else 0.0


def last_latency() -> float:
    """Return the seconds that the last noted answer took, 0 where there was none."""
    return (state().latency_ms or 0) / 1000
