"""What a policy chooses among, in words."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DayScope(models.TextChoices):
    SYSTEM = "system", _("all branches together")
    BRANCH = "branch", _("each branch for itself")


class HorizonUnit(models.TextChoices):
    DAYS = "days", _("days")
    OPEN_DAYS = "open_days", _("days on which the branch opens")


class Ahead(models.TextChoices):
    """Whether seats can be booked for later at all."""

    ALWAYS = "always", _("yes")
    WHEN_FULL = "when_full", _("only while no seat is free now")
    NEVER = "never", _("no, walk up or wait in line")


class Extension(models.TextChoices):
    """Who may make a running session longer; each choice includes the ones before it."""

    NONE = "none", _("nobody")
    STAFF = "staff", _("staff")
    ASKED = "asked", _("the patron, on request")
    AUTOMATIC = "automatic", _("by itself while nobody waits")


class NoShowResult(models.TextChoices):
    WALK_UP = "walk_up", _("only seats that are free now")
    BLOCK = "block", _("no seat without our staff")
