"""A one-to-one: one librarian, one stretch of time. It names no patron; a booked seat knows its own."""

import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Deferrable, F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from helpdesk.models import User

OPEN_END = datetime(9999, 1, 1, tzinfo=UTC)


class Where(models.TextChoices):
    OWN = "own", _("Their own device, at the desk")
    SEAT = "seat", _("A library computer")


class AppointmentOutcome(models.TextChoices):
    HELD = "held", _("Took place")
    NOT_COME = "not_come", _("Nobody came")
    CANCELLED = "cancelled", _("Cancelled")
    MOVED = "moved", _("Moved to another time")


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def visible_to(self, user: "User") -> "AppointmentQuerySet":
        """Return the one-to-ones of the branches where `user` works."""
        return self if user.serves_all_branches else self.filter(branch__posts__user=user)

    def open(self) -> "AppointmentQuerySet":
        """Return those that still hold their librarian's time, or wait to be recorded."""
        return self.filter(ended_at=None)


class Appointment(models.Model):
    """`period` blocks the librarian while `ended_at` is empty; `booked_period` is what was asked and never changes.

    `number` is torn per branch and day. `ticket` is the question it was made from, and once it was held, its record.
    A move is a new row that `continues` the old one.
    """

    librarian = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="appointments")
    branch = models.ForeignKey("reservations.Branch", on_delete=models.PROTECT, related_name="appointments")
    on = models.DateField(_("day"))
    number = models.PositiveSmallIntegerField(_("number"))
    category = models.ForeignKey(
        "troubleshooting.Category", on_delete=models.PROTECT, related_name="+", verbose_name=_("topic")
    )
    where = models.CharField(_("where"), max_length=4, choices=Where)
    seat = models.ForeignKey("reservations.Booking", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    period = DateTimeRangeField()
    booked_period = DateTimeRangeField()
    made_at = models.DateTimeField()
    arrived_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=AppointmentOutcome, blank=True)
    ticket = models.ForeignKey(
        "troubleshooting.Ticket", on_delete=models.PROTECT, null=True, blank=True, related_name="appointments"
    )
    continues = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    request_key = models.UUIDField(unique=True, default=uuid.uuid4)
    by_kind = models.CharField(max_length=8)
    by_user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    by_kiosk = models.ForeignKey("reservations.Kiosk", on_delete=models.SET_NULL, null=True, related_name="+")

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("one-to-one")
        verbose_name_plural = _("one-to-ones")
        indexes = [
            models.Index(name="appointment_open", fields=["branch"], condition=Q(ended_at=None)),
            models.Index(name="appointment_day", fields=["branch", "on"]),
        ]
        constraints = [
            ExclusionConstraint(
                name="appointment_one_per_librarian",
                expressions=[("librarian", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
                condition=Q(ended_at=None),
                deferrable=Deferrable.IMMEDIATE,
            ),
            models.UniqueConstraint(name="appointment_number_once_a_day", fields=["branch", "on", "number"]),
            models.CheckConstraint(
                name="appointment_period_has_two_ends",
                condition=Q(period__isempty=False, period__lower_inf=False, period__upper_inf=False)
                & Q(period__endswith__lt=OPEN_END),
            ),
            models.CheckConstraint(
                name="appointment_booked_period_has_two_ends",
                condition=Q(booked_period__isempty=False, booked_period__lower_inf=False)
                & Q(booked_period__upper_inf=False, booked_period__endswith__lt=OPEN_END),
            ),
            models.CheckConstraint(
                name="appointment_end_has_an_outcome",
                condition=Q(ended_at=None, outcome="") | (Q(ended_at__isnull=False) & ~Q(outcome="")),
            ),
            models.CheckConstraint(
                name="appointment_held_has_a_record",
                condition=~Q(outcome="held") | Q(ticket__isnull=False, arrived_at__isnull=False),
            ),
            models.CheckConstraint(
                name="appointment_nobody_came_and_arrived",
                condition=~Q(outcome="not_come") | Q(arrived_at=None),
            ),
            models.CheckConstraint(name="appointment_seat_is_at_a_computer", condition=Q(seat=None) | Q(where="seat")),
            models.CheckConstraint(name="appointment_where_known", condition=Q(where__in=Where.values)),
            models.CheckConstraint(
                name="appointment_outcome_known", condition=Q(outcome__in=["", *AppointmentOutcome.values])
            ),
            models.CheckConstraint(
                name="appointment_actor_known", condition=Q(by_kind__in=["staff", "patron", "client", "system"])
            ),
            models.CheckConstraint(name="appointment_not_its_own_cause", condition=~Q(continues=F("pk"))),
        ]

    def __str__(self) -> str:
        return f"{self.on:%Y-%m-%d} {self.number}"

    @property
    def start(self) -> datetime:
        return cast(datetime, self.period.lower)

    @property
    def end(self) -> datetime:
        return cast(datetime, self.period.upper)

    @property
    def minutes(self) -> int:
        """How long it is, in whole minutes."""
        return int((self.end - self.start).total_seconds() // 60)

    @property
    def place(self) -> str:
        """Where it is, as people say it: "Seat 4", or the reference desk."""
        if self.where == Where.SEAT and self.seat is not None:
            return str(self.seat.device.said)
        return gettext("Reference desk")
