"""What the verbs on a running session share: its frame, its new end, the minute to save one's work."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from helpdesk import live
from helpdesk.actor import Actor
from helpdesk.db import refused_by
from reservations.booking.ahead import over_problem
from reservations.booking.frame import Frame, frame_of
from reservations.booking.insert import SEAT_TAKEN, SEATED_ELSEWHERE
from reservations.models import Booking, BookingEvent
from reservations.models.booking import Kind
from reservations.period import period
from reservations.rules.extending import Stretch
from reservations.rules.problem import Refused
from reservations.scopes import board_scope

MINUTE = timedelta(minutes=1)
SAVE = MINUTE  # "to save your work": no verb leaves a running session less, whoever waits
DOUBLE = timedelta(seconds=5)  # the same verb by the same actor within this is a double click


def running_row(booking: Booking, now: datetime) -> tuple[Frame, Booking]:
    """Return the frame around a running session and its locked row, or raise Refused `over`."""
    frame = frame_of(booking, now)
    row = frame.row(booking)
    if not is_running(row):
        raise Refused(over_problem())
    return frame, row


def is_running(row: Booking) -> bool:
    """Return whether a settled row is a person's session that runs."""
    return row.kind == Kind.PATRON and row.is_running and row.patron_id is not None


def end_of(row: Booking) -> datetime:
    """Return the end of a person's row, which is never open."""
    assert row.end is not None
    return row.end


def set_end(row: Booking, end: datetime) -> None:
    """Give `row` a later end, in memory."""
    row.period = period(row.start, end)


def cut(row: Booking, end: datetime, now: datetime) -> None:
    """Give a running session an earlier end, in memory; never before the minute to save one's work."""
    set_end(row, min(end_of(row), max(end, now + SAVE)))


def stretch_of(frame: Frame, row: Booking, minutes: int, by: Actor, *, freely: bool = False) -> Stretch:
    """Return the facts of making `row` longer by `minutes`."""
    device = frame.device(row.device_id)
    return Stretch(
        start=row.start,
        end=end_of(row),
        minutes=minutes,
        extensions=row.extensions,
        now=frame.now,
        device=frame.device_facts(device),
        patron=frame.patron_facts(),
        policy=frame.policy_facts(device),
        calendar=frame.calendar,
        waiting=frame.waiting_for(device),
        who=by.kind,
        freely=freely,
    )


def repeated(row: Booking, what: str, by: Actor, now: datetime) -> bool:
    """Return whether the same actor has done the same to `row` a moment ago: a double click."""
    done = BookingEvent.objects.filter(booking=row, what=what, at__gt=now - DOUBLE, **by.columns())
    return done.exists()


def save_running(frame: Frame, *rows: Booking, fields: Sequence[str] = ()) -> None:
    """Write `rows` in one UPDATE, so that a swap of seats is never half done; tell the screens and the line.

    Raises Refused where an exclusion constraint refuses a period.
    """
    with (
        refused_by("booking_one_per_device", Refused(SEAT_TAKEN)),
        refused_by("booking_one_per_patron", Refused(SEATED_ELSEWHERE)),
    ):
        Booking.objects.bulk_update(rows, ["period", *fields])
    live.touch(board_scope(frame.branch.pk))
    frame.ring()
