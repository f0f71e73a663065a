"""A source of patrons outside of this system: how it is doing, one row for each, and what holds while it is away."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class WhenAway(models.TextChoices):
    """Who may sit down while the library system does not answer, so that nobody can check a card."""

    ALLOWANCE = "allowance", _("any card, for a short session")
    GUESTS = "guests", _("guest passes only")
    STAFF = "staff", _("only with our staff")


class SourceState(models.Model):
    """The circuit breaker of a source. While `open_until` lies ahead nobody asks; after it one request probes.

    `failures` counts those in a row; `away_since` is the first of them. `reason` is a code, never a patron's data.
    """

    name = models.CharField(max_length=20, unique=True)
    failures = models.PositiveIntegerField(default=0)
    away_since_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    open_until = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    latency_ms = models.PositiveIntegerField(null=True, blank=True)
    reason = models.CharField(max_length=20, blank=True)

    class Meta:
        verbose_name = _("source of patrons")
        verbose_name_plural = _("sources of patrons")
        constraints = [
            models.CheckConstraint(
                name="source_away_has_a_failure",
                condition=Q(failures=0, away_since_at=None, open_until=None)
                | Q(failures__gt=0, away_since_at__isnull=False, failed_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.name


class TrustSeat(models.Model):
    """A seat, or a place in line, that a kiosk gave to a card nobody could check; counted for an hour, then dropped."""

    kiosk = models.ForeignKey("reservations.Kiosk", on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(name="trust_seat_kiosk", fields=["kiosk", "at"])]

    def __str__(self) -> str:
        return f"{self.kiosk_id} {self.at:%H:%M}"
