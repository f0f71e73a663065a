"""Which device, whose, when."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ReservationsConfig(AppConfig):
    name = "reservations"
    verbose_name = _("Reservations")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from helpdesk import registry
        from helpdesk.roles import DESK_ROLES, MANAGER_ROLES
        from reservations import checks, forgetting, health
        from reservations.set_up import carry_sheets
        from reservations.set_up.checklist import needs_first_branch
        from reservations.sip2 import checks as _sip2_checks  # noqa: F401  (registers itself)

        registry.add_menu(registry.MenuEntry("blocks", _("Classes"), "blocks", DESK_ROLES, order=40))
        registry.add_menu(registry.MenuEntry("set-up", _("Set-up"), "set-up", MANAGER_ROLES, order=95, icon="tool"))
        registry.add_first_page(registry.FirstPage("set-up", "set-up", needs_first_branch))
        for figure in health.FIGURES:
            registry.add_health(figure)
        registry.add_menu(registry.MenuEntry("card", _("Cards"), "card-desk", DESK_ROLES, order=60))
        post_migrate.connect(checks.keep_fingerprint, sender=self)
        for entry in forgetting.ENTRIES:
            registry.add_purge(entry)
        for sheet in carry_sheets.SHEETS:
            registry.add_sheet(sheet)
