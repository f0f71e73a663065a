"""A branch's rules as data. Presets of published library policies are in reservations/presets.py."""

from typing import TYPE_CHECKING, Any

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from reservations.models.choices import Ahead, DayScope, Extension, HorizonUnit, NoShowResult
from reservations.models.source import WhenAway
from reservations.rules.sanity import contradictions
from reservations.rules.sanity_classes import of_class
from reservations.rules.sense import Contradiction

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django_stubs_ext import StrOrPromise


def minutes(label: "StrOrPromise", default: int, low: int = 0, high: int = 1440) -> "models.PositiveSmallIntegerField":  # type: ignore[type-arg]
    """Return a column of minutes between `low` and `high`."""
    return models.PositiveSmallIntegerField(
        label, default=default, validators=[MinValueValidator(low), MaxValueValidator(high)]
    )


number = minutes  # the same column, of things instead of minutes


def limit(label: "StrOrPromise", low: int = 1, high: int = 10080) -> "models.PositiveSmallIntegerField":  # type: ignore[type-arg]
    """Return a column of an optional limit; empty is no limit."""
    return models.PositiveSmallIntegerField(
        label, null=True, blank=True, validators=[MinValueValidator(low), MaxValueValidator(high)]
    )


def _warnings() -> list[int]:
    return [10, 5, 1]


