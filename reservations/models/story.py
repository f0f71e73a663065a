"""One line of a story: what happened when, why, and who did it. Names no patron; staff text is plain text."""

from django.conf import settings
from django.db import models
from django.db.models import Q

ACTOR_KNOWN = Q(by_kind__in=["staff", "patron", "client", "system"])


class StoryLine(models.Model):
    """What every event row keeps; only verbs append them."""

    at = models.DateTimeField()
    what = models.CharField(max_length=20)
    reason = models.CharField(max_length=200, blank=True)
    detail = models.JSONField(default=dict, blank=True)
    by_kind = models.CharField(max_length=8)
    by_user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    by_kiosk = models.ForeignKey("reservations.Kiosk", on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        abstract = True
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.at:%H:%M} {self.what}"
