"""Reads of the promise: how fast people were reached today, beside what was promised."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from django.db.models import Case, DateTimeField, F, Q, QuerySet, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from helpdesk.words import round_up
from troubleshooting.models import Promise, Ticket
from troubleshooting.models.ticket import SETTLED_AT

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Reached:
    """How a branch kept a promise today: `minutes` is the median to reach a patron, None where nobody asked."""

    minutes: int | None
    kept: int
    counted: int

    @property
    def share(self) -> int:
        """The kept ones in percent; 100 where nothing was asked."""
        return round(100 * self.kept / self.counted) if self.counted else 100


def reached_today(branch_id: int, tiers: Collection[int], now: datetime) -> Reached:
    """Return how fast the promises made today at `tiers` of the branch were kept; one query.

    Each promise is measured on its own, from when it was made until somebody took the question up under it, or
    finished it untaken: one that was passed on, parked or opened again has made several, and each half of a split one
    its own. A promise that another one replaced counts if it was reached, or was late by then; one that was followed
    in time never came due. What was counted after the fact (a tally) was never promised and is left out.
    """
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    rows = list(_present(branch_id, tiers, midnight).union(_past(branch_id, tiers, midnight), all=True))
    waits = [max(0.0, (reached - made) / MINUTE) for made, reached, _promised in rows]
    kept = sum(1 for _made, reached, promised in rows if reached <= promised)
    return Reached(round_up(median(waits)) if waits else None, kept, len(rows))


def _present(branch_id: int, tiers: Collection[int], midnight: datetime) -> QuerySet[Any]:
    """Return (made, reached, promised) of the promises that questions have now, as far as somebody came."""
    named = Case(When(bounces__gte=SETTLED_AT, then=None), default="claimed_at", output_field=DateTimeField())
    return (
        Ticket.objects.counted()
        .filter(branch_id=branch_id, tier__in=tiers, came_at__gte=midnight, promised_at__isnull=False)
        .annotate(reached=Coalesce("reached_at", named, "done_at"))  # to name an owner is to reach nobody
        .filter(reached__isnull=False)
        .values_list("came_at", "reached", "promised_at")
    )


def _past(branch_id: int, tiers: Collection[int], midnight: datetime) -> QuerySet[Any]:
    """Return the same of promises that others replaced; one that nobody kept in time was reached by its end."""
    due = Q(reached_at__isnull=False) | Q(ended_at__gt=F("promised_at"))
    return (
        Promise.objects.filter(due, ticket__branch_id=branch_id, tier__in=tiers, made_at__gte=midnight)
        .order_by()
        .annotate(reached=Coalesce("reached_at", "ended_at"))
        .values_list("made_at", "reached", "promised_at")
    )
