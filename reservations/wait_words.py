"""How long somebody waits, in words: an estimate is a range, said with "about"."""

from django.utils.translation import gettext as _

from helpdesk import words

HOUR = 60  # minutes; a range that goes beyond it is said in hours


def wait_words(minutes: tuple[int, int] | None) -> str:
    """Return "about 5 to 15 min" for a range of whole minutes that is already rounded; None: no seat is in sight."""
    if minutes is None:
        return _("perhaps not before closing")
    low, high = minutes
    if low <= 0 or low == high:
        return _("within about %(most)s") % {"most": words.length(high)}
    if high < HOUR:
        return _("about %(low)d to %(high)d min") % {"low": low, "high": high}
    return _("about %(low)s to %(high)s") % {"low": _unbroken(low), "high": _unbroken(high)}


def _unbroken(minutes: int) -> str:
    """Return a length that no line break divides."""
    return words.length(minutes).replace(" ", "\N{NO-BREAK SPACE}")
