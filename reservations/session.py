"""What somebody can do with their own session: more minutes or why not, a soft landing, back to a seat just left."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from reservations.booking.chain import sessions_of
from reservations.booking.running import DOUBLE
from reservations.mine import mine_of
from reservations.models import Booking, BookingEvent, Patron
from reservations.models.booking import Kind, Outcome
from reservations.room import Room, load_room
from reservations.rules.extending import Stretch, fitting, stretch_problems
from reservations.rules.problem import Problem
from reservations.rules.warnings import warning

MINUTE = timedelta(minutes=1)
LANDING_WITHIN = 15  # minutes before the end in which a soft landing is offered


@dataclass(frozen=True)
class Session:
    """A running session: `more` minutes can be asked for, 0 with `why_not`; `said` is the warning that is due now.

    `may_land`: a few minutes for a form or a video visit can be asked for. `helped`: minutes by which the end
    has moved on while its person waits for staff.
    """

    booking: Booking
    left: int
    whole: int
    more: int
    why_not: Problem | None
    may_land: bool
    helped: int
    said: int | None


def session_of(booking: Booking, patron: Patron, now: datetime) -> Session | None:
    """Return the running session of `booking` at `now`, None where it does not run. A constant number of queries."""
    mine = mine_of(booking, now)
    if mine is None or mine.state != "running" or booking.end is None:
        return None
    room = load_room(booking.branch, now=now, end=now + timedelta(days=1), patron=patron)
    policy = room.policy(booking.device)
    usual = policy.extension_minutes
    problems = stretch_problems(_stretch(room, booking, usual))
    more = (fitting(problems) or 0) if problems else usual
    landed = BookingEvent.objects.filter(booking__in=sessions_of(booking), what="soft_landing").exists()
    return Session(
        booking=booking,
        left=mine.left,
        whole=mine.whole,
        more=more,
        why_not=problems[0] if problems and not more else None,
        may_land=bool(policy.soft_landing) and mine.left <= LANDING_WITHIN and not landed,
        helped=booking.help_added if booking.help_at else 0,
        said=warning(booking.branch.policy.warning_minutes, booking.end, now),
    )


def _stretch(room: Room, booking: Booking, minutes: int) -> Stretch:
    """Return the facts of making the session longer, as the verb reads them."""
    device = next(device for device in room.devices if device.pk == booking.device_id)
    assert room.mine is not None
    assert booking.end is not None
    return Stretch(
        start=booking.start,
        end=booking.end,
        minutes=minutes,
        extensions=booking.extensions,
        now=room.now,
        device=room.facts(device),
        patron=room.mine,
        policy=room.policy(device),
        calendar=room.calendar,
        waiting=room.waiting_for(device),
    )


def just_extended(booking: Booking, now: datetime) -> bool:
    """Return whether the session was made longer a moment ago, at whichever screen: a double press."""
    made = BookingEvent.objects.filter(booking=booking, what__in=["extended", "extended_itself"])
    return made.filter(at__gt=now - DOUBLE).exists()


def just_left(patron: Patron, now: datetime) -> Booking | None:
    """Return the session that `patron` finished so recently that the seat may be theirs again; the verb decides."""
    rows = Booking.objects.filter(
        patron=patron, kind=Kind.PATRON, outcome=Outcome.FINISHED, due_end_at__gt=now, continued_by=None
    )
    row = rows.select_related("device__area", "branch__policy").order_by("-ended_at").first()
    if row is None or row.ended_at is None:
        return None
    return row if now - row.ended_at <= row.branch.policy.resume_minutes * MINUTE else None
