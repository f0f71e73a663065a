"""The tally: one tap counts a question, one more takes the last back, one query counts a day."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from helpdesk.actor import Actor
from reservations.public import Calendar
from troubleshooting.categories import TALLY_CATEGORY
from troubleshooting.lifecycle import TicketRefused, log, take_back
from troubleshooting.models import Category, Ticket
from troubleshooting.models.category import BUTTONS, TallyGroup
from troubleshooting.models.ticket import Channel, Duration, Outcome, State

UNDO_WITHIN = timedelta(minutes=10)
TAPPED = "tallied"


@dataclass(frozen=True)
class TallyCount:
    """One button: its group, its label, its key (1 to 7) and how many were counted today."""

    group: str
    label: str
    key: int
    count: int


@dataclass(frozen=True)
class TallyDay:
    """The seven buttons, and how many questions were counted in all, those of no button too."""

    buttons: list[TallyCount]
    total: int


def tally_day(branch_id: int, calendar: Calendar, now: datetime) -> TallyDay:
    """Return the counted questions of the branch day of `now`; one query."""
    begins, ends = calendar.day_bounds(calendar.branch_day(now))
    rows = (
        Ticket.objects.counted()
        .filter(branch_id=branch_id, opened_at__gte=begins, opened_at__lt=ends)
        .values_list("category__tally_group")
        .annotate(count=Count("pk"))
    )
    found = dict(rows)
    buttons = [
        TallyCount(group.value, str(group.label), key, found.get(group.value, 0))
        for key, group in enumerate(BUTTONS, start=1)
    ]
    return TallyDay(buttons, sum(found.values()))


def tally(*, branch_id: int, group: str, request_key: UUID, by: Actor, now: datetime) -> Ticket:
    """Count one question of `group`: a done ticket of the group's usual category. The same key counts once.

    Raises TicketRefused "unknown_group".
    """
    in_group = Category.objects.filter(tally_group=group).exclude(tally_group=TallyGroup.OTHER)
    category = in_group.filter(code=TALLY_CATEGORY.get(group, "")).first() or in_group.first()
    if category is None:
        raise TicketRefused("unknown_group", _("There is no such tally button."))
    channel = Channel.PHONE if group == TallyGroup.PHONE else Channel.DESK
    return log(
        branch_id=branch_id,
        text="",
        category=category.code,
        channel=channel,
        duration=Duration.UNDER_1,
        solved=True,
        request_key=request_key,
        what=TAPPED,
        by=by,
        now=now,
    )


@transaction.atomic
def undo_last_tally(*, branch_id: int, by: Actor, now: datetime) -> Ticket:
    """Take back the last tap of this member of staff at this branch, made within ten minutes; return it.

    Raises TicketRefused "nothing_to_undo".
    """
    last = (
        Ticket.objects.filter(
            branch_id=branch_id,
            state=State.DONE,
            opened_at__gt=now - UNDO_WITHIN,
            events__what=TAPPED,
            events__by_user_id=by.user_id,
        )
        .exclude(outcome=Outcome.WITHDRAWN)
        .order_by("-opened_at", "-pk")
        .first()
    )
    if last is None:
        raise TicketRefused("nothing_to_undo", _("There is nothing to take back from the last ten minutes."))
    return take_back(ticket_id=last.pk, by=by, now=now)
