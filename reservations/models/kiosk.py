"""A paired sign-up screen."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from helpdesk import names


class Kiosk(models.Model):
    """A screen that a member of staff paired to a branch once; only a hash of its random token is kept."""

    branch = models.ForeignKey("reservations.Branch", on_delete=models.CASCADE, related_name="kiosks")
    name = models.CharField(_("name"), max_length=40, validators=[names.visible])
    beside = models.ForeignKey(
        "reservations.Area",
        verbose_name=_("stands beside"),
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
    )
    token_hash = models.CharField(max_length=64, unique=True)
    paired_at = models.DateTimeField(_("paired at"))
    paired_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    class Meta:
        verbose_name = _("kiosk")
        verbose_name_plural = _("kiosks")
        constraints = [
            models.CheckConstraint(
                name="kiosk_revoked_after_pairing",
                condition=models.Q(revoked_at=None) | models.Q(revoked_at__gte=models.F("paired_at")),
            ),
            models.UniqueConstraint(
                name="kiosk_paired_once_per_name",
                fields=["branch", "name"],
                condition=models.Q(revoked_at=None),
                violation_error_message=_(
                    "There is a kiosk of this name. Choose another name, or take its pairing back first."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.branch}, {self.name}"

    @property
    def is_paired(self) -> bool:
        return self.revoked_at is None

    @property
    def never_paired(self) -> bool:
        """Whether no screen has been this kiosk yet: it came with an import, without a token that anybody knows."""
        return self.revoked_at == self.paired_at
