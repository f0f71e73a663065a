"""A session that goes on in another row: after a pause, or at another seat. Minutes add up, one session is counted."""

from datetime import datetime, timedelta

from reservations.booking.events import CLOSED_FIELDS, close
from reservations.models import Booking, Device
from reservations.models.booking import Outcome
from reservations.period import period
from reservations.rules.slot import Slot

MINUTE = timedelta(minutes=1)
HELP_FIELDS = ["help_at", "help_added", "help_minutes"]
LEFT_FIELDS = [*CLOSED_FIELDS, *HELP_FIELDS]


def goes_on(row: Booking, device: Device, slot: Slot, now: datetime) -> Booking:
    """Return the unsaved row on `device` that goes on from the session `row` over `slot`.

    What was asked at first still tells extensions from the rest, where it reaches into the new row.
    """
    asked = row.booked_period.upper
    return Booking(
        branch_id=row.branch_id,
        device=device,
        patron_id=row.patron_id,
        responsible_id=row.responsible_id,
        period=period(slot.start, slot.end),
        booked_period=period(slot.start, asked if asked and slot.start < asked < slot.end else slot.end),
        checked_in_at=slot.start,
        walk_up=row.walk_up,
        continues=row,
        number=row.number,
        needs=row.needs,
        yields=row.yields,
        extensions=row.extensions,
        note=row.note,
        created_at=now,
    )


def moved_on(row: Booking, device: Device, at: datetime, now: datetime) -> Booking:
    """Close the running `row` in memory at `at`; return the unsaved row that has its remaining minutes on `device`.

    Help that runs goes on there: what it took so far stays with the old row (LEFT_FIELDS are to be written).
    """
    assert row.end is not None
    after = goes_on(row, device, Slot(at, row.end), now)
    if row.help_at:
        took = min(row.help_added, max(0, -(-(at - row.help_at) // MINUTE)))
        after.help_at, after.help_added = at, row.help_added - took
        row.help_minutes += took
        row.help_at, row.help_added = None, 0
    close(row, at=at, outcome=Outcome.MOVED)
    return after


def goes_on_later(row: Booking, device: Device, at: datetime, grace: timedelta, now: datetime) -> Booking:
    """End the running `row` in memory at `at`, which is to come; return the unsaved row for the rest on `device`.

    It waits for its person as a booking does: `grace` is how long.
    """
    assert row.end is not None
    after = goes_on(row, device, Slot(at, row.end), now)
    after.checked_in_at, after.check_in_by = None, min(row.end, at + grace)
    leave_at(row, at)
    return after


def leave_at(row: Booking, at: datetime) -> None:
    """Give a running `row` an earlier end, in memory; minutes of help that are cut off are not taken back again."""
    assert row.end is not None
    if row.help_at:
        row.help_added = max(0, row.help_added - -(-(row.end - at) // MINUTE))
    row.period = period(row.start, at)


def sessions_of(row: Booking) -> list[int]:
    """Return the keys of the rows that are one session: `row` and those it goes on from."""
    found: list[int] = [row.pk]
    before = row.continues_id
    while before:
        found.append(before)
        before = Booking.objects.values_list("continues_id", flat=True).get(pk=before)
    return found
