"""How long someone could sit: the longest slot from a moment that breaks no rule. No ORM, no clock."""

from datetime import datetime, timedelta

from reservations.calendar import Calendar
from reservations.rules.facts import DeviceFacts, PatronFacts, PolicyFacts


def free_until(start: datetime, device: DeviceFacts, policy: PolicyFacts, calendar: Calendar) -> datetime | None:
    """Return until when the device is free from `start`, gap and closing cut-off kept; None if it is not free then."""
    gap = timedelta(minutes=policy.gap)
    usable = calendar.usable_span(start, policy.stop)
    if usable is None or usable[1] <= start or not device.bookable:
        return None
    end = usable[1]
    for busy in device.busy:
        after = timedelta() if busy.repair else gap
        if busy.start <= start and (busy.end is None or start < busy.end + after):
            return None
        if start < busy.start and not busy.over:
            end = min(end, busy.start - after)
    return end if end > start else None


def longest_minutes(
    start: datetime,
    device: DeviceFacts,
    patron: PatronFacts | None,
    policy: PolicyFacts,
    calendar: Calendar,
) -> int:
    """Return the whole minutes of the longest session from `start`, 0 if none of at least the shortest useful slot.

    `patron` None: anybody (the kiosk before sign-in), so personal limits are left out.
    """
    end = free_until(start, device, policy, calendar)
    if end is None:
        return 0
    minutes = min((end - start) // timedelta(minutes=1), policy.session)
    if patron is not None:
        minutes = min(minutes, _patron_minutes(start, device, patron, policy, calendar))
    return minutes if minutes >= policy.min_slot else 0


def _patron_minutes(
    start: datetime, device: DeviceFacts, patron: PatronFacts, policy: PolicyFacts, calendar: Calendar
) -> int:
    """Return how long this patron could sit from `start` by the daily minutes and their other bookings."""
    most = policy.session
    if patron.valid_until:
        most = min(most, (patron.valid_until - start) // timedelta(minutes=1))
    if device.counts_toward_day:
        most = min(most, policy.day - patron.minutes_on(calendar.branch_day(start)))
    for busy in patron.busy:
        if busy.over:
            continue
        if busy.start <= start and (busy.end is None or start < busy.end):
            return 0
        if start < busy.start:
            most = min(most, (busy.start - start) // timedelta(minutes=1))
    return most
