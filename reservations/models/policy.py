"""A branch's rules as data. Presets of published library policies are in reservations/presets.py."""

from typing import TYPE_CHECKING

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class DayScope(models.TextChoices):
    SYSTEM = "system", _("all branches together")
    BRANCH = "branch", _("each branch for itself")


def _minutes(
    label: "StrOrPromise", default: int, low: int = 0, high: int = 1440
) -> "models.PositiveSmallIntegerField[int, int]":
    return models.PositiveSmallIntegerField(
        label, default=default, validators=[MinValueValidator(low), MaxValueValidator(high)]
    )


class Policy(models.Model):
    """The rules that bookings of a branch keep; `*_minutes` are minutes, `horizon_days` calendar days."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    source = models.CharField(_("where the rules come from"), max_length=200, blank=True)
    session_minutes = _minutes(_("session length"), 60, 5)
    guest_session_minutes = _minutes(_("session length for guests"), 60, 5)
    day_minutes = _minutes(_("minutes a day"), 120, 5)
    guest_day_minutes = _minutes(_("minutes a day for guests"), 60, 5)
    day_scope = models.CharField(_("daily minutes count over"), max_length=8, choices=DayScope, default=DayScope.SYSTEM)
    horizon_days = models.PositiveSmallIntegerField(_("days ahead"), default=7, validators=[MaxValueValidator(90)])
    open_bookings = models.PositiveSmallIntegerField(
        _("open bookings"), default=2, validators=[MinValueValidator(1), MaxValueValidator(50)]
    )
    grace_minutes = _minutes(_("grace period"), 10, 1, 60)
    min_slot_minutes = _minutes(_("shortest useful slot"), 10, 1, 120)
    gap_minutes = _minutes(_("cleaning gap"), 5, 0, 60)
    stop_minutes = _minutes(_("computers stop before closing"), 15, 0, 60)

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
                name="policy_numbers_sane",
                condition=Q(session_minutes__gte=5)
                & Q(guest_session_minutes__gte=5)
                & Q(min_slot_minutes__gte=1)
                & Q(open_bookings__gte=1)
                & Q(grace_minutes__gte=1),
            ),
            models.CheckConstraint(name="policy_day_scope_known", condition=Q(day_scope__in=DayScope.values)),
        ]

    def __str__(self) -> str:
        return self.name
