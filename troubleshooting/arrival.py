"""When someone comes to a patron who asked for help: measured from the desk's load of today, else what is promised.

How it is computed. `usual` is the median of today's waits at this desk, from asking to being taken, once three people
were helped; before that there is nothing to measure, the promise stands in for it, and the page says so. `hands` is how
many members of staff took or finished something at this desk in the last half hour, one at least. Who has `ahead`
others before them waits for as many rounds as it takes these hands to reach them, `ceil((ahead + 1) / hands)`, each as
long as usual. The round that runs began when the desk last took somebody, or with the question itself; the whole
minutes since then are taken off, but a round that takes longer than usual stays at one minute: nobody is promised zero.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Q, QuerySet

from helpdesk.live import Watch, watch
from helpdesk.words import round_up
from troubleshooting.models import Notification, Ticket
from troubleshooting.models.category import Tier
from troubleshooting.models.handoff import Why
from troubleshooting.models.ticket import State
from troubleshooting.promise import reached_today
from troubleshooting.sla import DESK_MINUTES

DESK_TIERS = (Tier.SELF_HELP, Tier.DESK)
SOON = timedelta(hours=1)  # a promise further off means that nobody is at the desk now
SEEN = timedelta(minutes=30)  # who did something so recently is still at the desk
ENOUGH = 3  # waits of today; the median of fewer says nothing
MINUTE = timedelta(minutes=1)
TODAY = timedelta(hours=12)


@dataclass(frozen=True)
class Load:
    """The load of a desk: usual whole minutes to reach somebody, whether they were measured today, hands at work.

    `moved_at` is when the desk last took somebody, None where it has not today.
    """

    usual: int
    is_measured: bool
    hands: int
    moved_at: datetime | None = None

    def minutes(self, ahead: int) -> int:
        """Return the whole minutes until the desk reaches whoever has `ahead` others before them, asking now."""
        return self.usual * -(-(ahead + 1) // self.hands)

    def minutes_left(self, ahead: int, asked_at: datetime, now: datetime) -> int:
        """Return those minutes for somebody who asked at `asked_at`, less what has passed of the round that runs."""
        began = max(asked_at, self.moved_at or asked_at)
        passed = max(0, (now - began) // MINUTE)
        return self.minutes(ahead) - min(passed, self.usual - 1)


@dataclass(frozen=True)
class Arrival:
    """`stands`: waiting, claimed, done or later (nobody is there now). Minutes are whole, `ahead` people ask before.

    `by` is the latest moment, None where so many ask before that the promise will hardly be kept. `is_late`: the
    promise has passed and nobody came; `told` is the role that was rung for it, '' where nobody was yet.
    """

    stands: str
    asked_at: datetime
    by: datetime | None = None
    minutes: int = DESK_MINUTES
    usual: int = DESK_MINUTES
    ahead: int = 0
    is_measured: bool = False
    is_late: bool = False
    told: str = ""
    elapsed: float = 0
    whole: float = DESK_MINUTES
    next_change_at: datetime | None = None


def arrival_of(ticket: Ticket, now: datetime) -> Arrival:
    """Return when someone comes to the patron of `ticket`; three queries while it waits, one more once it is late."""
    by, asked = ticket.promised_at, ticket.opened_at
    if ticket.state != State.WAITING:
        return Arrival(ticket.state, asked, by)
    if by is None or by - now > SOON:
        return Arrival("later", asked, by)
    load = load_of(ticket.branch_id, now)
    ahead = waiting_at_desk(ticket.branch_id, now).filter(opened_at__lt=asked).count()
    minutes = round_up(load.minutes_left(ahead, asked, now))
    is_late = by < now
    may_be_kept = not is_late and (not ahead or now + minutes * MINUTE <= by)
    whole = max(1.0, (by - asked) / MINUTE)
    return Arrival(
        ticket.state,
        asked,
        by if may_be_kept else None,
        minutes,
        load.usual,
        ahead,
        load.is_measured,
        is_late,
        _told(ticket) if is_late else "",
        max(0.0, min(whole, (now - asked) / MINUTE)),
        whole,
        None if is_late else by,
    )


def _told(ticket: Ticket) -> str:
    """Return the role that a late call rang for, '' where it has reached nobody yet; one query."""
    told = Notification.objects.filter(handoff__ticket=ticket, handoff__why=Why.CALL)
    return told.values_list("recipient__role", flat=True).first() or ""


def watched_call(ticket: Ticket) -> Watch:
    """Return what the page of a call watches: the desk of its branch. Call it before reading."""
    return watch(f"desk:{ticket.branch_id}")


def waiting_at_desk(branch_id: int, now: datetime) -> QuerySet[Ticket]:
    """Return the questions of a branch that nobody at the desk has taken yet; what is parked waits for nobody."""
    waiting = Ticket.objects.filter(branch_id=branch_id, tier__in=DESK_TIERS, state=State.WAITING)
    return waiting.exclude(rests_until__gt=now)


def load_of(branch_id: int, now: datetime) -> Load:
    """Return the load of a branch's desk today; two queries."""
    reached = reached_today(branch_id, DESK_TIERS, now)
    is_measured = reached.counted >= ENOUGH
    usual = max(1, reached.minutes or 0) if is_measured else DESK_MINUTES
    recent = Q(claimed_at__gt=now - SEEN) | Q(done_at__gt=now - SEEN)
    today = Ticket.objects.filter(branch_id=branch_id, tier__in=DESK_TIERS, opened_at__gt=now - TODAY)
    found = today.aggregate(
        hands=Count("owner", distinct=True, filter=recent),
        moved_at=Max("claimed_at", filter=Q(promised_at__isnull=False)),
    )
    return Load(usual, is_measured, max(1, found["hands"]), found["moved_at"])


def newcomer_minutes(branch_id: int, now: datetime, before: int) -> tuple[int, int]:
    """Return the range in which the desk reaches whoever asks now, with `before` people before them. Two queries."""
    load = load_of(branch_id, now)
    return load.minutes(max(0, before - 1)), load.minutes(before)
