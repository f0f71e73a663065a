"""Weeks of ended bookings: sessions, missed and cancelled ones, as the verbs and the purge would leave them.

The last week is full; where people wait in line, a few seats tell of two more weeks, so that the pace is known.

Rows of past days name nobody; of today only as many sessions exist as the demo's cards can have had.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from helpdesk.actor import SYSTEM, patron
from reservations.booking.events import event
from reservations.calendar import Span
from reservations.demo.library import Library, next_for
from reservations.demo.waited import LINES, Lines, draw_numbers
from reservations.models import Booking, BookingEvent, Branch, Device, Patron, Turn
from reservations.models.booking import Kind, Outcome
from reservations.pace import learn
from reservations.period import period

DAYS = 7
LINE_DAYS = 24  # at branches where people wait
SPARSE = 6  # before the last week one seat in so many
QUIET = timedelta(minutes=75)  # the last stretch before now belongs to present.py
TODAYS = 20  # longest session in minutes of a card that came earlier today: no daily limit is touched
MISSED = 0.975  # chance from which nobody comes for a call
DAY = 24 * 60
MINUTE = timedelta(minutes=1)
BY_ITSELF = frozenset({Outcome.RAN_OUT, Outcome.NO_SHOW, "offered", "offer_missed"})


@dataclass
class Past:
    """The rows of one run, and by branch who came earlier today and has not been placed yet."""

    library: Library
    now: datetime
    visitors: dict[str, list[Patron]]
    lines: Lines
    rows: list[Booking] = field(default_factory=list)
    events: list[BookingEvent] = field(default_factory=list)
    repairs: dict[int, list[Span]] = field(default_factory=dict)


def build_past(library: Library, *, now: datetime) -> None:
    """Write weeks of ended bookings; those who book ahead now came earlier today, each at most once."""
    dealt = {slug: library.bookers[index :: len(library.branches)] for index, slug in enumerate(library.branches)}
    past = Past(library, now, dealt, Lines(library.calendars, library.chance, []))
    for row in Booking.objects.filter(kind=Kind.REPAIR):
        past.repairs.setdefault(row.device_id, []).append((row.start, row.end or now))
    for slug, branch in library.branches.items():
        seats = [seat for seat in library.seats[slug].values() if seat.device_class.bookable]
        for ago, span in _spans(library, slug, now):
            for seat in seats if ago <= DAYS else seats[ago % SPARSE :: SPARSE]:
                _fill(past, branch, seat, span)
    draw_numbers(library, past.rows, past.lines.turns, now=now)
    Booking.objects.bulk_create(past.rows)
    BookingEvent.objects.bulk_create(past.events)
    Turn.objects.bulk_create(past.lines.turns)
    for branch in library.branches.values():
        learn(branch_id=branch.pk, now=now)


def _spans(library: Library, slug: str, now: datetime) -> Iterator[tuple[int, Span]]:
    """Yield the usable openings of the past with how many days ago, today's only up to a while ago."""
    calendar = library.calendars[slug]
    stop = library.branches[slug].policy.stop_minutes
    today = calendar.branch_day(now)
    for ago in range(LINE_DAYS if slug in LINES else DAYS, -1, -1):
        for opening in calendar.open_spans(today - timedelta(days=ago)):
            usable = calendar.cut(opening, stop)
            if usable and usable[0] < now - QUIET:
                yield ago, (usable[0], min(usable[1], now - QUIET))


def _fill(past: Past, branch: Branch, seat: Device, span: Span) -> None:
    """Let people come to `seat` during `span`, one after the other with the cleaning gap between; today one."""
    chance = past.library.chance
    calendar = past.library.calendars[branch.slug]
    is_today = calendar.branch_day(span[0]) == calendar.branch_day(past.now)
    rule = branch.policy.rule_for(seat.device_class_id)
    longest = min(rule.session_minutes or branch.policy.session_minutes, TODAYS if is_today else DAY)
    gap = timedelta(minutes=branch.policy.gap_minutes)
    moment = span[0] + MINUTE * chance.randrange(0, 90)
    while (end := moment + MINUTE * min(chance.choice((15, 20, 30, 45, 60, 60)), longest)) <= span[1]:
        if not any(moment < until and since < end for since, until in past.repairs.get(seat.pk, [])):
            who = _visitor(past, branch, seat) if is_today else None
            if is_today and who is None:
                return
            end = _one(past, branch, seat, (moment, end), who)
            if is_today:
                return
        moment = end + gap + MINUTE * chance.randrange(0, 120)


