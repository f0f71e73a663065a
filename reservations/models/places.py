"""Branches, their areas and opening times, and who works where."""

from datetime import time
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from helpdesk import names
from helpdesk.week import Weekday, WeekMinutes

if TYPE_CHECKING:
    from helpdesk.models import User


class BranchQuerySet(models.QuerySet["Branch"]):
    def visible_to(self, user: "User") -> "BranchQuerySet":
        """Return the branches `user` works at: all for the tech and managers, else those of the posts."""
        if user.serves_all_branches:
            return self
        return self.filter(posts__user=user)


class Branch(models.Model):
    """One library building. Its row is the first lock of every write on its timeline."""

    name = models.CharField(_("name"), max_length=60, unique=True, validators=[names.visible])
    slug = models.SlugField(_("short name"), max_length=40, unique=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    policy = models.ForeignKey(
        "reservations.Policy", verbose_name=_("policy"), on_delete=models.PROTECT, related_name="branches"
    )
    numbers_on = models.DateField(null=True, editable=False)  # the branch day of the last number drawn
    numbers_drawn = models.PositiveIntegerField(default=0, editable=False)  # on that day

    objects = BranchQuerySet.as_manager()

    class Meta:
        verbose_name = _("branch")
        verbose_name_plural = _("branches")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name


class StaffPost(models.Model):
    """A member of staff works at a branch. The tech and managers serve all branches without a post."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="posts")
    branch = models.ForeignKey(Branch, on_delete=models.CASCADE, related_name="posts")

    class Meta:
        verbose_name = _("staff post")
        verbose_name_plural = _("staff posts")
        constraints = [models.UniqueConstraint(name="one_post_per_branch", fields=["user", "branch"])]

    def __str__(self) -> str:
        return f"{self.user} · {self.branch}"


class Area(models.Model):
    """A part of the room as people name it: "Window row"."""

    branch = models.ForeignKey(Branch, on_delete=models.CASCADE, related_name="areas")
    name = models.CharField(_("name"), max_length=60, validators=[names.visible])
    hint = models.CharField(_("hint"), max_length=60, blank=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("area")
        verbose_name_plural = _("areas")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                "branch",
                Lower("name"),
                name="area_once_per_branch",
                violation_error_message=_("This branch has an area with this name. Choose another name."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.branch}, {self.name}"


class _WeekMinutes(WeekMinutes):
    """An opening as minutes of its week."""

    def __init__(self) -> None:
        super().__init__("weekday", "opens", "closes")


class OpeningHours(models.Model):
    """One opening of a weekday, local time. A lunch closure is two rows; closing before opening is after midnight."""

    branch = models.ForeignKey(Branch, on_delete=models.CASCADE, related_name="opening_hours")
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday)
    opens = models.TimeField(_("opens"))
    closes = models.TimeField(_("closes"))

    class Meta:
        verbose_name = _("opening hours")
        verbose_name_plural = _("opening hours")
        ordering = ["branch", "weekday", "opens"]
        constraints = [
            models.CheckConstraint(name="opening_weekday_known", condition=Q(weekday__lte=6)),
            models.CheckConstraint(
                name="opening_not_empty",  # midnight to midnight is a whole day; any other equal pair is a slip
                condition=~Q(opens=F("closes")) | Q(opens=time(0)),
                violation_error_message=_("It closes when it opens. Change one of the two."),
            ),
            ExclusionConstraint(
                name="opening_hours_do_not_overlap",
                expressions=[("branch", "="), (_WeekMinutes(), "&&")],
                violation_error_message=_("These hours overlap other hours of the same day. Change one of them."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens:%H:%M} {self.closes:%H:%M}"


class Closure(models.Model):
    """A whole branch day without opening: a holiday (no branch: everywhere) or a closed day."""

    branch = models.ForeignKey(Branch, on_delete=models.CASCADE, related_name="closures", null=True, blank=True)
    on = models.DateField(_("day"))
    reason = models.CharField(_("reason"), max_length=80)

    class Meta:
        verbose_name = _("closure")
        verbose_name_plural = _("closures")
        ordering = ["on"]
        constraints = [models.UniqueConstraint(name="closure_once", fields=["branch", "on"], nulls_distinct=False)]

    def __str__(self) -> str:
        return f"{self.on:%Y-%m-%d} {self.reason}"


class SpecialHours(models.Model):
    """One opening of a single day in the place of the weekday's: a late opening, an early closing, an extra day."""

    branch = models.ForeignKey(Branch, on_delete=models.CASCADE, related_name="special_hours")
    on = models.DateField(_("day"))
    opens = models.TimeField(_("opens"))
    closes = models.TimeField(_("closes"))
    reason = models.CharField(_("reason"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("special hours")
        verbose_name_plural = _("special hours")
        ordering = ["on", "opens"]
        constraints = [
            models.UniqueConstraint(name="special_hours_once", fields=["branch", "on", "opens"]),
            models.CheckConstraint(
                name="special_hours_not_empty",
                condition=~Q(opens=F("closes")) | Q(opens=time(0)),
                violation_error_message=_("It closes when it opens. Change one of the two."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on:%Y-%m-%d} {self.opens:%H:%M} {self.closes:%H:%M}"
