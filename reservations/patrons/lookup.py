"""Staff turn a number into a patron here and nowhere else, and each time it is recorded who did so and why.

The record is written before anything else happens, outside of any transaction, so that a refused booking leaves it.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helpdesk import words
from helpdesk.actor import Actor
from reservations.models import Patron, PatronLookup
from reservations.models.cards import LookupWhy
from reservations.patrons.library import shown_at_desk
from reservations.patrons.remember import remember
from reservations.patrons.sources import Denied, Identity, PassOver, SourceAway
from reservations.patrons.trust import on_trust
from reservations.rules.problem import Problem, Refused
from reservations.sip2.decision import in_words

ONCE = timedelta(minutes=2)  # the same person for the same reason within this is one look-up: a form sent again
OPEN_FOR = timedelta(minutes=15)  # so long a member of staff may act on a card after looking it up
UNKNOWN_NUMBER = Problem(
    "unknown_number",
    gettext_lazy("No card and no guest pass of today has this number. Type it again, or issue a guest pass."),
    gettext_lazy("Card or guest number"),
    lift_by="",
)


CARD_DENIED = Problem(
    "card_denied",
    gettext_lazy("Our staff have to look at this card first. Please ask at the desk."),
    gettext_lazy("The library system says no"),
)


@dataclass(frozen=True)
class AtDesk:
    """Who stands at the desk, and what the library system holds against their card."""

    patron: Patron
    problems: tuple[Problem, ...] = ()


def look_up(*, number: str, why: LookupWhy, branch_id: int, by: Actor, now: datetime) -> AtDesk:
    """Return whose card or pass number staff typed or scanned; the card is the proof, no PIN is asked.

    It may wait for the library system, so call it before a transaction; while that is away the number is taken on
    trust and the rules say what it is good for. Raises Refused `unknown_number` for a number that no card and no pass
    has, and for anybody but staff; `pass_over` for a guest pass that has ended or was taken back. The look-up is
    recorded in each case.
    """
    if by.kind != "staff":
        raise Refused(UNKNOWN_NUMBER)
    found = _found(number, now)
    at_desk = found if isinstance(found, AtDesk) else None
    _record(at_desk.patron if at_desk else None, why, branch_id, by, now)
    if at_desk:
        return at_desk
    raise Refused(pass_over(found, now) if isinstance(found, PassOver) else UNKNOWN_NUMBER)


def _found(number: str, now: datetime) -> AtDesk | PassOver | None:
    """Return whom the sources know by a number; the first that knows it says."""
    try:
        identity = shown_at_desk(number, now)
    except SourceAway:
        patron = on_trust(number, now)
        return AtDesk(patron) if patron else None
    except Denied as denied:
        return AtDesk(remember(denied.identity, now), (denied_problem(denied),))
    return AtDesk(remember(identity, now)) if isinstance(identity, Identity) else identity


def denied_problem(denied: Denied) -> Problem:
    """Return why not: neutral words for the patron, the reason for staff, who may lift it."""
    reason = " ".join(filter(None, (denied.reason, f"({in_words(denied.reason)})", denied.detail)))
    return replace(CARD_DENIED, value=reason)


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
