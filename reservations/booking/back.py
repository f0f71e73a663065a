"""A seat is back: who gains by it is offered their first choice, and takes it while it still fits."""

from datetime import datetime, timedelta

from django.db import transaction

from helpdesk import live
from helpdesk.actor import Actor
from reservations.booking.ahead import over_problem
from reservations.booking.chain import goes_on
from reservations.booking.events import CLOSED_FIELDS, event
from reservations.booking.frame import Frame, frame_of
from reservations.booking.insert import save
from reservations.booking.move import move_in
from reservations.booking.override import record
from reservations.booking.reseat import kept_needs
from reservations.booking.tell import known, put_on_list
from reservations.models import Booking, Call, Device
from reservations.models.booking import Kind, Outcome
from reservations.models.calls import CallWhy
from reservations.period import period
from reservations.rules.booking import again_problems
from reservations.rules.extending import LEAST
from reservations.rules.problem import Refused
from reservations.rules.reseat import Sitter, takes
from reservations.rules.slot import Slot
from reservations.scopes import board_scope

MINUTE = timedelta(minutes=1)


def offer_back(frame: Frame, repair: Booking, *, by: Actor) -> list[Booking]:
    """Put on the list who gains by the end of `repair`, or of a class, a settled row of the frame; return their rows.

    That is who was left with nothing and has taken nothing since, and who was moved to a seat without something they
    asked for; each only while their time still fits. Classes stand again where their seat is free. Four queries.
    """
    device = frame.device(repair.device_id)
    hit = list(Booking.objects.filter(displaced_by=repair).select_related("device").order_by("created_at", "pk"))
    _stand_again(frame, [row for row in hit if row.outcome == Outcome.DISPLACED and row.kind == Kind.CLASS], by)
    people = [row for row in hit if row.kind == Kind.PATRON and row.patron_id and _gains(frame, row, device)]
    since = _taken_since(people)
    gaining = [row for row in people if not any(at >= (row.ended_at or at) for at in since.get(row.pk, ()))]
    put_on_list(gaining, CallWhy.BACK, now=frame.now)
    return gaining


def classes_again(frame: Frame, repair: Booking, *, by: Actor) -> None:
    """Let the classes stand that `repair` took their seat from and that come after its expected end. Three queries."""
    lost = Booking.objects.filter(displaced_by=repair, outcome=Outcome.DISPLACED, kind=Kind.CLASS)
    _stand_again(frame, list(lost.select_related("device", "block").order_by("pk")), by)


def lost_until(row: Booking) -> datetime | None:
    """Return until when a displaced row would have had its seat."""
    return row.due_end_at or row.booked_period.upper


def _gains(frame: Frame, row: Booking, device: Device) -> bool:
    """Return whether `device`, back in service, is worth having for the person of `row`, and free at their time."""
    if row.ended_at is None:
        better = not frozenset(row.needs) <= row.device.serves and frozenset(row.needs) & device.has <= device.serves
        until = row.end if better and not row.checked_in_at and row.effective_end(frame.now) is None else None
    else:
        until = _open_until(frame, row) if row.outcome == Outcome.DISPLACED else None
    start = max(row.start, frame.now)
    if until is None or until < start + LEAST * MINUTE:
        return False
    wish = Sitter(start, until, device.device_class_id, kept_needs(row, device))
    return takes(frame.device_facts(device), wish, frame.branch.policy.gap_minutes)


def _open_until(frame: Frame, row: Booking) -> datetime | None:
    """Return until when a displaced row could have its seat within the hours as they are now, None where not at all."""
    until, span = (
        lost_until(row),
        frame.calendar.usable_span(max(row.start, frame.now), frame.branch.policy.stop_minutes),
    )
    return min(until, span[1]) if until and span else None


