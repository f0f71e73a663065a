"""What people are told while the library system does not answer, and which ways in are left."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from helpdesk import words
from reservations.models import Branch, Policy
from reservations.models.source import WhenAway
from reservations.patrons.library import is_asked
from reservations.sip2 import breaker
from reservations.ways import Way


def away_notice(branch: Branch, now: datetime) -> str:
    """Return what a kiosk says before anybody types a number; '' while cards can be checked. One query at most."""
    return away_words(branch.policy) if is_asked() and breaker.is_open(now) else ""


def away_words(policy: Policy) -> str:
    """Return one sentence: the library system cannot be reached, and what works."""
    if policy.when_away == WhenAway.ALLOWANCE:
        said = {"length": words.length(policy.away_minutes)}
        return _("The library system cannot be reached. Until it is back, a card has %(length)s today.") % said
    if policy.when_away == WhenAway.GUESTS:
        return _("The library system cannot be reached. Guest numbers from the desk work.")
    return _("The library system cannot be reached. Our staff find you a seat.")


def way_left(policy: Policy) -> Way | None:
    """Return the way that works without a card, None where only staff are left."""
    if policy.when_away != WhenAway.GUESTS:
        return None
    return Way(
        title=_("A guest number"),
        detail=_("You get one at the desk. It has 10 digits and needs no PIN."),
        verb=_("Type a guest number"),
        icon="card",
        url=reverse("kiosk-sign-in"),
    )
