"""What the wall display says of help: how soon somebody comes, as measured at this desk today."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helpdesk import words
from helpdesk.registry import WallText
from reservations.public import calendars_of, wait_words
from troubleshooting.arrival import newcomer_minutes, waiting_at_desk


def desk_scope(branch_id: int) -> str:
    """The live scope of a branch's questions at the desk."""
    return f"desk:{branch_id}"


def help_line(branch_id: int, now: datetime) -> WallText | None:
    """Return how long help takes and how many ask before a newcomer; None while nobody is there. Four queries."""
    if calendars_of([branch_id])[branch_id].span_at(now) is None:
        return None
    before = waiting_at_desk(branch_id, now).count()
    about = _about(*newcomer_minutes(branch_id, now, before))
    note = ngettext("%(count)d before you", "%(count)d before you", before) % {"count": before}
    return WallText(
        "hand",
        _("Help at your seat"),
        _("Ask at the kiosk or the desk"),
        about,
        note if before else _("nobody before you"),
    )


def _about(low: int, high: int) -> str:
    """Return the range in words; above ten minutes in fives, as all waits are said."""
    if low == high:
        return _("about %(length)s") % {"length": words.length(high)}
    return wait_words((low if low <= 10 else low // 5 * 5, high if high <= 10 else -(-high // 5) * 5))
