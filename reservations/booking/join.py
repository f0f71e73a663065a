"""Taking a place in line: when it makes sense, and what is said when it does not."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helpdesk import live
from helpdesk.actor import Actor
from helpdesk.db import refused_by
from reservations.booking.dispatch import asks, first_free, free_seats, open_line, renew, seats_in_line
from reservations.booking.events import turn_event
from reservations.booking.frame import NO_NEEDS, Frame
from reservations.booking.make_room import make_room
from reservations.booking.numbers import draw_number
from reservations.booking.override import record_in_line
from reservations.booking.trust import count_trust, trust_problems
from reservations.facts import policy_facts
from reservations.models import Device, Patron, Turn
from reservations.models.booking import Kind
from reservations.rules.booking import personal_problems
from reservations.rules.problem import Problem, Refused
from reservations.rules.promise import serves
from reservations.rules.slot import Slot
from reservations.scopes import board_scope

APART = timedelta(milliseconds=1)  # two places at the least, so that a skipped one fits between
IN_LINE = Problem(
    "in_line", gettext_lazy("You already have a place in line."), gettext_lazy("One place in line"), lift_by=""
)
NO_SUCH_SEAT = Problem(
    "no_such_seat",
    gettext_lazy("No seat here has all of that. Ask for less, or ask our staff."),
    gettext_lazy("Seats of this branch"),
    lift_by="",
)


@transaction.atomic
def join(
    *,
    branch_id: int,
    patron: Patron,
    request_key: UUID,
    by: Actor,
    now: datetime,
    class_code: str = "",
    needs: frozenset[str] = NO_NEEDS,
    minutes: int | None = None,
    override: str = "",
    against: Sequence[Problem] = (),
) -> Turn:
    """Give `patron` a place in the branch's line for a seat of `class_code` ("": any) that has `needs`.

    `minutes` None is the longest session; the place carries its number and, where a seat is in sight, the promise.
    `override` is the reason for which staff lift rules and what else stands `against` the card; they stay lifted when
    the person sits down.
    The same `request_key` again returns the first place. Raises Refused: `in_line`, `no_such_seat`, `elsewhere`,
    `seat_free` while such a seat is free (its `value` is the label), `out` where all of them are broken, and every
    rule that keeps the patron from sitting there at all.
    """
    frame = open_line(branch_id=branch_id, now=now, patron_id=patron.pk, turn_key=request_key)
    if frame.turn:
        return frame.turn
    if Turn.objects.open().filter(patron=patron).exists():
        raise Refused(IN_LINE)
    turn = _new_turn(frame, minutes, request_key)
    wish(frame, turn, class_code=class_code, needs=needs, minutes=minutes)
    against = [*against, *trust_problems(frame, patron, by), *_personal(frame, turn, by)]
    lifted = frame.check(against, by=by, override=override)
    _refuse_what_makes_no_sense(frame, turn)
    turn.number = draw_number(frame.branch, turn.on)
    with refused_by("turn_one_per_patron", Refused(IN_LINE)):
        turn.save(force_insert=True)
    turn_event(turn, "joined", by=by, now=now, minutes=turn.minutes).save(force_insert=True)
    record_in_line(turn, lifted, override=override, by=by, now=now)
    count_trust(patron, by, now)
    frame.turns = [*frame.turns, turn]
    make_room(frame)
    renew(frame)
    live.touch(board_scope(branch_id))
    return turn


def _new_turn(frame: Frame, minutes: int | None, request_key: UUID) -> Turn:
    """Return an unsaved place behind all others, whatever the clock did meanwhile."""
    last = max((turn.place_at for turn in frame.turns), default=None)
    behind = last + APART if last else frame.now
    return Turn(
        branch=frame.branch,
        on=frame.calendar.branch_day(frame.now),
        patron=frame.patron,
        joined_at=frame.now,
        place_at=max(frame.now, behind),
        minutes=minutes or 1,
        request_key=request_key,
    )


def wish(frame: Frame, turn: Turn, *, class_code: str, needs: frozenset[str], minutes: int | None) -> None:
    """Set in memory what a place in line asks for; raise Refused `no_such_seat` where no seat could serve it.

    `minutes` are kept between the shortest useful slot and the longest session; None is the longest.
    """
    kinds = {device.device_class.code: device.device_class for device in frame.devices}
    if class_code and class_code not in kinds:
        raise Refused(NO_SUCH_SEAT)
    turn.device_class = kinds[class_code] if class_code else None
    turn.needs = sorted(needs)
    guest = turn.patron is not None and turn.patron.is_guest
    policy = policy_facts(frame.branch.policy, turn.device_class_id, guest=guest)
    turn.minutes = min(policy.session, max(policy.min_slot, policy.session if minutes is None else minutes))
    if not serving(frame, turn):
        raise Refused(NO_SUCH_SEAT)


def serving(frame: Frame, turn: Turn) -> list[Device]:
    """Return the seats that serve a place in line, whether they are free or not."""
    asked = asks(frame, turn)
    return [d for d, seat in zip(frame.devices, seats_in_line(frame), strict=True) if serves(seat, asked)]


def _personal(frame: Frame, turn: Turn, by: Actor) -> list[Problem]:
    """Return the rules that keep the patron from sitting down at all, of the class with the fewest."""
    kinds = {device.device_class_id: device for device in serving(frame, turn)}
    return min((_personal_at(frame, turn, device, by) for device in kinds.values()), key=len)


def _refuse_what_makes_no_sense(frame: Frame, turn: Turn) -> None:
    """Raise Refused where the patron need not wait, or would wait for nothing."""
    devices = serving(frame, turn)
    free = [free for free in free_seats(frame) if not frame.waiting_for(free.device)]
    if seat := first_free(frame, turn, free):
        raise Refused(_seat_free(seat.device, frame.now, min(seat.minutes, turn.minutes)))
    out = (row for row in frame.rows if row.kind == Kind.REPAIR and not row.ended_at)
    broken = {row.device_id for row in out if row.until(frame.now) is None}
    if broken.issuperset(device.pk for device in devices):
        sentence = _("Every seat like this is out of service. Choose another kind of seat.")
        raise Refused(Problem("out", sentence, _("Out of service"), lift_by=""))


def _personal_at(frame: Frame, turn: Turn, device: Device, by: Actor) -> list[Problem]:
    """Return the rules that keep the patron from even the shortest session at a seat like `device` now."""
    policy = frame.policy_facts(device)
    slot = Slot.of(frame.now, max(policy.min_slot, policy.least_left))
    asked = frame.asked(device, slot, walk_up=True, by=by, needs=frozenset(turn.needs))
    return personal_problems(replace(asked, waiting=0))


def _seat_free(device: Device, now: datetime, minutes: int) -> Problem:
    return Problem(
        "seat_free",
        _("%(seat)s is free now. There is no need to wait.") % {"seat": device.said},
        _("A seat is free"),
        device.label,
        next_at=now,
        next_minutes=minutes,
        lift_by="",
    )
