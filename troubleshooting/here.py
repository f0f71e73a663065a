"""Who else has a question open now, in words."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helpdesk import presence
from helpdesk.models import User


def scope(ticket_id: int) -> str:
    """Return the scope of live screens that show who is at a question."""
    return f"ticket:{ticket_id}"


@dataclass(frozen=True)
class Here:
    """Who else is at a question; `poll` is what the page's poll says of its own reader."""

    others: list[str]
    poll: str
    next_change_at: datetime | None

    @property
    def said(self) -> str:
        """Return "reference-harbour is here too.", '' where nobody is."""
        if not self.others:
            return ""
        last = self.others[-1]
        first = ", ".join(self.others[:-1])
        who = _("%(first)s and %(last)s") % {"first": first, "last": last} if first else last
        return ngettext("%(who)s is here too.", "%(who)s are here too.", len(self.others)) % {"who": who}


def come(ticket_id: int, user: User, now: datetime) -> Here:
    """Note that `user` has the question open, and return who else has."""
    place, who = scope(ticket_id), user.username
    others = presence.come(place, who, now)
    return Here(others, presence.signed(place, who), presence.next_change(others, now))