def _visitor(past: Past, branch: Branch, seat: Device) -> Patron | None:
    """Return the next of the branch's visitors of today who may use `seat`, or None."""
    try:
        return next_for(seat, past.visitors[branch.slug])
    except LookupError:
        return None


def _one(past: Past, branch: Branch, seat: Device, asked: Span, who: Patron | None) -> datetime:
    """Add one booking with its story; return until when it held the seat."""
    chance = past.library.chance
    start, end = asked
    row = Booking(branch=branch, device=seat, patron=who, booked_period=period(start, end), created_at=start)
    fate = 1.0 if branch.policy.rule_for(seat.device_class_id).walk_up_only else chance.random()
    if fate < 0.14:
        return _not_used(past, row, branch.policy.grace_minutes, cancelled=fate < 0.06)
    if MISSED < fate < 1 and who is None and branch.slug in LINES:
        return _missed_call(past, row, branch.policy.claim_minutes)
    row.walk_up = fate > 0.45
    row.checked_in_at = start
    used = end if chance.random() < 0.4 else start + MINUTE * chance.randrange(5, (end - start) // MINUTE)
    row.period = period(start, used)
    row.ended_at, row.outcome = used, Outcome.RAN_OUT if used == end else Outcome.FINISHED
    if row.walk_up:
        turn = past.lines.before(row)
        row.created_at = turn.called_at if turn and turn.called_at else start
        _tell(past, row, *([(row.created_at, "offered"), (start, "claimed")] if turn else [(start, "sat_down")]))
    else:
        row.created_at = start - MINUTE * chance.randrange(30, 900)
        row.check_in_by = min(end, start + MINUTE * branch.policy.grace_minutes)
        _tell(past, row, (row.created_at, "booked"), (start, "checked_in"))
    _tell(past, row, (used, row.outcome))
    past.rows.append(row)
    return used


def _not_used(past: Past, row: Booking, grace: int, *, cancelled: bool) -> datetime:
    """Add a booking that nobody sat down to, cancelled before its start or missed."""
    start, end = row.booked_period.lower, row.booked_period.upper
    row.created_at = start - MINUTE * past.library.chance.randrange(120, 900)
    row.check_in_by = min(end, start + MINUTE * grace)
    if cancelled:
        row.ended_at, row.outcome = start - MINUTE * past.library.chance.randrange(5, 100), Outcome.CANCELLED
        row.period = period(start, end)
    else:
        row.ended_at, row.outcome = row.check_in_by, Outcome.NO_SHOW
        row.period = period(start, row.check_in_by)
    _tell(past, row, (row.created_at, "booked"), (row.ended_at, row.outcome))
    past.rows.append(row)
    return start if cancelled else row.check_in_by


def _missed_call(past: Past, row: Booking, claim: int) -> datetime:
    """Add an offer to somebody in line who did not come, or nothing so early in the day that nobody waited."""
    row.kind, row.walk_up = Kind.OFFER, True
    start = row.booked_period.lower
    row.check_in_by = row.ended_at = start + MINUTE * claim
    row.period, row.outcome = period(start, row.ended_at), Outcome.NO_SHOW
    if past.lines.before(row):
        _tell(past, row, (start, "offered"), (row.ended_at, "offer_missed"))
        past.rows.append(row)
    return row.ended_at


def _tell(past: Past, row: Booking, *lines: tuple[datetime, str]) -> None:
    for at, what in lines:
        by = SYSTEM if what in BY_ITSELF else patron()
        past.events.append(event(row, what, by=by, now=at))
