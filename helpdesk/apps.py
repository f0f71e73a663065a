"""The platform app."""

from django.apps import AppConfig


class HelpdeskConfig(AppConfig):
    name = "helpdesk"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from helpdesk import checks  # noqa: F401
        from helpdesk.models import Role
        from helpdesk.registry import MenuEntry, add_menu

        add_menu(MenuEntry("set-up", _("Set-up"), "admin:index", frozenset({Role.MANAGER}), order=95))
