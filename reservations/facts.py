"""Turns rows into the plain facts that the rules read."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from reservations.calendar import Calendar
from reservations.models import Booking, Device, DeviceClass, Patron, Policy
from reservations.models.booking import Kind, Outcome
from reservations.models.people import AGES
from reservations.rules.facts import Busy, DeviceFacts, PatronFacts, PolicyFacts


def policy_facts(policy: Policy, device_class: DeviceClass | None, *, guest: bool) -> PolicyFacts:
    """Return the limits for a class of devices (None: any) and for a guest or a card holder."""
    session = policy.guest_session_minutes if guest else policy.session_minutes
    if device_class and device_class.session_minutes:
        session = device_class.session_minutes
    return PolicyFacts(
        session=session,
        day=policy.guest_day_minutes if guest else policy.day_minutes,
        horizon_days=policy.horizon_days,
        open_bookings=policy.open_bookings,
        grace=policy.grace_minutes,
        min_slot=min(policy.min_slot_minutes, session),
        gap=policy.gap_minutes,
        stop=policy.stop_minutes,
    )


def busy_of(row: Booking, now: datetime) -> Busy:
    """Return the span that a row takes of its device, with the end a rule has already given it."""
    over = row.effective_end(now)
    return Busy(row.start, over or row.end, repair=row.kind == Kind.REPAIR, over=over is not None)


def device_facts(device: Device, rows: Iterable[Booking], now: datetime) -> DeviceFacts:
    """Return what the rules need of `device`; `rows` are its rows (others are passed over)."""
    kind = device.device_class
    return DeviceFacts(
        label=device.said,
        bookable=kind.bookable and device.retired_on is None,
        walk_up_only=kind.walk_up_only,
        counts_toward_day=kind.counts_toward_day,
        least_age=kind.least_age,
        greatest_age=kind.greatest_age,
        busy=[busy_of(row, now) for row in rows if row.device_id == device.pk and _counts(row, now)],
    )


def _counts(row: Booking, now: datetime) -> bool:
    """A row that has ended matters only for the cleaning, so only if somebody sat there."""
    return row.effective_end(now) is None or row.checked_in_at is not None or row.kind == Kind.CLASS


def counted_minutes(row: Booking, now: datetime) -> int:
    """Return the minutes of `row` that count toward the daily limit.

    Booked minutes count until the row ends; afterwards the minutes used. A missed booking counts the minutes the
    seat was held (missed minutes are not returned, library-practice.md section 5); what was cancelled or displaced
    before it began counts nothing.
    """
    if row.kind != Kind.PATRON:
        return 0
    if row.ended_at and row.checked_in_at is None and row.outcome != Outcome.NO_SHOW:
        return 0
    over = row.effective_end(now)
    end = over or row.end
    return max(0, -(-(end - row.start) // timedelta(minutes=1))) if end else 0


def patron_facts(
    patron: Patron,
    rows: Iterable[Booking],
    now: datetime,
    calendar: Calendar,
    *,
    branch_id: int | None = None,
    without: int | None = None,
) -> PatronFacts:
    """Return what the rules need of `patron`; `rows` are their rows at all branches, with device and class.

    `branch_id` narrows the daily minutes to one branch (policy "each branch for itself").
    """
    mine = [row for row in rows if row.patron_id == patron.pk and row.pk != without]
    used: dict[date, int] = {}
    for row in mine:
        if branch_id in (None, row.branch_id) and row.device.device_class.counts_toward_day:
            day = calendar.branch_day(row.start)
            used[day] = used.get(day, 0) + counted_minutes(row, now)
    standing = [row for row in mine if row.effective_end(now) is None]
    today = calendar.branch_day(now)
    band = patron.age_band if patron.band_until is None or patron.band_until >= today else "unknown"
    return PatronFacts(
        ages=AGES[band],
        open_bookings=sum(1 for row in standing if row.checked_in_at is None),
        used=used,
        busy=[busy_of(row, now) for row in standing],
        blocked_until=patron.blocked_until,
        walk_up_only_until=patron.walk_up_only_until,
        valid_until=patron.valid_until,
    )
