"""Book, move and cancel a one-to-one: the librarian's time, the seat and the question in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import translation
from django.utils.translation import gettext as _

from helpdesk.actor import Actor
from helpdesk.db import refused_by
from helpdesk.live import touch
from reservations.public import Refused, calendars_of, give_seat_back, keep_seat, lock_branch, period
from troubleshooting.lifecycle import steps
from troubleshooting.lifecycle.moves import TicketRefused
from troubleshooting.lifecycle.words import check_choice
from troubleshooting.models import Appointment
from troubleshooting.models.appointment import AppointmentOutcome, Where
from troubleshooting.one_to_ones import question, rules
from troubleshooting.one_to_ones.reads import free_slots
from troubleshooting.one_to_ones.rules import Slot

if TYPE_CHECKING:
    from reservations.models import Booking, Branch, Patron

OFFERED = 3  # times that whoever came second is offered


class SlotTaken(TicketRefused):
    """Nobody is free at that time any more; `nearest` are the next times at which somebody is."""

    def __init__(self, nearest: Sequence[Slot]) -> None:
        super().__init__("slot_taken", _("Somebody else has just taken this time. Choose another one."))
        self.nearest = list(nearest)


@dataclass(frozen=True)
class Place:
    """Where they meet: at the desk with their own device, or at a computer, any free one or `device_id`.

    `patron` is who has signed in at the kiosk: then the computer is booked for them, by all their rules.
    """

    where: str
    device_id: int | None = None
    patron: "Patron | None" = None


@transaction.atomic
def book_appointment(
    *,
    branch_id: int,
    start: datetime,
    category: str,
    place: Place,
    request_key: UUID,
    by: Actor,
    now: datetime,
    ticket_id: int | None = None,
) -> Appointment:
    """Book a librarian from `start` on and return the one-to-one; who has fewest that day takes it.

    `category` is the code of the topic. A computer is kept in the same transaction. With `ticket_id` an open question
    is promised for that moment. The same `request_key` again returns the first one. Raises SlotTaken, and
    TicketRefused: unknown_choice, unknown_category, kiosk_full, seat (no computer can be had; its sentence says why),
    and what the question refuses.
    """
    check_choice(place.where, Where.values, _("where"))
    branch = lock_branch(branch_id)
    first = Appointment.objects.filter(request_key=request_key, branch=branch).first()
    if first is not None:
        return first
    _check_kiosk(by, now)
    topic = steps.category_of(category)
    slot = _free(branch_id, start, by, now)
    row = _new(branch, slot, place.where, by, now, request_key)
    row.category = topic
    _insert(row, place, by, now)
    if ticket_id is not None:
        row.ticket = question.promise(row, ticket_id, by, now)
        row.save(update_fields=["ticket"])
    return row


@transaction.atomic
def move_appointment(
    *, appointment_id: int, start: datetime, request_key: UUID, by: Actor, now: datetime
) -> Appointment:
    """Move a one-to-one to `start`: the old row ends as moved, a new one with a new number continues it. Return that.

    A computer is kept anew, whichever is free. A question stays with it. The same `request_key` again returns the first
    result. Raises SlotTaken, and TicketRefused: over, begun, seat.
    """
    old = locked(appointment_id)
    first = Appointment.objects.filter(request_key=request_key, branch_id=old.branch_id).first()
    if first is not None:
        return first
    check_standing(old)
    slot = _free(old.branch_id, start, by, now, without=old.pk)
    place = Place(old.where, patron=old.seat.patron if old.seat else None)
    _close(old, AppointmentOutcome.MOVED, by, now)
    row = _new(old.branch, slot, place.where, by, now, request_key)
    row.category, row.ticket, row.continues = old.category, old.ticket, old
    _insert(row, place, by, now)
    if old.ticket_id is not None:
        question.promise(row, old.ticket_id, by, now)
    return row


@transaction.atomic
def cancel_appointment(*, appointment_id: int, by: Actor, now: datetime) -> Appointment:
    """Cancel a one-to-one: its time and computer are free, its question waits again. Cancelling twice is once.

    Raises TicketRefused: over, begun.
    """
    row = locked(appointment_id)
    if row.outcome == AppointmentOutcome.CANCELLED:
        return row
    check_standing(row)
    _close(row, AppointmentOutcome.CANCELLED, by, now)
    if row.ticket_id is not None:
        question.wait_again(row.ticket_id, by, now)
    return row


def locked(appointment_id: int) -> Appointment:
    """Lock the branch, then the row, and return it: the one lock order."""
    lock_branch(Appointment.objects.values_list("branch_id", flat=True).get(pk=appointment_id))
    return (
        Appointment.objects.select_related("branch", "category", "seat__patron", "seat__device")
        .select_for_update(no_key=True, of=("self",))
        .get(pk=appointment_id)
    )


def check_standing(row: Appointment) -> None:
    """Raise TicketRefused unless nobody has come yet and nothing has ended it."""
    if row.ended_at is not None:
        said = AppointmentOutcome(row.outcome).label
        raise TicketRefused("over", _("This one-to-one is over: %(what)s.") % {"what": str(said).lower()})
    if row.arrived_at is not None:
        raise TicketRefused("begun", _("They are here already. Record how it went instead."))


def finish(row: Appointment, outcome: str, at: datetime) -> None:
    """End a locked one-to-one and wake the screens."""
    row.ended_at, row.outcome = at, outcome
    row.save(update_fields=["ended_at", "outcome", "ticket", "arrived_at"])
    wake(row.branch_id)


def wake(branch_id: int) -> None:
    """Give the reference screen of the branch a new token on commit."""
    touch(f"reference:{branch_id}", f"desk:{branch_id}")


def _close(row: Appointment, outcome: str, by: Actor, now: datetime) -> None:
    finish(row, outcome, now)
    if row.seat is not None:
        give_seat_back(booking=row.seat, by=by, now=now)


def _check_kiosk(by: Actor, now: datetime) -> None:
    """Let one screen hold no more than OPEN_AT_KIOSK to come: nobody signs in for a one-to-one."""
    if by.kind != "patron":
        return
    open_ones = Appointment.objects.open().filter(by_kind="patron", by_kiosk_id=by.kiosk_id, period__endswith__gt=now)
    if open_ones.count() >= rules.OPEN_AT_KIOSK:
        raise TicketRefused("kiosk_full", _("So many are booked at this screen that the desk takes the next one. Ask."))


def _free(branch_id: int, start: datetime, by: Actor, now: datetime, *, without: int | None = None) -> Slot:
    """Return the free slot at `start`, or raise SlotTaken with the next ones."""
    free = free_slots(branch_id, now=now, notice=by.kind == "patron", without=without)
    for slot in free:
        if slot.start == start:
            return slot
    raise SlotTaken(_after(free, start))


def _after(free: Sequence[Slot], start: datetime) -> list[Slot]:
    """Return the next slots after `start`, the last ones before it where there are none."""
    later = [slot for slot in free if slot.start > start]
    return (later or list(free))[:OFFERED]


def _new(branch: "Branch", slot: Slot, where: str, by: Actor, now: datetime, request_key: UUID) -> Appointment:
    held = period(slot.start, slot.end)
    return Appointment(
        branch=branch,
        on=calendars_of([branch.pk])[branch.pk].branch_day(slot.start),
        librarian_id=slot.librarians[0],
        where=where,
        period=held,
        booked_period=held,
        made_at=now,
        request_key=request_key,
        **by.columns(),
    )


def _insert(row: Appointment, place: Place, by: Actor, now: datetime) -> None:
    """Save the row under the next number of its day, with the computer that is kept for it. Needs the branch lock.

    The lock of the branch cannot know a librarian's time at another branch: there the database has the last word.
    """
    last = Appointment.objects.filter(branch=row.branch, on=row.on).aggregate(last=Max("number"))["last"]
    row.number = (last or 0) + 1
    try:
        with refused_by("appointment_one_per_librarian", SlotTaken([])):
            row.save()
    except SlotTaken as taken:
        free = free_slots(row.branch_id, now=now, notice=by.kind == "patron")
        raise SlotTaken(_after(free, row.start)) from taken
    if row.where == Where.SEAT:
        row.seat = _keep(row, place, by, now)
        row.save(update_fields=["seat"])
    wake(row.branch_id)


def _keep(row: Appointment, place: Place, by: Actor, now: datetime) -> "Booking":
    """Keep the computer, or raise TicketRefused "seat" with the sentence of the rule."""
    with translation.override(settings.LANGUAGE_CODE):  # staff read it on the room board
        note = _("One-to-one %(number)s") % {"number": row.number}
    try:
        return keep_seat(
            branch_id=row.branch_id,
            device_id=place.device_id,
            patron=place.patron,
            start=row.start,
            end=row.end,
            note=note,
            request_key=row.request_key,
            by=by,
            now=now,
        )
    except Refused as refused:
        raise TicketRefused("seat", str(refused.problems[0].sentence)) from refused
