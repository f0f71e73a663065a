"""Reads of the promise: how fast people were reached today, beside what was promised."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from django.db.models import F, Max
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from helpdesk.words import round_up
from troubleshooting.models import Ticket

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
    """Return how fast today's questions at `tiers` were taken at the branch; one query.

    A question waits from when it came to its level until someone took it, or finished it untaken. What was
    counted after the fact (a tally) was never promised and is left out.
    """
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    rows = list(
        Ticket.objects.counted()
        .filter(branch_id=branch_id, tier__in=tiers, opened_at__gte=midnight, promised_at__isnull=False)
        .annotate(
            reached=Coalesce("claimed_at", "done_at"),
            came=Greatest(F("opened_at"), Coalesce(Max("handoffs__created_at"), F("opened_at"))),
        )
        .filter(reached__isnull=False)
        .values_list("came", "reached", "promised_at")
    )
    waits = [max(0.0, (reached - came) / MINUTE) for came, reached, _promised in rows]
    kept = sum(1 for _came, reached, promised in rows if reached <= promised)
    return Reached(round_up(median(waits)) if waits else None, kept, len(rows))
