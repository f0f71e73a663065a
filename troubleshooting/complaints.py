"""What a patron can say at the kiosk: eight cards in their words, each with a category."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Complaint:
    """One card: its address, what it says, its picture, the category behind it, and steps in plain words."""

    slug: str
    says: str | Promise
    icon: str
    category: str
    steps: tuple[str | Promise, ...] = ()


COMPLAINTS: tuple[Complaint, ...] = (
    Complaint(
        "printing",
        _("Nothing prints"),
        "printer",
        "printing",
        (
            _("Go to the print desk. Your pages wait there."),
            _("Look for your pages on its screen. After two hours, print again."),
            _("Check the money left on your print account."),
        ),
    ),
    Complaint(
        "stuck",
        _("The computer is stuck"),
        "frozen",
        "pc_performance",
        (
            _("Wait one minute. It may be busy."),
            _("Press Esc, then click beside the window."),
            _("Close the program that hangs."),
        ),
    ),
    Complaint(
        "sign-in",
        _("I cannot sign in"),
        "lock",
        "library_account",
        (
            _("Type the number on your card without spaces."),
            _("Check that Caps Lock is off."),
            _("After five wrong tries, wait ten minutes or ask at the desk."),
        ),
    ),
    Complaint(
        "internet",
        _("The internet does not work"),
        "wifi",
        "network_outage",
        (
            _("Open another page. Does that one work?"),
            _("On your own device: leave the network, then join it again."),
            _("Wait for the sign-in page and accept the rules."),
        ),
    ),
    Complaint(
        "sound",
        _("There is no sound"),
        "sound",
        "audio",
        (
            _("Push the plug of the headphones all the way in."),
            _("Turn the volume up and look for a crossed loudspeaker."),
            _("Try other headphones. The desk lends them."),
        ),
    ),
    Complaint(
        "stick",
        _("My memory stick does not work"),
        "usb",
        "storage",
        (
            _("Take it out and try another opening."),
            _("Open the file window and look for it there."),
            _("Try it at another computer."),
        ),
    ),
    Complaint(
        "form",
        _("I need help with a form or mail"),
        "form",
        "online_forms",
        (
            _("Check that you are on the official page."),
            _("Have your papers and your phone beside you."),
            _("Save what you typed before you go on."),
        ),
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
