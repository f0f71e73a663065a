"""When someone comes to a patron who asked for help: from today's measure, else from the promise."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

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
    """`stands`: waiting, claimed, done or later (nobody is there now). Minutes are whole.

    `by` is the latest moment, None where so many ask before that the promise will hardly be kept.
    """

    stands: str
    minutes: int
    asked_at: datetime
    by: datetime | None
    elapsed: float
    whole: float


def arrival_of(ticket: Ticket, now: datetime) -> Arrival:
    """Return when someone comes to the patron of `ticket`; two queries while it waits."""
    by, asked = ticket.promised_at, ticket.opened_at
    stands: str = ticket.state
    if stands == State.WAITING and (by is None or by - now > SOON):
        stands = "later"
    minutes = DESK_MINUTES
    if stands == State.WAITING:
        before = waiting_at_desk(ticket.branch_id, now).filter(opened_at__lt=asked).count()
        minutes = usual_minutes(ticket.branch_id, now) * (before + 1)
        by = by if by and (not before or now + minutes * MINUTE <= by) else None
    whole = (by - asked) / MINUTE if by else float(minutes)
    elapsed = max(0.0, min(whole, (now - asked) / MINUTE))
    return Arrival(stands, minutes, asked, by, elapsed, whole)


def waiting_at_desk(branch_id: int, now: datetime) -> QuerySet[Ticket]:
    """Return the questions of a branch that nobody at the desk has taken yet; what is parked waits for nobody."""
    waiting = Ticket.objects.filter(branch_id=branch_id, tier__in=DESK_TIERS, state=State.WAITING)
    return waiting.exclude(rests_until__gt=now)


def newcomer_minutes(branch_id: int, now: datetime, before: int) -> tuple[int, int]:
    """Return the range in which the desk reaches whoever asks now, with `before` people before them. One query."""
    usual = usual_minutes(branch_id, now)
    return usual * max(1, before), usual * (before + 1)


def usual_minutes(branch_id: int, now: datetime) -> int:
    """Return the whole minutes in which the desk reaches somebody: today's measure, else what is promised."""
    return max(1, reached_today(branch_id, DESK_TIERS, now).minutes or DESK_MINUTES)
