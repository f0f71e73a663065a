"""Back to a seat left by mistake: a new row that goes on from the finished one."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from helpdesk import live, words
from helpdesk.actor import Actor
from reservations.booking.again import blocked_now, limits_again
from reservations.booking.ahead import over_problem
from reservations.booking.chain import goes_on, sessions_of
from reservations.booking.events import event
from reservations.booking.frame import Frame, frame_of
from reservations.booking.insert import SEAT_TAKEN, save
from reservations.booking.running import MINUTE
from reservations.booking.turns import sit_down, withdraw
from reservations.models import Booking, BookingEvent
from reservations.models.booking import OUT, Kind, Outcome
from reservations.rules.extending import LEAST, fitting
from reservations.rules.problem import Problem, Refused
from reservations.rules.slot import Slot
from reservations.scopes import board_scope

AT_ONCE = 2 * MINUTE  # a tap by mistake is noticed as soon as this; while people wait, no seat is kept longer


@transaction.atomic
def resume(*, booking: Booking, by: Actor, now: datetime) -> Booking:
    """Go on with a session that was finished by mistake, on the same seat until the end it had; return the new row.

    Minutes add up over both rows and one session is counted. A second resume returns the first one's row. Somebody who
    has booked the seat meanwhile keeps it, the session then ends before them. What its person has taken elsewhere
    meanwhile counts, and a place in line of theirs ends. While somebody waits whom the seat serves, it is kept for
    AT_ONCE, and once in a session.
    Raises Refused `over`, `too_late`, `offered`, `out`, `taken`, `line_waits`, `elsewhere`, and minutes' limits.
    """
    frame = frame_of(booking, now)
    row = frame.row(booking)
    again = Booking.objects.filter(continues=row, device_id=row.device_id).first()
    if again:
        return again
    turn = frame.my_turn()
    if turn:
        withdraw(turn, by=by, now=now)
    start = frame.start_on(frame.device(row.device_id))
    _may_resume(frame, row, start)
    end = _end(frame, row, start)
    _leave_to_the_line(frame, row)
    resumed = goes_on(row, row.device, _within_limits(frame, row, Slot(start, end)), now)
    save(resumed)
    until = resumed.period.upper.isoformat() if resumed.period.upper else ""
    event(resumed, "resumed", by=by, now=now, until=until).save(force_insert=True)
    if turn:
        sit_down(turn, resumed, by=by, now=now)
    frame.ring()
    live.touch(board_scope(row.branch_id))
    return resumed


def _may_resume(frame: Frame, row: Booking, start: datetime) -> None:
    """Raise Refused unless `row` was finished so recently that it may go on."""
    if row.outcome != Outcome.FINISHED or row.patron_id is None or row.ended_at is None or row.due_end_at is None:
        raise Refused(over_problem())
    if row.due_end_at <= start:
        raise Refused(over_problem())
    if blocked := blocked_now(frame):
        raise Refused(*blocked)
    within = frame.policy_facts(frame.device(row.device_id)).resume
    if frame.now - row.ended_at > within * MINUTE:
        sentence = _("A seat is kept for %(length)s after signing out. Choose a seat, or ask a person.")
        rule = _("Back to a seat within")
        length = words.length(within)
        raise Refused(Problem("too_late", sentence % {"length": length}, rule, length, lift_by=""))


def _leave_to_the_line(frame: Frame, row: Booking) -> None:
    """Raise Refused where the seat goes to somebody who waits: it was left a while ago, or taken back once before."""
    if not frame.waiting_for(frame.device(row.device_id)):
        return
    assert row.ended_at is not None
    before = BookingEvent.objects.filter(booking__in=sessions_of(row), what="resumed").exists()
    if before or frame.now - row.ended_at > AT_ONCE:
        sentence = _("Somebody waits for a seat like this one, and it is theirs next. Take a number, or ask a person.")
        raise Refused(Problem("line_waits", sentence, _("People in line"), words.length(2), lift_by=""))


def _end(frame: Frame, row: Booking, start: datetime) -> datetime:
    """Return until when the seat is free again for the session; raise Refused where somebody has it now."""
    due = row.due_end_at
    assert due is not None
    others = [other for other in frame.rows if other.device_id == row.device_id and not other.ended_at]
    for other in sorted(others, key=lambda other: other.start):
        if not Slot(start, due).meets(other.start, other.until(frame.now)):
            continue
        gap = frame.branch.policy.gap_minutes * MINUTE if other.kind not in OUT else 0 * MINUTE
        if other.start - gap < start + LEAST * MINUTE:
            raise Refused(_taken_by(row, other))
        return other.start - gap
    return due


def _within_limits(frame: Frame, row: Booking, slot: Slot) -> Slot:
    """Return `slot`, shorter where its person has taken another seat meanwhile; raise Refused if too little is left."""
    problems = limits_again(frame, row, slot, same_session=True)
    if not problems:
        return slot
    minutes = fitting(problems)
    if minutes is None or minutes < LEAST:
        raise Refused(*problems)
    return Slot.of(slot.start, minutes)


def _taken_by(row: Booking, other: Booking) -> Problem:
    said = {"seat": row.device.said}
    if other.kind == Kind.OFFER:
        sentence = _("%(seat)s has been offered to the next person in line. Choose another seat, or ask a person.")
        return Problem("offered", sentence % said, _("Offer to the line"), next_at=other.check_in_by, lift_by="")
    if other.kind in OUT:
        return Problem("out", _("%(seat)s is out of service.") % said, _("Out of service"), lift_by="")
    return SEAT_TAKEN
