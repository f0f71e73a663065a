"""Faults and open questions, written by the verbs at the moments they would have happened, and delivered."""

import uuid
from datetime import datetime, timedelta
from functools import partial

from django.db.models import F

from helpdesk.actor import patron
from reservations.public import demo
from troubleshooting.demo.faults import FAULTS, FRESH, Fault
from troubleshooting.demo.questions import KIOSK, SEAT, WAITING, Open
from troubleshooting.handoff import deliver
from troubleshooting.lifecycle import claim, escalate, hand_over, log, resolve
from troubleshooting.models import Handoff, Notification
from troubleshooting.models.category import Tier
from troubleshooting.models.handoff import NotificationChannel
from troubleshooting.models.ticket import Duration, Outcome, State

SECOND = timedelta(seconds=1)
NEWS = timedelta(minutes=30)  # younger notices are still unread
TRIED = 6  # opening minutes the desk tries before it sends a fault to IT
ASKED = 2  # opening minutes the desk listens before it hands a question over


def build_faults(library: demo.Library, *, now: datetime) -> None:
    """Log the week's faults; the devices of open ones stay out of booking. Before the rooms are filled."""
    for fault in FAULTS:
        _fault(library, fault, now)


def steps_of_today(library: demo.Library, *, now: datetime) -> dict[str, list[demo.Step]]:
    """Return by branch what is asked while the rooms fill, and when: faults that take bookings away, open questions.

    Who waits in the building asks only while it is open.
    """
    steps: dict[str, list[demo.Step]] = {}
    for fault in FRESH:
        steps.setdefault(fault.branch, []).append((_ago(library, fault, now, 0), partial(_fault, library, fault, now)))
    for question in WAITING:
        calendar = library.calendars[question.branch]
        if not question.here or calendar.span_at(now):
            asked = demo.opening_ago(calendar, now, question.ago)
            steps.setdefault(question.branch, []).append((asked, partial(_question, library, question, now)))
    return steps


def _fault(library: demo.Library, fault: Fault, now: datetime) -> None:
    """Log at the desk, escalate with what was tried; IT has claimed or fixed some."""
    desk, it = library.actor(f"desk-{fault.branch}"), library.actor("it")
    asked, told, seen = (_ago(library, fault, now, minutes) for minutes in (0, TRIED, 2 * TRIED))
    ticket = log(
        branch_id=library.branches[fault.branch].pk,
        text=fault.text,
        category=fault.category,
        tier=Tier.DESK,
        device_id=library.seats[fault.branch][fault.device].pk,
        others_too=fault.others_too,
        request_key=uuid.uuid4(),
        by=desk,
        now=asked,
    )
    escalate(ticket_id=ticket.pk, note=fault.tried, by=desk, now=told)
    if fault.claimed:
        claim(ticket_id=ticket.pk, by=it, now=seen)
    if fault.fixed_after:
        end = partial(resolve, ticket_id=ticket.pk, outcome=Outcome.FIXED, duration=Duration.TO_30, by=it)
        end(answer=fault.answer, now=_ago(library, fault, now, fault.fixed_after))


def _ago(library: demo.Library, fault: Fault, now: datetime, later: int) -> datetime:
    """Return the moment `later` opening minutes after the fault was seen."""
    return demo.opening_ago(library.calendars[fault.branch], now, fault.ago - later)


def _question(library: demo.Library, question: Open, now: datetime) -> None:
    """Log a question by the patron or at the desk; reference gets it by its category or by hand."""
    calendar = library.calendars[question.branch]
    desk = library.actor(f"desk-{question.branch}")
    ticket = log(
        branch_id=library.branches[question.branch].pk,
        text=question.text,
        category=question.category,
        channel=question.channel,
        device_id=library.seats[question.branch][question.device].pk if question.device else None,
        request_key=uuid.uuid4(),
        by=patron() if question.channel in {KIOSK, SEAT} else desk,
        now=demo.opening_ago(calendar, now, question.ago),
    )
    later = demo.opening_ago(calendar, now, max(0, question.ago - ASKED))
    if question.handed_over and ticket.tier < Tier.REFERENCE:
        hand_over(ticket_id=ticket.pk, note=question.handed_over, by=desk, now=later)
    if question.claimed:
        claim(ticket_id=ticket.pk, by=library.actor(f"reference-{question.branch}"), now=later)


def deliver_all() -> None:
    """Deliver each handoff right after it was written; its mail is out, and old notices have been read."""
    for handoff in Handoff.objects.order_by("created_at", "pk"):
        deliver(handoff.pk, handoff.created_at + 2 * SECOND)
    mails = Notification.objects.filter(channel=NotificationChannel.EMAIL)
    mails.update(sent_at=F("created_at") + SECOND, attempts=1, next_try_at=None, read_at=F("created_at") + NEWS)
    screens = Notification.objects.filter(channel=NotificationChannel.SCREEN)
    screens.filter(handoff__ticket__state=State.DONE).update(read_at=F("created_at") + NEWS)
