"""Promises that another one replaced: what was said to a patron is never rewritten, only followed."""

from django.db import models
from django.db.models import F, Q

from troubleshooting.models.category import Tier


class Promise(models.Model):
    """What was promised of a question before its present promise: one row per ticket and step.

    `reached_at` is when somebody took it up under it; `ended_at` when it was passed on, parked or opened again. The
    present promise stands in the question itself.
    """

    ticket = models.ForeignKey("troubleshooting.Ticket", on_delete=models.CASCADE, related_name="past_promises")
    step = models.PositiveSmallIntegerField()
    tier = models.PositiveSmallIntegerField(choices=Tier)
    made_at = models.DateTimeField()
    promised_at = models.DateTimeField()
    reached_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField()

    class Meta:
        ordering = ["made_at", "pk"]
        indexes = [models.Index(name="promise_made", fields=["made_at"])]
        constraints = [
            models.UniqueConstraint(name="promise_once_per_step", fields=["ticket", "step"]),
            models.CheckConstraint(name="promise_ends_after_it_was_made", condition=Q(ended_at__gte=F("made_at"))),
            models.CheckConstraint(name="promise_tier_known", condition=Q(tier__in=Tier.values)),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id}/{self.step} {self.promised_at:%H:%M}"
