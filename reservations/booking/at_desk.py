"""Staff book for somebody at the counter or on the phone: a seat, with a guest pass if need be, in one transaction."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from helpdesk.actor import Actor
from reservations.booking.ahead import book
from reservations.booking.line import join
from reservations.booking.override import check, record
from reservations.booking.seat import start_now
from reservations.desk_times import Wanted, seat_for
from reservations.locks import lock_branch
from reservations.models import Booking, Branch, Patron, Turn
from reservations.patrons.lookup import AtDesk
from reservations.patrons.passes import IssuedPass, issue_guest_pass, patron_of_pass

NOW, LATER, LINE = "now", "later", "line"


@dataclass(frozen=True)
class Wish:
    """What staff ask for: at once, at a time or in line; which seat; how long (None: as long as fits)."""

    when: str
    wanted: Wanted
    start: datetime | None = None
    minutes: int | None = None


@dataclass(frozen=True)
class Booked:
    """What came of it: a booking or a place in line, and a guest pass if one was issued for it."""

    patron: Patron
    booking: Booking | None = None
    turn: Turn | None = None
    issued: IssuedPass | None = None


@transaction.atomic
def book_for(
    *,
    branch_id: int,
    found: AtDesk | None,
    wish: Wish,
    request_key: UUID,
    by: Actor,
    now: datetime,
    override: str = "",
) -> Booked:
    """Book for whom staff have looked up; without one a guest pass is issued, all or nothing.

    The same `request_key` again returns the first result, without the code of the pass. Raises Refused:
    `card_denied`, `no_seat`, or every rule that is broken, unless `override` is a reason that lifts them.
    """
    branch = lock_branch(branch_id)
    issued = None
    if found:
        patron = found.patron
    else:
        issued = issue_guest_pass(branch=branch, request_key=request_key, by=by, now=now)
        patron = patron_of_pass(issued.guest_pass, now)
    against = found.problems if found else ()
    if wish.when == LINE:
        said = {"override": override, "against": against}
        turn = _line(branch, patron, wish, request_key=request_key, by=by, now=now, **said)
        return Booked(patron, turn=turn, issued=issued)
    lifted = check(against, by=by, override=override)
    seat = _now if wish.when == NOW else _later
    booking = seat(branch, patron, wish, request_key=request_key, by=by, now=now, override=override)
    record(booking, lifted, override=override, by=by, now=now)
    return Booked(patron, booking=booking, issued=issued)


def _line(branch: Branch, patron: Patron, wish: Wish, **asked: Any) -> Turn:
    return join(
        branch_id=branch.pk,
        patron=patron,
        class_code=wish.wanted.class_code,
        needs=wish.wanted.needs,
        minutes=wish.minutes,
        **asked,
    )


def _now(
    branch: Branch, patron: Patron, wish: Wish, *, request_key: UUID, by: Actor, now: datetime, override: str
) -> Booking:
    return start_now(
        branch_id=branch.pk,
        patron=patron,
        device_id=wish.wanted.device_id,
        class_code=wish.wanted.class_code,
        needs=wish.wanted.needs,
        minutes=wish.minutes,
        request_key=request_key,
        by=by,
        now=now,
        override=override,
    )


def _later(
    branch: Branch, patron: Patron, wish: Wish, *, request_key: UUID, by: Actor, now: datetime, override: str
) -> Booking:
    """Book at a time: the seat that was chosen, or the best one of the wish."""
    assert wish.start is not None
    earlier = Booking.objects.filter(request_key=request_key).first()
    if earlier:
        return earlier
    device, slot = seat_for(branch, patron, wish.wanted, wish.start, wish.minutes, now=now, anyway=bool(override))
    return book(
        branch_id=branch.pk,
        device_id=device.pk,
        patron=patron,
        start=slot.start,
        end=slot.end,
        needs=wish.wanted.needs,
        request_key=request_key,
        by=by,
        now=now,
        override=override,
    )
