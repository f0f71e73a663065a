"""The desk's call list: whom somebody has to tell what happened to their booking."""

from collections.abc import Iterable
from datetime import datetime

from helpdesk.actor import Actor
from reservations.models import Booking, Call
from reservations.models.calls import CallWhy


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
