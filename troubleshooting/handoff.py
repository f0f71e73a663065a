"""Deliver the outbox: a handoff becomes notifications once, by its bell or by the sweep."""

import logging
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from helpdesk.bell import ring
from helpdesk.live import touch
from helpdesk.models import Role, User
from reservations.public import staff_at
from troubleshooting.late_calls import ring_late_calls, rung_for
from troubleshooting.lateness import tell_again
from troubleshooting.models import Handoff, Notification, SweepMark
from troubleshooting.models.category import Tier
from troubleshooting.models.handoff import NotificationChannel, Why
from troubleshooting.models.ticket import State
from troubleshooting.notifications import due_ids, send_notification

log = logging.getLogger(__name__)

RECIPIENTS: dict[int, frozenset[str]] = {
    Tier.REFERENCE: frozenset({Role.REFERENCE}),
    Tier.IT: frozenset({Role.TECH}),
}
ALSO_WHEN_LATE = frozenset({Role.MANAGER})
BATCH = 500  # rows one sweep looks at; the next one, 15 s later, takes the rest
NEVER = 86_400.0  # seconds shown as age where no sweep has ever run


@dataclass(frozen=True)
class Swept:
    """What one sweep did: late calls rung for, handoffs delivered, e-mails sent, rows that raised."""

    rung: int = 0
    delivered: int = 0
    sent: int = 0
    failed: int = 0


def deliver(handoff_id: int, now: datetime) -> bool:
    """Deliver one handoff; return whether this call did it (not if it was delivered, or is unknown)."""
    return _deliver(handoff_id, now, skip_locked=False)


def sweep(now: datetime) -> Swept:
    """Ring for late calls, tell again of late hand-overs, deliver what has lost its bell, send e-mails; mark the time.

    One row per transaction; a row that another worker holds is skipped, one that raises is logged and does
    not stop the others. Running twice changes nothing.
    """
    rung = ring_late_calls(now, BATCH)
    tell_again(now, BATCH)
    waiting = Handoff.objects.filter(delivered_at=None).order_by("created_at")
    delivered = failed = 0
    for pk in list(waiting.values_list("pk", flat=True)[:BATCH]):
        try:
            delivered += _deliver(pk, now, skip_locked=True)
        except Exception:  # one bad row must never keep the others from being delivered
            failed += 1
            log.exception("handoff %s could not be delivered", pk)
    SweepMark.objects.update_or_create(only=True, defaults={"at": now})
    return Swept(rung, delivered, _send_due(now), failed)


def _send_due(now: datetime) -> int:
    """Send what is due until one fails: a dead mail server costs a sweep one timeout, the next goes on."""
    sent = 0
    for pk in due_ids(now, BATCH):
        if not send_notification(pk, now):
            break
        sent += 1
    return sent


@transaction.atomic
def _deliver(handoff_id: int, now: datetime, *, skip_locked: bool) -> bool:
    handoff = (
        Handoff.objects.select_related("ticket")
        .select_for_update(no_key=True, of=("self",), skip_locked=skip_locked)
        .filter(pk=handoff_id, delivered_at=None)
        .first()
    )
    if handoff is None:
        return False
    branch_id, is_over = handoff.ticket.branch_id, _is_answered(handoff)
    recipients = [] if is_over else _recipients(handoff)
    if not recipients and not is_over:
        log.warning("handoff %s: branch %s has nobody to tell; it is on the list", handoff.pk, branch_id)
    rows = [row for user in recipients for row in _rows(handoff, user, now)]
    Notification.objects.bulk_create(rows, ignore_conflicts=True)
    handoff.delivered_at = max(now, handoff.created_at)
    handoff.save(update_fields=["delivered_at"])
    mails = Notification.objects.filter(handoff=handoff, channel=NotificationChannel.EMAIL, sent_at=None)
    for pk in mails.values_list("pk", flat=True):
        ring("troubleshooting.send_notification", pk)
    touch(f"notices:{branch_id}")
    return True


def _is_answered(handoff: Handoff) -> bool:
    """Return whether somebody came while the news that nobody did was still on its way: then it is no news."""
    ticket = handoff.ticket
    return handoff.why != Why.PASSED and (ticket.state != State.WAITING or ticket.step != handoff.step)


def _recipients(handoff: Handoff) -> list[User]:
    """Return who is told: the level, and the managers of a hand-over that nobody answered; a late call rings."""
    branch_id, level = handoff.ticket.branch_id, RECIPIENTS[handoff.to_tier]
    if handoff.why == Why.CALL:
        return rung_for(branch_id)
    return list(staff_at(branch_id, level | ALSO_WHEN_LATE if handoff.why == Why.LATE else level))


def _rows(handoff: Handoff, user: User, now: datetime) -> list[Notification]:
    """Return what `user` is told: on screen at once, by e-mail where there is an address."""
    on_screen = Notification(
        handoff=handoff, recipient=user, channel=NotificationChannel.SCREEN, created_at=now, sent_at=now
    )
    if not user.email:
        return [on_screen]
    by_mail = Notification(
        handoff=handoff, recipient=user, channel=NotificationChannel.EMAIL, created_at=now, next_try_at=now
    )
    return [on_screen, by_mail]


def oldest_undelivered_age(now: datetime) -> float:
    """Return the age in seconds of the oldest handoff not yet delivered, 0 where there is none."""
    oldest = Handoff.objects.filter(delivered_at=None).order_by("created_at").first()
    return max(0.0, (now - oldest.created_at).total_seconds()) if oldest else 0.0


def last_sweep_age(now: datetime) -> float:
    """Return the seconds since the last sweep; a day where none has ever run."""
    at = SweepMark.objects.values_list("at", flat=True).first()
    return max(0.0, (now - at).total_seconds()) if at else NEVER
