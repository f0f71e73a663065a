"""What became of a one-to-one: somebody came, it took place and is counted once, or nobody came."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from helpdesk import words
from helpdesk.actor import Actor
from reservations.public import give_seat_back
from troubleshooting.lifecycle.moves import TicketRefused
from troubleshooting.models import Appointment
from troubleshooting.models.appointment import AppointmentOutcome
from troubleshooting.one_to_ones import question
from troubleshooting.one_to_ones.booking import check_standing, finish, locked, wake


@transaction.atomic
def arrive(*, appointment_id: int, by: Actor, now: datetime) -> Appointment:
    """Note that they are here; saying it twice is saying it once. Raises TicketRefused "over"."""
    row = locked(appointment_id)
    if row.arrived_at is None:
        check_standing(row)
        row.arrived_at = now
        row.save(update_fields=["arrived_at"])
        wake(row.branch_id)
    return row


@transaction.atomic
def hold_appointment(
    *,
    appointment_id: int,
    by: Actor,
    now: datetime,
    answer: str = "",
    duration: str = "",
    read_level: int | None = None,
    counts_as_reference: bool | None = None,
) -> Appointment:
    """Record that a one-to-one took place: one question done at reference level, counted once. Recording twice is once.

    `duration` is a bucket of `Duration`, the rest is as `resolve` has it; what is not given comes from the topic.
    Raises TicketRefused: over, text_too_long, unknown_choice, not_yours where somebody else has its question.
    """
    row = locked(appointment_id)
    if row.outcome == AppointmentOutcome.HELD:
        return row
    if row.ended_at is not None:
        check_standing(row)
    row.ticket = question.record(
        row,
        by,
        now,
        answer=answer,
        duration=duration,
        read_level=read_level,
        counts_as_reference=counts_as_reference,
    )
    row.arrived_at = row.arrived_at or now
    finish(row, AppointmentOutcome.HELD, now)
    return row


@transaction.atomic
def not_come(*, appointment_id: int, by: Actor, now: datetime) -> Appointment:
    """Record that nobody came: the computer is free, its question is withdrawn and not counted. Twice is once.

    Raises TicketRefused: over, begun (they are here), too_early before its start.
    """
    row = locked(appointment_id)
    if row.outcome == AppointmentOutcome.NOT_COME:
        return row
    check_standing(row)
    if now < row.start:
        said = {"when": words.when(row.start, now)}
        raise TicketRefused("too_early", _("It begins %(when)s. Wait until then, or cancel it.") % said)
    finish(row, AppointmentOutcome.NOT_COME, now)
    if row.seat is not None:
        give_seat_back(booking=row.seat, by=by, now=now)
    if row.ticket_id is not None:
        question.give_up(row.ticket_id, by, now)
    return row