class Policy(models.Model):
    """The rules that bookings of a branch keep; `*_minutes` are minutes. What a class changes is a ClassRule."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    source = models.CharField(_("where the rules come from"), max_length=200, blank=True)

    # How long
    session_minutes = minutes(_("session length"), 60, 5)
    day_minutes = minutes(_("minutes a day"), 120, 5)
    day_scope = models.CharField(_("limits count over"), max_length=8, choices=DayScope, default=DayScope.SYSTEM)
    sessions_a_day = limit(_("sessions a day"), high=50)
    week_minutes = limit(_("minutes a week, from Monday"))
    break_minutes = minutes(_("break between two sessions"), 0)
    missed_count = models.BooleanField(_("missed minutes count as used"), default=True)

    # Guests and ages
    guests_allowed = models.BooleanField(_("guest passes may book"), default=True)
    guest_session_minutes = minutes(_("session length for guests"), 60, 5)
    guest_day_minutes = minutes(_("minutes a day for guests"), 60, 5)
    guest_pass_days = number(_("a guest pass is good for at most, in days"), 1, 1, 14)
    guest_self_service = models.BooleanField(_("people take a guest pass at the kiosk themselves"), default=False)
    guest_self_a_day = number(_("passes a kiosk gives out in a day"), 20, 1, 500)
    staff_below_age = models.PositiveSmallIntegerField(
        _("staff book for people younger than"), default=0, validators=[MaxValueValidator(130)]
    )
    family_seats = number(_("seats for somebody with an adult"), 1, 0, 4)

    # Ahead
    ahead = models.CharField(_("seats can be booked for later"), max_length=10, choices=Ahead, default=Ahead.ALWAYS)
    horizon_days = models.PositiveSmallIntegerField(_("days ahead"), default=7, validators=[MaxValueValidator(90)])
    horizon_unit = models.CharField(_("days ahead are"), max_length=10, choices=HorizonUnit, default=HorizonUnit.DAYS)
    open_bookings = models.PositiveSmallIntegerField(
        _("open bookings"), default=2, validators=[MinValueValidator(1), MaxValueValidator(50)]
    )
    start_every_minutes = minutes(_("bookings begin every"), 30, 5, 120)

    # Coming late, or not at all
    grace_minutes = minutes(_("grace period"), 10, 1, 60)
    least_left_minutes = minutes(_("time that must be left to sit down"), 0, 0, 120)
    no_shows = limit(_("missed bookings before a consequence"), high=50)
    no_show_days = models.PositiveSmallIntegerField(
        _("counted over days"), default=14, validators=[MinValueValidator(1), MaxValueValidator(90)]
    )
    no_show_result = models.CharField(
        _("then, the patron has"), max_length=8, choices=NoShowResult, default=NoShowResult.WALK_UP
    )
    no_show_penalty_days = models.PositiveSmallIntegerField(
        _("for days"), default=7, validators=[MinValueValidator(1), MaxValueValidator(90)]
    )

    # The room
    min_slot_minutes = minutes(_("shortest useful slot"), 10, 1, 120)
    gap_minutes = minutes(_("cleaning gap"), 5, 0, 60)
    stop_minutes = minutes(_("computers stop before closing"), 15, 0, 60)
    last_booking_minutes = minutes(_("bookings end before closing"), 15, 0, 180)

    # Time that bends
    extension = models.CharField(
        _("sessions are made longer by"), max_length=10, choices=Extension, default=Extension.AUTOMATIC
    )
    extension_minutes = minutes(_("one extension"), 15, 1, 240)
    extensions_most = limit(_("extensions of one session"), high=50)
    extension_counts = models.BooleanField(_("extensions count toward the limits"), default=True)
    soft_landing_minutes = minutes(_("to finish a form or a video visit"), 15, 0, 60)
    help_minutes = minutes(_("waiting for staff gives back at most"), 15, 0, 60)
    resume_minutes = minutes(_("back to a seat left by mistake within"), 10, 0, 60)
    warning_minutes = ArrayField(
        models.PositiveSmallIntegerField(),
        verbose_name=_("warnings before the end, in minutes"),
        default=_warnings,
        blank=True,
    )

    # While the library system is away
    when_away = models.CharField(_("cards may then be used"), max_length=10, choices=WhenAway, default="allowance")
    away_minutes = minutes(_("for a card that cannot be checked"), 30, 5, 240)

    # The line
    claim_minutes = minutes(_("a called number is held for"), 5, 1, 60)

    class Meta:
        verbose_name = _("policy")
        verbose_name_plural = _("policies")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="policy_slot_fits_session",
                condition=Q(min_slot_minutes__lte=F("session_minutes"))
                & Q(min_slot_minutes__lte=F("guest_session_minutes")),
                violation_error_message=_("The shortest useful slot is longer than a session. Make it shorter."),
            ),
            models.CheckConstraint(
                name="policy_session_fits_day",
                condition=Q(session_minutes__lte=F("day_minutes"))
                & Q(guest_session_minutes__lte=F("guest_day_minutes")),
                violation_error_message=_("A session is longer than the minutes a day. Make it shorter."),
            ),
            models.CheckConstraint(
                name="policy_session_fits_week",
                condition=Q(week_minutes=None) | Q(session_minutes__lte=F("week_minutes")),
                violation_error_message=_("A session is longer than the minutes a week. Make it shorter."),
            ),
            models.CheckConstraint(
                name="policy_bookings_end_before_the_stop",
                condition=Q(last_booking_minutes__gte=F("stop_minutes")),
                violation_error_message=_("Bookings would end after the computers stop. Let them end earlier."),
            ),
            models.CheckConstraint(
                name="policy_numbers_sane",
                condition=Q(session_minutes__gte=5)
                & Q(guest_session_minutes__gte=5)
                & Q(min_slot_minutes__gte=1)
                & Q(open_bookings__gte=1)
                & Q(grace_minutes__gte=1)
                & Q(extension_minutes__gte=1)
                & Q(start_every_minutes__gte=5)
                & Q(claim_minutes__gte=1)
                & Q(guest_pass_days__gte=1)
                & Q(guest_self_a_day__gte=1),
            ),
            models.CheckConstraint(name="policy_when_away_known", condition=Q(when_away__in=WhenAway.values)),
            models.CheckConstraint(
                name="policy_choices_known",
                condition=Q(day_scope__in=DayScope.values)
                & Q(horizon_unit__in=HorizonUnit.values)
                & Q(ahead__in=Ahead.values)
                & Q(extension__in=Extension.values)
                & Q(no_show_result__in=NoShowResult.values),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse a policy that contradicts itself, with the reason and the next step at its field."""
        _refuse(contradictions(columns_of(self)))

    @cached_property
    def _rules(self) -> "dict[int, ClassRule]":
        return {rule.device_class_id: rule for rule in self.class_rules.all()}

    def know(self, rules: "Iterable[ClassRule]") -> None:
        """Take `rules` as this policy's, so that `rule_for` asks nothing."""
        self.__dict__["_rules"] = {rule.device_class_id: rule for rule in rules}

    @property
    def looks_back(self) -> bool:
        """Return whether a rule needs more of the past than the branch day."""
        return self.week_minutes is not None or self.no_shows is not None

    @property
    def ruled_classes(self) -> "list[int]":
        """Return the classes of which this policy says something."""
        return list(self._rules)

    def rule_for(self, class_id: int | None) -> "ClassRule":
        """Return what this policy says of a class, plain defaults where it says nothing.

        One query for all classes, none after `know`.
        """
        return self._rules.get(class_id or 0) or ClassRule()


