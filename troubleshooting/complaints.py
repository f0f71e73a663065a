"""What a patron can say at the kiosk: eight cards in their words, each with a category."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Complaint:
    """One card: its address, what it says, its picture, and the category behind it, whose guide has the steps."""

    slug: str
    says: str | Promise
    icon: str
    category: str


COMPLAINTS: tuple[Complaint, ...] = (
    Complaint(
        "printing",
        _("Nothing prints"),
        "printer",
        "printing",
    ),
    Complaint(
        "stuck",
        _("The computer is stuck"),
        "frozen",
        "pc_performance",
    ),
    Complaint(
        "sign-in",
        _("I cannot sign in"),
        "lock",
        "library_account",
    ),
    Complaint(
        "internet",
        _("The internet does not work"),
        "wifi",
        "network_outage",
    ),
    Complaint(
        "sound",
        _("There is no sound"),
        "sound",
        "audio",
    ),
    Complaint(
        "stick",
        _("My memory stick does not work"),
        "usb",
        "storage",
    ),
    Complaint(
        "form",
        _("I need help with a form or mail"),
        "form",
        "online_forms",
    ),
    Complaint(
        "other",
        _("Something else"),
        "ask",
        "other",
    ),
)


def complaint_of(slug: str) -> Complaint | None:
    """Return the card with this address, or None."""
    return next((complaint for complaint in COMPLAINTS if complaint.slug == slug), None)
