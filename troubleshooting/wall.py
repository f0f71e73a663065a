"""What the wall display says of help: how soon somebody comes, as measured at this desk today."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helpdesk import words
from helpdesk.registry import WallText
from reservations.public import calendars_of
from troubleshooting.arrival import usual_minutes
from troubleshooting.models import Ticket
from troubleshooting.models.category import Tier
from troubleshooting.models.ticket import State


def desk_scope(branch_id: int) -> str:
    """The live scope of a branch's questions at the desk."""
    return f"desk:{branch_id}"


def help_line(branch_id: int, now: datetime) -> WallText | None:
    """Return how long help takes and how many ask before a newcomer; None while nobody is there. Three queries."""
    if calendars_of([branch_id])[branch_id].span_at(now) is None:
        return None
    before = Ticket.objects.filter(branch_id=branch_id, tier__lte=Tier.DESK, state=State.WAITING).count()
    about = _("about %(length)s") % {"length": words.length(words.round_up(usual_minutes(branch_id, now)))}
    note = ngettext("%(count)d before you", "%(count)d before you", before) % {"count": before}
    return WallText(
        "hand",
        _("Help at your seat"),
        _("Ask at the kiosk or the desk"),
        about,
        note if before else _("nobody before you"),
    )
