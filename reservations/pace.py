"""What a branch's own history says: how long people stay of their time, and how many promises were kept."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import transaction
from django.db.models import (
    Aggregate,
    Count,
    DurationField,
    ExpressionWrapper,
    F,
    FloatField,
    Func,
    Q,
    QuerySet,
    Value,
)
from django.db.models.functions import Coalesce, Extract, Greatest, Least

from reservations.models import Booking, BranchPace, Turn
from reservations.models.booking import Kind, Outcome
from reservations.models.line import TurnOutcome
from reservations.rules.promise import UNKNOWN, Pace, mixed

HISTORY = timedelta(days=28)
DECILES = ",".join(str(decile / 10) for decile in range(11))


class _Deciles(Aggregate):
    """The 11 deciles of an expression."""

    function = "percentile_cont"
    template = f"%(function)s(ARRAY[{DECILES}]) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = ArrayField(FloatField())


@dataclass(frozen=True)
class KeptPromises:
    """`share` of `samples` people who were called by the latest moment that they were first told, 0 to 1.

    Who still waits when that moment has passed, or gave up after it, was promised something that was not kept.
    """

    share: float
    samples: int


KEPT = Q(first_called_at__lte=F("promised_high_at"))


def promises(branch_id: int, now: datetime) -> QuerySet[Turn]:
    """Return the places of the last 28 days whose promise is known to be kept or broken."""
    since = now - HISTORY
    waited_until = Coalesce("ended_at", Value(now))
    called = Q(first_called_at__gt=since)
    in_vain = Q(first_called_at=None, promised_high_at__gt=since, promised_high_at__lt=waited_until)
    return Turn.objects.filter(called | in_vain, branch_id=branch_id, promised_high_at__isnull=False)


def kept_promises(branch_id: int, now: datetime) -> KeptPromises | None:
    """Return how many promises of the last 28 days were kept, None where none has come due. One query."""
    found = promises(branch_id, now).aggregate(samples=Count("pk"), kept=Count("pk", filter=KEPT))
    return KeptPromises(found["kept"] / found["samples"], found["samples"]) if found["samples"] else None


@transaction.atomic
def learn(*, branch_id: int, now: datetime) -> int:
    """Store the pace of each class of devices from the last 28 days; return how many. Two queries read, one writes."""
    calls = _calls(branch_id, now)
    sessions = {row["device__device_class"]: row for row in _sessions(branch_id, now)}
    rows = []
    for class_id in sessions.keys() | calls.keys():
        own = sessions.get(class_id)
        pace = _pace(own, *calls.get(class_id, (0, 0)))
        rows.append(
            BranchPace(
                branch_id=branch_id,
                device_class_id=class_id,
                shares=list(pace.shares),
                missed=pace.missed,
                samples=pace.samples,
                learned_at=now,
            )
        )
    BranchPace.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["branch", "device_class"],
        update_fields=["shares", "missed", "samples", "learned_at"],
    )
    return len(rows)


def _pace(own: Any, missed: int, offers: int) -> Pace:
    deciles = own["deciles"] if own else UNKNOWN.shares
    return mixed(deciles, own["samples"] if own else 0, missed, offers)


def _sessions(branch_id: int, now: datetime) -> Any:
    """Return per class the deciles of used over planned time, of sessions that somebody sat down to and ended."""
    used = _seconds("ended_at", "period__startswith")
    planned = _seconds("booked_period__endswith", "period__startswith")
    share = Least(1.0, Greatest(0.0, ExpressionWrapper(used / planned, output_field=FloatField())))
    ended = Booking.objects.filter(
        branch_id=branch_id,
        ended_at__gt=now - HISTORY,
        ended_at__lte=now,
        kind=Kind.PATRON,
        checked_in_at__isnull=False,
        outcome__in=[Outcome.FINISHED, Outcome.RAN_OUT],
        booked_period__endswith__gt=F("period__startswith"),
    )
    return ended.order_by().values("device__device_class").annotate(deciles=_Deciles(share), samples=Count("pk"))


def _seconds(end: str, start: str) -> Extract:
    span = Func(F(end), F(start), template="(%(expressions)s)", arg_joiner=" - ", output_field=DurationField())
    return Extract(span, "epoch", output_field=FloatField())


def _calls(branch_id: int, now: datetime) -> dict[int, tuple[int, int]]:
    """Return per class how many calls nobody came for, and how many calls there were."""
    called = Turn.objects.filter(branch_id=branch_id, first_called_at__gt=now - HISTORY, offer__isnull=False)
    ended = called.filter(outcome__in=[TurnOutcome.SEATED, TurnOutcome.MISSED])
    rows = (
        ended.order_by()
        .values("offer__device__device_class")
        .annotate(missed=Count("pk", filter=Q(outcome=TurnOutcome.MISSED)), calls=Count("pk"))
    )
    return {row["offer__device__device_class"]: (row["missed"], row["calls"]) for row in rows}