class Access(models.TextChoices):
    """Who sits at an accessible station. Nobody is asked for a proof: what counts is the need a person names."""

    ANYONE = "anyone", _("anybody")
    FIRST = "first", _("people who need it book it, others sit there while it is free")
    ONLY = "only", _("people who need it")


class ClassRule(models.Model):
    """What a policy says of one class of devices. Empty numbers are the policy's own; no row: all of them are."""

    policy = models.ForeignKey(Policy, on_delete=models.CASCADE, related_name="class_rules")
    device_class = models.ForeignKey("reservations.DeviceClass", on_delete=models.CASCADE, related_name="rules")
    walk_up_only = models.BooleanField(_("walk up only"), default=False)
    session_minutes = limit(_("session length"), 5, 1440)
    day_minutes = limit(_("minutes a day"), 5, 1440)
    sessions_a_day = limit(_("sessions a day"), high=50)
    in_a_row = limit(_("sessions in a row"), high=50)
    grace_minutes = limit(_("grace period"), high=60)
    horizon_days = models.PositiveSmallIntegerField(
        _("days ahead"), null=True, blank=True, validators=[MaxValueValidator(90)]
    )
    counts_toward_day = models.BooleanField(_("counts toward the limits"), default=True)
    extendable = models.BooleanField(_("sessions can be made longer"), default=True)
    guests_allowed = models.BooleanField(_("guest passes may book"), null=True, blank=True)
    least_age = models.PositiveSmallIntegerField(_("from age"), default=0)
    greatest_age = models.PositiveSmallIntegerField(_("to age"), default=130)
    supervised_below = models.PositiveSmallIntegerField(_("with an adult below age"), default=0)
    access = models.CharField(_("who sits there"), max_length=6, choices=Access, default=Access.ANYONE)

    class Meta:
        verbose_name = _("rule for a class")
        verbose_name_plural = _("rules for classes")
        ordering = ["policy", "device_class__name"]
        constraints = [
            models.UniqueConstraint(name="class_rule_once_per_policy", fields=["policy", "device_class"]),
            models.CheckConstraint(name="class_rule_ages_ordered", condition=Q(least_age__lte=F("greatest_age"))),
            models.CheckConstraint(
                name="class_rule_session_fits_day",
                condition=Q(session_minutes=None) | Q(day_minutes=None) | Q(session_minutes__lte=F("day_minutes")),
                violation_error_message=_("A session is longer than the minutes a day. Make it shorter."),
            ),
            models.CheckConstraint(
                name="class_rule_session_sane", condition=Q(session_minutes=None) | Q(session_minutes__gte=5)
            ),
            models.CheckConstraint(name="class_rule_access_known", condition=Q(access__in=Access.values)),
        ]

    def __str__(self) -> str:
        return f"{self.policy}, {self.device_class}"

    def clean(self) -> None:
        """Refuse a rule that contradicts itself or its policy."""
        _refuse(of_class(columns_of(self), columns_of(self.policy) if self.policy_id else {}))


def columns_of(row: models.Model) -> dict[str, Any]:
    """Return what a row says under its column names."""
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def _refuse(found: "Iterable[Contradiction]") -> None:
    """Raise ValidationError with every contradiction at its field."""
    errors: dict[str, list[str]] = {}
    for each in found:
        errors.setdefault(each.field, []).append(each.sentence)
    if errors:
        raise ValidationError(errors)
