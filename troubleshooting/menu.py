"""The tabs of troubleshooting in the head of the staff pages."""

from django.utils.translation import gettext_lazy as _

from helpdesk.registry import MenuEntry
from helpdesk.roles import DESK_ROLES, IT_ROLES, REFERENCE_ROLES

MENU = (
    MenuEntry("desk", _("Room board"), "desk", DESK_ROLES, order=10),
    MenuEntry("reference", _("Questions"), "reference", REFERENCE_ROLES, order=20),
    MenuEntry("it", _("Faults"), "it", IT_ROLES, order=30),
    MenuEntry("guides", _("Guides"), "guides", DESK_ROLES, order=40),
    MenuEntry("notices", _("Messages"), "notices", IT_ROLES, order=90),
)
