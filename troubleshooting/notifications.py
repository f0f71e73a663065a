"""Tell staff: e-mail with attempts, back-off and a dead letter; what is on screen is read or unread."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from smtplib import SMTPResponseException

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from helpdesk.actor import Actor
from helpdesk.bell import ring
from helpdesk.models import User
from troubleshooting.models import Handoff, Notification, Ticket
from troubleshooting.models.category import Tier
from troubleshooting.models.handoff import NotificationChannel, Why
from troubleshooting.models.ticket import State

log = logging.getLogger(__name__)

MAX_ATTEMPTS = 8  # waits of 1, 2, 4 ... 64 minutes in between: two hours, then a dead letter
LEASE = timedelta(minutes=2)  # longer than a send can take (settings.EMAIL_TIMEOUT, the task's time limit)
PAGES: dict[int, str] = {Tier.REFERENCE: "/reference/", Tier.IT: "/it/"}


def due_ids(now: datetime, limit: int) -> Sequence[int]:
    """Return the e-mails to be tried now, the longest waiting first."""
    due = Notification.objects.filter(
        channel=NotificationChannel.EMAIL, sent_at=None, dead_at=None, next_try_at__lte=now
    )
    return list(due.order_by("next_try_at").values_list("pk", flat=True)[:limit])


def send_notification(notification_id: int, now: datetime) -> bool:
    """Send one e-mail if it is due; return whether it went out.

    The row is leased in a short transaction (its next try moves ahead), the mail is sent outside of any lock,
    then the row is marked. A worker that dies in between costs an attempt and the lease, never the mail.
    """
    notification = _lease(notification_id, now)
    if notification is None:
        return False
    try:
        if not _mail(notification).send():
            raise ValueError("nobody to send to")
    except Exception as error:  # whatever a mail server or an address can do wrong is tried again, then shown
        _failed(notification, error, now)
        return False
    Notification.objects.filter(pk=notification.pk).update(sent_at=now, dead_at=None, last_error="")
    return True


@transaction.atomic
def _lease(notification_id: int, now: datetime) -> Notification | None:
    notification = (
        Notification.objects.select_related(
            "recipient", "handoff__ticket__branch", "handoff__ticket__category", "handoff__ticket__device"
        )
        .select_for_update(no_key=True, of=("self",), skip_locked=True)
        .filter(
            pk=notification_id,
            channel=NotificationChannel.EMAIL,
            sent_at=None,
            dead_at=None,
            next_try_at__lte=now,
        )
        .first()
    )
    if notification is None:
        return None
    if notification.attempts >= MAX_ATTEMPTS:  # the last try never came back
        notification.dead_at = now
        notification.save(update_fields=["dead_at"])
        return None
    notification.attempts += 1
    notification.next_try_at = now + LEASE
    notification.save(update_fields=["attempts", "next_try_at"])
    return notification


def _failed(notification: Notification, error: Exception, now: datetime) -> None:
    """Note when to try again and what went wrong, by its kind alone: a server's words may hold addresses."""
    code = f" {error.smtp_code}" if isinstance(error, SMTPResponseException) else ""
    notification.last_error = f"{type(error).__name__}{code}"
    if notification.attempts >= MAX_ATTEMPTS:
        notification.dead_at = now
    else:
        notification.next_try_at = now + timedelta(minutes=2 ** (notification.attempts - 1))
    notification.save(update_fields=["last_error", "dead_at", "next_try_at"])
    log.warning("e-mail %s, try %s: %s", notification.pk, notification.attempts, notification.last_error)


def _mail(notification: Notification) -> EmailMessage:
    """Return the message: number, place and kind of question, never the patron's words."""
    ticket: Ticket = notification.handoff.ticket
    subject = _("%(branch)s: %(number)s %(category)s") % {
        "branch": ticket.branch.name,
        "number": ticket.number,
        "category": ticket.category.label,
    }
    if notification.handoff.why == Why.LATE:
        subject = _("Late: %(subject)s") % {"subject": subject}
    body = _("%(news)s\n\nWhat: %(category)s\nWhere: %(where)s\n\n%(link)s\n") % {
        "news": _news(notification.handoff),
        "category": ticket.category.label,
        "where": f"{ticket.branch.name} {ticket.device.label if ticket.device else ''}".strip(),
        "link": settings.BASE_URL.rstrip("/") + PAGES[notification.handoff.to_tier],
    }
    return EmailMessage(subject, body, to=[notification.recipient.email])


def _news(handoff: Handoff) -> str:
    """Return what happened to the question, in one sentence."""
    if handoff.why == Why.CALL:
        return _("The desk has not come to %(number)s. It stays with the desk: go there, or phone.") % {
            "number": handoff.ticket.number
        }
    said = {"number": handoff.ticket.number, "level": handoff.get_to_tier_display()}
    return _("%(number)s is now with %(level)s.") % said


def unread(user: User) -> QuerySet[Notification]:
    """Return what `user` has not read on screen yet, newest first; a late call that somebody took is no news."""
    taken = Q(handoff__why=Why.CALL) & ~Q(handoff__ticket__state=State.WAITING)
    return (
        Notification.objects.filter(recipient=user, channel=NotificationChannel.SCREEN, read_at=None)
        .exclude(taken)
        .select_related("handoff__ticket__category", "handoff__ticket__branch", "handoff__ticket__device")
        .order_by("-created_at", "-pk")
    )


def mark_read(user: User, now: datetime) -> int:
    """Mark everything on `user`'s screen as read; return how many rows it was."""
    shown = Notification.objects.filter(recipient=user, channel=NotificationChannel.SCREEN)
    return shown.filter(read_at=None).update(read_at=now)


def dead_letters() -> QuerySet[Notification]:
    """Return the e-mails that were given up and nobody has dismissed, oldest first."""
    return (
        Notification.objects.filter(dead_at__isnull=False, read_at=None)
        .select_related("recipient", "handoff__ticket__category", "handoff__ticket__branch")
        .order_by("dead_at", "pk")
    )


@transaction.atomic
def retry_dead(*, notification_id: int, by: Actor, now: datetime) -> bool:
    """Try a dead letter again from the first attempt; return False if it is not dead (any more)."""
    revived = Notification.objects.filter(pk=notification_id, dead_at__isnull=False).update(
        dead_at=None, read_at=None, attempts=0, next_try_at=now
    )
    if revived:
        log.info("e-mail %s tried again by user %s", notification_id, by.user_id)
        ring("troubleshooting.send_notification", notification_id)
    return bool(revived)


@transaction.atomic
def dismiss(*, notification_id: int, by: Actor, now: datetime) -> bool:
    """Take a dead letter off the list; return False if it is not on it."""
    dismissed = Notification.objects.filter(pk=notification_id, dead_at__isnull=False, read_at=None).update(read_at=now)
    if dismissed:
        log.info("e-mail %s dismissed by user %s", notification_id, by.user_id)
    return bool(dismissed)
