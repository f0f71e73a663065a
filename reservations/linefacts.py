"""Turns rows into the plain facts of the waiting line: seats as it sees them, wishes, the day's stop."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from itertools import pairwise

from reservations.calendar import Calendar, Span
from reservations.facts import policy_facts, was_used
from reservations.models import Booking, BranchPace, Device, Policy, Turn
from reservations.models.booking import Kind
from reservations.models.people import AGES
from reservations.models.policy import Access
from reservations.rules.facts import ACCESS
from reservations.rules.promise import UNKNOWN, Expected, Pace, SeatLine, Waiting, rounded

Blocked = tuple[datetime, datetime | None]


def paces_of(branch_id: int) -> dict[int, Pace]:
    """Return what the branch's history says of each class of devices. One query."""
    rows = BranchPace.objects.filter(branch_id=branch_id)
    return {row.device_class_id: Pace(tuple(row.shares), row.missed, row.samples) for row in rows}


def seat_line(
    device: Device,
    rows: Iterable[Booking],
    *,
    now: datetime,
    policy: Policy,
    breaks: Iterable[Blocked] = (),
    pace: Pace = UNKNOWN,
) -> SeatLine:
    """Return `device` as the line sees it; `rows` are those of the device, `breaks` the branch's closures by day."""
    rule = policy.rule_for(device.device_class_id)
    mine = [row for row in rows if row.device_id == device.pk]
    standing = sorted((row for row in mine if row.effective_end(now) is None), key=lambda row: row.start)
    here = next((row for row in standing if row.start <= now and row.kind in {Kind.PATRON, Kind.OFFER}), None)
    blocked = [(row.start, row.until(now)) for row in standing if row is not here]
    return SeatLine(
        device_id=device.pk,
        class_id=device.device_class_id,
        features=device.serves,
        ages=(rule.least_age, rule.greatest_age),
        only_chosen=rule.walk_up_only,
        started_at=here.start if here else None,
        ends_at=here.end if here else _cleaned_at(mine, now, policy),
        blocked=sorted([*blocked, *breaks], key=lambda span: span[0]),
        pace=pace,
        one_of=ACCESS if rule.access == Access.ONLY else frozenset(),
        guests=policy.guests_allowed if rule.guests_allowed is None else rule.guests_allowed,
    )


def _cleaned_at(rows: Iterable[Booking], now: datetime, policy: Policy) -> datetime | None:
    """Return when the cleaning after the last person is over, None if it is."""
    gap = timedelta(minutes=policy.gap_minutes)
    over = ((row, row.effective_end(now)) for row in rows)
    left = (end for row, end in over if end and was_used(row.kind, row.start, end, row.checked_in_at))
    done = max((end + gap for end in left), default=now)
    return done if done > now else None


def seat_lines(
    devices: Iterable[Device],
    rows: Mapping[int, list[Booking]],
    *,
    now: datetime,
    policy: Policy,
    calendar: Calendar,
    paces: Mapping[int, Pace],
) -> list[SeatLine]:
    """Return the seats as the line sees them; `rows` by device."""
    breaks = breaks_of(calendar, calendar.branch_day(now), policy)
    return [
        seat_line(
            device,
            rows.get(device.pk, ()),
            now=now,
            policy=policy,
            breaks=breaks,
            pace=paces.get(device.device_class_id, UNKNOWN),
        )
        for device in devices
    ]


def breaks_of(calendar: Calendar, day: date, policy: Policy) -> list[Blocked]:
    """Return the closures within a branch day, without the gap that the line keeps around what is blocked."""
    gap = timedelta(minutes=policy.gap_minutes)
    spans = calendar.open_spans(day)
    before: list[Blocked] = [(spans[0][0] - timedelta(days=1), spans[0][0] - gap)] if spans else []
    return before + [(one[1] + gap, two[0] - gap) for one, two in pairwise(spans)]


def day_stop(calendar: Calendar, day: date, policy: Policy) -> datetime | None:
    """Return when the computers stop on a branch day, None if it does not open."""
    spans: list[Span] = calendar.open_spans(day)
    usable = calendar.cut(spans[-1], policy.stop_minutes) if spans else None
    return usable[1] if usable else None


def waiting_of(turn: Turn, policy: Policy, today: date) -> Waiting:
    """Return what a place in line asks for; nobody is called to less than half of what they want."""
    patron = turn.patron
    guest = patron is not None and patron.is_guest
    band = patron.age_band if patron and (patron.band_until is None or patron.band_until >= today) else "unknown"
    shortest = policy_facts(policy, turn.device_class_id, guest=guest).min_slot
    return Waiting(
        turn_id=turn.pk or 0,
        class_id=turn.device_class_id,
        needs=frozenset(turn.needs),
        ages=AGES[band],
        minutes=turn.minutes,
        least=max(shortest, turn.minutes // 2),
        guest=guest,
    )


def said(turn: Turn, now: datetime) -> tuple[int, int] | None:
    """Return the minutes from `now` that a place in line is told, None when no seat is in sight."""
    return rounded(Expected(turn.pk or 0, None, turn.expected_low_at, turn.expected_high_at), now)
