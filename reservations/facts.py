"""Turns rows into the plain facts that the rules read."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from reservations.calendar import Calendar
from reservations.models import Booking, ClassRule, Device, Patron, PatronDay, Policy
from reservations.models.booking import OUT, Kind, Outcome, TimelineRow
from reservations.models.choices import Extension, HorizonUnit
from reservations.models.people import AGES
from reservations.period import over_at
from reservations.rules.facts import Busy, DeviceFacts, PatronFacts, PolicyFacts, Use

MINUTE = timedelta(minutes=1)


def policy_facts(policy: Policy, class_id: int | None, *, guest: bool) -> PolicyFacts:
    """Return the limits for a class of devices (None: any) and for a guest or a card holder."""
    rule = policy.rule_for(class_id)
    session = rule.session_minutes or (policy.guest_session_minutes if guest else policy.session_minutes)
    return PolicyFacts(
        session=session,
        day=policy.guest_day_minutes if guest else policy.day_minutes,
        min_slot=min(policy.min_slot_minutes, session),
        gap=policy.gap_minutes,
        stop=policy.stop_minutes,
        last_booking=policy.last_booking_minutes,
        **_limits(policy, rule),
        **_ahead(policy, rule),
        **_missed(policy, rule),
        **_bending(policy, rule),
    )


def _limits(policy: Policy, rule: ClassRule) -> dict[str, Any]:
    """Return how much, and for whom."""
    return {
        "week": policy.week_minutes,
        "sessions_a_day": policy.sessions_a_day,
        "class_day": rule.day_minutes,
        "class_sessions": rule.sessions_a_day,
        "in_a_row": rule.in_a_row,
        "pause": policy.break_minutes,
        "guests_allowed": policy.guests_allowed if rule.guests_allowed is None else rule.guests_allowed,
        "staff_below_age": policy.staff_below_age,
    }


def _ahead(policy: Policy, rule: ClassRule) -> dict[str, Any]:
    """Return whether and how far ahead."""
    return {
        "ahead": policy.ahead,
        "horizon_days": policy.horizon_days if rule.horizon_days is None else rule.horizon_days,
        "horizon_in_open_days": policy.horizon_unit == HorizonUnit.OPEN_DAYS,
        "open_bookings": policy.open_bookings,
    }


def _missed(policy: Policy, rule: ClassRule) -> dict[str, Any]:
    """Return what follows from coming late or not at all."""
    return {
        "grace": rule.grace_minutes or policy.grace_minutes,
        "least_left": policy.least_left_minutes,
        "missed_count": policy.missed_count,
        "no_shows": policy.no_shows,
        "no_show_days": policy.no_show_days,
        "no_show_result": policy.no_show_result,
        "no_show_penalty_days": policy.no_show_penalty_days,
    }


def _bending(policy: Policy, rule: ClassRule) -> dict[str, Any]:
    """Return how a running session may grow."""
    return {
        "extension": policy.extension if rule.extendable else Extension.NONE.value,
        "extension_minutes": policy.extension_minutes,
        "extensions_most": policy.extensions_most,
        "extension_counts": policy.extension_counts,
        "soft_landing": policy.soft_landing_minutes if rule.extendable else 0,
        "help": policy.help_minutes,
        "resume": policy.resume_minutes,
        "when_away": policy.when_away,
        "away": policy.away_minutes,
    }


def busy_of(row: Booking, now: datetime) -> Busy:
    """Return the span that a row takes of its device, with the end a rule has already given it."""
    over = row.effective_end(now)
    return Busy(row.start, over or row.until(now), repair=row.kind in OUT, over=over is not None)


def busy_rows(device_id: int, rows: Iterable[TimelineRow], now: datetime) -> list[Busy]:
    """Return the spans that `rows` take of a device; what has ended counts only if somebody sat there."""
    spans = (
        busy_span(now, row.kind, row.start, row.end, row.check_in_by, row.checked_in_at, row.ended_at)
        for row in rows
        if row.device_id == device_id
    )
    return [span for span in spans if span]


def device_facts(device: Device, rows: Iterable[Booking], now: datetime, policy: Policy) -> DeviceFacts:
    """Return what the rules need of `device`; `rows` are its rows (others are passed over)."""
    return facts_of(device, busy_rows(device.pk, rows, now), policy)


def facts_of(device: Device, busy: Sequence[Busy], policy: Policy) -> DeviceFacts:
    """Return what the rules need of `device`, which is taken as `busy` says."""
    rule = policy.rule_for(device.device_class_id)
    return DeviceFacts(
        label=device.said,
        bookable=device.device_class.bookable and device.retired_on is None,
        walk_up_only=rule.walk_up_only,
        counts_toward_day=rule.counts_toward_day,
        least_age=rule.least_age,
        greatest_age=rule.greatest_age,
        busy=busy,
        kind=device.device_class_id,
        supervised_below=rule.supervised_below,
        access=rule.access,
        features=device.serves,
        lacks=frozenset(device.lacks),
    )


def busy_span(
    now: datetime,
    kind: str,
    start: datetime,
    end: datetime | None,
    check_in_by: datetime | None,
    checked_in_at: datetime | None,
    ended_at: datetime | None,
) -> Busy | None:
    """Return the span that a row takes of its device, None where it takes nothing any more."""
    if kind == Kind.REPAIR and end and end <= now:
        end = None  # it was to be back by now and is not
    over = over_at(now, end=end, check_in_by=check_in_by, checked_in_at=checked_in_at, ended_at=ended_at)
    if over and not was_used(kind, start, over, checked_in_at):
        return None  # what has ended matters only for the cleaning
    return Busy(start, over or end, repair=kind in OUT, over=over is not None)


def was_used(kind: str, start: datetime, over: datetime, checked_in_at: datetime | None) -> bool:
    """Return whether somebody sat there until `over`: a person who came, or a class that had begun by then."""
    return checked_in_at is not None or (kind == Kind.CLASS and start < over)


def counted_minutes(row: Booking, now: datetime, policy: Policy) -> int:
    """Return the minutes of `row` that count toward the limits.

    Booked minutes count until the row ends; afterwards the minutes used. A missed booking counts the minutes its seat
    was kept, unless the policy gives them back; what was cancelled or displaced before it began counts nothing, and
    neither do minutes of waiting for staff and, where the policy says so, extensions.
    """
    if row.kind != Kind.PATRON:
        return 0
    over = row.effective_end(now)
    missed = row.checked_in_at is None and over is not None
    asked_for = row.continues_id is None  # the rest of a session that had to make room was nobody's wish
    if missed and not (asked_for and policy.missed_count and row.outcome in {"", Outcome.NO_SHOW}):
        return 0
    end = over or row.end
    if end is None:
        return 0
    minutes = whole_minutes(end - row.start) - row.help_minutes - _helped(row, end)
    asked = row.booked_period.upper
    if asked and not policy.extension_counts:
        minutes = min(minutes, whole_minutes(asked - row.start))
    return max(0, minutes)


def whole_minutes(length: timedelta) -> int:
    """Return a length in minutes; a started one is used."""
    return -(-length // MINUTE)


def _helped(row: Booking, end: datetime) -> int:
    """Return the minutes of help that is still running, or ran when the session ended; they do not count either."""
    return min(row.help_added, max(0, whole_minutes(end - row.help_at))) if row.help_at else 0


def use_of(row: Booking, now: datetime, calendar: Calendar, policy: Policy) -> Use:
    """Return what the limits count of one row."""
    over = row.effective_end(now)
    missed = row.checked_in_at is None and over is not None
    return Use(
        day=calendar.branch_day(row.start),
        minutes=counted_minutes(row, now, policy),
        sessions=0 if missed or row.continues_id else 1,
        kind=row.device.device_class_id,
        counts=policy.rule_for(row.device.device_class_id).counts_toward_day,
        no_shows=int(missed and row.continues_id is None and row.outcome in {"", Outcome.NO_SHOW}),
        start=row.start,
        end=over or row.end,
    )


def patron_facts(
    patron: Patron,
    rows: Iterable[Booking],
    now: datetime,
    calendar: Calendar,
    policy: Policy,
    *,
    days: Iterable[PatronDay] = (),
    branch_id: int | None = None,
    without: int | None = None,
) -> PatronFacts:
    """Return what the rules need of `patron`; `rows` are their rows at all branches, with their device.

    `days` are what is kept of days whose rows name nobody any more. `branch_id` narrows the limits to one branch
    (policy "each branch for itself").
    """
    mine = [row for row in rows if row.patron_id == patron.pk and row.pk != without and row.kind == Kind.PATRON]
    uses = [use_of(row, now, calendar, policy) for row in mine if branch_id in (None, row.branch_id)]
    uses += [past_use(day, policy) for day in days if branch_id in (None, day.branch_id)]
    standing = [row for row in mine if row.effective_end(now) is None]
    today = calendar.branch_day(now)
    band = patron.age_band if patron.band_until is None or patron.band_until >= today else "unknown"
    return PatronFacts(
        ages=AGES[band],
        open_bookings=sum(1 for row in standing if row.checked_in_at is None),
        uses=uses,
        busy=[busy_of(row, now) for row in standing],
        blocked_until=patron.blocked_until,
        walk_up_only_until=patron.walk_up_only_until,
        valid_until=patron.valid_until,
        is_guest=patron.is_guest,
        is_unverified=patron.is_unverified,
    )


def past_use(day: PatronDay, policy: Policy) -> Use:
    """Return what the limits count of a past day."""
    counts = policy.rule_for(day.device_class_id).counts_toward_day
    return Use(day.on, day.minutes, day.sessions, day.device_class_id, counts, day.no_shows)
