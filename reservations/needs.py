"""What a seat can have that somebody needs, in words; nobody is asked why."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

NEEDS = {
    "editing": _("video editing"),
    "headset": _("headset"),
    "large-keyboard": _("large keyboard"),
    "large-screen": _("big monitor"),
    "printing": _("printing"),
    "raised-desk": _("raised desk"),
    "scanner": _("scanner"),
    "screen-reader": _("screen reader"),
    "sound": _("sound"),
}


LACKS = {"printing": _("No printing"), "sound": _("No sound")}


def lack_word(need: str) -> str:
    """Return what a seat says where something is broken: "No printing"."""
    return str(LACKS.get(need) or gettext("No %(need)s") % {"need": need_word(need)})


def need_word(need: str) -> str:
    """Return the words of a feature; one that a branch has made up says itself."""
    return str(NEEDS.get(need) or need.replace("-", " "))
