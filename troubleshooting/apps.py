"""What is wrong, who helps, by when."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TroubleshootingConfig(AppConfig):
    name = "troubleshooting"
    verbose_name = _("Troubleshooting")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from helpdesk import registry
        from helpdesk.registry import HealthFigure, add_health
        from troubleshooting import menu, privacy, set_up
        from troubleshooting.handoff import last_sweep_age, oldest_undelivered_age
        from troubleshooting.triage import in_use
        from troubleshooting.wall import desk_scope, help_line

        for tab in menu.TABS:
            registry.add_menu(tab)
        registry.add_set_up_door(menu.STAFF_HOURS)
        registry.add_strip(registry.StaffStrip("notices", "notices"))
        registry.add_kiosk_door(registry.KioskDoor("help", _("Get help"), _("Ask a person"), "kiosk-help", "help"))
        registry.add_wall_line(registry.WallLine("help", desk_scope, help_line))
        add_health(HealthFigure("handoff_age", _("Oldest escalation not yet delivered"), oldest_undelivered_age, 60))
        add_health(HealthFigure("sweep_age", _("Last sweep of the outbox"), last_sweep_age, 120))
        for sheet in set_up.SHEETS:
            registry.add_sheet(sheet)
        for entry in privacy.ENTRIES:
            registry.add_purge(entry)
        registry.add_warm_up(registry.WarmUp("triage", in_use.shipped))
        self._listen()

    def _listen(self) -> None:
        """Act on what reservations tells."""
        from reservations import signals
        from troubleshooting import help_address, library_system

        signals.source_unreachable.connect(library_system.report_away)
        signals.source_reachable.connect(library_system.report_back)
        signals.device_retired.connect(help_address.renew_retired)
