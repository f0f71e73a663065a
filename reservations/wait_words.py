"""How long somebody waits, in words: an estimate is a range, said with "about"."""

from django.utils.translation import gettext as _

from helpdesk import words

HOUR = 60  # minutes; a range that goes beyond it is said in quarters of an hour
QUARTER = 15
WIDE = 45  # minutes between the ends of a range beyond which its far end says nothing


def wait_words(minutes: tuple[int, int] | None) -> str:
    """Return "about 5 to 15 min" for a range of whole minutes that is already rounded; None: no seat is in sight.

    Above an hour the low is rounded down and the high up to a quarter of an hour; of a wide range that begins within
    the hour only its low and "over an hour" are said.
    """
    if minutes is None:
        return _("perhaps not before closing")
    low, high = minutes
    if high > HOUR:
        low, high = (low if low <= HOUR else low // QUARTER * QUARTER), -(-high // QUARTER) * QUARTER
    if low <= 0 or low == high:
        return _("within about %(most)s") % {"most": words.length(high)}
    if high < HOUR:
        return _("about %(low)d to %(high)d min") % {"low": low, "high": high}
    if low < HOUR < high and high - low > WIDE:
        return _("about %(low)s to over an hour") % {"low": _unbroken(low)}
    return _("about %(low)s to %(high)s") % {"low": _unbroken(low), "high": _unbroken(high)}


def _unbroken(minutes: int) -> str:
    """Return a length that no line break divides."""
    return words.length(minutes).replace(" ", "\N{NO-BREAK SPACE}")
