"""Staff hours: the week that somebody works, and the days on which they are away."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from helpdesk.week import Weekday, WeekMinutes


class Shift(models.Model):
    """One stretch of a person's working week, local time; ending at or before it starts is after midnight."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="shifts")
    branch = models.ForeignKey("reservations.Branch", on_delete=models.CASCADE, related_name="shifts")
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday)
    starts = models.TimeField(_("starts"))
    ends = models.TimeField(_("ends"))

    class Meta:
        verbose_name = _("shift")
        verbose_name_plural = _("shifts")
        ordering = ["user", "weekday", "starts"]
        constraints = [
            models.CheckConstraint(name="shift_weekday_known", condition=Q(weekday__lte=6)),
            models.CheckConstraint(name="shift_not_empty", condition=~Q(starts=F("ends"))),
            ExclusionConstraint(
                name="shifts_of_a_person_do_not_overlap",
                expressions=[("user", "="), (WeekMinutes("weekday", "starts", "ends"), "&&")],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.starts:%H:%M} {self.ends:%H:%M}"


class AbsenceReason(models.TextChoices):
    """Why somebody is away, as far as colleagues need it; nothing about health can be said."""

    AWAY = "away", _("Away")
    COURSE = "course", _("Course or meeting")
    ELSEWHERE = "elsewhere", _("At another branch")


class Absence(models.Model):
    """Days on which somebody does not work where their week says so; both days included."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="absences")
    from_on = models.DateField(_("first day"))
    until_on = models.DateField(_("last day"))
    reason = models.CharField(_("reason"), max_length=10, choices=AbsenceReason, default=AbsenceReason.AWAY)

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        ordering = ["from_on", "pk"]
        constraints = [
            models.CheckConstraint(name="absence_ends_after_it_begins", condition=Q(until_on__gte=F("from_on"))),
            models.CheckConstraint(name="absence_reason_known", condition=Q(reason__in=AbsenceReason.values)),
            ExclusionConstraint(
                name="absences_of_a_person_do_not_overlap",
                expressions=[
                    ("user", "="),
                    (
                        Func(
                            "from_on",
                            "until_on",
                            Value("[]"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        "&&",
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_on:%Y-%m-%d} {self.until_on:%Y-%m-%d}"
