"""What is wrong, who helps, by when."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TroubleshootingConfig(AppConfig):
    name = "troubleshooting"
    verbose_name = _("Troubleshooting")  # type: ignore[assignment]
    default_auto_field = "django.db.models.BigAutoField"
