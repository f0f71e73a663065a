"""The waiting line: a person's place in it is a Turn with a number; only line/ writes it."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from reservations.models.story import ACTOR_KNOWN, StoryLine


class TurnOutcome(models.TextChoices):
    """How a place in line ended."""

    SEATED = "seated", _("took the seat")
    LEFT = "left", _("left the line")
    MISSED = "missed", _("did not come when called")
    CLOSED = "closed", _("the library closed")
    REMOVED = "removed", _("taken out by staff")


class TurnQuerySet(models.QuerySet["Turn"]):
    def open(self) -> "TurnQuerySet":
        """Return the places that still wait or are called."""
        return self.filter(ended_at=None)

    def in_order(self) -> "TurnQuerySet":
        """Return places in the order in which they are served."""
        return self.order_by("place_at", "pk")


class Turn(models.Model):
    """A place in line at a branch. While `offer` is set, a seat is held for it.

    `place_at` orders the line: it is `joined_at` until staff let somebody else go first. The promise is the range in
    which a seat was first promised; `expected_*` is what is said now. The link to the patron ends with the branch day.
    """

    Outcome = TurnOutcome

    branch = models.ForeignKey("reservations.Branch", on_delete=models.PROTECT, related_name="turns")
    on = models.DateField()  # the branch day
    number = models.CharField(_("number"), max_length=6)
    patron = models.ForeignKey(
        "reservations.Patron", on_delete=models.SET_NULL, related_name="turns", null=True, blank=True
    )
    device_class = models.ForeignKey(
        "reservations.DeviceClass", on_delete=models.PROTECT, related_name="turns", null=True, blank=True
    )
    needs = ArrayField(models.SlugField(max_length=30), default=list, blank=True)
    minutes = models.PositiveSmallIntegerField()
    joined_at = models.DateTimeField()
    place_at = models.DateTimeField()
    promised_low_at = models.DateTimeField(null=True, blank=True)
    promised_high_at = models.DateTimeField(null=True, blank=True)
    expected_low_at = models.DateTimeField(null=True, blank=True)
    expected_high_at = models.DateTimeField(null=True, blank=True)
    expected_device = models.ForeignKey(
        "reservations.Device", on_delete=models.SET_NULL, related_name="+", null=True, blank=True
    )
    offer = models.OneToOneField(
        "reservations.Booking", on_delete=models.PROTECT, related_name="turn", null=True, blank=True
    )
    first_called_at = models.DateTimeField(null=True, blank=True)
    called_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=8, choices=TurnOutcome, blank=True)
    reason = models.CharField(max_length=200, blank=True)  # why staff took it out of the line
    request_key = models.UUIDField(unique=True, default=uuid.uuid4)

    objects = TurnQuerySet.as_manager()

    class Meta:
        verbose_name = _("place in line")
        verbose_name_plural = _("places in line")
        indexes = [
            models.Index(name="turn_open_by_branch", fields=["branch", "place_at"], condition=Q(ended_at=None)),
            models.Index(name="turn_called", fields=["branch", "first_called_at"]),
            models.Index(name="turn_by_patron", fields=["patron"], condition=Q(patron__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(name="turn_number_once_a_day", fields=["branch", "on", "number"]),
            models.UniqueConstraint(name="turn_one_per_patron", fields=["patron"], condition=Q(ended_at=None)),
            models.CheckConstraint(
                name="turn_end_has_an_outcome",
                condition=Q(ended_at=None, outcome="") | (Q(ended_at__isnull=False) & ~Q(outcome="")),
            ),
            models.CheckConstraint(
                name="turn_open_has_a_patron", condition=Q(patron__isnull=False) | Q(ended_at__isnull=False)
            ),
            models.CheckConstraint(name="turn_offer_was_called", condition=Q(offer=None) | Q(called_at__isnull=False)),
            models.CheckConstraint(
                name="turn_ranges_ordered",
                condition=(
                    Q(promised_low_at=None, promised_high_at=None) | Q(promised_low_at__lte=F("promised_high_at"))
                )
                & (Q(expected_low_at=None, expected_high_at=None) | Q(expected_low_at__lte=F("expected_high_at"))),
            ),
            models.CheckConstraint(name="turn_outcome_known", condition=Q(outcome__in=["", *TurnOutcome.values])),
            models.CheckConstraint(name="turn_removed_for_a_reason", condition=~Q(outcome="removed") | ~Q(reason="")),
            models.CheckConstraint(name="turn_minutes_sane", condition=Q(minutes__gte=1)),
        ]

    def __str__(self) -> str:
        return self.number


class TurnEvent(StoryLine):
    """One line of the story of a place in line."""

    turn = models.ForeignKey(Turn, on_delete=models.CASCADE, related_name="events")

    class Meta(StoryLine.Meta):
        constraints = [models.CheckConstraint(name="turn_event_actor_known", condition=ACTOR_KNOWN)]


class BranchPace(models.Model):
    """What a branch's own history says of how long people stay; learned anew by a job."""

    branch = models.ForeignKey("reservations.Branch", on_delete=models.CASCADE, related_name="paces")
    device_class = models.ForeignKey("reservations.DeviceClass", on_delete=models.CASCADE, related_name="+")
    shares = ArrayField(models.FloatField())  # deciles of used time over planned time
    missed = models.FloatField()
    samples = models.PositiveIntegerField()
    learned_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="pace_once_per_class", fields=["branch", "device_class"]),
            models.CheckConstraint(name="pace_has_deciles", condition=Q(shares__len=11)),
            models.CheckConstraint(name="pace_missed_is_a_share", condition=Q(missed__gte=0, missed__lte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.branch}, {self.device_class}"
