"""Booking ahead: book and cancel."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from helpdesk import live
from helpdesk.actor import Actor
from reservations.booking.events import CLOSED_FIELDS, close, event
from reservations.booking.frame import NO_NEEDS, frame_of, open_frame
from reservations.booking.insert import as_slot, insert
from reservations.booking.override import record, without_person
from reservations.models import Booking, Patron
from reservations.models.booking import Kind, Outcome
from reservations.rules.problem import Problem, Refused
from reservations.scopes import board_scope


@transaction.atomic
def book(
    *,
    branch_id: int,
    device_id: int,
    patron: Patron,
    start: datetime,
    end: datetime,
    request_key: UUID,
    by: Actor,
    now: datetime,
    override: str = "",
    needs: frozenset[str] = NO_NEEDS,
) -> Booking:
    """Book `device_id` of the branch for `patron` from `start` to `end` (aware moments).

    `needs` are the features of a seat that the patron asks for; `override` is the reason for which staff lift rules.
    The same `request_key` again returns the first booking. Raises Refused with every rule that is broken; a device
    of another branch is refused as `unknown_device`.
    """
    slot = as_slot(start, end)
    frame = open_frame(
        branch_id=branch_id, now=now, patron_id=patron.pk, device_ids=[device_id], request_key=request_key
    )
    if frame.repeated:
        return frame.repeated
    device = frame.device(device_id)
    lifted = frame.check(frame.problems(device, slot, by=by, needs=needs), by=by, override=override)
    row = insert(frame, device, slot, walk_up=False, by=by, request_key=request_key, needs=needs)
    record(row, lifted, override=override, by=by, now=now)
    return row


@transaction.atomic
def cancel(*, booking: Booking, by: Actor, now: datetime, reason: str = "") -> Booking:
    """Cancel a booking that nobody has checked in to; cancelling twice is cancelling once.

    Raises Refused `running` once someone sits there (finish ends it), `over` when it has ended another way, and
    `reason_personal` for a reason that tells who somebody is.
    """
    reason = without_person(reason)
    frame = frame_of(booking, now)
    row = frame.row(booking)
    if row.outcome == Outcome.CANCELLED:
        return row
    if row.ended_at or row.kind != Kind.PATRON:
        raise Refused(over_problem())
    if row.checked_in_at:
        raise Refused(Problem("running", _("This seat is in use. Finish it instead."), _("Checked in")))
    close(row, at=now, outcome=Outcome.CANCELLED)
    row.save(update_fields=CLOSED_FIELDS)
    event(row, "cancelled", by=by, now=now, reason=reason).save(force_insert=True)
    frame.ring()
    live.touch(board_scope(row.branch_id))
    return row


def over_problem() -> Problem:
    """Return the problem of a booking that has already ended."""
    return Problem("over", _("This booking has already ended."), "", lift_by="")
