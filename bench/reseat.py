"""Measures a fault at a fully booked seat: everybody is re-seated in one transaction, and the preview before it."""

import statistics
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from bench.stand import ROUNDS, report, timed
from bench.world import book_a_week, make_branch, make_patrons
from helpdesk import clock
from helpdesk.actor import SYSTEM
from reservations.booking.service import Removal, take_out_of_service
from reservations.models import Booking, Branch, Device
from reservations.period import period
from reservations.reseating import preview_out

SEATS = 60
BOOKINGS = 60
MILLISECONDS = 300
QUERIES = 40


def run(*, quick: bool) -> None:
    """Print the time and the queries of re-seating BOOKINGS people of one seat in a room that a week is booked in."""
    now = clock.now()
    branch = make_branch("reseat", seats=SEATS, now=now)
    book_a_week(branch, now=now)
    broken = branch.devices.order_by("pk")[0]
    _fill(branch, broken, now)
    waits, previews = [], []
    removal = _once(broken, now)[1]
    for _round in range(ROUNDS * (2 if quick else 8)):
        waits.append(_once(broken, now)[0])
        with timed() as passed:
            preview_out(Device.objects.select_related("branch__policy").get(pk=broken.pk), now=now)
        previews.append(passed())
    with CaptureQueriesContext(
        connection,
    ) as queries:
        _once(broken, now)
    real = [
        query for query in queries if query["sql"].split(" ", 1)[0] not in {"BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK"}
    ]
    done = {"moved": len(removal.moved), "displaced": len(removal.displaced)}
    report(f"reseat.{BOOKINGS}", statistics.median(waits), "ms", limit=MILLISECONDS, seats=SEATS, **done)
    report(f"reseat.{BOOKINGS}.queries", len(real), "queries", limit=QUERIES)
    report(f"reseat.{BOOKINGS}.preview", statistics.median(previews), "ms", limit=MILLISECONDS)


def _fill(branch: Branch, device: Device, now: datetime) -> None:
    """Book BOOKINGS hours of one seat, one after the other, from now on."""
    Booking.objects.filter(device=device).delete()
    people = make_patrons(BOOKINGS, now=now)
    rows = []
    for place, who in enumerate(people):
        start = now + timedelta(hours=2 * place) - timedelta(minutes=10)
        span = period(start, start + timedelta(minutes=55))
        sits = {"checked_in_at": start} if place == 0 else {"check_in_by": start + timedelta(minutes=10)}
        rows.append(
            Booking(branch=branch, device=device, patron=who, period=span, booked_period=span, created_at=start, **sits)
        )
    Booking.objects.bulk_create(rows)


def _once(device: Device, now: datetime) -> tuple[float, Removal]:
    """Take the device out and take all of it back; return the milliseconds of the verb and what it did."""
    with transaction.atomic():
        with timed() as passed:
            removal = take_out_of_service(device_id=device.pk, by=SYSTEM, now=now, note="No picture")
        milliseconds = passed()
        transaction.set_rollback(True)
    return milliseconds, removal
