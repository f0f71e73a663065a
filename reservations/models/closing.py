"""Days unlike others: what closing early, or other hours of a day, took from people, so that it can be given back."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class EarlyClosingQuerySet(models.QuerySet["EarlyClosing"]):
    def standing(self) -> "EarlyClosingQuerySet":
        """Return those that hold: nobody has taken them back."""
        return self.filter(undone_at=None)


class EarlyClosing(models.Model):
    """The library closes at `closes_at`, local time, on the branch day `on`, to which the hours after midnight belong.

    `kept` are the special hours that the day had before, `changed` the rows that it made shorter or took away, by
    primary key with the end each had, so that it can be taken back or planned anew from how the day was.
    """

    branch = models.ForeignKey("reservations.Branch", on_delete=models.CASCADE, related_name="early_closings")
    on = models.DateField(_("day"))
    closes_at = models.TimeField(_("closes at"))
    reason = models.CharField(_("reason"), max_length=80)
    kept = models.JSONField(default=list)
    changed = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = EarlyClosingQuerySet.as_manager()

    class Meta:
        verbose_name = _("early closing")
        verbose_name_plural = _("early closings")
        ordering = ["on", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="early_closing_once_a_day", fields=["branch", "on"], condition=Q(undone_at=None)
            ),
            models.CheckConstraint(name="early_closing_says_why", condition=~Q(reason="")),
            models.CheckConstraint(
                name="early_closing_undone_after", condition=Q(undone_at=None) | Q(undone_at__gte=F("at"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on:%Y-%m-%d} {self.closes_at:%H:%M}"


class HoursChange(models.Model):
    """What special hours, a closed day or weekly hours took from people on the branch day `on`.

    `changed` holds the rows by primary key with the end each had before, and the places in line that ended.
    """

    branch = models.ForeignKey("reservations.Branch", on_delete=models.CASCADE, related_name="hours_changes")
    on = models.DateField(_("day"))
    changed = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("change of hours")
        verbose_name_plural = _("changes of hours")
        ordering = ["on", "pk"]
        constraints = [models.UniqueConstraint(name="hours_change_once_a_day", fields=["branch", "on"])]

    def __str__(self) -> str:
        return f"{self.on:%Y-%m-%d}"
