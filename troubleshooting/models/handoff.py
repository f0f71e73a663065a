"""The outbox: a Handoff row is the queue, Celery is only its bell. Nothing here is purged unread."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from troubleshooting.models.category import Tier


class Why(models.TextChoices):
    """Why a level is told of a question."""

    PASSED = "passed", _("passed on")
    LATE = "late", _("nobody came in time")
    CALL = "call", _("the desk has not come")  # the question stays with the desk, the next desk is only rung


class Handoff(models.Model):
    """A question passed on, late there, or a call that rings at the next desk: one row per ticket, step and reason."""

    ticket = models.ForeignKey("troubleshooting.Ticket", on_delete=models.PROTECT, related_name="handoffs")
    step = models.PositiveSmallIntegerField()
    to_tier = models.PositiveSmallIntegerField(choices=Tier)
    why = models.CharField(max_length=8, choices=Why, default=Why.PASSED)
    created_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(name="handoff_undelivered", fields=["created_at"], condition=Q(delivered_at=None))]
        constraints = [
            models.UniqueConstraint(name="handoff_once_per_step", fields=["ticket", "step", "why"]),
            models.UniqueConstraint(
                name="handoff_rings_once_per_level", fields=["ticket", "to_tier"], condition=Q(why=Why.CALL)
            ),
            models.CheckConstraint(name="handoff_why_known", condition=Q(why__in=Why.values)),
            models.CheckConstraint(name="handoff_to_reference_or_it", condition=Q(to_tier__in=[2, 3])),
            models.CheckConstraint(
                name="handoff_delivered_after_created",
                condition=Q(delivered_at=None) | Q(delivered_at__gte=F("created_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id}/{self.step}"


class NotificationChannel(models.TextChoices):
    SCREEN = "screen", _("on screen")
    EMAIL = "email", _("by e-mail")


class Notification(models.Model):
    """What one member of staff is told of one handoff by one channel. `dead_at`: given up, staff may retry."""

    handoff = models.ForeignKey(Handoff, on_delete=models.PROTECT, related_name="notifications")
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications")
    channel = models.CharField(max_length=8, choices=NotificationChannel)
    created_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    dead_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(name="notification_to_send", fields=["next_try_at"], condition=Q(sent_at=None, dead_at=None)),
            models.Index(name="notification_unread", fields=["recipient"], condition=Q(read_at=None)),
        ]
        constraints = [
            models.UniqueConstraint(name="notification_once_per_channel", fields=["handoff", "recipient", "channel"]),
            models.CheckConstraint(name="notification_sent_or_dead", condition=Q(sent_at=None) | Q(dead_at=None)),
            models.CheckConstraint(
                name="notification_waiting_has_a_next_try",
                condition=Q(sent_at__isnull=False) | Q(dead_at__isnull=False) | Q(next_try_at__isnull=False),
            ),
            models.CheckConstraint(
                name="notification_channel_known", condition=Q(channel__in=NotificationChannel.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.handoff_id} {self.recipient_id} {self.channel}"


class SweepMark(models.Model):
    """When the outbox was last swept: one row, in the database so that it is true while Redis is away."""

    at = models.DateTimeField()
    only = models.BooleanField(default=True, unique=True)

    class Meta:
        constraints = [models.CheckConstraint(name="sweep_mark_single", condition=Q(only=True))]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S}"
