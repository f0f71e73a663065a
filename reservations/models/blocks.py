"""Blocks: what takes several devices at once, once or as a series; each occurrence is a row of every device."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class BlockKind(models.TextChoices):
    """The same values as the kind of the rows it makes."""

    CLASS = "class", _("class")
    UPKEEP = "upkeep", _("planned maintenance")


class Block(models.Model):
    """A class or a planned maintenance. `starts` and `ends` are those of the first one, local time of the branch.

    `rule` is an RRULE of RFC 5545 without DTSTART ("FREQ=WEEKLY;COUNT=20"), empty for a single one; `left_out` are the
    days on which it does not take place.
    """

    Kind = BlockKind

    branch = models.ForeignKey("reservations.Branch", on_delete=models.PROTECT, related_name="blocks")
    kind = models.CharField(_("kind"), max_length=8, choices=BlockKind, default=BlockKind.CLASS)
    title = models.CharField(_("what it is for"), max_length=60)
    devices = models.ManyToManyField("reservations.Device", verbose_name=_("seats"), related_name="blocks")
    first_on = models.DateField(_("day"))
    starts = models.TimeField(_("from"))
    ends = models.TimeField(_("to"))
    rule = models.CharField(max_length=200, blank=True)
    also_closed = models.BooleanField(_("also where the library is closed then"), default=False)
    left_out = ArrayField(models.DateField(), default=list, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)  # called off: what was to come is gone
    request_key = models.UUIDField(unique=True, default=uuid.uuid4)

    class Meta:
        verbose_name = _("block")
        verbose_name_plural = _("blocks")
        ordering = ["first_on", "starts", "pk"]
        constraints = [
            models.CheckConstraint(name="block_kind_known", condition=Q(kind__in=BlockKind.values)),
            models.CheckConstraint(name="block_not_empty", condition=~Q(starts=F("ends"))),
        ]

    def __str__(self) -> str:
        return self.title
