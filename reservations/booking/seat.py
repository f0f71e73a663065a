"""Sitting down and getting up: start_now, check_in, finish."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from helpdesk import live
from helpdesk.actor import Actor
from reservations.booking.again import blocked_now, limits_again
from reservations.booking.ahead import over_problem
from reservations.booking.events import CLOSED_FIELDS, close, event
from reservations.booking.frame import NO_NEEDS, REACH, Frame, frame_of, open_frame
from reservations.booking.insert import SEAT_TAKEN, insert, save
from reservations.booking.override import record
from reservations.booking.trust import trust_problems
from reservations.booking.turns import sit_down, withdraw
from reservations.models import Booking, Device, Patron
from reservations.models.booking import OUT, Kind, Outcome
from reservations.period import period
from reservations.rules.booking import in_all, personal_problems
from reservations.rules.facts import PolicyFacts
from reservations.rules.fit import MINUTE, free_until, longest_minutes
from reservations.rules.problem import Problem, Refused
from reservations.rules.slot import Slot
from reservations.rules.when import least_left
from reservations.rules.where import taken
from reservations.scopes import board_scope

EARLY = timedelta(minutes=15)  # how long before its start a booking may be sat down to, if the seat is free


@transaction.atomic
def start_now(
    *,
    branch_id: int,
    patron: Patron,
    request_key: UUID,
    by: Actor,
    now: datetime,
    device_id: int | None = None,
    class_code: str = "",
    minutes: int | None = None,
    override: str = "",
    needs: frozenset[str] = NO_NEEDS,
) -> Booking:
    """Seat `patron` now: on `device_id`, or on the device of `class_code` with `needs` that stays free longest.

    `minutes` None takes the longest session that fits; `override` is the reason for which staff lift rules. A place in
    line ends with it. The same `request_key` again returns the first booking. Raises Refused with every rule that is
    broken; when no device of the class is free, what keeps the patron from all of them, and `no_seat`.
    """
    wanted = [device_id] if device_id else candidates(branch_id, class_code)
    frame = open_frame(
        branch_id=branch_id, now=now, patron_id=patron.pk, device_ids=wanted, request_key=request_key, reach=REACH
    )
    if frame.repeated:
        return frame.repeated
    if turn := frame.my_turn():
        withdraw(turn, by=by, now=now)
    anyway = bool(override)
    device = frame.device(device_id) if device_id else _any_seat(frame, by, needs, anyway=anyway)
    start = frame.start_on(device)
    slot = Slot.of(start, minutes or _longest(frame, device, by, needs, anyway=anyway))
    problems = [
        *trust_problems(frame, frame.patron, by),
        *frame.problems(device, slot, walk_up=True, by=by, needs=needs),
    ]
    lifted = frame.check(problems, by=by, override=override)
    row = insert(frame, device, slot, walk_up=True, by=by, request_key=request_key, needs=needs)
    record(row, lifted, override=override, by=by, now=now)
    return row


def candidates(branch_id: int, class_code: str) -> list[int]:
    """Return the seats of a class; without one all that can be booked ahead."""
    devices = Device.objects.bookable().filter(branch_id=branch_id)
    if class_code:
        return list(devices.filter(device_class__code=class_code).values_list("pk", flat=True))
    only = Q(device_class__rules__policy__branches=branch_id, device_class__rules__walk_up_only=True)
    return list(devices.exclude(only).values_list("pk", flat=True))


def _any_seat(frame: Frame, by: Actor, needs: frozenset[str], *, anyway: bool) -> Device:
    """Return the free device with the fewest rules against it, of those the one that stays free longest.

    The room's order decides ties. Raises Refused where none with `needs` is free.
    """
    fitting = [device for device in frame.devices if needs <= device.serves]
    free: list[tuple[int, datetime, int, Device]] = []
    for device in fitting:
        start = frame.start_on(device)
        end = free_until(start, frame.device_facts(device), frame.policy_facts(device), frame.calendar)
        if end is None:
            continue
        slot = Slot.of(start, _longest(frame, device, by, needs, anyway=anyway))
        broken = frame.problems(device, slot, walk_up=True, by=by, needs=needs)
        free.append((-len(broken), end, -device.position, device))
    if not free:
        no_seat = Problem("no_seat", _("No seat is free right now."), _("All seats taken"), lift_by="")
        raise Refused(*_everywhere(frame, fitting, by, needs), no_seat)
    return max(free, key=lambda found: found[:3])[3]


def _everywhere(frame: Frame, devices: list[Device], by: Actor, needs: frozenset[str]) -> list[Problem]:
    """Return what would keep the patron from the shortest session at every one of `devices`, were they free."""
    told = []
    for device in devices:
        slot = Slot.of(frame.start_on(device), _shortest(frame.policy_facts(device)))
        told.append(personal_problems(replace(frame.asked(device, slot, walk_up=True, by=by, needs=needs), waiting=0)))
    return in_all(told)


def _longest(frame: Frame, device: Device, by: Actor, needs: frozenset[str], *, anyway: bool) -> int:
    """Return the longest session in minutes; where none fits the shortest one, so that the rules can say why.

    `anyway`: staff lift the rules of the patron, so what the device has free is given.
    """
    start = frame.start_on(device)
    asked = frame.asked(device, Slot.of(start, 1), walk_up=True, by=by, needs=needs)
    longest = longest_minutes(asked)
    if longest or not anyway:
        return longest or _shortest(asked.policy)
    end = free_until(start, asked.device, asked.policy, frame.calendar)
    free = (end - start) // MINUTE if end else asked.policy.session
    return max(_shortest(asked.policy), min(free, asked.policy.session))


def _shortest(policy: PolicyFacts) -> int:
    return max(policy.min_slot, policy.least_left)


@transaction.atomic
def check_in(*, booking: Booking, by: Actor, now: datetime, override: str = "") -> Booking:
    """Sit down to a booking. Late is fine while nobody has taken the seat; early is fine where it is free.

    Checking in twice is checking in once; a place in line ends with it. `override` is the reason for which staff lift
    a rule. Raises Refused `over`, `taken`, `too_early`, `least_left`, and the limits that are reached by then.
    """
    frame = frame_of(booking, now)
    row = frame.row(booking)
    if row.checked_in_at and not row.ended_at:
        return row
    lifted = frame.check(_check_in_problems(frame, row), by=by, override=override)
    late = row.outcome == Outcome.NO_SHOW
    start = _begins(frame, row)
    row.period = period(start, row.booked_period.upper)
    row.checked_in_at, row.ended_at, row.outcome = now, None, ""
    save(row)
    event(row, "checked_in", by=by, now=now, late=late).save(force_insert=True)
    record(row, lifted, override=override, by=by, now=now)
    if turn := frame.my_turn():
        withdraw(turn, by=by, now=now)
        sit_down(turn, row, by=by, now=now)
        frame.ring()
    live.touch(board_scope(row.branch_id))
    return row


def _begins(frame: Frame, row: Booking) -> datetime:
    """Return when the session of whoever checks in to `row` begins: a missed one after all others on the seat."""
    if row.outcome == Outcome.NO_SHOW:
        return frame.start_on(frame.device(row.device_id), without=row.pk)
    return min(row.start, frame.now)


def _check_in_problems(frame: Frame, row: Booking) -> list[Problem]:
    """Return why `row` cannot be sat down to at the frame's now."""
    now = frame.now
    missed = row.outcome == Outcome.NO_SHOW and row.booked_period.upper > now
    if row.kind != Kind.PATRON or row.patron_id is None or (row.ended_at and not missed):
        return [over_problem()]
    others = [r for r in frame.rows if r.device_id == row.device_id and r.pk != row.pk and not r.ended_at]
    if row.start > now:
        early = row.start - now > EARLY or any(Slot(now, row.start).meets(r.start, r.until(now)) for r in others)
        return [_too_early(row)] if early else blocked_now(frame)
    slot = Slot(now, row.booked_period.upper)
    there = [r for r in others if slot.meets(r.start, r.until(now))]
    asked = frame.asked(frame.device(row.device_id), slot, walk_up=True, without=row.pk)
    if there:
        broken = taken(asked) if any(r.kind in OUT for r in there) else None
        return [broken or SEAT_TAKEN]
    if _begins(frame, row) >= slot.end:  # after the clock was set back somebody else's session ends later than this one
        return [over_problem()]
    problem = least_left(asked)
    return [
        *blocked_now(frame),
        *([problem] if problem else []),
        *limits_again(frame, row, slot, same_session=row.continues_id is not None),
    ]


def _too_early(row: Booking) -> Problem:
    sentence = _("Your seat is kept for you. Come back at its time.")
    return Problem("too_early", sentence, _("Early check-in"), next_at=row.start)


@transaction.atomic
def finish(*, booking: Booking, by: Actor, now: datetime) -> Booking:
    """End a running session now; finishing twice is finishing once. Raises Refused `over` if it never ran."""
    frame = frame_of(booking, now)
    row = frame.row(booking)
    if row.outcome in {Outcome.FINISHED, Outcome.RAN_OUT}:
        return row
    if row.ended_at:
        raise Refused(over_problem())
    if not row.checked_in_at:
        raise Refused(Problem("not_begun", _("Nobody sits here yet. Cancel the booking instead."), _("Checked in")))
    row.due_end_at = row.end
    close(row, at=now, outcome=Outcome.FINISHED)
    row.save(update_fields=[*CLOSED_FIELDS, "due_end_at"])
    event(row, "finished", by=by, now=now).save(force_insert=True)
    frame.ring()
    live.touch(board_scope(row.branch_id))
    return row
