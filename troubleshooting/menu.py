"""The tabs of troubleshooting in the staff header, and its pages of set-up."""

from django.utils.translation import gettext_lazy as _

from helpdesk.registry import MenuEntry, SetUpDoor
from helpdesk.roles import ALL_ROLES, DESK_ROLES, IT_ROLES, MANAGER_ROLES, REFERENCE_ROLES

TABS = (
    MenuEntry("desk", _("Room board"), "desk", DESK_ROLES, order=10),
    MenuEntry("reference", _("Questions"), "reference", REFERENCE_ROLES, order=20),
    MenuEntry("it", _("Faults"), "it", IT_ROLES, order=30),
    MenuEntry("guides", _("Guides"), "guides", DESK_ROLES, order=40, icon="book"),
    MenuEntry("search", _("Search"), "search", ALL_ROLES, order=80, shortcut="/", icon="search"),
    MenuEntry("notices", _("Messages"), "notices", IT_ROLES, order=90, icon="mail"),
    # Managers find everybody's hours in set-up.
    MenuEntry("staff-hours", _("My hours"), "staff-hours", ALL_ROLES - MANAGER_ROLES, order=92),
    MenuEntry("shift-end", _("Shift end"), "shift-end", ALL_ROLES, is_own=True),
)
STAFF_HOURS = SetUpDoor("staff-hours", _("Staff hours"), _("Who works when, and who is away"), "clock", "staff-hours")
