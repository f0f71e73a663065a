"""Call a person to a seat or a screen: one open call for each, however often it is asked for."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from helpdesk import words
from helpdesk.actor import Actor
from reservations.public import lock_branch
from troubleshooting.lifecycle.answering import record_tried
from troubleshooting.lifecycle.intake import log
from troubleshooting.lifecycle.moves import TicketRefused
from troubleshooting.lifecycle.steps import HELPED
from troubleshooting.models import Ticket
from troubleshooting.models.category import Tier
from troubleshooting.models.ticket import Channel, TicketQuerySet

AT_SEAT_AN_HOUR = 6  # calls and "that solved it" from one seat's address, which anybody may open
HOUR = timedelta(hours=1)


@transaction.atomic
def call(
    *,
    branch_id: int,
    device_id: int | None,
    text: str,
    category: str,
    request_key: UUID,
    by: Actor,
    now: datetime,
    channel: str = Channel.KIOSK,
    tried: Mapping[int, str] | None = None,
) -> Ticket:
    """Log a call for help at a seat, or at the kiosk of `by` where `device_id` is None, and return it.

    `channel` says whether it comes from a kiosk or from the help address of the seat itself. While a call of a patron
    for the same place is open and a person is to come, that one is returned, whatever the complaint; a fault that IT
    has does not count. What was `tried` before is kept on it. Raises TicketRefused "too_many_calls" for a seat whose
    address was used too often, and as `log`.
    """
    lock_branch(branch_id)
    repeated = Ticket.objects.filter(request_key=request_key).exists()
    if not repeated and (open_call := _open_call(branch_id, device_id, by)):
        record_tried(open_call, tried or {}, by, now)
        return open_call
    if channel == Channel.SEAT and device_id is not None and not repeated:
        _check_pace(branch_id, device_id, now)
    return log(
        branch_id=branch_id,
        text=text,
        category=category,
        tier=Tier.DESK,
        channel=channel,
        device_id=device_id,
        tried=tried,
        request_key=request_key,
        by=by,
        now=now,
    )


@transaction.atomic
def solved_at_seat(
    *, branch_id: int, device_id: int, text: str, category: str, request_key: UUID, by: Actor, now: datetime
) -> Ticket:
    """Count what somebody at a seat solved without a person, and return it.

    Raises TicketRefused "too_many_calls" for a seat whose address was used too often, and as `log` does.
    """
    lock_branch(branch_id)
    if not Ticket.objects.filter(request_key=request_key).exists():
        _check_pace(branch_id, device_id, now)
    return log(
        branch_id=branch_id,
        text=text,
        category=category,
        tier=Tier.SELF_HELP,
        solved=True,
        channel=Channel.SEAT,
        device_id=device_id,
        request_key=request_key,
        by=by,
        now=now,
    )


def open_call_at(branch_id: int, device_id: int) -> Ticket | None:
    """Return the open call of a patron that somebody will answer at the seat, from wherever it came; one query."""
    calls = _open_calls(branch_id).filter(device_id=device_id)
    return calls.select_related("device", "category").order_by("pk").first()


def _open_call(branch_id: int, device_id: int | None, by: Actor) -> Ticket | None:
    """Return the call that somebody will answer at the seat, or at this kiosk."""
    if device_id is not None:
        return open_call_at(branch_id, device_id)
    here = _open_calls(branch_id).filter(device=None, events__what="logged", events__by_kiosk_id=by.kiosk_id)
    return here.order_by("pk").first()


def _open_calls(branch_id: int) -> TicketQuerySet:
    return Ticket.objects.open().called().filter(branch_id=branch_id, tier__in=HELPED)


def _check_pace(branch_id: int, device_id: int, now: datetime) -> None:
    """Refuse the address of a seat that was used too often in the last hour. Needs the branch lock."""
    recent = Ticket.objects.called().filter(branch_id=branch_id, opened_at__gt=now - HOUR)
    used = recent.filter(device_id=device_id, channel=Channel.SEAT)
    latest = list(used.order_by("-opened_at").values_list("opened_at", flat=True)[:AT_SEAT_AN_HOUR])
    if len(latest) < AT_SEAT_AN_HOUR:
        return
    sentence = _("This seat asked %(count)d times within an hour. Come to the desk, or ask again at %(time)s.")
    again = words.clock(latest[-1] + HOUR + timedelta(minutes=1))
    raise TicketRefused("too_many_calls", sentence % {"count": AT_SEAT_AN_HOUR, "time": again})
