"""Staff turn a number into a patron here and nowhere else, and each time it is recorded who did so and why.

The record is written in a transaction of its own before anything else happens, so that a refused booking leaves it.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helpdesk import words
from helpdesk.actor import Actor
from reservations.models import Patron, PatronLookup
from reservations.models.cards import LookupWhy
from reservations.patrons.remember import remember
from reservations.patrons.sources import GuestPasses, Identity, LocalCards, PassOver
from reservations.rules.problem import Problem, Refused

ONCE = timedelta(minutes=2)  # the same person for the same reason within this is one look-up: a form sent again
OPEN_FOR = timedelta(minutes=15)  # so long a member of staff may act on a card after looking it up
UNKNOWN_NUMBER = Problem(
    "unknown_number",
    gettext_lazy("No card and no guest pass of today has this number. Type it again, or issue a guest pass."),
    gettext_lazy("Card or guest number"),
    lift_by="",
)


def look_up(*, number: str, why: LookupWhy, branch_id: int, by: Actor, now: datetime) -> Patron:
    """Return the patron of a card or pass number that staff typed or scanned; the card is the proof, no PIN is asked.

    Raises Refused `unknown_number` for a number that no card and no pass has, and for anybody but staff; `pass_over`
    for a guest pass that has ended or was taken back. The look-up is recorded in each case.
    """
    found = _look_up(number, why, branch_id, by, now)
    if isinstance(found, Problem):
        raise Refused(found)
    return found


@transaction.atomic
def _look_up(number: str, why: LookupWhy, branch_id: int, by: Actor, now: datetime) -> Patron | Problem:
    if by.kind != "staff":
        return UNKNOWN_NUMBER
    identity = _shown(number, now)
    patron = remember(identity, now) if isinstance(identity, Identity) else None
    _record(patron, why, branch_id, by, now)
    if patron:
        return patron
    return pass_over(identity, now) if isinstance(identity, PassOver) else UNKNOWN_NUMBER


def _shown(number: str, now: datetime) -> Identity | PassOver | None:
    """Return whom the sources know by a number; the first that knows it says."""
    return LocalCards().shown(number, now) or GuestPasses().shown(number, now)


def _record(patron: Patron | None, why: LookupWhy, branch_id: int, by: Actor, now: datetime) -> None:
    said = {"user_id": by.user_id, "branch_id": branch_id, "why": why, "patron": patron}
    if patron and PatronLookup.objects.filter(at__gt=now - ONCE, **said).exists():
        return
    PatronLookup.objects.create(at=now, found=patron is not None, **said)


def looked_up(*, patron_id: int, by: Actor, now: datetime) -> Patron | None:
    """Return a patron whom `by` has looked up a moment ago; None for any other: pages hold no handle to people."""
    if by.user_id is None:
        return None
    recent = PatronLookup.objects.filter(patron=patron_id, user=by.user_id, at__gt=now - OPEN_FOR)
    return Patron.objects.filter(pk=patron_id).first() if recent.exists() else None


def pass_over(over: PassOver, now: datetime) -> Problem:
    """Return the problem of a guest pass that is no good any more, with the next step."""
    sentence = _("This guest number ended %(when)s. Ask at the desk for a new one.")
    if over.revoked:
        sentence = _("This guest number was taken back %(when)s. Ask at the desk for a new one.")
    said = {"when": words.when(over.at, now)}
    return Problem("pass_over", sentence % said, _("Guest pass valid until"), words.moment(over.at, now), lift_by="")
