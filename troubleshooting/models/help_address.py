"""Which help address of a device is the present one."""

from django.conf import settings
from django.db import models


class HelpAddress(models.Model):
    """The version of a device's help address; without a row it is the first one. Older addresses lead nowhere."""

    device = models.OneToOneField("reservations.Device", on_delete=models.CASCADE, related_name="+")
    version = models.PositiveIntegerField(default=0)
    renewed_at = models.DateTimeField()
    renewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.device_id}/{self.version}"
