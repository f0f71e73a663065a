"""What is wrong, who helps, by when."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TroubleshootingConfig(AppConfig):
    name = "troubleshooting"
    verbose_name = _("Troubleshooting")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from helpdesk import registry
        from helpdesk.registry import HealthFigure, MenuEntry, add_health, add_menu
        from helpdesk.roles import ALL_ROLES, DESK_ROLES, IT_ROLES, REFERENCE_ROLES
        from reservations import signals
        from troubleshooting import library_system, privacy, set_up
        from troubleshooting.handoff import last_sweep_age, oldest_undelivered_age
        from troubleshooting.triage import in_use
        from troubleshooting.wall import desk_scope, help_line

        add_menu(MenuEntry("desk", _("Room board"), "desk", DESK_ROLES, order=10))
        add_menu(MenuEntry("reference", _("Questions"), "reference", REFERENCE_ROLES, order=20))
        add_menu(MenuEntry("it", _("Faults"), "it", IT_ROLES, order=30))
        add_menu(MenuEntry("search", _("Search"), "search", ALL_ROLES, order=80, shortcut="/", icon="search"))
        add_menu(MenuEntry("notices", _("Messages"), "notices", IT_ROLES, order=90))
        registry.add_strip(registry.StaffStrip("notices", "notices"))
        registry.add_kiosk_door(registry.KioskDoor("help", _("Get help"), _("Ask a person"), "kiosk-help", "help"))
        registry.add_wall_line(registry.WallLine("help", desk_scope, help_line))
        add_health(HealthFigure("handoff_age", _("Oldest escalation not yet delivered"), oldest_undelivered_age, 60))
        add_health(HealthFigure("sweep_age", _("Last sweep of the outbox"), last_sweep_age, 120))
        signals.source_unreachable.connect(library_system.report_away)
        signals.source_reachable.connect(library_system.report_back)
        registry.add_sheet(set_up.CATEGORIES)
        for purge in privacy.PURGES:
            registry.add_purge(purge)
        registry.add_warm_up(registry.WarmUp("triage", in_use.shipped))
