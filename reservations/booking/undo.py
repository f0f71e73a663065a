"""Takes back what a member of staff did a moment ago, as long as nothing has happened since."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from helpdesk import live
from helpdesk.actor import Actor
from reservations.booking.ahead import over_problem
from reservations.booking.events import close, event
from reservations.booking.frame import Frame, frame_of
from reservations.booking.insert import save
from reservations.booking.running import MINUTE, cut, end_of
from reservations.models import Booking, BookingEvent, Call
from reservations.models.booking import Outcome
from reservations.models.story import StoryLine
from reservations.period import period
from reservations.rules.problem import Problem, Refused
from reservations.scopes import board_scope

WITHIN = timedelta(seconds=10)
MERCY = timedelta(seconds=5)  # the tap was in time, the network was not
TOO_LATE = Problem("undo_too_late", _("It is too late to take this back."), _("Undo within 10 seconds"), lift_by="")
NOT_YOURS = Problem("undo_not_yours", _("Only who did this can take it back."), _("Undo by the same post"), lift_by="")
MOVED_ON = Problem(
    "undo_moved_on", _("Something else has happened here since. Look at it again."), _("Undo the latest"), lift_by=""
)
CANNOT = Problem("undo_cannot", _("This cannot be taken back."), _("Undo"), lift_by="")


@transaction.atomic
def undo(*, event_id: int, by: Actor, now: datetime) -> Booking:
    """Take back what the event says, done by the same member of staff within 10 seconds; return its row.

    What was done by the same act to the seats of people with them is taken back too, all or nothing. Taking back
    twice is taking back once. Raises Refused `undo_not_yours`, `undo_too_late`, `undo_moved_on`,
    `undo_cannot`; `taken`, `elsewhere` or `over` where the seat, the person or the time is gone meanwhile;
    BookingEvent.DoesNotExist for an unknown event.
    """
    done = BookingEvent.objects.select_related("booking").get(pk=event_id)
    frame = frame_of(done.booking, now, *filter(None, [done.detail.get("from")]))
    row = frame.row(done.booking)
    latest = row.events.exclude(what="overridden").latest("pk")
    if latest.what == "undone" and latest.detail.get("event") == event_id:
        return row
    may_undo(done, by, now)
    if latest.pk != event_id:
        raise Refused(MOVED_ON)
    take_back = UNDOES.get(done.what)
    if take_back is None:
        raise Refused(CANNOT)
    take_back(frame, row, done)
    save(row)
    event(row, "undone", by=by, now=now, undone=done.what, event=event_id).save(force_insert=True)
    live.touch(board_scope(row.branch_id))
    frame.ring()
    for beside in _done_beside(row, done):
        undo(event_id=beside.pk, by=by, now=now)
    return row


def _done_beside(row: Booking, done: BookingEvent) -> QuerySet[BookingEvent]:
    """Return what the act of `done` did to the seats of people with the patron of `row`: it has the same moment."""
    if row.patron_id is None:
        return BookingEvent.objects.none()
    same = {"what": done.what, "at": done.at, "by_user_id": done.by_user_id}
    return BookingEvent.objects.filter(booking__responsible=row.patron_id, **same).order_by("booking")


@transaction.atomic
def undo_call(*, call: Call, by: Actor, now: datetime) -> Call:
    """Put a line back on the call list that the same member of staff ticked off within 10 seconds.

    Raises Refused `undo_not_yours` and `undo_too_late`.
    """
    row = Call.objects.select_related("booking").select_for_update(no_key=True, of=("self",)).get(pk=call.pk)
    if row.handled_at is None:
        return row
    _in_time(row.handled_by_id, row.handled_at, by, now)
    row.handled_at = row.handled_by = None
    row.save(update_fields=["handled_at", "handled_by"])
    live.touch(board_scope(row.booking.branch_id))
    return row


def may_undo(done: StoryLine, by: Actor, now: datetime) -> None:
    """Raise Refused unless `by` did this as a member of staff, a moment ago."""
    if done.by_kind != "staff":
        raise Refused(NOT_YOURS)
    _in_time(done.by_user_id, done.at, by, now)


def _in_time(user_id: int | None, at: datetime, by: Actor, now: datetime) -> None:
    if by.user_id is None or by.user_id != user_id:
        raise Refused(NOT_YOURS)
    if now - at > WITHIN + MERCY:
        raise Refused(TOO_LATE)


def _reopen(row: Booking, end: datetime, now: datetime) -> None:
    """Let a closed row stand again until `end`, in memory."""
    if end <= now:
        raise Refused(over_problem())
    row.period = period(row.start, end)
    row.ended_at, row.outcome = None, ""


def _finished(frame: Frame, row: Booking, done: BookingEvent) -> None:
    if row.continued_by.exists():
        raise Refused(MOVED_ON)
    _reopen(row, row.due_end_at or end_of(row), frame.now)
    row.due_end_at = None


def _cancelled(frame: Frame, row: Booking, done: BookingEvent) -> None:
    asked = row.booked_period.upper
    _reopen(row, asked or end_of(row), frame.now)


def _booked(frame: Frame, row: Booking, done: BookingEvent) -> None:
    close(row, at=frame.now, outcome=Outcome.CANCELLED)


def _sat_down(frame: Frame, row: Booking, done: BookingEvent) -> None:
    """As if nobody had sat there: no minute and no session counts, and nothing is to be cleaned."""
    close(row, at=frame.now, outcome=Outcome.CANCELLED)
    row.check_in_by, row.checked_in_at = row.start, None


def _checked_in(frame: Frame, row: Booking, done: BookingEvent) -> None:
    """Back to a booking that waits for its person; one that was missed is missed again."""
    row.period, row.checked_in_at = row.booked_period, None
    if done.detail.get("late") and row.check_in_by:
        close(row, at=row.check_in_by, outcome=Outcome.NO_SHOW)


def _extended(frame: Frame, row: Booking, done: BookingEvent) -> None:
    cut(row, end_of(row) - done.detail["minutes"] * MINUTE, frame.now)
    row.extensions -= 1


def _moved(frame: Frame, row: Booking, done: BookingEvent) -> None:
    """Back to the seat they came from; a session goes on there in its first row, as if nobody had left it."""
    if "from" not in done.detail:
        raise Refused(CANNOT)
    if row.continues_id is None or row.checked_in_at is None:
        row.device = frame.device(done.detail["from"])
        return
    before = next(each for each in frame.rows if each.pk == row.continues_id)
    if before.outcome != Outcome.MOVED:
        raise Refused(MOVED_ON)
    end = end_of(row)
    if row.help_at:
        before.help_at, before.help_added = row.help_at, row.help_added
    _sat_down(frame, row, done)
    row.continues, row.help_at, row.help_added = None, None, 0
    save(row)
    _reopen(before, end, frame.now)
    save(before)


Undo = Callable[[Frame, Booking, BookingEvent], None]
UNDOES: dict[str, Undo] = {
    "finished": _finished,
    "cancelled": _cancelled,
    "booked": _booked,
    "sat_down": _sat_down,
    "checked_in": _checked_in,
    "extended": _extended,
    "moved": _moved,
}
