"""The tally: one tap counts a question, one more takes the last back, one query counts a day. Late counts too."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from helpdesk.actor import Actor
from reservations.public import Calendar
from troubleshooting.categories import TALLY_CATEGORY
from troubleshooting.lifecycle import TicketRefused, count, take_back
from troubleshooting.lifecycle.counting import LATER, LATEST, TAPPED, counted_under
from troubleshooting.models import Category, Ticket, TicketEvent
from troubleshooting.models.category import BUTTONS, TallyGroup
from troubleshooting.models.ticket import Channel, Outcome, State

UNDO_WITHIN = timedelta(minutes=10)
MOST = 50  # questions entered at once


@dataclass(frozen=True)
class TallyCount:
    """One button: its group, its label, its key (1 to 7), its usual category, and how many were counted today."""

    group: str
    label: str
    key: int
    category: str
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
        TallyCount(group.value, str(group.label), key, TALLY_CATEGORY.get(group, ""), found.get(group.value, 0))
        for key, group in enumerate(BUTTONS, start=1)
    ]
    return TallyDay(buttons, sum(found.values()))


def tally(
    *, branch_id: int, group: str, request_key: UUID, by: Actor, now: datetime, at: datetime | None = None
) -> Ticket:
    """Count one question of `group` and return it: a done one of the group's usual category. The same key counts once.

    `at` is when it was tapped, where that was before `now`: a tap that waited for the network.
    Raises TicketRefused "unknown_group", "from_the_future", "too_old", "already_used".
    """
    counted = count(
        branch_id=branch_id,
        category=_category_of(group),
        channel=_channel_of(group),
        request_key=request_key,
        by=by,
        now=now,
        at=at or now,
    )
    return counted[0]


def tally_late(
    *, branch_id: int, group: str, many: int, at: datetime, request_key: UUID, by: Actor, now: datetime
) -> list[Ticket]:
    """Count `many` questions of `group` that were asked at `at`, up to seven days ago, and return them.

    Who enters them, and that it was later, stands in the story of each. The same key counts once.
    Raises TicketRefused "too_many", "unknown_group", "from_the_future", "too_old", "already_used".
    """
    if not 1 <= many <= MOST:
        raise TicketRefused("too_many", _("Enter 1 to %(most)d at once.") % {"most": MOST})
    return count(
        branch_id=branch_id,
        category=_category_of(group),
        channel=_channel_of(group),
        request_key=request_key,
        by=by,
        now=now,
        at=at,
        many=many,
        what=LATER,
    )


@transaction.atomic
def undo_last_tally(*, branch_id: int, by: Actor, now: datetime) -> list[Ticket]:
    """Take back what this member of staff counted last at this branch within ten minutes, and return it.

    A tap, or all that was entered at once; what counts is when it was entered, not when it was asked.
    Raises TicketRefused "nothing_to_undo".
    """
    mine = TicketEvent.objects.filter(
        ticket__branch_id=branch_id,
        ticket__state=State.DONE,
        ticket__opened_at__gt=now - LATEST - UNDO_WITHIN,
        what__in=[TAPPED, LATER],
        by_user_id=by.user_id,
        at__gt=now - UNDO_WITHIN,
    ).exclude(ticket__outcome=Outcome.WITHDRAWN)
    # A few rows of ten minutes: to ask for the newest one alone would walk the table backwards where there is none.
    _pk, last = max(mine.values_list("pk", "ticket__request_key"), default=(0, None))
    if last is None:
        raise TicketRefused("nothing_to_undo", _("There is nothing to take back from the last ten minutes."))
    return _undone(last, by, now)


@transaction.atomic
def undo_tally(*, branch_id: int, request_key: UUID, by: Actor, now: datetime) -> list[Ticket]:
    """Take back what this member of staff counted under `request_key`, and return it; nothing where it never came."""
    mine = TicketEvent.objects.filter(
        ticket__request_key=request_key,
        ticket__branch_id=branch_id,
        what__in=[TAPPED, LATER],
        by_user_id=by.user_id,
    )
    return _undone(request_key, by, now) if mine.exists() else []


def _undone(request_key: UUID, by: Actor, now: datetime) -> list[Ticket]:
    done = [row.pk for row in counted_under(request_key) if row.state == State.DONE]
    return take_back(ticket_ids=done, by=by, now=now)


def _category_of(group: str) -> Category:
    in_group = Category.objects.filter(tally_group=group).exclude(tally_group=TallyGroup.OTHER)
    category = in_group.filter(code=TALLY_CATEGORY.get(group, "")).first() or in_group.first()
    if category is None:
        raise TicketRefused("unknown_group", _("There is no such tally button."))
    return category


def _channel_of(group: str) -> str:
    return Channel.PHONE if group == TallyGroup.PHONE else Channel.DESK
