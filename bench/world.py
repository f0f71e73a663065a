"""Makes libraries to measure: seats, people, a week of bookings to come, any number of past ones. Seeded."""

import random
import uuid
from datetime import datetime, time, timedelta

from django.db import connection

from reservations.models import Area, Booking, Branch, Device, DeviceClass, OpeningHours, Patron, Policy
from reservations.period import period

HOUR = timedelta(hours=1)


def make_branch(name: str, *, seats: int, now: datetime, **rules: object) -> Branch:
    """Return an empty branch of `seats` computers in areas of ten, open day and night."""
    policy = Policy.objects.create(name=f"{name} {uuid.uuid4().hex[:8]}", **rules)
    branch = Branch.objects.create(name=f"{name} {policy.pk}", slug=f"{name}-{policy.pk}", policy=policy)
    OpeningHours.objects.bulk_create(
        OpeningHours(branch=branch, weekday=day, opens=time(0), closes=time(0)) for day in range(7)
    )
    kind, _made = DeviceClass.objects.get_or_create(code="internet", defaults={"name": "Internet computer"})
    areas = [Area.objects.create(branch=branch, name=f"Row {n}", position=n) for n in range(-(-seats // 10))]
    Device.objects.bulk_create(
        Device(branch=branch, device_class=kind, area=areas[n // 10], label=str(n + 1), position=n)
        for n in range(seats)
    )
    return branch


def make_patrons(many: int, *, now: datetime) -> list[Patron]:
    """Return `many` adults who have just signed in."""
    mark = uuid.uuid4().hex[:8]
    rows = (Patron(key=f"c1:{mark}-{n}", alias=f"{n % 1000:03d}", age_band="adult", seen_at=now) for n in range(many))
    return Patron.objects.bulk_create(rows)


def book_a_week(branch: Branch, *, now: datetime, a_day: int = 2) -> None:
    """Let every seat be used now or not, and be booked `a_day` times on each of the coming seven days."""
    chance = random.Random(branch.pk)  # noqa: S311  (no secret)
    devices = list(branch.devices.all())
    people = iter(make_patrons(len(devices) * (1 + 7 * a_day), now=now))
    rows = []
    for device in devices:
        if chance.random() < 0.7:
            began = now - timedelta(minutes=chance.randrange(1, 55))
            rows.append(_row(branch, device, next(people), began, began + HOUR, checked_in_at=began))
        for day in range(7):
            for hour in chance.sample(range(2, 22), a_day):
                start = now.replace(minute=0, second=0, microsecond=0) + timedelta(days=day, hours=hour)
                rows.append(_row(branch, device, next(people), start, start + HOUR * 0.9))
    Booking.objects.bulk_create(rows)


def _row(branch: Branch, device: Device, who: Patron, start: datetime, end: datetime, **more: object) -> Booking:
    span = period(start, end)
    by = {} if more.get("checked_in_at") else {"check_in_by": start + timedelta(minutes=10)}
    return Booking(
        branch=branch, device=device, patron=who, period=span, booked_period=span, created_at=start, **by, **more
    )


PAST = """
INSERT INTO reservations_booking (branch_id, device_id, kind, period, booked_period, checked_in_at, ended_at, outcome,
    walk_up, note, number, needs, yields, extensions, help_added, help_minutes, request_key, created_at)
SELECT d.branch_id, d.id, 'patron', tstzrange(s.began, s.ended), tstzrange(s.began, s.began + interval '1 hour'),
    s.began, s.ended, 'finished', true, '', '', '{}', false, 0, 0, 0, gen_random_uuid(), s.began
FROM reservations_device d
CROSS JOIN LATERAL (
    SELECT %(now)s - n * interval '70 minutes' - interval '2 hours' AS began,
           %(now)s - n * interval '70 minutes' - interval '2 hours' + (10 + n %% 50) * interval '1 minute' AS ended
    FROM generate_series(1, %(each)s) n
) s
WHERE d.branch_id = %(branch)s
"""


def add_past(branch: Branch, *, many: int, now: datetime) -> None:
    """Add about `many` ended sessions of the time before `now`, as the purge leaves them: without a patron."""
    each = -(-many // branch.devices.count())
    with connection.cursor() as cursor:
        cursor.execute(PAST, {"now": now, "each": each, "branch": branch.pk})
        cursor.execute("ANALYZE")
