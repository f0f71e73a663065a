"""A class or a maintenance does not take place: who sits at a seat and was to leave it for that keeps the seat."""

from collections.abc import Collection, Sequence
from datetime import datetime

from helpdesk.actor import Actor
from reservations.booking.events import close, event
from reservations.booking.frame import Frame
from reservations.booking.running import end_of, is_running, save_running, set_end
from reservations.booking.tell import put_on_list
from reservations.models import Booking, BookingEvent, Call
from reservations.models.booking import Outcome
from reservations.models.calls import CallWhy
from reservations.rules.fit import free_until

FIELDS = ["ended_at", "outcome", "due_end_at"]
Stay = tuple[Booking, Booking | None, datetime]  # who sits there, the row they were to go on in, until when they stay


def stay_on(frame: Frame, gone: Sequence[Booking], *, by: Actor) -> list[Booking]:
    """Let who sits where one of the `gone` rows was to begin stay for the whole of their time; return their rows.

    The frame holds every seat of the branch and all that stands there by now. Whose seat is not free for all of it goes
    on elsewhere as planned; who had nowhere to go has as much as is free. Who had been told to leave is to be told
    that they need not.
    """
    pairs = [(row, _rest(frame, row, gone)) for row in frame.rows if is_running(row)]
    hit = [(row, rest) for row, rest in pairs if rest or _made_room(row, gone)]
    others = _next_elsewhere([row for row, rest in hit if rest is None])
    stays = [stay for row, rest in hit if (stay := _stay(frame, row, rest, others.get(row.pk)))]
    for row, rest, until in stays:
        set_end(row, until)
        row.due_end_at = None
        if rest:
            close(rest, at=frame.now, outcome=Outcome.CANCELLED)
    rows = [row for row, _rest, _until in stays]
    ended = [rest for _row, rest, _until in stays if rest]
    if stays:
        save_running(frame, *ended, *rows, fields=FIELDS)
        _tell(frame, rows, ended, by=by)
    return rows


def _rest(frame: Frame, row: Booking, gone: Sequence[Booking]) -> Booking | None:
    """Return the row in which a session was to go on elsewhere when one of the `gone` rows began at its seat."""
    starts = [each.start for each in gone if each.device_id == row.device_id]
    after = (each for each in frame.rows if each.continues_id == row.pk and not each.ended_at)
    rest = next((each for each in after if each.checked_in_at is None), None)
    return rest if rest and any(end_of(row) <= start < end_of(rest) for start in starts) else None


def _made_room(row: Booking, gone: Collection[Booking]) -> bool:
    """Return whether a session ends sooner for one of the `gone` rows and has no other seat."""
    return row.due_end_at is not None and row.displaced_by_id in {each.pk for each in gone}


def _next_elsewhere(rows: Sequence[Booking]) -> dict[int, datetime]:
    """Return when the people of `rows` are to be at another seat next, by row. One query."""
    mine = {row.patron_id: row for row in rows}
    found: dict[int, datetime] = {}
    for other in Booking.objects.open().filter(patron__in=mine).order_by("-period"):
        row = mine[other.patron_id]
        if other.start >= end_of(row):
            found[row.pk] = other.start
    return found


def _stay(frame: Frame, row: Booking, rest: Booking | None, elsewhere: datetime | None) -> Stay | None:
    """Return until when `row` may keep its seat; None where that is no longer than it has it now."""
    device = frame.device(row.device_id)
    facts = frame.device_facts(device, without=row.pk)
    free = free_until(frame.now, facts, frame.policy_facts(device), frame.calendar)
    wanted = end_of(rest) if rest else row.due_end_at
    if free is None or wanted is None:
        return None
    until = min(wanted, free, elsewhere or wanted)
    return None if until <= end_of(row) or (rest and until < wanted) else (row, rest, until)


def _tell(frame: Frame, rows: Sequence[Booking], ended: Sequence[Booking], *, by: Actor) -> None:
    """Say so in every story; put on the list who had been told to leave, and take off it who had not."""
    now = frame.now
    lines = [event(row, "stays_on", by=by, now=now, until=end_of(row).isoformat()) for row in rows]
    BookingEvent.objects.bulk_create([*lines, *(event(row, "stays_on", by=by, now=now) for row in ended)])
    calls = Call.objects.filter(booking__in=[*rows, *ended])
    told = set(calls.filter(handled_at__isnull=False).values_list("booking_id", flat=True))
    calls.filter(handled_at=None).delete()
    sat = {row.pk for row in rows if row.pk in told} | {row.continues_id for row in ended if row.pk in told}
    put_on_list([row for row in rows if row.pk in sat], CallWhy.AGAIN, now=now)
