"""Staff accounts. A role opens screens; the branches a person works at are StaffPost rows of reservations."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    DESK = "desk", _("Desk")
    REFERENCE = "reference", _("Reference")
    TECH = "tech", _("IT")
    MANAGER = "manager", _("Manager")


SERVE_ALL = frozenset({Role.TECH, Role.MANAGER})  # the one tech and the managers see every branch


class User(AbstractUser):
    """A post at a desk, not a person: first and last name stay empty in the demo and optional elsewhere."""

    role = models.CharField(_("role"), max_length=12, choices=Role, default=Role.DESK)
    sound = models.BooleanField(_("sound for new items"), default=False)

    REQUIRED_FIELDS = ["email", "role"]  # `createsuperuser` asks for them: the first manager is made there

    class Meta:
        constraints = [
            models.CheckConstraint(name="user_role_known", condition=models.Q(role__in=Role.values)),
        ]

    @property
    def serves_all_branches(self) -> bool:
        """The one tech and the managers see every branch."""
        return self.role in SERVE_ALL
