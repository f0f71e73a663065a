"""The desk's call list: whom somebody has to tell what happened to their booking."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from helpdesk.actor import Actor
from reservations.models import Booking, BookingEvent, Call
from reservations.models.calls import CallWhy

WHERE = frozenset({CallWhy.MOVED, CallWhy.LACKS, CallWhy.GOES_ON})  # still true when the day's hours are as before
OF_HOURS = frozenset({CallWhy.DISPLACED, CallWhy.SOONER, CallWhy.AGAIN})


@dataclass(frozen=True)
class Untold:
    """What a person was still to be told of their seat before other hours of the day hit them, and what caused it."""

    why: CallWhy
    cause_id: int | None

    @property
    def detail(self) -> dict[str, Any]:
        """How the story keeps it."""
        return {"untold": self.why.value, "cause": self.cause_id}


def put_on_list(rows: Iterable[Booking], why: CallWhy, *, now: datetime) -> None:
    """List `rows` for a call; one that is listed already, told or not, is to be told anew."""
    Call.objects.bulk_create(
        (Call(booking=row, why=why, made_at=now) for row in rows),
        update_conflicts=True,
        unique_fields=["booking"],
        update_fields=["why", "made_at", "handled_at", "handled_by"],
    )


def known(row: Booking, *, by: Actor, now: datetime) -> None:
    """Take `row` off the list: its person has acted on what they were to be told."""
    for call in Call.objects.filter(booking=row, handled_at=None):
        call.handled_at, call.handled_by_id = max(now, call.made_at), by.user_id
        call.save(update_fields=["handled_at", "handled_by"])


def untold(rows: Iterable[Booking]) -> dict[int, Untold]:
    """Return what nobody has told of the seats of `rows` yet, by primary key, as it is written down. Two queries.

    What other hours of the day have covered on the list is read from the line of the story that did so.
    """
    calls = Call.objects.filter(booking__in=[row.pk for row in rows], handled_at=None)
    found: dict[int, Untold] = {}
    covered = []
    for pk, why, cause_id in calls.values_list("booking_id", "why", "booking__displaced_by_id"):
        if why in WHERE:
            found[pk] = Untold(CallWhy(why), cause_id)
        elif why in OF_HOURS:
            covered.append(pk)
    lines = BookingEvent.objects.filter(booking__in=covered, what__in=["closed_day", "closes_sooner", "opens_again"])
    for pk, detail in lines.order_by("pk").values_list("booking_id", "detail"):
        found.pop(pk, None)
        if "untold" in detail:
            found[pk] = Untold(CallWhy(detail["untold"]), detail["cause"])
    return found
