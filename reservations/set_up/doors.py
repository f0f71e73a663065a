"""The doors of set-up: every page on which a library is set up, in one table."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reservations.models import Branch


@dataclass(frozen=True)
class Door:
    """A page of set-up. `per_branch`: its address names a branch, so it opens once there is one."""

    key: str
    title: str | Promise
    text: str | Promise
    icon: str
    url_name: str
    per_branch: bool = False

    def url(self, branch: Branch | None) -> str:
        """Return the address, at `branch` where the page is about one; '' where that needs a branch first."""
        if not self.per_branch:
            return reverse(self.url_name)
        return reverse(self.url_name, args=[branch.slug]) if branch else ""


STAFF = "admin:helpdesk_user_changelist"
DOORS = (
    Door("branches", _("Branches"), _("Their names, and which rules each keeps"), "pin", "branches"),
    Door("hours", _("Weekly hours"), _("When each branch is open"), "clock", "week", per_branch=True),
    Door(
        "special",
        _("Special hours and closed days"),
        _("Holidays, staff days, late openings"),
        "calendar",
        "special-hours",
        per_branch=True,
    ),
    Door("classes", _("Classes of devices"), _("What people choose from: internet, quick stop"), "device", "classes"),
    Door("room", _("The room's order"), _("Areas, and the devices in them"), "seat", "room", per_branch=True),
    Door(
        "devices",
        _("Devices"),
        _("Computers and machines, each with its number, class and place"),
        "printer",
        "devices-branch",
        per_branch=True,
    ),
    Door("rules", _("Rules"), _("How long, how often, how far ahead"), "form", "policies"),
    Door("kiosks", _("Kiosks"), _("The screens at which people book"), "hand", "kiosks"),
    Door("cards", _("Cards"), _("Files of library cards, and who looked somebody up"), "card", "cards"),
    Door("staff", _("Staff"), _("Accounts, their role, and where they work"), "person", STAFF),
    Door("carry", _("Export and import"), _("All of the set-up in one file, and into an empty system"), "bag", "carry"),
    Door("more", _("Other lists"), _("Single cards and everything else, as plain tables"), "more", "admin:index"),
)
_BY_KEY = {door.key: door for door in DOORS}


def door(key: str) -> Door:
    """Return the door with this key."""
    return _BY_KEY[key]
