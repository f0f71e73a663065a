"""The timeline: a Booking is anything that occupies a device for a period; only booking/ writes it."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Deferrable, F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from reservations.models.story import ACTOR_KNOWN, StoryLine
from reservations.period import over_at, period


class Kind(models.TextChoices):
    PATRON = "patron", _("booking")
    CLASS = "class", _("class")
    OFFER = "offer", _("offer to the line")
    REPAIR = "repair", _("repair")
    UPKEEP = "upkeep", _("planned maintenance")


OUT = frozenset({Kind.REPAIR, Kind.UPKEEP})  # nobody sits there: out of service, no cleaning before or after


class Outcome(models.TextChoices):
    """How a row ended."""

    FINISHED = "finished", _("finished")
    RAN_OUT = "ran_out", _("time was up")
    NO_SHOW = "no_show", _("nobody came")
    CANCELLED = "cancelled", _("cancelled")
    DISPLACED = "displaced", _("displaced by a fault")
    RETURNED = "returned", _("back in service")
    MOVED = "moved", _("moved to another seat")


class BookingQuerySet(models.QuerySet["Booking"]):
    def open(self) -> "BookingQuerySet":
        """Return the rows that still hold their device (settled or not)."""
        return self.filter(ended_at=None)

    def overlapping(self, start: datetime, end: datetime | None) -> "BookingQuerySet":
        """Return rows whose period meets [start, end); `end` None is open. Uses &&, so open ends are found."""
        return self.filter(period__overlap=period(start, end))

    def stale(self, now: datetime) -> "BookingQuerySet":
        """Return open rows that a rule has already ended at `now`: time up, or nobody came."""
        missed = Q(checked_in_at=None, check_in_by__lte=now)
        return self.open().filter(_is_up(now) | missed)

    def live(self, now: datetime) -> "BookingQuerySet":
        """Return open rows that no rule has ended at `now`."""
        return self.open().exclude(_is_up(now)).exclude(checked_in_at=None, check_in_by__lte=now)

    def holding(self, start: datetime, end: datetime) -> "BookingQuerySet":
        """Return open rows that hold their device between `start` and `end`; one out of service, however long it is."""
        return self.open().filter(holds(start, end))


def holds(start: datetime, end: datetime) -> Q:
    """Return the condition that an open row meets [start, end): a repair that is overdue goes on."""
    return Q(period__overlap=period(start, end)) | Q(kind=Kind.REPAIR, period__fully_lt=period(end, None))


def _is_up(now: datetime) -> Q:
    """Return the condition that time has ended a row; a repair stays until somebody says that it is done."""
    return Q(period__fully_lt=period(now, None)) & ~Q(kind=Kind.REPAIR)


class TimelineRow:
    """What a row of the timeline says of itself, whether it was read whole or as the columns a board shows."""

    if TYPE_CHECKING:
        device_id: Any
        kind: Any
        note: Any
        number: Any
        patron: Any
        check_in_by: Any
        checked_in_at: Any
        ended_at: Any
        help_at: Any

        @property
        def start(self) -> datetime: ...
        @property
        def end(self) -> datetime | None: ...

    @property
    def who(self) -> str:
        """Who it is for, as staff screens say it: the last digits of a card, a guest pass, a class; never a name."""
        if self.kind == Kind.CLASS:
            return self.note or gettext("class")
        if self.kind in OUT:
            return self.note or gettext("out of service")
        if self.number:
            return str(self.number)
        if self.patron is None:
            return gettext("no card")
        alias = str(self.patron.alias)
        is_whole = self.patron.is_guest or alias.endswith("+")  # of somebody with an adult it is stored as it is said
        return alias if is_whole else f"…{alias}"

    def effective_end(self, now: datetime) -> datetime | None:
        """Return the moment a rule has ended this row at `now`, or None while it still stands."""
        return over_at(
            now,
            end=None if self.kind == Kind.REPAIR else self.end,
            check_in_by=self.check_in_by,
            checked_in_at=self.checked_in_at,
            ended_at=self.ended_at,
        )

    def until(self, now: datetime) -> datetime | None:
        """Return until when the row holds its device; a repair that was to be over by `now` holds it without an end."""
        return None if self.kind == Kind.REPAIR and self.end and self.end <= now else self.end

    def minutes(self) -> int:
        """Return the length of `period` in whole minutes, rounded up."""
        if self.end is None:
            return 0
        return -(-(self.end - self.start) // timedelta(minutes=1))


class Booking(TimelineRow, models.Model):
    """`period` blocks the device while `ended_at` is empty; `booked_period` is what was asked and never changes."""

    Kind = Kind
    Outcome = Outcome

    branch = models.ForeignKey("reservations.Branch", on_delete=models.PROTECT, related_name="bookings")
    device = models.ForeignKey("reservations.Device", on_delete=models.PROTECT, related_name="bookings")
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.PATRON)
    patron = models.ForeignKey(
        "reservations.Patron", on_delete=models.SET_NULL, related_name="bookings", null=True, blank=True
    )
    period = DateTimeRangeField()
    booked_period = DateTimeRangeField()
    check_in_by = models.DateTimeField(null=True, blank=True)
    checked_in_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    walk_up = models.BooleanField(default=False)
    continues = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="continued_by")
    displaced_by = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="displaced")
    note = models.CharField(_("what it is for"), max_length=120, blank=True)
    number = models.CharField(_("number"), max_length=6, blank=True)  # the torn number of a walk-up or a place in line
    needs = ArrayField(models.SlugField(max_length=30), default=list, blank=True)  # features that were asked for
    responsible = models.ForeignKey(  # the adult who booked for somebody else of the family
        "reservations.Patron", on_delete=models.SET_NULL, related_name="supervised", null=True, blank=True
    )
    block = models.ForeignKey(  # the class or the maintenance it is a part of
        "reservations.Block", on_delete=models.PROTECT, related_name="bookings", null=True, blank=True
    )
    yields = models.BooleanField(default=False)  # sits at an accessible station until somebody needs it
    extensions = models.PositiveSmallIntegerField(default=0)
    help_at = models.DateTimeField(null=True, blank=True)  # since when the patron waits for staff
    help_added = models.PositiveSmallIntegerField(default=0)  # minutes put on the end for the help that runs
    help_minutes = models.PositiveSmallIntegerField(default=0)  # minutes of help that do not count
    due_end_at = models.DateTimeField(null=True, blank=True)  # the end a session had before it was finished
    request_key = models.UUIDField(unique=True, default=uuid.uuid4)
    created_at = models.DateTimeField()

    objects = BookingQuerySet.as_manager()

    class Meta:
        verbose_name = _("booking")
        verbose_name_plural = _("bookings")
        indexes = [
            models.Index(name="booking_open_by_branch", fields=["branch"], condition=Q(ended_at=None)),
            models.Index(name="booking_ended_by_device", fields=["device", "ended_at"]),
            models.Index(name="booking_day", fields=["branch", "ended_at"]),
            models.Index(name="booking_by_patron", fields=["patron"], condition=Q(patron__isnull=False)),
        ]
        constraints = [
            ExclusionConstraint(
                name="booking_one_per_device",
                expressions=[("device", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
                condition=Q(ended_at=None),
                deferrable=Deferrable.IMMEDIATE,
            ),
            ExclusionConstraint(
                name="booking_one_per_patron",
                expressions=[("patron", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
                condition=Q(ended_at=None),
                deferrable=Deferrable.IMMEDIATE,
            ),
            models.CheckConstraint(
                name="booking_period_has_a_start",
                condition=Q(period__isempty=False, period__lower_inf=False),
            ),
            models.CheckConstraint(
                name="booking_booked_period_has_a_start",
                condition=Q(booked_period__isempty=False, booked_period__lower_inf=False),
            ),
            models.CheckConstraint(
                name="booking_open_end_is_null",
                condition=Q(period__upper_inf=True) | Q(period__endswith__lt=datetime(9999, 1, 1, tzinfo=UTC)),
            ),
            models.CheckConstraint(
                name="booking_only_repairs_are_open_ended",
                condition=Q(kind="repair") | Q(period__upper_inf=False),
            ),
            models.CheckConstraint(
                name="booking_end_has_an_outcome",
                condition=Q(ended_at=None, outcome="") | (Q(ended_at__isnull=False) & ~Q(outcome="")),
            ),
            models.CheckConstraint(
                name="booking_live_has_a_patron",
                condition=~Q(kind="patron") | Q(patron__isnull=False) | Q(ended_at__isnull=False),
            ),
            models.CheckConstraint(
                name="booking_only_patrons_check_in",
                condition=Q(kind__in=["patron", "offer"]) | Q(check_in_by=None, checked_in_at=None),
            ),
            models.CheckConstraint(
                name="booking_patron_has_check_in",
                condition=~Q(kind="patron") | Q(check_in_by__isnull=False) | Q(checked_in_at__isnull=False),
            ),
            models.CheckConstraint(
                name="booking_only_running_help", condition=Q(help_at=None) | Q(checked_in_at__isnull=False)
            ),
            models.CheckConstraint(
                name="booking_offer_has_a_claim_time", condition=~Q(kind="offer") | Q(check_in_by__isnull=False)
            ),
            models.CheckConstraint(
                name="booking_block_is_no_person", condition=Q(block=None) | Q(kind__in=["class", "upkeep"])
            ),
            models.CheckConstraint(
                name="booking_responsible_is_somebody_else", condition=Q(responsible=None) | ~Q(responsible=F("patron"))
            ),
            models.CheckConstraint(name="booking_kind_known", condition=Q(kind__in=Kind.values)),
            models.CheckConstraint(name="booking_outcome_known", condition=Q(outcome__in=["", *Outcome.values])),
            models.CheckConstraint(
                name="booking_not_its_own_cause", condition=~Q(continues=F("pk")) & ~Q(displaced_by=F("pk"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.device} {self.start:%Y-%m-%d %H:%M}"

    @property
    def start(self) -> datetime:
        return cast(datetime, self.period.lower)

    @property
    def end(self) -> datetime | None:
        return cast(datetime | None, self.period.upper)

    @property
    def is_running(self) -> bool:
        return self.checked_in_at is not None and self.ended_at is None


class BookingEvent(StoryLine):
    """One line of a booking's story. It names no patron; staff text is plain text."""

    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="events")

    class Meta(StoryLine.Meta):
        constraints = [models.CheckConstraint(name="booking_event_actor_known", condition=ACTOR_KNOWN)]
