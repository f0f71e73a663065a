"""A week of questions that are done: taps of the tally, and questions in words that the desk or reference answered."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from helpdesk.models import User
from reservations.public import Calendar, demo
from troubleshooting import sla
from troubleshooting.categories import TALLY_CATEGORY
from troubleshooting.demo.questions import ASKED
from troubleshooting.lifecycle.counting import TAPPED
from troubleshooting.models import Category, Handoff, Notification, Ticket, TicketEvent
from troubleshooting.models.category import TallyGroup, Tier
from troubleshooting.models.handoff import NotificationChannel
from troubleshooting.models.ticket import Channel, Duration, Outcome, State

DAYS = 7
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
TAPS_AN_HOUR = {"harbour": 9, "millbrook": 4, "ridgeview": 4, "cedar-flats": 3, "glacier-road": 2}
WORDS_AN_HOUR = 0.8  # questions in words, by the taps of four
WEIGHTS: dict[TallyGroup, int] = {
    TallyGroup.DIRECTIONS: 34,
    TallyGroup.PRINTING: 18,
    TallyGroup.COMPUTER: 22,
    TallyGroup.WIFI: 9,
    TallyGroup.ACCOUNT: 11,
    TallyGroup.REFERENCE: 14,
    TallyGroup.PHONE: 6,
}
# Minutes that a question took, by its READ level, and the bucket they fall into.
MINUTES = {None: (2, 8), 1: (1, 4), 2: (3, 9), 3: (6, 16), 4: (16, 29)}
BUCKETS = ((1, Duration.UNDER_1), (5, Duration.TO_5), (15, Duration.TO_15), (30, Duration.TO_30))


@dataclass
class Week:
    """The rows of one run, before they are written in the order of their times."""

    library: demo.Library
    categories: dict[str, Category]
    tickets: list[Ticket] = field(default_factory=list)
    events: list[TicketEvent] = field(default_factory=list)
    handoffs: list[Handoff] = field(default_factory=list)
    notices: list[Notification] = field(default_factory=list)


def build_past(library: demo.Library, *, now: datetime) -> None:
    """Write the done questions of the last week and of today, at every branch in its opening hours."""
    week = Week(library, {category.code: category for category in Category.objects.all()})
    for slug in library.branches:
        for start, end in _spans(library.calendars[slug], now):
            hours = (end - start) / timedelta(hours=1)
            for _tap in range(round(hours * TAPS_AN_HOUR[slug])):
                _tap_at(week, slug, _moment(week, start, end))
            for _question in range(round(hours * TAPS_AN_HOUR[slug] / 4 * WORDS_AN_HOUR)):
                _words_at(week, slug, _moment(week, start, end), now)
    week.tickets.sort(key=lambda ticket: ticket.opened_at)
    Ticket.objects.bulk_create(week.tickets)
    TicketEvent.objects.bulk_create(week.events)
    Handoff.objects.bulk_create(week.handoffs)
    Notification.objects.bulk_create(week.notices)


def _spans(calendar: Calendar, now: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Yield the openings of the last week and today's up to now."""
    today: date = calendar.branch_day(now)
    for ago in range(DAYS, -1, -1):
        for start, end in calendar.open_spans(today - timedelta(days=ago)):
            if start < now:
                yield start, min(end, now)


def _moment(week: Week, start: datetime, end: datetime) -> datetime:
    return start + (end - start) * week.library.chance.random()


def _done(week: Week, slug: str, code: str, opened_at: datetime, owner: User) -> Ticket:
    """Return a done question with the category's defaults, kept for writing."""
    category = week.categories[code]
    ticket = Ticket(
        branch=week.library.branches[slug],
        category=category,
        tier=min(category.tier, Tier.DESK),
        kind=category.kind,
        state=State.DONE,
        outcome=Outcome.ANSWERED,
        owner=owner,
        opened_at=opened_at,
        done_at=opened_at,
        read_level=category.read_level,
        counts_as_reference=category.counts_as_reference,
    )
    week.tickets.append(ticket)
    return ticket


def _tap_at(week: Week, slug: str, at: datetime) -> None:
    group = week.library.chance.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
    desk = week.library.staff[f"desk-{slug}"]
    ticket = _done(week, slug, TALLY_CATEGORY[group], at, desk)
    ticket.channel = Channel.PHONE if group == TallyGroup.PHONE else Channel.DESK
    ticket.duration = Duration.UNDER_1
    _tell(week, ticket, TAPPED, at, desk)


def _words_at(week: Week, slug: str, at: datetime, now: datetime) -> None:
    """Add a question in words, answered by the desk, or by reference where its category says so."""
    chance = week.library.chance
    text, code = chance.choice(ASKED)
    desk, reference = week.library.staff[f"desk-{slug}"], week.library.staff[f"reference-{slug}"]
    to_reference = week.categories[code].tier == Tier.REFERENCE
    ticket = _done(week, slug, code, at, reference if to_reference else desk)
    took = chance.randint(*MINUTES[ticket.read_level])
    waited = chance.randint(0, 7) * MINUTE if to_reference else 0 * MINUTE
    ticket.text, ticket.done_at = text, min(now, at + waited + took * MINUTE)
    ticket.duration = next(bucket for most, bucket in BUCKETS if took <= most)
    ticket.channel = chance.choices((Channel.DESK, Channel.SEAT, Channel.PHONE, Channel.KIOSK), (6, 2, 1, 1))[0]
    ticket.outcome = chance.choices((Outcome.ANSWERED, Outcome.REFERRED, Outcome.DECLINED), (17, 2, 1))[0]
    _tell(week, ticket, "logged", at, desk, tier=Tier.DESK)
    if to_reference:
        _to_reference(week, ticket, reference, desk, min(now, at + waited))
    minutes = sla.promised_minutes(ticket.category, ticket.tier)
    ticket.came_at, ticket.promised_at = at, sla.due(week.library.calendars[slug], at, minutes)
    _tell(week, ticket, "resolved", ticket.done_at, ticket.owner or desk)


def _to_reference(week: Week, ticket: Ticket, reference: User, desk: User, claimed_at: datetime) -> None:
    """Hand `ticket` over with its delivered outbox row; the librarian was told and has read it."""
    at = ticket.opened_at
    ticket.tier, ticket.step, ticket.claimed_at = Tier.REFERENCE, 1, claimed_at
    _tell(week, ticket, "handed_over", at, desk, from_tier=Tier.DESK)
    _tell(week, ticket, "claimed", claimed_at, reference)
    handoff = Handoff(ticket=ticket, step=1, to_tier=Tier.REFERENCE, created_at=at, delivered_at=at + SECOND)
    week.handoffs.append(handoff)
    for channel in NotificationChannel.values:
        week.notices.append(
            Notification(
                handoff=handoff,
                recipient=reference,
                channel=channel,
                created_at=at + SECOND,
                sent_at=at + 2 * SECOND,
                read_at=at + MINUTE,
                attempts=1,
            )
        )


def _tell(
    week: Week,
    ticket: Ticket,
    what: str,
    at: datetime,
    who: User,
    *,
    tier: int | None = None,
    from_tier: int | None = None,
) -> None:
    to_tier = ticket.tier if tier is None else tier
    event = TicketEvent(ticket=ticket, at=at, what=what, from_tier=from_tier, to_tier=to_tier)
    event.by_kind, event.by_user = "staff", who
    week.events.append(event)