def _taken_since(rows: list[Booking]) -> dict[int, list[datetime]]:
    """Return, by row, when its person has booked anything that was not cancelled. One query."""
    lost = {row.patron_id: row.pk for row in rows if row.ended_at}
    made = Booking.objects.filter(patron__in=lost, kind=Kind.PATRON).exclude(outcome=Outcome.CANCELLED)
    found: dict[int, list[datetime]] = {}
    for patron_id, pk, at in made.values_list("patron_id", "pk", "created_at"):
        if pk != lost[patron_id]:
            found.setdefault(lost[patron_id], []).append(at)
    return found


def _stand_again(frame: Frame, classes: list[Booking], by: Actor) -> None:
    """Give classes that are still to come their seat back where nothing has taken it."""
    standing = [row for row in frame.rows if not row.ended_at]
    again = []
    for row in classes:
        over = row.block_id is not None and row.block is not None and row.block.ended_at is not None
        if row.start <= frame.now or over:
            continue
        there = (other for other in standing if other.device_id == row.device_id)
        if any(Slot(row.start, row.period.upper).meets(other.start, other.until(frame.now)) for other in there):
            continue
        row.ended_at, row.outcome = None, ""
        again.append(row)
    Booking.objects.bulk_update(again, CLOSED_FIELDS)
    for row in again:
        event(row, "stands_again", by=by, now=frame.now).save(force_insert=True)
    Call.objects.filter(booking__in=again, handled_at=None).delete()


@transaction.atomic
def take_back(*, booking: Booking, by: Actor, now: datetime, override: str = "") -> Booking:
    """Give a person their first choice back after a repair; return the row that stands now.

    A booking that was taken away stands again, a session goes on for what is left of it, one that was moved goes back
    to the seat. Twice is once. Raises Refused `over`, and every rule of the seat and every limit that stands against
    it now: what somebody else has taken meanwhile stays theirs.
    """
    cause = Booking.objects.filter(displaced=booking).first()
    seat_id = cause.device_id if cause else booking.device_id
    frame = frame_of(booking, now, seat_id)
    row = frame.row(booking)
    if row.ended_at is None:
        stands = move_in(frame, row, frame.device(seat_id), by=by, override=override)
    else:
        stands = _again(frame, row, by, override)
    known(row, by=by, now=now)
    return stands


def _again(frame: Frame, row: Booking, by: Actor, override: str) -> Booking:
    """Let a row that was taken away stand again, or go on where somebody sat."""
    if row.outcome != Outcome.DISPLACED or row.patron_id is None or row.kind != Kind.PATRON:
        raise Refused(over_problem())
    if gone_on := Booking.objects.filter(continues=row, checked_in_at__isnull=False).first():
        return gone_on
    device, until = frame.device(row.device_id), lost_until(row)
    start = max(frame.start_on(device), row.start)
    if until is None or until < start + LEAST * MINUTE:
        raise Refused(over_problem())
    slot, sat = Slot(start, until), row.checked_in_at is not None
    asked = frame.asked(device, slot, walk_up=sat, without=row.pk, by=by, needs=frozenset(row.needs))
    lifted = frame.check(again_problems(asked), by=by, override=override)
    stands = goes_on(row, device, slot, frame.now) if sat else _reopened(frame, row, device, slot)
    save(stands)
    event(stands, "taken_back", by=by, now=frame.now, to_seat=device.label).save(force_insert=True)
    record(stands, lifted, override=override, by=by, now=frame.now)
    live.touch(board_scope(frame.branch.pk))
    frame.ring()
    return stands


def _reopened(frame: Frame, row: Booking, device: Device, slot: Slot) -> Booking:
    """Let a booking stand again in memory; whose time has come has the usual minutes to check in."""
    grace = timedelta(minutes=frame.policy_facts(device).grace)
    row.period = period(row.start, slot.end)
    row.check_in_by = max(row.check_in_by or slot.start, min(slot.end, slot.start + grace))
    row.ended_at, row.outcome = None, ""
    return row
