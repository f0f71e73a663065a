"""What was answered to a step of a guide is kept on the question; the latest answer stands, and can be taken back."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from helpdesk.actor import Actor
from troubleshooting.guides.ladder import ANSWERS
from troubleshooting.lifecycle import steps
from troubleshooting.lifecycle.moves import TicketRefused
from troubleshooting.lifecycle.words import check_choice
from troubleshooting.models import GuideAnswer, GuideStep, Ticket


@transaction.atomic
def answer_step(*, ticket_id: int, step_id: int, answer: str, by: Actor, now: datetime) -> Ticket:
    """Record the answer ("yes", "no" or "skipped") to a step on an open question; return the question.

    Raises TicketRefused: unknown_step for a draft's or another category's, unknown_choice, already_done.
    """
    check_choice(answer, ANSWERS, _("the step"))
    ticket = steps.lock_ticket("answer_step", ticket_id, by)
    if not _of(ticket).filter(pk=step_id).exists():
        raise TicketRefused("unknown_step", _("This step is not in the guide any more. Look at the question again."))
    record_tried(ticket, {step_id: answer}, by, now)
    return ticket


@transaction.atomic
def undo_answer(*, ticket_id: int, step_id: int, by: Actor, now: datetime) -> Ticket:
    """Take the answer to a step back and return the question; doing it twice changes nothing.

    Raises TicketRefused "already_done".
    """
    ticket = steps.lock_ticket("answer_step", ticket_id, by)
    GuideAnswer.objects.filter(ticket=ticket, step_id=step_id).delete()
    return ticket


def record_tried(ticket: Ticket, tried: Mapping[int, str], by: Actor, now: datetime) -> None:
    """Keep what was tried, answers by step, in the transaction of the caller.

    What is no answer or no published step of the question's category is passed over: the page was old.
    """
    known = set(_of(ticket).filter(pk__in=tried).values_list("pk", flat=True)) if tried else set()
    rows = [
        GuideAnswer(ticket=ticket, step_id=pk, answer=answer, at=now, **by.columns())
        for pk, answer in tried.items()
        if pk in known and answer in ANSWERS
    ]
    GuideAnswer.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["ticket", "step"],
        update_fields=["answer", "at", "by_kind", "by_user", "by_kiosk"],
    )


def _of(ticket: Ticket) -> QuerySet[GuideStep]:
    return GuideStep.objects.filter(version__category_id=ticket.category_id, version__published_at__isnull=False)
