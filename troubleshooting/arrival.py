"""When someone comes to a patron who asked for help: from today's measure, else from the promise."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from troubleshooting.models import Ticket
from troubleshooting.models.category import Tier
from troubleshooting.models.ticket import State
from troubleshooting.promise import reached_today
from troubleshooting.sla import DESK_MINUTES

DESK_TIERS = (Tier.SELF_HELP, Tier.DESK)
SOON = timedelta(hours=1)  # a promise further off means that nobody is at the desk now
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Arrival:
    """`stands`: waiting, claimed, done or later (nobody is there now). Minutes are whole."""

    stands: str
    minutes: int
    asked_at: datetime
    by: datetime | None
    elapsed: float
    whole: float


def arrival_of(ticket: Ticket, now: datetime) -> Arrival:
    """Return when someone comes to the patron of `ticket`; one query while it waits."""
    by, asked = ticket.promised_at, ticket.opened_at
    stands: str = ticket.state
    if stands == State.WAITING and (by is None or by - now > SOON):
        stands = "later"
    usual = usual_minutes(ticket.branch_id, now) if stands == State.WAITING else DESK_MINUTES
    whole = (by - asked) / MINUTE if by else 0.0
    elapsed = max(0.0, min(whole, (now - asked) / MINUTE))
    return Arrival(stands, usual, asked, by, elapsed, whole)


def usual_minutes(branch_id: int, now: datetime) -> int:
    """Return the whole minutes in which the desk reaches somebody: today's measure, else what is promised."""
    return max(1, reached_today(branch_id, DESK_TIERS, now).minutes or DESK_MINUTES)
